#include "segment/overlap.h"

#include <algorithm>
#include <functional>

namespace shuke::segment {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// One word of set bits a slot.
std::vector<std::uint16_t> marks(std::span<const audience::Selection> sets) {
    std::size_t slots = 0;
    for (const auto& set : sets) {
        if (set.count() > 0) slots = std::max<std::size_t>(slots, set.slots.maximum() + 1);
    }
    std::vector<std::uint16_t> marks(slots, 0);
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const auto bit = static_cast<std::uint16_t>(1U << i);
        for (const audience::Slot slot : sets[i].slots) marks[slot] = static_cast<std::uint16_t>(marks[slot] | bit);
    }
    return marks;
}

std::vector<OverlapRegion> regions_of(std::span<const audience::Selection> sets) {
    std::vector<std::uint64_t> counts(std::size_t{1} << sets.size(), 0);
    for (const std::uint16_t mark : marks(sets)) ++counts[mark];
    std::vector<OverlapRegion> regions;
    for (std::uint32_t mark = 1; mark < counts.size(); ++mark) {
        if (counts[mark] > 0) regions.push_back({mark, counts[mark]});
    }
    std::ranges::stable_sort(regions, std::greater{}, &OverlapRegion::customers);
    return regions;
}

}  // namespace

Result<Overlap> overlap(std::span<const audience::Selection> sets, std::uint64_t all) {
    if (sets.empty() || sets.size() > kMostSets) {
        return fail(Code::kInvalid, "segment.too_many_sets",
                    "found " + std::to_string(sets.size()) + " segments, expected 1 to " + std::to_string(kMostSets));
    }
    Overlap result;
    for (const auto& set : sets) result.sizes.push_back(set.count());
    for (std::size_t a = 0; a < sets.size(); ++a) {
        for (std::size_t b = a + 1; b < sets.size(); ++b) {
            OverlapPair pair;
            pair.a = a;
            pair.b = b;
            pair.both = sets[a].slots.and_cardinality(sets[b].slots);
            pair.jaccard = share(pair.both, result.sizes[a] + result.sizes[b] - pair.both);
            pair.share_of_a = share(pair.both, result.sizes[a]);
            pair.share_of_b = share(pair.both, result.sizes[b]);
            result.pairs.push_back(pair);
        }
    }
    result.regions = regions_of(sets);
    for (const OverlapRegion& region : result.regions) result.anybody += region.customers;
    result.nobody = all - result.anybody;
    return result;
}

}  // namespace shuke::segment
