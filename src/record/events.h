// src/record/events.h
//
// What the seven tables of events have in common (migrations/0003_events.sql, domain/events.h), for the files that write
// one of them each: shipments.h, reviews.h, messages.h, interactions.h, points.h, coupons.h, tickets.h.
//
// Whose an event is: its order's customer, where it is about an order that has one; else its own. Rows keep the customer
// they were written with; merged ones are read as who they are today, and come apart again with a split.
//
// Errors   driver exceptions
#pragma once

#include <soci/soci.h>

#include <utility>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "domain/events.h"
#include "record/statement_batch.h"

namespace shuke::record {

struct EventTable {
    const char* name;
    bool has_order;      // a column order_id …
    bool is_the_orders;  // … and the event is its customer's
    bool has_label;      // a column label_id
    bool has_currency;   // a column currency, of its amounts
};
const EventTable& event_table(EventKind kind);

// What every event has.
struct EventHead {
    std::int64_t id = 0;       // 0: a new one
    CustomerId customer = {};  // 0: nobody known
    OrderId order = {};        // 0: of none
    LabelId label = {};        // the product; 0: none
    ShopId shop = {};          // 0: of none
    Instant at = kNever;       // must be known
    Day day = kNoDay;          // shop-local day of at
    Currency currency = Currency::kNone;
};

// Writes rows of one table: new ones get the next ids, known ones are replaced. Stamps the customers concerned.
class EventWriter {
public:
    using More = std::vector<std::pair<const char*, Type>>;
    // `more`: columns beyond the head's and event_columns(kind).
    EventWriter(soci::session& session, EventKind kind, const More& more = {});

    // The head is written; the caller goes on with event_columns(kind), then with `more`.
    StatementBatch& begin(EventHead& head);
    void finish();

private:
    static std::string insert(EventKind kind, const More& more);
    static std::vector<Type> types(EventKind kind, const More& more);
    void remove(std::int64_t id);

    soci::session& session_;
    const EventTable& table_;
    StatementBatch batch_;
    std::int64_t next_id_ = 0;
    std::vector<CustomerId> customers_;
    std::vector<OrderId> orders_;
};

// NULL for kNever.
StatementBatch& put_time(StatementBatch& batch, Instant at);
template <class Choice>
StatementBatch& put_choice(StatementBatch& batch, Choice choice) {  // NULL for the first, kUnknown
    return batch.nullable(static_cast<std::int64_t>(choice), 0);
}

}  // namespace shuke::record
