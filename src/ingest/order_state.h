// src/ingest/order_state.h
//
// How an order moves: its status never goes back, and of every field the newest row that told it is believed. So the
// updates of one order, applied in any order, end in the same state.
//
// Rows are compared by version: the time of their update (updated_at) or, for sources without one, the stage of the
// order they speak of; a row with an update time beats every row without. A row that says nothing of state or time is
// taken as it comes. A field's version is that of the order, unless the newest row did not tell the field: such
// exceptions are kept in OrderHeader::older_fields, as "<field letter><version>;…".
#pragma once

#include "base/time_zone.h"
#include "ingest/order_row.h"
#include "record/orders.h"

namespace shuke::ingest {

struct OrderState {
    record::OrderHeader header;
    bool is_empty = true;  // nothing was said yet
};

struct Applied {
    bool changed = false;
    bool takes_note = false;   // the row's note replaces what is known (notes are sealed, hence left to the caller)
    std::int64_t version = 0;  // of the row
};

// `currency` is used where the row has none.
Applied apply(OrderState& state, const OrderRow& row, Currency currency);

}  // namespace shuke::ingest
