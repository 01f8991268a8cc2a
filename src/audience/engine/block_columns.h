// src/audience/engine/block_columns.h
//
// Which columns a block has, for those who treat all of them alike: folding blocks together, writing them to disk,
// adding up their bytes. A new column or space of block.h is named here too, or it is lost there
// (BlockColumns.EveryColumnIsNamed).
#pragma once

#include <array>

#include "audience/engine/block.h"

namespace shuke::audience {

enum class Stored : std::uint8_t {
    kValues,
    kTimes,  // values: seconds since 1970 at which something happens, or a state or span begins or ends
    kCodes,
    kOrderRow,   // code: a row of the block's orders + 1
    kUtcOffset,  // values in the block's utc_offset_unit
};

template <class Space>
struct NamedColumn {
    Column Space::* column;
    Stored stored;
    bool are_codes() const { return stored == Stored::kCodes || stored == Stored::kOrderRow; }
};

inline constexpr std::array kCustomerColumns = {
    NamedColumn<CustomerColumns>{&CustomerColumns::id, Stored::kValues},
    NamedColumn<CustomerColumns>{&CustomerColumns::created_at, Stored::kTimes},
    NamedColumn<CustomerColumns>{&CustomerColumns::exists_from, Stored::kTimes},
    NamedColumn<CustomerColumns>{&CustomerColumns::birthday, Stored::kValues},
    NamedColumn<CustomerColumns>{&CustomerColumns::gender, Stored::kCodes},
    NamedColumn<CustomerColumns>{&CustomerColumns::province, Stored::kCodes},
    NamedColumn<CustomerColumns>{&CustomerColumns::city, Stored::kCodes},
    NamedColumn<CustomerColumns>{&CustomerColumns::district, Stored::kCodes},
    NamedColumn<CustomerColumns>{&CustomerColumns::shop, Stored::kCodes},
    NamedColumn<CustomerColumns>{&CustomerColumns::platform, Stored::kCodes},
};

inline constexpr std::array kOrderColumns = {
    NamedColumn<OrderColumns>{&OrderColumns::at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::paid_at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::shipped_at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::signed_at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::finished_at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::closed_at, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::paid_from, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::shipped_from, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::signed_from, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::finished_from, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::closed_from, Stored::kTimes},
    NamedColumn<OrderColumns>{&OrderColumns::amount, Stored::kValues},
    NamedColumn<OrderColumns>{&OrderColumns::discount, Stored::kValues},
    NamedColumn<OrderColumns>{&OrderColumns::utc_offset, Stored::kUtcOffset},
    NamedColumn<OrderColumns>{&OrderColumns::shop, Stored::kCodes},
    NamedColumn<OrderColumns>{&OrderColumns::channel, Stored::kCodes},
    NamedColumn<OrderColumns>{&OrderColumns::province, Stored::kCodes},
    NamedColumn<OrderColumns>{&OrderColumns::city, Stored::kCodes},
    NamedColumn<OrderColumns>{&OrderColumns::coupon, Stored::kCodes},
};

inline constexpr std::array kLineColumns = {
    NamedColumn<LineColumns>{&LineColumns::order, Stored::kOrderRow},
    NamedColumn<LineColumns>{&LineColumns::label, Stored::kCodes},
    NamedColumn<LineColumns>{&LineColumns::quantity, Stored::kValues},
    NamedColumn<LineColumns>{&LineColumns::price, Stored::kValues},
    NamedColumn<LineColumns>{&LineColumns::amount, Stored::kValues},
    NamedColumn<LineColumns>{&LineColumns::discount, Stored::kValues},
    NamedColumn<LineColumns>{&LineColumns::refunded, Stored::kValues},
};

inline constexpr std::array kRefundColumns = {
    NamedColumn<RefundColumns>{&RefundColumns::order, Stored::kOrderRow},
    NamedColumn<RefundColumns>{&RefundColumns::at, Stored::kTimes},
    NamedColumn<RefundColumns>{&RefundColumns::done_at, Stored::kTimes},
    NamedColumn<RefundColumns>{&RefundColumns::amount, Stored::kValues},
    NamedColumn<RefundColumns>{&RefundColumns::kind, Stored::kCodes},
    NamedColumn<RefundColumns>{&RefundColumns::reason, Stored::kCodes},
    NamedColumn<RefundColumns>{&RefundColumns::status, Stored::kCodes},
    NamedColumn<RefundColumns>{&RefundColumns::shop, Stored::kCodes},
    NamedColumn<RefundColumns>{&RefundColumns::dated, Stored::kCodes},
};

inline constexpr std::array kSpanColumns = {
    NamedColumn<SpanColumns>{&SpanColumns::what, Stored::kCodes},
    NamedColumn<SpanColumns>{&SpanColumns::from, Stored::kTimes},
    NamedColumn<SpanColumns>{&SpanColumns::until, Stored::kTimes},
};

// Calls visit(space, store, named columns) for each table of facts, a RowSpace; the customers' own come apart.
template <class BlockType, class Visit>
void for_each_row_space(BlockType& block, Visit visit) {
    visit(block.orders, block.order_store, kOrderColumns);
    visit(block.lines, block.line_store, kLineColumns);
    visit(block.refunds, block.refund_store, kRefundColumns);
    visit(block.spans, block.span_store, kSpanColumns);
}

}  // namespace shuke::audience
