#include "ingest/order_state.h"

#include <algorithm>

namespace shuke::ingest {
namespace {

// The furthest state that the times speak of. A closing time alone closes.
OrderStatus implied_status(const OrderRow& row) {
    if (row.closed_at != kNever) return OrderStatus::kClosed;
    if (row.finished_at != kNever) return OrderStatus::kFinished;
    if (row.signed_at != kNever) return OrderStatus::kSigned;
    if (row.shipped_at != kNever) return OrderStatus::kShipped;
    if (row.paid_at != kNever) return OrderStatus::kPaid;
    return OrderStatus::kCreated;
}

OrderStatus status_of(const OrderRow& row) {
    const OrderStatus implied = implied_status(row);
    return row.status ? std::max(*row.status, implied) : implied;
}

bool is_newer(const OrderState& state, const OrderRow& row) {
    if (state.is_empty) return true;
    const auto& header = state.header;
    if (row.updated_at != kNever && header.updated_at != kNever && row.updated_at != header.updated_at) {
        return row.updated_at > header.updated_at;
    }
    if (!row.status && implied_status(row) == OrderStatus::kCreated) return true;  // says nothing of the state
    return status_of(row) >= header.status;
}

// Takes the row's value where it says one and is newer, or where nothing was known.
template <class T>
bool take(T& known, const T& said, const T& missing, bool newer) {
    if (said == missing || said == known || !(newer || known == missing)) return false;
    known = said;
    return true;
}

bool take_text(std::string& known, std::string_view said, bool newer) {
    if (said.empty() || said == known || !(newer || known.empty())) return false;
    known = said;
    return true;
}

bool apply_refund(OrderState& state, const OrderRow& row, bool newer, const TimeZone& zone) {
    if (row.refunded == kMissingAmount || (row.refunded == 0 && !state.refund)) return false;
    if (state.refund && !newer) return false;
    record::OrderRefund refund = state.refund.value_or(record::OrderRefund{});
    refund.amount = row.refunded;
    refund.currency = state.header.currency;
    if (row.refunded_at != kNever) {
        refund.asked_at = row.refunded_at;
        refund.day = zone.day_of(row.refunded_at);
    }
    const bool changed = !state.refund || refund.amount != state.refund->amount || refund.asked_at != state.refund->asked_at ||
                         refund.currency != state.refund->currency;
    if (changed) state.refund = refund;
    return changed;
}

}  // namespace

Applied apply(OrderState& state, const OrderRow& row, Currency currency, const TimeZone& zone) {
    const bool newer = is_newer(state, row);
    auto& header = state.header;
    bool changed = state.is_empty;
    const OrderStatus status = std::max(header.status, status_of(row));
    changed |= status != header.status;
    header.status = status;
    changed |= take(header.created_at, row.created_at, kNever, newer);
    changed |= take(header.paid_at, row.paid_at, kNever, newer);
    changed |= take(header.shipped_at, row.shipped_at, kNever, newer);
    changed |= take(header.signed_at, row.signed_at, kNever, newer);
    changed |= take(header.finished_at, row.finished_at, kNever, newer);
    changed |= take(header.closed_at, row.closed_at, kNever, newer);
    changed |= take(header.updated_at, row.updated_at, kNever, newer);
    changed |= take(header.currency, row.currency == Currency::kNone ? currency : row.currency, Currency::kNone,
                    newer && row.currency != Currency::kNone);
    changed |= take(header.amount, row.amount, kMissingAmount, newer);
    changed |= take(header.discount, row.discount, kMissingAmount, newer);
    changed |= take_text(header.channel, row.channel, newer);
    changed |= take_text(header.coupon, row.coupon, newer);
    changed |= take_text(header.province, row.buyer.province, newer);
    changed |= take_text(header.city, row.buyer.city, newer);
    changed |= apply_refund(state, row, newer, zone);
    state.is_empty = false;
    return {changed, newer};
}

}  // namespace shuke::ingest
