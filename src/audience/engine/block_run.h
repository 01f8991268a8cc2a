// src/audience/engine/block_run.h
//
// One block seen from one instant: its columns, and those that depend on the instant (kept, refunded so far, nth,
// purchases …), computed when first asked for and shared by all predicates of the question.
//
//   rows, offsets   of a level: orders, lines, refunds; a purchase stands in the row of its first kept order
//   column          by field; at the level of level_of(field). Text comes as codes: of shops for shop and platform, of
//                   labels for product … brand, of the field's own dictionary otherwise. Choices are codes from 1 on.
//                   Times are as recorded: whoever reads one cuts it at as_of().
//   keep_…          refine one bit a row
//
// The columns of events are there where the block has rows of them; ask rows() first.
//
// Definitions beyond block.h
//   refunded   sum of the order's refunds up to the instant, missing amounts and negative ones left out; 0 without any
//   status     of a refund: what the source says; what it said before done_at is not known, so it is missing until then
//   items      pieces on the order's lines; missing without lines
//   nth        number among the customer's kept orders by (at, id)
//   gap_days   shop-local days since the customer's kept order before it, never below 0; missing for the first, and
//              where either has no time
//   purchase   the kept orders of one customer, shop and shop-local day; `at` is the first one's time, `amount` and
//              `items` sum what is known (missing when nothing is); orders without a time are in none
//
// Threads  one worker.
// Cost     each computed column one pass over its rows, in the workspace's memory.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "audience/engine/bits.h"
#include "audience/engine/block.h"
#include "audience/engine/order_sequence.h"
#include "audience/engine/scratch.h"
#include "audience/schema.h"

namespace shuke::audience {

class BlockRun {
public:
    BlockRun(const Version& version, std::size_t number, std::int64_t as_of, Workspace& workspace)
        : shared_(version.shared()),
          block_(*version.blocks()[number]),
          living_(version.living(number)),
          number_(number),
          as_of_(as_of),
          kept_memory_(workspace.kept),
          temporary_(workspace.temporary) {}

    const Block& block() const { return block_; }
    std::size_t number() const { return number_; }  // its place in the version
    const SharedTables& shared() const { return shared_; }
    std::int64_t as_of() const { return as_of_; }
    Scratch& temporary() { return temporary_; }

    std::size_t rows(Level level);
    const std::uint32_t* offsets(Level level);  // kBlockSlots + 1
    const Column& column(FieldKey field);
    const Column& shop_column(Level level);  // codes of shops
    const Column& order_rows(Level level) const {
        return level == Level::kLine ? block_.lines.order : block_.refunds.order;
    }

    // How often no row of the facts asked for could match; for a profile.
    std::uint32_t empty_selections() const { return empty_selections_; }
    void count_empty_selection() { ++empty_selections_; }

    const Word* kept_orders();  // kept and existing
    OrderSequence kept_sequence() { return {block_.orders, kept_orders()}; }
    bool has_numbers() const { return computed_[static_cast<std::size_t>(FieldKey::kNth)].has_value(); }
    const Word* purchases();  // the kept orders that begin one
    // Ones for the rows of `who`, where they are few: kernels skip groups of 64 rows without any. Else for all rows.
    void fill_rows_of(const SlotBits& who, Level level, Word* bits);
    void keep_existing_orders(Word* keep) const;
    void keep_flag(FieldKey flag, Word* keep);
    SlotBits existing_customers() const;

    // Temporary bits for the rows of a level, with one spare word behind them, not initialised.
    Word* take_bits(Level level) { return temporary_.take<Word>(words_for(rows(level)) + 1); }

private:
    const EventColumns& events(EventKind kind) const { return block_.events[static_cast<std::size_t>(kind)]; }
    const Column& computed_column(FieldKey field);
    const Column& event_column_of(EventField field);
    Column event_status(EventKind kind);
    Column left_of_points();
    const Column& shops_of_lines();
    Column refund_status();
    Column product_value(FieldKey field);
    Column compute(FieldKey field);
    Column computed_status();
    Column refunded();
    Column items();
    Column weekdays();
    void number(const Word* members, FieldKey nth_field, FieldKey gap_field);
    Column purchase_column(FieldKey field);
    Column purchase_sum(const Column* of_orders);

    std::int64_t* take_values(std::size_t rows, std::int64_t fill);
    const std::int32_t* local_days();  // kNoLocalDay without a time

    const SharedTables& shared_;
    const Block& block_;
    const SlotBits& living_;
    std::size_t number_;
    std::int64_t as_of_;
    std::uint32_t empty_selections_ = 0;
    Scratch& kept_memory_;
    Scratch& temporary_;
    std::array<std::optional<Column>, static_cast<std::size_t>(FieldKey::kEvents)> computed_;
    std::array<std::optional<Column>, kEventKinds> statuses_;  // of events
    std::optional<Column> points_left_, line_shops_;
    std::int32_t* local_days_ = nullptr;
    const Word* kept_ = nullptr;
    const Word* purchases_ = nullptr;
};

// The column of a field that the block has as it is; null for fields that depend on the instant.
const Column* stored_column(const Block& block, FieldKey field);

}  // namespace shuke::audience
