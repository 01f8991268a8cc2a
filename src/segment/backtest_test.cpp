// Aim: members are chosen with what was known on the day; what happened at the day's instant is not counted as after it.
// Method: a small world by hand, and random worlds against a loop over the plain facts.
#include "segment/backtest.h"

#include <gtest/gtest.h>

#include "audience/testing/small_world.h"

namespace shuke::segment {
namespace {

using audience::testing::SmallWorld;

BackTest ask(const SmallWorld& world, const char* expression, const char* as_of, int days,
             const char* now = "2030-01-01") {
    const auto result = back_test(*world.version(), *audience::parse_and_bind(expression, {}),
                                  {world.time(as_of), days, world.time(now)});
    EXPECT_TRUE(result.has_value()) << result.error().detail;
    return *result;
}

SmallWorld two_buyers() {
    SmallWorld world;
    for (int id = 1; id <= 4; ++id) world.customer(id);
    world.order({.customer = 1, .at = "2024-03-01 10:00", .amount = 100'00});
    world.order({.customer = 2, .at = "2024-03-01 10:00", .amount = 10'00});
    world.order({.customer = 1, .at = "2024-03-20 10:00", .amount = 50'00});
    world.order({.customer = 1, .at = "2024-03-25 10:00", .amount = 25'00});
    world.order({.customer = 2, .at = "2024-05-01 10:00", .amount = 70'00});
    world.order({.customer = 4, .at = "2024-03-22 10:00", .amount = 99'00});  // came after the day
    world.customer(5).created_at = world.time("2024-01-01");                  // here, and never bought
    return world;
}

TEST(BackTest, MembersAndTheRestAreJudgedByTheDaysAfter) {
    const BackTest result = ask(two_buyers(), "total_spent >= 50", "2024-03-15", 30);
    EXPECT_EQ(result.members.customers, 1u);
    EXPECT_EQ(result.members.buyers, 1u);
    EXPECT_EQ(result.members.orders, 2u);
    EXPECT_EQ(result.members.revenue, 75'00);
    EXPECT_EQ(result.rest.customers, 3u) << "2, 3 and 5; 4 came later";
    EXPECT_EQ(result.rest.buyers, 0u) << "May is not within 30 days";
    EXPECT_DOUBLE_EQ(result.members.net_per_head(), 75'00);
    EXPECT_DOUBLE_EQ(result.rest.buyer_share(), 0);
    EXPECT_TRUE(result.is_complete);
}

TEST(BackTest, TheDayBeginsOneSecondAfterAndEndsWithItsLast) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-01-01");
    world.order({.customer = 1, .at = "2024-03-01 00:00:00", .amount = 1'00});
    world.order({.customer = 1, .at = "2024-03-01 00:00:01", .amount = 2'00});
    world.order({.customer = 1, .at = "2024-03-31 00:00:01", .amount = 4'00});
    world.order({.customer = 1, .at = "2024-03-31 00:00:02", .amount = 8'00});
    const BackTest result = ask(world, "order_count = 1", "2024-03-01", 30);
    EXPECT_EQ(result.members.revenue, 6'00) << "what is known as of the day is not its effect";
    EXPECT_EQ(result.from, world.time("2024-03-01 00:00:01"));
    EXPECT_EQ(result.until, world.time("2024-03-31 00:00:01"));
}

TEST(BackTest, RefundsCountWithTheirOrdersAndThoseWithoutTimeOrOrderAreOnlyTold) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-01-01");
    world.order({.customer = 1, .at = "2024-02-01", .amount = 9'00});    // order 1: before
    world.order({.customer = 1, .at = "2024-03-05", .amount = 100'00});  // order 2
    world.order({.customer = 1, .at = "2024-03-06", .amount = 40'00});   // order 3
    world.refund({.order = 1, .at = "2024-03-10", .amount = 9'00});      // of an order before: not theirs
    world.refund({.order = 2, .at = "2024-03-10", .amount = 30'00});
    world.refund({.order = 2, .at = "2024-06-10", .amount = 5'00});                 // after the end
    world.refund({.order = 3, .at = "", .amount = 40'00});                          // when?
    world.refund({.order = 0, .at = "2024-03-12", .amount = 3'00, .customer = 1});  // of what?
    const BackTest result = ask(world, "all customers", "2024-03-01", 30);
    EXPECT_EQ(result.members.revenue, 140'00);
    EXPECT_EQ(result.members.refunds, 30'00);
    EXPECT_EQ(result.members.undated_refunds, 40'00);
    EXPECT_EQ(result.members.stray_refunds, 3'00);
    EXPECT_EQ(result.members.net(), 110'00);
}

TEST(BackTest, AnOrderCountsWhenItIsPaid) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-01-01");
    world.order({.customer = 1, .at = "2024-02-28", .paid = "2024-03-02", .amount = 1'00});  // paid in the days
    world.order({.customer = 1, .at = "2024-03-05", .paid = "", .status = OrderStatus::kCreated, .amount = 2'00});
    world.order({.customer = 1, .at = "2024-03-05", .paid = "", .status = OrderStatus::kFinished, .amount = 4'00});
    world.order({.customer = 1, .at = "2024-03-30", .paid = "2024-04-09", .amount = 8'00});  // paid after them
    EXPECT_EQ(ask(world, "all customers", "2024-03-01", 30).members.revenue, 5'00);
}

TEST(BackTest, DaysThatAreNotOverAreSaidAndTheFutureIsRefused) {
    const SmallWorld world = two_buyers();
    EXPECT_FALSE(ask(world, "all customers", "2024-03-15", 30, "2024-03-20").is_complete);
    const auto all = audience::parse_and_bind("all customers", {});
    EXPECT_EQ(back_test(*world.version(), *all, {world.time("2024-03-15"), 30, world.time("2024-03-15")}).error().key,
              "segment.back_test_future");
    for (int days : {0, -1, 3651}) {
        EXPECT_EQ(
            back_test(*world.version(), *all, {world.time("2024-03-15"), days, world.time("2025-01-01")}).error().key,
            "segment.back_test_days");
    }
}

// Straight from the definitions; money only of orders with their own payment time, as random states are many.
TEST(BackTest, RandomWorldsAgreeWithALoopOverTheFacts) {
    int with_orders = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        audience::testing::WorldMaker maker(seed);
        auto world = maker.make(20);
        std::erase_if(world.orders, [](const OrderFact& order) {
            return order.paid_at == kNever || order.created_at == kNever || order.paid_at < order.created_at;
        });
        std::erase_if(world.lines, [&](const LineFact& line) {
            return std::ranges::find(world.orders, line.order, &OrderFact::id) == world.orders.end();
        });
        world.refunds.clear();
        const auto version = audience::testing::build(world);
        const Instant as_of = maker.as_of(world);
        const auto all = audience::parse_and_bind("all customers", {world.config.base_currency, nullptr});
        const auto result = back_test(*version, *all, {as_of, 7, Instant::from_seconds(4'000'000'000)});
        std::uint64_t orders = 0;
        std::int64_t revenue = 0;
        const auto members = audience::customers(*version, audience::evaluate(*version, *all, as_of));
        for (const OrderFact& order : world.orders) {
            const bool member = std::ranges::binary_search(members, order.customer);
            const std::int64_t paid = order.paid_at.seconds();
            if (!member || paid < result->from.seconds() || paid > result->until.seconds()) continue;
            ++orders;
            if (order.amount != kMissingAmount) revenue += order.amount;
        }
        EXPECT_EQ(result->members.orders, orders) << "seed " << seed;
        EXPECT_EQ(result->members.revenue, revenue) << "seed " << seed;
        with_orders += orders > 0 ? 1 : 0;
    }
    EXPECT_GT(with_orders, 30);
}

}  // namespace
}  // namespace shuke::segment
