// src/api/resources/row_stream.h
//
// Bodies of rows that are too large for memory. NDJSON that was spooled is read line by line from its file and taken a thousand
// rows at a time, each thousand committed before the next is read, so that a gigabyte costs the server a few megabytes. A
// JSON array has to be read as a whole: above 32 MiB it is refused, with the advice to send lines.
//
// The answer lists every row up to a hundred thousand; of longer streams, from there on, only the rejected ones.
//
// Errors   request.body_too_large (413); what the taking of rows says, then what was taken before stays
#pragma once

#include <functional>
#include <vector>

#include "api/resources/rows_body.h"

namespace shuke::api {

bool is_row_stream(const Call& call);
// The rows' results, in their order. `first`: the number of the first of them.
using TakeRows = std::function<Result<std::vector<Json>>(std::vector<BodyRow> rows, std::size_t first)>;
Reply take_row_stream(const Call& call, const TakeRows& take);

// A body that is read as a whole fits into memory.
Status fits_memory(const Call& call);

}  // namespace shuke::api
