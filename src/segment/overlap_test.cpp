// Aim: the regions are everybody once, and all counts agree with counting one customer after the other.
#include "segment/overlap.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace shuke::segment {
namespace {

audience::Selection of(const std::set<std::uint32_t>& slots) {
    audience::Selection selection;
    for (const auto slot : slots) selection.slots.add(slot);
    return selection;
}

TEST(Overlap, ThreeSmallSets) {
    const std::vector<audience::Selection> sets{of({0, 1, 2, 3}), of({2, 3, 4}), of({9})};
    const auto result = overlap(sets, 12);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->sizes, (std::vector<std::uint64_t>{4, 3, 1}));
    EXPECT_EQ(result->pairs[0].both, 2u);
    EXPECT_DOUBLE_EQ(result->pairs[0].jaccard, 2.0 / 5);
    EXPECT_DOUBLE_EQ(result->pairs[0].share_of_a, 0.5);
    EXPECT_DOUBLE_EQ(result->pairs[0].share_of_b, 2.0 / 3);
    EXPECT_EQ(result->pairs[1].both, 0u);
    ASSERT_EQ(result->regions.size(), 4u);
    EXPECT_EQ(result->regions[0].sets, 0b001u);
    EXPECT_EQ(result->regions[0].customers, 2u);
    EXPECT_EQ(result->regions[1].sets, 0b011u);
    EXPECT_EQ(result->anybody, 6u);
    EXPECT_EQ(result->nobody, 6u);
}

TEST(Overlap, EmptySetsShareNothing) {
    const std::vector<audience::Selection> sets{of({}), of({})};
    const auto result = overlap(sets, 5);
    EXPECT_EQ(result->pairs[0].jaccard, 0);
    EXPECT_TRUE(result->regions.empty());
    EXPECT_EQ(result->nobody, 5u);
}

TEST(Overlap, RandomSetsAgreeWithCountingOneByOne) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        const std::size_t n = 1 + random() % 6;
        std::vector<std::set<std::uint32_t>> plain(n);
        for (auto& set : plain) {
            for (std::uint32_t slot = 0; slot < 300; ++slot) {
                if (random() % 3 == 0) set.insert(slot);
            }
        }
        std::vector<audience::Selection> sets;
        for (const auto& set : plain) sets.push_back(of(set));
        const auto result = overlap(sets, 300);
        std::map<std::uint32_t, std::uint64_t> expected;
        for (std::uint32_t slot = 0; slot < 300; ++slot) {
            std::uint32_t mark = 0;
            for (std::size_t i = 0; i < n; ++i) mark |= plain[i].contains(slot) ? 1U << i : 0U;
            ++expected[mark];
        }
        EXPECT_EQ(result->nobody, expected[0]);
        expected.erase(0);
        std::map<std::uint32_t, std::uint64_t> found;
        for (const auto& region : result->regions) found[region.sets] = region.customers;
        EXPECT_EQ(found, expected);
        for (const auto& pair : result->pairs) {
            std::uint64_t both = 0;
            for (const auto slot : plain[pair.a]) both += plain[pair.b].contains(slot) ? 1 : 0;
            EXPECT_EQ(pair.both, both);
        }
    }
}

TEST(Overlap, TooManySetsAreRefused) {
    EXPECT_EQ(overlap(std::vector<audience::Selection>(17), 0).error().key, "segment.too_many_sets");
    EXPECT_TRUE(overlap(std::vector<audience::Selection>(16), 0));
    EXPECT_FALSE(overlap({}, 0));
}

}  // namespace
}  // namespace shuke::segment
