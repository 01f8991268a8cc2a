// src/audience/engine/row_plan.h
//
// A condition about rows, compiled for one version and instant: a small tree whose leaves are kernels. Conditions on
// the order of a line or refund run over the orders, which are fewer, and are then spread over the rows.
//
// Threads  immutable; one BlockRun a worker.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "audience/engine/block_run.h"
#include "audience/engine/kernels.h"
#include "audience/engine/plan_context.h"
#include "audience/engine/window_range.h"

namespace shuke::audience {

struct RowPlan {
    enum class Kind : std::uint8_t {
        kAll,   // every row
        kNone,  // no row
        kAnd,
        kOr,
        kNot,
        kRange,    // ranges[0] of values, by `mode`
        kZoned,    // ranges[zone of the row's shop] of times; negated: known and outside
        kSet,      // value among `set`
        kTable,    // table[stored code]
        kFlag,     // paid, kept, dated
        kOnOrder,  // parts[0] holds for the row's order
    };
    Kind kind = Kind::kAll;
    Level level = Level::kOrder;  // whose rows it runs over
    FieldKey field{};
    std::vector<RowPlan> parts;
    std::vector<WindowRange> ranges;
    Keep mode = Keep::kInside;
    bool negated = false;
    std::vector<std::int64_t> set;
    std::vector<std::uint8_t> table;
    bool when_missing = false;  // does it hold where the row has no order?

    // Rows of keep that pass stay.
    void refine(BlockRun& run, Word* keep) const;
    int cost() const;  // rough, per row: 1 is a plain range test
};

// For rows at `level`. Whatever of it is about the order alone is wrapped in kOnOrder.
RowPlan compile_row(const bound::Row& row, Level level, const PlanContext& context);
RowPlan compile_test(FieldKey field, const bound::Test& test, const PlanContext& context);
RowPlan compile_window(FieldKey field, const Window& window, bool negated, const PlanContext& context);

RowPlan join(RowPlan::Kind kind, Level level, std::vector<RowPlan> parts);

// keep stays where `order_bits` has the row's order, or where it has none and when_missing.
void keep_by_order(BlockRun& run, Level level, const Word* order_bits, bool when_missing, Word* keep);

}  // namespace shuke::audience
