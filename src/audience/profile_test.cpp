// Aim: the profile says what the engine did: which blocks each condition read, skipped or found in the cache.
#include "audience/profile.h"

#include <gtest/gtest.h>

#include "audience/predicate_cache.h"
#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

// 2,500 customers in three blocks; each has one order, those of the first block in January, the others in March.
class ProfileTest : public ::testing::Test {
protected:
    void SetUp() override {
        for (int id = 1; id <= 2500; ++id) {
            world_.customer(id);
            world_.order({.customer = id, .at = id <= 1024 ? "2024-01-10" : "2024-03-10"});
        }
        version_ = world_.version();
    }
    Profile of(const std::string& expression) {
        const auto bound = parse_and_bind(expression, {Currency::kCNY, nullptr});
        return profile(*version_, *bound, world_.time("2024-03-20"), nullptr, &cache_);
    }
    testing::SmallWorld world_;
    std::shared_ptr<const Version> version_;
    PredicateCache cache_;
};

TEST_F(ProfileTest, BlocksWithoutAMatchingRowAreSkipped) {
    const Profile profile = of("any(orders within last 30 days)");
    EXPECT_EQ(profile.chosen, 1476u);
    EXPECT_EQ(profile.blocks, 3u);
    EXPECT_EQ(profile.root.text, "any(orders within last 30 days)");
    EXPECT_EQ(profile.root.read, 2u);
    EXPECT_EQ(profile.root.skipped, 1u);
    EXPECT_EQ(profile.root.asked, 2500u);
    EXPECT_EQ(profile.root.kept, 1476u);
}

TEST_F(ProfileTest, WhatNobodyIsLeftForIsNotAsked) {
    const Profile profile = of("count(lines) >= 1 and any(orders within last 30 days)");
    ASSERT_EQ(profile.root.parts.size(), 2u);
    EXPECT_EQ(profile.root.parts[0].text, "any(orders within last 30 days)") << "the cheaper one goes first";
    EXPECT_EQ(profile.root.parts[1].asked, 1476u);
    EXPECT_EQ(profile.root.kept, 0u);
}

TEST_F(ProfileTest, AskedAgainItIsAllCached) {
    const char* expression = "any(orders within last 30 days) and order_count >= 1";
    EXPECT_EQ(of(expression).root.parts[0].cached, 0u);
    const Profile again = of(expression);
    EXPECT_EQ(again.root.parts[0].cached, 3u);
    EXPECT_EQ(again.root.parts[1].cached, 2u) << "in the first block nobody was left";
    EXPECT_EQ(again.chosen, 1476u);
    // Another second condition: the first one is still known.
    const Profile edited = of("any(orders within last 30 days) and total_spent > 100");
    EXPECT_EQ(edited.root.parts[0].cached, 3u);
    EXPECT_EQ(edited.root.parts[1].cached, 0u);
}

}  // namespace
}  // namespace shuke::audience
