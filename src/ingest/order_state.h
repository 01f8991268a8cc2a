// src/ingest/order_state.h
//
// How an order moves: what a newer row says replaces, what an older one says only fills gaps, and a status never
// goes back. Newer is the row with the later updated_at; where one of them has none, the one with the later status.
// Applied in any order, the updates of one order end in the same state.
#pragma once

#include <optional>
#include <string>

#include "base/time_zone.h"
#include "ingest/order_row.h"
#include "record/orders.h"

namespace shuke::ingest {

struct OrderState {
    record::OrderHeader header;
    std::optional<record::OrderRefund> refund;
    bool is_empty = true;  // nothing was said yet
};

struct Applied {
    bool changed = false;
    bool is_newer = true;  // the row was not older than what was known
};

// `currency` is used where the row has none; `zone` is the shop's. Notes are sealed and so left to the caller.
Applied apply(OrderState& state, const OrderRow& row, Currency currency, const TimeZone& zone);

}  // namespace shuke::ingest
