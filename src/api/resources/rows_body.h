// src/api/resources/rows_body.h: a body of many rows, JSON or NDJSON, of which each is judged for itself.
#pragma once

#include <optional>
#include <vector>

#include "api/call.h"

namespace shuke::api {

struct BodyRow {
    Json value;
    std::string problem;  // not empty: the line is no JSON
};
// Error request.json where the body as a whole is none; request.too_many_rows.
Result<std::vector<BodyRow>> rows_of(const http::Request& request);
// Why the row is not as declared; nothing: it is.
std::optional<Fault> fault_of(const Schema& declared, const BodyRow& row);
Json rejected_json(std::size_t index, const Fault& fault);
// {"received": …, "results": […]}
Reply report_of(std::vector<Json> results);

// "12.50" of a number or text; "" of null. Numbers keep their shortest spelling.
std::string text_of(const Json& value);

void add_event_ingest(Handlers& handlers);

}  // namespace shuke::api
