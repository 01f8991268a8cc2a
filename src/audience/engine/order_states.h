// src/audience/engine/order_states.h: from what moment on an order was paid, shipped, signed, finished, closed.
// The rules are those of block.h. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "audience/engine/block.h"
#include "domain/order.h"

namespace shuke::audience {

struct OrderTimes {
    std::int64_t created, paid, shipped, signed_, finished, closed;  // seconds; kMissing where not known
};

struct OrderStates {
    std::int64_t paid_from, shipped_from, signed_from, finished_from, closed_from;  // kMissing: never; kAlways
};

inline OrderStates order_states(const OrderTimes& t, OrderStatus status) {
    const auto reached = [status](OrderStatus state) { return status >= state && status != OrderStatus::kClosed; };
    const auto from = [&](std::int64_t known, OrderStatus state, std::int64_t before) {
        if (known != kMissing) return known;
        return reached(state) ? before : kMissing;
    };
    const auto or_always = [](std::int64_t known) { return known == kMissing ? kAlways : known; };
    OrderStates states{};
    states.paid_from = from(t.paid, OrderStatus::kPaid, or_always(t.created));
    states.shipped_from = from(t.shipped, OrderStatus::kShipped, states.paid_from);
    states.signed_from = from(t.signed_, OrderStatus::kSigned, states.shipped_from);
    states.finished_from = from(t.finished, OrderStatus::kFinished, states.signed_from);
    states.closed_from = t.closed;
    if (t.closed == kMissing && status == OrderStatus::kClosed) {
        states.closed_from = or_always(std::max({t.created, t.paid, t.shipped, t.signed_, t.finished}));
    }
    return states;
}

}  // namespace shuke::audience
