// Aim: shares and lifts are those of counting one by one; every value's expression says exactly that value.
#include "segment/comparison.h"

#include <set>

#include "audience/testing/small_world.h"
#include "record/shops.h"
#include "record/testing/record_for_test.h"

namespace shuke::segment {
namespace {

using audience::testing::SmallWorld;

class ComparisonTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        if (IsSkipped()) return;
        // 20 customers; the odd ones are women of Zhejiang; customer i makes i % 4 orders of i yuan in month 1 + i % 3.
        for (int id = 1; id <= 20; ++id) {
            auto& customer = world_.customer(id);
            customer.gender = id % 2 == 1 ? Gender::kFemale : Gender::kUnknown;
            customer.province = id % 2 == 1 ? "浙江" : "江\"苏";
            for (int order = 0; order < id % 4; ++order) {
                world_.order({.customer = id,
                              .at = "2024-0" + std::to_string(1 + id % 3) + "-05 10:00",
                              .amount = id * 100,
                              .lines = {{.product = "p", .category = id % 2 == 1 ? "连衣裙" : "鞋"}}});
            }
        }
        version_ = world_.version();
        write([&](soci::session& session) {
            record::ensure_shop(session, {{}, "taobao", "旗舰店", Currency::kCNY, "Asia/Shanghai"}, clock_.now());
            const auto account = [&](long long id, const std::string& province) {
                session << "INSERT INTO accounts (id, customer_id, shop_id, key_high, key_low, gender, province, "
                           "profile_at, profile_content) VALUES (:id, :c, 1, :k, 0, 0, :p, 0, 0)",
                    soci::use(id), soci::use(id), soci::use(id), soci::use(province);
            };
            account(1, "浙江");
            account(2, "江\"苏");
            account(3, "无人省");
            session << "INSERT INTO categories (id, name) VALUES (1, '连衣裙')";
            session
                << "INSERT INTO product_labels (id, product_id, category_id, content_high, content_low) VALUES (1, 1, "
                   "1, 0, 0)";
        });
    }
    Instant as_of() const { return world_.time("2024-05-01"); }
    Comparison compared(const char* expression, std::uint64_t support = 1) {
        const auto values = attribute_values(database(), *version_, as_of());
        EXPECT_TRUE(values.has_value()) << values.error().detail;
        const auto segment = audience::evaluate(*version_, *audience::parse_and_bind(expression, {}), as_of());
        const auto result = compare(*version_, segment, *values, as_of(), {support});
        EXPECT_TRUE(result.has_value()) << result.error().detail;
        return *result;
    }
    static ValueLift one(const Comparison& comparison, const std::string& attribute, const std::string& value) {
        for (const ValueLift& candidate : comparison.values) {
            if (candidate.value.attribute == attribute && candidate.value.value == value) return candidate;
        }
        ADD_FAILURE() << "no " << attribute << " " << value;
        return {};
    }
    SmallWorld world_;
    std::shared_ptr<const audience::Version> version_;
};

TEST_P(ComparisonTest, LiftIsTheShareHereOverTheShareOfAll) {
    const Comparison result = compared("order_count >= 3");  // ids 3, 7, 11, 15, 19
    EXPECT_EQ(result.segment, 5u);
    EXPECT_EQ(result.all, 20u);
    const ValueLift women = one(result, "gender", "female");
    EXPECT_EQ(women.in_segment, 5u);
    EXPECT_EQ(women.in_all, 10u);
    EXPECT_DOUBLE_EQ(women.segment_share, 1.0);
    EXPECT_DOUBLE_EQ(women.all_share, 0.5);
    EXPECT_DOUBLE_EQ(women.lift, 2.0);
    EXPECT_EQ(one(result, "gender", "").in_segment, 0u) << "whose gender is not known is a value too";
    EXPECT_DOUBLE_EQ(one(result, "category", "连衣裙").lift, 2.0);
    EXPECT_DOUBLE_EQ(one(result, "order_count", "3-5").lift, 4.0);
}

TEST_P(ComparisonTest, TheClassesOfAnAttributeAreEverybodyOnce) {
    const Comparison result = compared("all customers");
    std::map<std::string, std::uint64_t> totals;
    for (const ValueLift& value : result.values) {
        totals[value.value.attribute] += value.in_all;
        EXPECT_DOUBLE_EQ(value.lift, 1.0) << value.value.expression;
    }
    for (const char* attribute :
         {"gender", "age", "province", "lifecycle", "order_count", "total_spent", "first_order_at", "shop"})
        EXPECT_EQ(totals[attribute], 20u) << attribute;
}

TEST_P(ComparisonTest, TextsAreThoseOfTheRecordWhateverTheyHold) {
    const Comparison result = compared("gender is missing");
    EXPECT_DOUBLE_EQ(one(result, "province", "江\"苏").lift, 2.0);
    for (const ValueLift& value : result.values) EXPECT_NE(value.value.value, "无人省") << "nobody is there today";
}

TEST_P(ComparisonTest, ValuesOfFewAreLeftOutAndCounted) {
    const Comparison all = compared("all customers", 1);
    const Comparison some = compared("all customers", 6);
    EXPECT_EQ(all.left_out, 0u);
    EXPECT_GT(some.left_out, 0u);
    EXPECT_EQ(some.values.size() + some.left_out, all.values.size());
    for (const ValueLift& value : some.values) EXPECT_GE(value.in_all, 6u);
}

TEST_P(ComparisonTest, WhatStandsOutComesFirst) {
    const Comparison result = compared("order_count >= 3");
    const auto top = outstanding(result, 2);
    ASSERT_EQ(top.size(), 2u);
    EXPECT_EQ(top[0].value.expression, "order_count >= 3 and order_count <= 5")
        << "all of them, and only a quarter of all";
    const auto everything = outstanding(result, 1000);
    EXPECT_EQ(everything.size(), result.values.size());
    EXPECT_NEAR(everything.back().lift, 1, 0.5) << "what is as everywhere comes last";
    EXPECT_DOUBLE_EQ(outstanding(compared("all customers"), 1000).front().lift, 1.0);
}

SHUKE_ON_BOTH_DATABASES(ComparisonTest);

}  // namespace
}  // namespace shuke::segment
