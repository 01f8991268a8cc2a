// Aim: segments choose whom their words promise at the calendar's edges: 29 February, ends of months, days on which
// clocks change, before anything has happened. Method: one customer an edge, expressions as users write them.
#include <gtest/gtest.h>

#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::Ids;
using testing::SmallWorld;

// ---- 29 February ----

TEST(CalendarEdges, BornOn29FebruaryIsCongratulatedOnThe28thInCommonYears) {
    SmallWorld world;
    world.customer(1).birthday = to_day({1992, 2, 29});
    EXPECT_EQ(world.who("birthday within next 0 days", "2023-02-28 23:59"), Ids({1}));
    EXPECT_EQ(world.who("birthday within next 0 days", "2023-03-01"), Ids());
    EXPECT_EQ(world.who("birthday within next 0 days", "2024-02-28"), Ids());
    EXPECT_EQ(world.who("birthday within next 0 days", "2024-02-29"), Ids({1}));
    EXPECT_EQ(world.who("birthday this day", "2100-02-28"), Ids({1})) << "2100 is no leap year";
}

TEST(CalendarEdges, BornOn29FebruaryIsWithinWindowsThatTouchIt) {
    SmallWorld world;
    world.customer(1).birthday = to_day({1992, 2, 29});
    EXPECT_EQ(world.who("birthday within next 7 days", "2023-02-21"), Ids({1}));
    EXPECT_EQ(world.who("birthday within next 7 days", "2023-02-20"), Ids());
    EXPECT_EQ(world.who("birthday within next 7 days", "2024-02-22"), Ids({1}));
    EXPECT_EQ(world.who("birthday within next 7 days", "2024-02-21"), Ids());
    EXPECT_EQ(world.who("birthday within last 1 days", "2023-03-01"), Ids({1}));
    EXPECT_EQ(world.who("birthday within last 1 days", "2024-03-01"), Ids({1}));
    EXPECT_EQ(world.who("birthday within last 1 days", "2024-03-02"), Ids());
    EXPECT_EQ(world.who("birthday within next 1 months", "2023-01-28"), Ids({1}));
    EXPECT_EQ(world.who("birthday within next 1 months", "2024-01-28"), Ids());
    EXPECT_EQ(world.who("birthday this month", "2023-02-01"), Ids({1}));
    EXPECT_EQ(world.who("birthday last month", "2023-03-31"), Ids({1}));
    EXPECT_EQ(world.who("birthday between 2023-12-01 and 2024-02-28", "2023-12-01"), Ids());
    EXPECT_EQ(world.who("birthday between 2023-12-01 and 2024-02-29", "2023-12-01"), Ids({1}));
    EXPECT_EQ(world.who("birthday between 2022-12-01 and 2023-02-28", "2022-12-01"), Ids({1}));
}

TEST(CalendarEdges, ABirthdayWindowGoesOverTheEndOfTheYear) {
    SmallWorld world;
    world.customer(1).birthday = to_day({1990, 1, 2});
    world.customer(2).birthday = to_day({1990, 12, 31});
    EXPECT_EQ(world.who("birthday within next 7 days", "2023-12-30"), Ids({1, 2}));
    EXPECT_EQ(world.who("birthday within last 3 days", "2024-01-02"), Ids({1, 2}));
    EXPECT_EQ(world.who("birthday this year", "2024-06-01"), Ids({1, 2}));
}

// ---- ends of months ----

TEST(CalendarEdges, AMonthBefore31MarchIsTheEndOfFebruaryAtTheSameHour) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.order({.customer = 1, .at = "2024-02-29 10:00"});
    world.order({.customer = 2, .at = "2024-02-29 09:59:59"});
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-31 10:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-30 10:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders more than 1 months ago)", "2024-03-31 10:00"), Ids({2}));
    EXPECT_EQ(world.who("any(orders within last 1 years)", "2025-02-28 10:00"), Ids({1, 2}));
    EXPECT_EQ(world.who("any(orders within last 12 months)", "2025-03-01 09:00"), Ids({}));
    EXPECT_EQ(world.who("any(orders last month)", "2024-03-31"), Ids({1, 2}));
}

TEST(CalendarEdges, AMonthBefore31MayIs30April) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-04-30 00:00"});
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-05-31"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-05-31 00:00:01"), Ids());
}

// ---- days on which clocks change ----

SmallWorld shop_in(const char* zone) {
    SmallWorld world;
    world.facts().config.zone = *TimeZone::find(zone);
    world.facts().shops.front().time_zone = zone;
    world.customer(1);
    return world;
}

