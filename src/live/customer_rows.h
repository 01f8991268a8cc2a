// src/live/customer_rows.h
//
// Customers as a table shows them: what the engine says of each as of an instant, beside who they are in the record. And
// pages of a selection in the order of one of the engine's metrics.
//
// Errors   of the record
// Threads  any
// Cost     a page of 50: about a hundred short questions to blocks, and three reads; sorting: one measurement of all chosen
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/evaluate.h"
#include "audience/worker_pool.h"
#include "live/load_audience.h"
#include "record/customer_cards.h"
#include "record/database.h"

namespace shuke::live {

struct CustomerRow {
    record::CustomerCard card;
    std::string province, city, district, shop, platform, gender, tier, lifecycle, rfm_class, birthday;  // "": missing
    std::optional<double> order_count, total_spent, avg_order_value, first_order_at,
        last_order_at;  // money in minor units, times in seconds
    std::optional<double> churn_risk, clv, rfm_r, rfm_f, rfm_m;
};

// In the order of `ids`; those the version does not know have a card alone.
Result<std::vector<CustomerRow>> customer_rows(record::Database& database, const audience::Version& version,
                                               const std::vector<CustomerId>& ids, Instant as_of);

// "id", "-last_order_at", …: a metric, descending behind '-'. Missing values last.
struct PageWanted {
    std::string sort = "-last_order_at";
    std::size_t limit = 50;
    std::string after = {};  // Page::next of the page before
};
struct Page {
    std::vector<CustomerId> ids;
    std::string next;  // "": this was the last
};
// Error request.cursor.
Result<Page> page_of(const audience::Version& version, const audience::Selection& selection, const PageWanted& wanted,
                     Instant as_of, audience::WorkerPool* pool);

}  // namespace shuke::live
