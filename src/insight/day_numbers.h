// src/insight/day_numbers.h: a day of the shop in four numbers: paid orders, their amounts, first and returning buyers.
//
//   day   a local day of the configured zone, until as_of
//
// Orders of guests count as orders and revenue; they are nobody's first. Amounts in minor units of the base currency.
// Cost  four metrics over the blocks, and one read of the guests' orders of the day
#pragma once

#include <vector>

#include "audience/evaluate.h"
#include "record/database.h"

namespace shuke::insight {

struct DayNumbers {
    std::int64_t orders = 0, revenue = 0, new_customers = 0, returning_customers = 0;
};
struct Spender {
    CustomerId customer;
    std::int64_t amount = 0;
};
struct DayReport {
    DayNumbers numbers;
    std::vector<Spender> top;  // the greatest first
};
Result<DayReport> day_report(record::Database& database, const audience::Version& version, Day day, Instant as_of,
                             std::size_t top, audience::WorkerPool* pool = nullptr);

}  // namespace shuke::insight
