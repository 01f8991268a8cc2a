// src/audience/engine/block_columns.h
//
// Which columns a block has, for those who treat all of them alike: folding blocks together, writing them to disk,
// looking for what happens next. A new column or table of block.h is named here too, or it is lost there
// (Refresh and SnapshotTest compare everything an expression can see).
#pragma once

#include <type_traits>
#include <vector>

#include "audience/engine/block.h"

namespace shuke::audience {

enum class Stored : std::uint8_t {
    kValues,
    kTimes,  // values: seconds since 1970 at which something happens, or a state or span begins or ends
    kCodes,
    kOrderRow,  // code: a row of the block's orders + 1
};

constexpr bool are_codes(Stored stored) { return stored == Stored::kCodes || stored == Stored::kOrderRow; }

constexpr Stored stored_as(EventValue value) {
    switch (value) {
        case EventValue::kTime:
        case EventValue::kPlanned: return Stored::kTimes;
        case EventValue::kNumber:
        case EventValue::kMoney: return Stored::kValues;
        default: return Stored::kCodes;
    }
}

template <class ColumnType>
struct NamedColumn {
    ColumnType* column;
    Stored stored;
};

// One table of facts of a block; of a const block all is const.
template <class BlockType>
struct Table {
    using ColumnType = std::conditional_t<std::is_const_v<BlockType>, const Column, Column>;
    std::conditional_t<std::is_const_v<BlockType>, const RowSpace, RowSpace>* rows;
    std::conditional_t<std::is_const_v<BlockType>, const ColumnStore, ColumnStore>* store;
    std::vector<NamedColumn<ColumnType>> columns;
    bool may_lack_offsets = false;  // where it has no rows
};

template <class BlockType>
std::vector<NamedColumn<typename Table<BlockType>::ColumnType>> customer_columns(BlockType& block) {
    auto& of = block.customers;
    using enum Stored;
    return {{&of.id, kValues},    {&of.created_at, kTimes}, {&of.exists_from, kTimes}, {&of.birthday, kValues},
            {&of.gender, kCodes}, {&of.province, kCodes},   {&of.city, kCodes},        {&of.district, kCodes},
            {&of.shop, kCodes},   {&of.platform, kCodes}};
}

// Orders are the first. Of events that the block does not have, the table has no columns but the first three.
template <class BlockType>
std::vector<Table<BlockType>> tables_of(BlockType& block) {
    using enum Stored;
    auto& orders = block.orders;
    auto& lines = block.lines;
    auto& refunds = block.refunds;
    std::vector<Table<BlockType>> tables;
    tables.push_back({&orders, &block.order_store, {{&orders.at, kTimes},          {&orders.paid_at, kTimes},
                                                    {&orders.shipped_at, kTimes},  {&orders.signed_at, kTimes},
                                                    {&orders.finished_at, kTimes}, {&orders.closed_at, kTimes},
                                                    {&orders.paid_from, kTimes},   {&orders.shipped_from, kTimes},
                                                    {&orders.signed_from, kTimes}, {&orders.finished_from, kTimes},
                                                    {&orders.closed_from, kTimes}, {&orders.amount, kValues},
                                                    {&orders.discount, kValues},   {&orders.day, kValues},
                                                    {&orders.hour, kValues},       {&orders.shop, kCodes},
                                                    {&orders.channel, kCodes},     {&orders.province, kCodes},
                                                    {&orders.city, kCodes},        {&orders.coupon, kCodes}}});
    tables.push_back({&lines,
                      &block.line_store,
                      {{&lines.order, kOrderRow},
                       {&lines.label, kCodes},
                       {&lines.quantity, kValues},
                       {&lines.price, kValues},
                       {&lines.amount, kValues},
                       {&lines.discount, kValues},
                       {&lines.refunded, kValues}}});
    tables.push_back({&refunds,
                      &block.refund_store,
                      {{&refunds.order, kOrderRow},
                       {&refunds.at, kTimes},
                       {&refunds.done_at, kTimes},
                       {&refunds.amount, kValues},
                       {&refunds.kind, kCodes},
                       {&refunds.reason, kCodes},
                       {&refunds.status, kCodes},
                       {&refunds.shop, kCodes},
                       {&refunds.dated, kCodes}}});
    auto& spans = block.spans;
    tables.push_back(
        {&spans, &block.span_store, {{&spans.what, kCodes}, {&spans.from, kTimes}, {&spans.until, kTimes}}, true});
    auto& traits = block.traits;
    tables.push_back({&traits,
                      &block.trait_store,
                      {{&traits.what, kCodes}, {&traits.from, kTimes}, {&traits.value, kValues}},
                      true});
    for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
        auto& events = block.events[kind];
        Table<BlockType> table{&events, &block.event_store, {}, true};
        table.columns = {{&events.at, kTimes}, {&events.shop, kCodes}, {&events.label, kCodes}};
        const auto columns = event_columns(static_cast<EventKind>(kind));
        for (std::size_t i = 0; i < events.values.size(); ++i)
            table.columns.push_back({&events.values[i], stored_as(columns[i].value)});
        tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace shuke::audience
