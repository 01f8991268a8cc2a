// Aim: every ready-made segment works; on real data they choose whom their names promise.
#include "segment/library.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "audience/evaluate.h"
#include "audience/testing/online_retail.h"
#include "segment/name.h"

namespace shuke::segment {
namespace {

TEST(Library, EveryEntryHasNamesThatCanBeSavedAndItsUseInBothLanguages) {
    std::set<std::string_view> taken;
    for (const ReadyMade& one : library()) {
        EXPECT_TRUE(checked_name(one.name_zh)) << one.key;
        EXPECT_TRUE(checked_name(one.name_en)) << one.key;
        EXPECT_FALSE(one.use_zh.empty() || one.use_en.empty()) << one.key;
        for (const auto name : {one.key, one.name_zh, one.name_en}) {
            EXPECT_EQ(find_ready_made(name), &one) << name;
            if (name != one.name_en || name != one.key) taken.insert(name);
        }
    }
    EXPECT_GE(library().size(), 25u);
    EXPECT_EQ(find_ready_made("no such"), nullptr);
}

TEST(Library, EveryEntryBinds) {
    for (const ReadyMade& one : library()) {
        const auto bound = audience::parse_and_bind(one.expression, {});
        EXPECT_TRUE(bound.has_value()) << one.key << "\n" << (bound ? "" : bound.error().detail);
    }
}

class LibraryOnRealData : public testing::Test {
protected:
    static void SetUpTestSuite() {
        auto data = audience::testing::read_online_retail("examples/online-retail/online_retail.csv.zst");
        if (!data) return;
        config_ = data->world.config;
        version_ = audience::testing::build(data->world);
    }
    void SetUp() override {
        if (!version_) GTEST_SKIP() << "examples/online-retail is not there";
    }
    static std::int64_t count(std::string_view expression) {
        const auto bound = audience::parse_and_bind(expression, {config_.base_currency, nullptr});
        if (!bound) return -1;
        const Instant as_of = to_instant(*parse_time("2011-12-10"), config_.zone);
        return static_cast<std::int64_t>(audience::evaluate(*version_, *bound, as_of).count());
    }
    static std::int64_t count_ready(std::string_view key) { return count(find_ready_made(key)->expression); }

    static inline audience::Config config_;
    static inline std::shared_ptr<const audience::Version> version_;
};

TEST_F(LibraryOnRealData, TheStagesOfLifeAreEveryBuyerOnce) {
    const std::int64_t buyers = count("order_count >= 1");
    EXPECT_EQ(count_ready("active") + count_ready("silent") + count_ready("sleeping") + count_ready("lost"), buyers);
    EXPECT_EQ(count_ready("leaving"), count_ready("silent") + count_ready("sleeping"));
    EXPECT_EQ(count_ready("never_bought") + buyers, count("all customers"));
    EXPECT_EQ(count_ready("returning") + count("purchase_count = 1"), buyers);
}

TEST_F(LibraryOnRealData, WhatTheDataCanAnswerFindsSomebody) {
    for (const char* key : {"new_customers", "active", "silent", "sleeping", "lost", "leaving", "newly_lost",
                            "just_bought", "second_purchase", "one_time_buyers", "returning", "loyal", "large_baskets",
                            "full_price", "never_bought", "anniversary"}) {
        EXPECT_GT(count_ready(key), 0) << key;
        EXPECT_LT(count_ready(key), 4372) << key;
    }
    for (const char* key : {"big_customers", "small_customers", "high_order_value"})
        EXPECT_GT(count_ready(key), 0) << key;
    EXPECT_EQ(count_ready("big_customers"), (count("order_count >= 1") + 4) / 5);
}

TEST_F(LibraryOnRealData, WhatTheDataSayNothingOfFindsNobody) {
    for (const char* key :
         {"birthday_soon",   "birthday_buyers", "coupon_users",       "discount_lovers", "multi_platform",
          "unpaid",          "long_on_the_way", "often_refunding",    "night_buyers",    "complainers",
          "praise_givers",   "opinion_leaders", "new_product_lovers", "unanswered",      "parcel_in_trouble",
          "contact_fatigue", "responsive",      "coupon_ending",      "points_ending",   "due_to_order"})
        EXPECT_EQ(count_ready(key), 0) << key;
}

}  // namespace
}  // namespace shuke::segment
