// Aim: every predicate says what it saw and whether it held, in both languages. Method: hand-made facts.
#include "audience/explain.h"

#include <gtest/gtest.h>

#include "audience/testing/naive_evaluator.h"
#include "audience/testing/random_expression.h"
#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::SmallWorld;

SmallWorld shop_with_ann() {
    SmallWorld world;
    CustomerFact& ann = world.customer(1);
    ann.province = "浙江";
    ann.created_at = world.time("2024-01-05");
    world.order({.at = "2024-03-01 10:15", .amount = 412'50, .lines = {{"p", "连衣裙", 412'50, 2}}});
    world.order({.at = "2024-03-20 09:00", .amount = 100'00});
    return world;
}

Explanation ask(const SmallWorld& world, std::string_view text, std::string_view as_of = "2024-04-01") {
    const auto bound = parse_and_bind(text, {});
    if (!bound) ADD_FAILURE() << bound.error().detail;
    return *explain(*world.version(), *bound, CustomerId{1}, world.time(as_of));
}

TEST(Explain, TellsTheValueEveryPredicateSaw) {
    const SmallWorld world = shop_with_ann();
    EXPECT_EQ(ask(world, "count(orders where paid) >= 2").seen, "2");
    EXPECT_EQ(ask(world, "total_spent > 1000").seen, "512.50");
    EXPECT_EQ(ask(world, "avg_order_value > 1000").seen, "256.25");
    EXPECT_EQ(ask(world, "sum(lines.quantity) > 1").seen, "2");
    EXPECT_EQ(ask(world, "province = 江苏").seen, "浙江");
    EXPECT_EQ(ask(world, "lifecycle = active").seen, "active");
    EXPECT_EQ(ask(world, "last(orders.at) within last 3 days").seen, "2024-03-20 09:00:00");
    EXPECT_EQ(ask(world, "max(orders.day) > 2024-01-01").seen, "2024-03-20");
    EXPECT_EQ(ask(world, "any(lines where category = 连衣裙)").seen, "1");
    EXPECT_EQ(ask(world, "id in [5, 6]").seen, "1");
    EXPECT_TRUE(ask(world, "age > 3").missing);
}

TEST(Explain, SaysItInWords) {
    const SmallWorld world = shop_with_ann();
    const Explanation count = ask(world, "count(orders where paid within last 90 days) >= 3");
    EXPECT_EQ(count.words_en, "number of orders (paid) within the last 90 days: 2; wanted at least 3; does not hold");
    EXPECT_EQ(count.words_zh, "近 90 天内的订单数量（已付款）：2；要求不少于 3；不符合");
    EXPECT_EQ(ask(world, "province in [浙江, 江苏]").words_zh, "省份：浙江；要求属于 浙江、江苏；符合");
    EXPECT_EQ(ask(world, "age is missing").words_en, "age: missing; wanted missing; holds");
    EXPECT_EQ(
        ask(world, "total_spent > sum(lines.amount)").words_en,
        "total spent, net of refunds: 512.50; wanted more than sum of line amount over order lines (412.50); holds");
}

TEST(Explain, PartsStandUnderTheirAndOrAndNot) {
    const Explanation tree = ask(shop_with_ann(), "province = 浙江 and not (age > 3 or order_count > 5)");
    EXPECT_TRUE(tree.held);
    ASSERT_EQ(tree.parts.size(), 2u);
    EXPECT_TRUE(tree.parts[0].held);
    EXPECT_EQ(tree.parts[1].text, "not (age > 3 or order_count > 5)");
    ASSERT_EQ(tree.parts[1].parts.size(), 1u);
    EXPECT_FALSE(tree.parts[1].parts[0].held);
    EXPECT_EQ(tree.parts[1].parts[0].parts.size(), 2u);
}

TEST(Explain, ACustomerWhoDidNotExistYetIsSaidSo) {
    const Explanation before = ask(shop_with_ann(), "all customers", "2024-01-01");
    EXPECT_FALSE(before.held);
    EXPECT_NE(before.words_en.find("did not exist yet"), std::string::npos);
    EXPECT_NE(before.words_zh.find("尚不存在"), std::string::npos);
}

TEST(Explain, AnUnknownCustomerIsAnError) {
    const SmallWorld world = shop_with_ann();
    const auto none =
        explain(*world.version(), *parse_and_bind("all customers", {}), CustomerId{99}, world.time("2024-04-01"));
    EXPECT_EQ(none.error().key, "expression.customer_unknown");
}

TEST(Explain, ALongListIsCutShort) {
    std::string list = "id in [1";
    for (int i = 2; i < 2000; ++i) list += ", " + std::to_string(i);
    const Explanation long_list = ask(shop_with_ann(), list + "]");
    EXPECT_LT(long_list.text.size(), 2100u);
    EXPECT_NE(long_list.words_en.find("(1999 values)"), std::string::npos);
}

// Whatever evaluate() answers, explain() answers for the one customer.
TEST(ExplainModel, AgreesWithTheRowByRowLoopForEveryCustomer) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        testing::WorldMaker maker(seed);
        testing::ExpressionMaker expressions(seed);
        const testing::FactWorld world = maker.make(5);
        const auto version = testing::build(world);
        const Expression expression = expressions.expression(3);
        const Instant as_of = maker.as_of(world);
        const auto expected = testing::NaiveEvaluator(world, as_of).evaluate(expression);
        const auto bound = bind(expression, testing::bind_options(world));
        for (const CustomerFact& customer : world.customers) {
            const Explanation got = *explain(*version, *bound, customer.id, as_of);
            EXPECT_EQ(got.held, std::ranges::find(expected, customer.id.value) != expected.end())
                << "seed " << seed << ": " << print(expression);
            EXPECT_FALSE(got.words_en.empty());
        }
    }
}

}  // namespace
}  // namespace shuke::audience
