// src/audience/evaluate.h
//
// Which customers, as of this instant, satisfy this expression?
//
//   in   a Version, a bound expression, the instant (facts later than it do not exist)
//   out  the customers' slots as a Roaring bitmap
//
// Errors   none: whatever can be wrong with an expression is found when it is bound.
// Threads  pure; the blocks are shared out over the pool, if one is given. With a cache, what was found out about a
//          block before is not found out again.
// Cost     about 1 ns per row and predicate that no zone map decides; see bench/.
#pragma once

#include <cstdint>
#include <roaring/roaring.hh>
#include <vector>

#include "audience/expression.h"
#include "audience/version.h"
#include "base/instant.h"

namespace shuke::audience {

class PredicateCache;
class WorkerPool;

struct Selection {
    Roaring slots;
    std::uint64_t count() const { return slots.cardinality(); }
};

Selection evaluate(const Version& version, const BoundExpression& expression, Instant as_of, WorkerPool* pool = nullptr,
                   PredicateCache* cache = nullptr);

// The chosen customers' ids, ascending.
std::vector<CustomerId> customers(const Version& version, const Selection& selection);

}  // namespace shuke::audience
