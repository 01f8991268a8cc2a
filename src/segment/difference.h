// src/segment/difference.h
//
// Who is in A and not in B, and why not in B: the conditions of B as a tree, each with how many of those it fails.
//
//   failed        of the customers this part is asked about, those for whom it is not as B needs it
//   failed_alone  those for whom it is the only part of its `and` that fails: they would be in B but for it
//
// The parts of an `and` are asked about whoever fails the `and`; so are those of an `or`, where every part fails for
// everybody. Below a `not` what fails is that the part holds.
//
// Errors   none of its own; binding a part cannot fail where the whole was bound
// Threads  pure
// Cost     one evaluation per condition of B
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::segment {

struct Reason {
    std::string text;    // the condition, printed
    bool wanted = true;  // false: below a `not`, so that it must not hold
    std::uint64_t asked = 0, failed = 0, failed_alone = 0;
    std::vector<Reason> parts;
};
struct Difference {
    std::uint64_t in_a = 0, in_b = 0, in_both = 0;
    audience::Selection only_a;
    Reason reason;  // the whole of B
};

Result<Difference> difference(const audience::Version& version, const audience::BoundExpression& a,
                              const audience::BoundExpression& b, Instant as_of, const audience::BindOptions& bind,
                              audience::WorkerPool* pool = nullptr);

}  // namespace shuke::segment
