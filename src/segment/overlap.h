// src/segment/overlap.h
//
// How segments lie over each other: sizes, pairs, and the exact regions (who is in precisely these and no others), as
// an UpSet plot shows them.
//
//   in   up to kMostSets selections of one version, and how many customers there are in all
//   out  regions by customers, largest first; those without customers are left out. Together with `nobody` they are
//        everybody, each once
//
// Errors   segment.too_many_sets
// Threads  pure
// Cost     2 B a slot and one pass over each selection
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audience/evaluate.h"
#include "base/error.h"

namespace shuke::segment {

inline constexpr std::size_t kMostSets = 16;

struct OverlapPair {
    std::size_t a = 0, b = 0;  // places among the sets, a < b
    std::uint64_t both = 0;
    double jaccard = 0;     // both / either; 0 when both sets are empty
    double share_of_a = 0;  // both / a
    double share_of_b = 0;
};
struct OverlapRegion {
    std::uint32_t sets = 0;  // bit i: in the i-th set; in no other
    std::uint64_t customers = 0;
};
struct Overlap {
    std::vector<std::uint64_t> sizes;
    std::vector<OverlapPair> pairs;
    std::vector<OverlapRegion> regions;
    std::uint64_t anybody = 0, nobody = 0;  // in at least one; in none
};

Result<Overlap> overlap(std::span<const audience::Selection> sets, std::uint64_t all);

}  // namespace shuke::segment
