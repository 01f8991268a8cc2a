// Aim: what was added is there, whatever order it came in; misuse is a bug that is told. Method: hand-made facts.
#include "audience/builder.h"

#include <gtest/gtest.h>

#include "audience/measure.h"
#include "audience/testing/small_world.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using testing::SmallWorld;

TEST(Builder, AnEmptyVersionHasNobody) {
    Builder builder({});
    const auto version = builder.build();
    EXPECT_EQ(version->customers(), 0u);
    EXPECT_EQ(version->slot_of(CustomerId{1}), std::nullopt);
    EXPECT_EQ(evaluate(*version, *parse_and_bind("all customers", {}), Instant{}).count(), 0u);
}

TEST(Builder, SlotsAscendWithIdsOverManyBlocks) {
    SmallWorld world;
    for (std::int64_t id = 1; id <= 3000; ++id) world.customer(id * 7);
    const auto version = world.version();
    EXPECT_EQ(version->customers(), 3000u);
    EXPECT_EQ(version->blocks().size(), 3u);
    EXPECT_EQ(version->slot_of(CustomerId{7 * 2000}), 1999u);
    EXPECT_EQ(version->customer_at(1999), CustomerId{7 * 2000});
    EXPECT_EQ(version->slot_of(CustomerId{8}), std::nullopt);
}

TEST(Builder, TheOrderOfArrivalDoesNotMatter) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    for (int i = 0; i < 20; ++i) {
        const std::string day = "2024-03-" + std::to_string(10 + i % 7);
        world.order(
            {.customer = 1 + i % 2, .at = day, .amount = 100 + i, .lines = {{"p", "c", 5, i + 1}, {"q", "c", 7, 1}}});
    }
    auto turned = world;
    std::ranges::reverse(turned.facts().orders);
    std::ranges::reverse(turned.facts().lines);
    const Instant as_of = world.time("2024-04-01");
    std::vector<BoundMetric> metrics;
    for (const char* text : {"last(orders.amount)", "sum(lines.quantity)", "first(lines.quantity)", "count(purchases)"})
        metrics.push_back(*bind_metric(text, {}));
    const auto straight = measure(*world.version(), metrics, as_of);
    const auto reversed = measure(*turned.version(), metrics, as_of);
    EXPECT_EQ(straight.values, reversed.values);
    EXPECT_EQ(straight.values[1][0], 110'000);
}

TEST(Builder, AmountsAndTimesBeyondThirtyTwoBitsAreNotCut) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "1900-01-01 00:00", .amount = 9'000'000'000'000'00});
    world.order({.at = "2199-12-31 23:59", .amount = -5});
    EXPECT_EQ(world.who("any(orders where amount = 9000000000000 before 1900-01-02)", "2199-12-31 23:59"),
              testing::Ids({1}));
    EXPECT_EQ(world.who("last(orders.amount) < 0", "2199-12-31 23:59"), testing::Ids({1}));
}

TEST(Builder, MemoryPerFactStaysWithinThirtyBytes) {
    SmallWorld world;
    for (std::int64_t id = 1; id <= 500; ++id) world.customer(id);
    for (int i = 0; i < 20'000; ++i) {
        const std::string at = "2024-03-" + std::to_string(10 + i % 20) + " 10:" + std::to_string(10 + i % 50);
        world.order({.customer = 1 + i * 37 % 500, .at = at, .amount = 1000 + i * 7 % 90'000});
    }
    const MemoryReport bytes = world.version()->bytes();
    EXPECT_EQ(bytes.fact_rows, 20'000u);
    EXPECT_LT(bytes.bytes_per_fact(), 30);
}

TEST(Builder, ASecondBuildKnowsTheConfiguredZoneToo) {
    Config config;
    config.zone = *TimeZone::find("Asia/Shanghai");
    Builder builder(config);
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(
            builder.add_shop({.id = ShopId{1}, .platform = "x", .name = "London", .time_zone = "Europe/London"}));
        CustomerFact customer;
        customer.id = CustomerId{1};
        builder.add_customer(customer);
        EventFact ticket;
        ticket.kind = EventKind::kTicket;
        ticket.customer = customer.id;
        ticket.at = to_instant(*parse_time("2024-03-02 02:00"), *TimeZone::find("Asia/Shanghai"));
        ticket.values.resize(event_columns(ticket.kind).size());
        builder.add_event(ticket);
        const auto version = builder.build();
        const auto bound = parse_and_bind("any(tickets on 2024-03-02)", {});
        EXPECT_EQ(evaluate(*version, *bound, Instant{ticket.at.us_since_epoch + 86'400'000'000}).count(), 1u) << round;
    }
}

TEST(Builder, AnUnknownZoneIsAnError) {
    Builder builder({});
    EXPECT_EQ(builder.add_shop({ShopId{1}, "own", "x", Currency::kCNY, "Mars/Olympus"}).error().key,
              "time_zone.unknown");
}

TEST(Builder, FactsOutOfTurnAreBugs) {
    Builder builder({});
    ASSERT_TRUE(builder.add_shop({ShopId{1}, "own", "x", Currency::kCNY, "UTC"}).has_value());
    CustomerFact customer;
    customer.id = CustomerId{5};
    builder.add_customer(customer);
    EXPECT_THROW(builder.add_customer(customer), Bug);
    LineFact line;
    line.order = OrderId{1};
    EXPECT_THROW(builder.add_line(line), Bug);
    OrderFact order;
    order.id = OrderId{1};
    order.shop = ShopId{2};
    EXPECT_THROW(builder.add_order(order), Bug);
}

TEST(Builder, APoolBuildsTheSame) {
    testing::WorldMaker maker(42);
    const testing::FactWorld world = maker.make(5000);
    WorkerPool pool(2);
    const auto alone = testing::build(world);
    const auto together = testing::build(world, &pool);
    const std::vector<BoundMetric> metrics = {*bind_metric("total_spent", {world.config.base_currency, nullptr}),
                                              *bind_metric("count(lines)", {})};
    const Instant as_of = Instant::from_seconds(testing::kWorldBegin + 50 * 86'400);
    EXPECT_EQ(alone->bytes().total(), together->bytes().total());
    EXPECT_EQ(measure(*alone, metrics, as_of).values, measure(*together, metrics, as_of, nullptr, &pool).values);
}

}  // namespace
}  // namespace shuke::audience
