// src/record/customer_events.h: shipments, reviews, messages, interactions, points, coupons and tickets of one customer, for
// showing. Sealed words come out opened: the caller masks.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/personal.h"
#include "domain/events.h"

namespace shuke::record {

struct ShownValue {
    std::string_view name;  // of event_columns(kind)
    EventValue type;
    std::int64_t number = kMissingAmount;
    std::string text = {};
};
struct CustomerEvent {
    EventKind kind{};
    std::int64_t id = 0;
    Instant at = kNever;
    ShopId shop = {};
    OrderId order = {};
    Currency currency = Currency::kNone;
    std::vector<ShownValue> values = {};  // those that are known
    std::string tracking_no = {};         // of shipments
    Personal<std::string> words{""};      // of reviews, interactions, tickets
};
// `ids`: the customer and everybody merged into it. By (kind, id).
std::vector<CustomerEvent> customer_events(soci::session& session, const KeyRing& keys,
                                           const std::vector<CustomerId>& ids);

}  // namespace shuke::record