TEST(CalendarEdges, LondonsShortDayBeginsAtMidnightAndEndsAt23HoursLater) {
    SmallWorld world = shop_in("Europe/London");
    world.order({.at = "2024-03-30 23:30"});
    world.order({.at = "2024-03-31 00:00"});
    world.order({.at = "2024-03-31 23:59:59"});
    EXPECT_EQ(world.who("count(orders on 2024-03-31) = 2", "2024-04-02"), Ids({1}));
    EXPECT_EQ(world.who("count(orders last day) = 2 and count(orders this day) = 0", "2024-04-01 00:00"), Ids({1}));
    EXPECT_EQ(world.who("min(orders.hour) = 0 and max(orders.hour) = 23", "2024-04-02"), Ids({1}));
    EXPECT_EQ(world.who("count(orders within last 1 days) = 3", "2024-04-01 00:00"), Ids({1}))
        << "86,400 seconds before its end is 23:00 of the day before";
    EXPECT_EQ(world.who("count(orders within last 24 hours) = 3", "2024-03-31 23:59:59"), Ids({1}));
    EXPECT_EQ(world.who("count(purchases) = 2", "2024-04-02"), Ids({1}));
}

TEST(CalendarEdges, LondonsLongDayHasItsSecondOneOClockTwice) {
    SmallWorld world = shop_in("Europe/London");
    OrderFact& first = world.order({.at = "2024-10-27 00:30"});
    const Instant begin = first.created_at;
    world.order({.at = "2024-10-27 00:30"}).created_at = Instant{begin.us_since_epoch + 3'600'000'000};  // 01:30 BST
    world.order({.at = "2024-10-27 00:30"}).created_at =
        Instant{begin.us_since_epoch + 2 * 3'600'000'000};  // 01:30 GMT
    EXPECT_EQ(world.who("count(orders on 2024-10-27 ) = 3", "2024-10-29"), Ids({1}));
    EXPECT_EQ(world.who("count(orders where hour = 1) = 2", "2024-10-29"), Ids({1}));
    EXPECT_EQ(world.who("count(orders where weekday = 7) = 3", "2024-10-29"), Ids({1}));
    EXPECT_EQ(world.who("count(purchases) = 1", "2024-10-29"), Ids({1}));
}

TEST(CalendarEdges, NewYorksDaysAreItsOwnOnBothChanges) {
    SmallWorld world = shop_in("America/New_York");
    world.order({.at = "2024-03-10 00:00"});
    world.order({.at = "2024-03-10 23:59:59"});
    world.order({.at = "2024-11-03 00:00"});
    world.order({.at = "2024-11-03 23:59:59"});
    EXPECT_EQ(world.who("count(orders on 2024-03-10) = 2 and count(orders on 2024-11-03) = 2", "2024-12-01"), Ids({1}));
    EXPECT_EQ(world.who("count(orders before 2024-03-10) = 0 and count(orders since 2024-03-11) = 2", "2024-12-01"),
              Ids({1}));
    EXPECT_EQ(world.who("count(orders this week) = 2", "2024-03-10 12:00"), Ids())
        << "as of noon the second is still to come";
    EXPECT_EQ(world.who("count(orders last week) = 2", "2024-03-11 00:00"), Ids({1}));
    EXPECT_EQ(world.who("max(orders.gap_days) = 238", "2024-12-01"), Ids({1}));
}

TEST(CalendarEdges, AWindowByTheMonthKeepsTheClocksTimeOverAChange) {
    SmallWorld world = shop_in("America/New_York");
    world.order({.at = "2024-02-15 12:00"});
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-15 12:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-15 12:00:01"), Ids());
    EXPECT_EQ(world.who("any(orders within last 29 days)", "2024-03-15 13:00"), Ids({1})) << "the clock lost an hour";
    EXPECT_EQ(world.who("any(orders within last 29 days)", "2024-03-15 13:00:01"), Ids());
}

// ---- before anything has happened ----

TEST(CalendarEdges, BeforeTheFirstOrderNobodyIsThereOrNothingIsKnown) {
    SmallWorld world;
    world.customer(1);
    world.customer(2).created_at = world.time("2024-01-01");
    world.order({.customer = 1, .at = "2024-03-01"});
    world.order({.customer = 2, .at = "2024-03-01"});
    EXPECT_EQ(world.who("all customers", "2023-12-31"), Ids());
    EXPECT_EQ(world.who("all customers", "2024-02-29 23:59:59"), Ids({2}));
    EXPECT_EQ(
        world.who("order_count = 0 and total_spent = 0 and avg_order_value is missing and last_order_at is missing "
                  "and lifecycle is missing and first(orders.amount) is missing and points = 0",
                  "2024-02-29"),
        Ids({2}));
    EXPECT_EQ(world.who("total_spent >= average(total_spent)", "2023-12-31"), Ids());
    EXPECT_EQ(world.who("all customers top 5 by total_spent", "2024-02-29"), Ids({2}));
    EXPECT_EQ(world.who("all customers", "2024-03-01"), Ids({1, 2}));
}

}  // namespace
}  // namespace shuke::audience
