// Aim: who is in A and not in B is told with the conditions of B that keep them out, and how many each keeps out alone.
#include "segment/difference.h"

#include <gtest/gtest.h>

#include "audience/explain.h"
#include "audience/testing/random_expression.h"
#include "audience/testing/small_world.h"

namespace shuke::segment {
namespace {

using audience::testing::SmallWorld;

// 1: Zhejiang, 3 orders. 2: Zhejiang, 1. 3: Jiangsu, 3. 4: Jiangsu, 1. 5: nothing known, none.
SmallWorld five_customers() {
    SmallWorld world;
    for (int id = 1; id <= 5; ++id) {
        auto& customer = world.customer(id);
        if (id <= 4) customer.province = id <= 2 ? "浙江" : "江苏";
    }
    for (int customer : {1, 1, 1, 2, 3, 3, 3, 4}) world.order({.customer = customer, .at = "2024-03-01"});
    return world;
}

Difference ask(const SmallWorld& world, const char* a, const char* b) {
    const auto result = difference(*world.version(), *audience::parse_and_bind(a, {}), *audience::parse_and_bind(b, {}),
                                   world.time("2024-04-01"), {});
    EXPECT_TRUE(result.has_value());
    return *result;
}

TEST(Difference, EveryConditionSaysHowManyItKeepsOutAndHowManyItAlone) {
    const Difference result = ask(five_customers(), "all customers", "province = 浙江 and order_count >= 2");
    EXPECT_EQ(result.in_a, 5u);
    EXPECT_EQ(result.in_b, 1u);
    EXPECT_EQ(result.in_both, 1u);
    EXPECT_EQ(result.only_a.count(), 4u);
    EXPECT_EQ(result.reason.failed, 4u);
    ASSERT_EQ(result.reason.parts.size(), 2u);
    EXPECT_EQ(result.reason.parts[0].text, "province = 浙江");
    EXPECT_EQ(result.reason.parts[0].failed, 3u);
    EXPECT_EQ(result.reason.parts[0].failed_alone, 1u) << "3 would be in B but for the province";
    EXPECT_EQ(result.reason.parts[1].failed, 3u);
    EXPECT_EQ(result.reason.parts[1].failed_alone, 1u) << "2 lacks orders only";
}

TEST(Difference, BelowANotWhatHoldsIsTheReason) {
    const Difference result = ask(five_customers(), "order_count >= 1", "not (province = 江苏 or order_count = 1)");
    EXPECT_EQ(result.only_a.count(), 3u);
    const Reason& either = result.reason.parts.at(0);
    EXPECT_FALSE(either.wanted);
    EXPECT_EQ(either.failed, 3u);
    EXPECT_EQ(either.parts[0].failed, 2u) << "3 and 4 are of Jiangsu";
    EXPECT_EQ(either.parts[0].failed_alone, 1u);
    EXPECT_EQ(either.parts[1].failed, 2u) << "2 and 4 ordered once";
}

TEST(Difference, OfAnOrEveryPartFailed) {
    const Difference result = ask(five_customers(), "all customers", "province = 浙江 or order_count >= 2");
    EXPECT_EQ(result.only_a.count(), 2u);
    for (const Reason& part : result.reason.parts) EXPECT_EQ(part.failed, 2u);
}

TEST(Difference, WhoIsInBothNeedsNoReason) {
    const Difference result = ask(five_customers(), "order_count >= 2", "order_count >= 1");
    EXPECT_EQ(result.only_a.count(), 0u);
    EXPECT_EQ(result.reason.failed, 0u);
}

// A leaf's counts are those of explain() asked of each customer by name.
void expect_as_explained(const Reason& reason, const std::vector<audience::Explanation>& customers) {
    std::uint64_t failed = 0;
    for (const auto& one : customers) failed += one.held != reason.wanted ? 1 : 0;
    EXPECT_EQ(reason.failed, failed) << reason.text;
    for (std::size_t part = 0; part < reason.parts.size(); ++part) {
        std::vector<audience::Explanation> below;
        for (const auto& one : customers) {
            if (one.held != reason.wanted) below.push_back(one.parts[part]);
        }
        expect_as_explained(reason.parts[part], below);
    }
}

TEST(Difference, RandomExpressionsAgreeWithExplainingEachCustomer) {
    int with_reasons = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        audience::testing::WorldMaker maker(seed);
        audience::testing::ExpressionMaker expressions(seed * 31);
        const auto world = maker.make(25);
        const auto version = audience::testing::build(world);
        const Instant as_of = maker.as_of(world);
        const audience::BindOptions bind = audience::testing::bind_options(world);
        const auto a = audience::parse_and_bind("all customers", bind);
        const auto b = audience::bind({expressions.predicate(3)}, bind);
        ASSERT_TRUE(b.has_value());
        const auto result = difference(*version, *a, *b, as_of, bind);
        std::vector<audience::Explanation> explained;
        for (const CustomerId customer : audience::customers(*version, result->only_a))
            explained.push_back(*audience::explain(*version, *b, customer, as_of));
        SCOPED_TRACE("seed " + std::to_string(seed));
        expect_as_explained(result->reason, explained);
        with_reasons += result->reason.failed > 0 ? 1 : 0;
    }
    EXPECT_GT(with_reasons, 20) << "the question is only worth asking if there are reasons";
}

}  // namespace
}  // namespace shuke::segment
