// src/api/resources/customer_json.h: customers in lists, masked as everywhere.
#pragma once

#include "api/resources/question.h"
#include "live/customer_rows.h"

namespace shuke::api {

Json row_json(const live::CustomerRow& row, Currency currency);
// Schema customer_row, in the order of `ids`.
Result<Json> rows_json(Call& call, const Question& question, const std::vector<CustomerId>& ids);
// {"items": rows, "next_cursor": …, "total": n}
Result<Json> page_json(Call& call, const Question& question, const audience::Selection& chosen,
                       const std::string& sort);

Json time_json(const std::optional<double>& seconds);
Json amount_json(const std::optional<double>& minor, Currency currency);
// The living customer of this number. Error customer.not_found.
Result<CustomerId> living(const Call& call, std::int64_t id);

}  // namespace shuke::api
