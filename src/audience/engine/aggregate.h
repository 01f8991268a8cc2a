// src/audience/engine/aggregate.h
//
// One value a slot from its selected rows: sums and averages, the row that first, last, min or max takes, the number
// of different values. Only the slots of `who` are written for certain.
//
// Threads  pure, with the run's temporary memory.
// Cost     sums: about 1 ns a row where most rows are selected (prefix sums over narrow columns), else a few ns a
//          selected row; the others a few ns a selected row.
#pragma once

#include <array>

#include "audience/engine/block_run.h"
#include "audience/expression/ast.h"

namespace shuke::audience {

using SlotNumbers = std::array<double, kBlockSlots>;
using SlotRows = std::array<std::uint32_t, kBlockSlots>;
inline constexpr std::uint32_t kNoRow = 0xFFFF'FFFF;

struct RowsBySlot {
    BlockRun& run;
    Level level;           // whose rows
    const Word* selected;  // of its rows; not null
    const SlotBits& who;

    const std::uint32_t* offsets() const { return run.offsets(level); }
    std::size_t rows() const { return run.rows(level); }
};

void count_rows(const RowsBySlot& over, SlotNumbers& out);

// Known values, times a power of ten that is applied before any division. Without a known value a sum is 0 and an
// average NaN.
struct AddUp {
    FieldKey field;
    bool average = false;
    double factor = 1;
};
void add_up(const RowsBySlot& over, const AddUp& what, SlotNumbers& out);

// What has been given back of the selected orders, as far as their amount is known, is taken from `out`.
void subtract_refunds(const RowsBySlot& orders, double factor, SlotNumbers& out);

// Different known values. Where there are `enough` of them, it may stop counting.
void count_distinct(const RowsBySlot& over, FieldKey field, double enough, SlotNumbers& out);

// The row that first, last, min or max takes; kNoRow where there is none. Of equal values the first row.
void pick_rows(const RowsBySlot& over, Aggregate aggregate, FieldKey field, SlotRows& out);
// The last selected row of one slot.
std::uint32_t last_row(const Word* selected, const std::uint32_t* offsets, std::size_t slot);

}  // namespace shuke::audience
