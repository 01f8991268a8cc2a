// src/audience/engine/selection.h
//
// Who satisfies the predicate; of them the top by a metric; of these a sample.
//
//   top N    the N with the greatest metric, the lower id first among equals; who lacks the metric never ranks
//   top N%   the same with N hundredths of those chosen, rounded up
//   sample   keeps who hashes below 100 P of 10,000: SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein 2012) with a key of
//            zeros over the text "SEED:ID", so that any database can draw the same sample
//
// Threads  pure; blocks are shared out over the context's pool.
#pragma once

#include <vector>

#include "audience/engine/bits.h"
#include "audience/engine/plan_context.h"

namespace shuke::audience {

// By block.
std::vector<SlotBits> select(const PlanContext& context, const bound::Selection& selection);

// Is the customer in the sample? `below` of 10,000.
bool in_sample(std::int64_t customer, std::int64_t seed, std::uint32_t below);

}  // namespace shuke::audience
