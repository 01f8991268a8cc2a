// src/audience/engine/order_sequence.h
//
// What the kept orders of a customer say as a sequence: their numbers, the days between them, and the purchases they
// make up. Definitions in block_run.h. A purchase is known by its first kept order, and stands in that order's row.
//
// Threads  pure.
// Cost     number_orders: one pass over the rows; keep_gap and purchases: over the rows in question; keep_nth: over the
//          slots.
#pragma once

#include <cstdint>
#include <vector>

#include "audience/engine/bits.h"
#include "audience/engine/block.h"
#include "base/time_zone.h"

namespace shuke::audience {

inline constexpr std::int32_t kNoLocalDay = kNoDay.days_since_epoch;
inline constexpr std::uint32_t kNoPurchase = 0xFFFF'FFFF;

// Some orders of a block: all kept ones, or those that begin a purchase. One bit a row, with a spare word behind.
struct OrderSequence {
    const OrderColumns& orders;
    const Word* members;
};

// By row: the member's number from 1 on, else 0; the days since the member before it plus 1, 0 where there is none.
// days: by row, kNoLocalDay without a time.
void number_orders(const OrderSequence& sequence, const std::int32_t* days, std::uint32_t* nth, std::uint32_t* gap);

// The same questions where no number itself is wanted: rows of `keep` whose number lies within [low, high] …
// False, and nothing done, where counting from the first order on would take long.
bool keep_nth(const OrderSequence& sequence, std::int64_t low, std::int64_t high, Word* keep);
// … whose gap does. For few rows.
void keep_gap(const OrderSequence& sequence, std::int64_t low, std::int64_t high, Word* keep);

// OrderColumns::repeats and days_ascend, from its columns. Days may go back where shops are in different zones, or where
// a clock is set back at midnight.
std::vector<std::uint32_t> find_repeats(const OrderColumns& orders);
bool days_ascend(const OrderColumns& orders);
// Of the members (kept orders), those that begin a purchase.
void keep_purchases(const OrderSequence& kept, Word* begins);
// By row: where the order's purchase begins; kNoPurchase where it belongs to none.
void purchases_of_orders(const OrderSequence& kept, const Word* begins, std::uint32_t* of_order);

}  // namespace shuke::audience
