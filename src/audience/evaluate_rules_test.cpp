// Aim: the definitions of the specification, one by one, each in a world small enough to check by eye.
// Method: hand-made facts, one expression, who is chosen.
#include <gtest/gtest.h>

#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::Ids;
using testing::SmallWorld;

// ---- as of ----

TEST(AsOf, FactsLaterThanTheInstantDoNotExist) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01 10:00"});
    world.order({.at = "2024-03-05 10:00"});
    EXPECT_EQ(world.who("count(orders) = 1", "2024-03-05 09:59:59"), Ids({1}));
    EXPECT_EQ(world.who("count(orders) = 2", "2024-03-05 10:00:00"), Ids({1}));
}

TEST(AsOf, ACustomerDoesNotExistBeforeCreationOrFirstFact) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-03-02");
    world.customer(2);
    world.customer(3);
    world.order({.customer = 2, .at = "2024-03-03"});
    EXPECT_EQ(world.who("all customers", "2024-03-01"), Ids({3}));  // of 3 nothing is known: always there
    EXPECT_EQ(world.who("all customers", "2024-03-02"), Ids({1, 3}));
    EXPECT_EQ(world.who("not any(orders)", "2024-03-03"), Ids({1, 3}));
}

TEST(AsOf, AnOrderIsPaidShippedAndRefundedOnlyOnceItWas) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .paid = "2024-03-02", .status = OrderStatus::kShipped}).shipped_at =
        world.time("2024-03-04");
    world.refund({.order = 1, .at = "2024-03-06"});
    EXPECT_EQ(world.who("any(orders where status = created and not paid)", "2024-03-01 12:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where status = paid and paid and kept)", "2024-03-03"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where status = shipped and refunded = 0)", "2024-03-05"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where paid and not kept and refunded = 100)", "2024-03-06"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where shipped_at is missing)", "2024-03-03"), Ids({1}));
}

TEST(AsOf, AStateWithoutItsTimeCountsFromTheLatestKnownTimeBeforeIt) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .paid = "", .status = OrderStatus::kFinished}).shipped_at =
        world.time("2024-03-03");
    EXPECT_EQ(world.who("any(orders where paid and paid_at is missing and status = paid)", "2024-03-02"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where status = finished)", "2024-03-03"), Ids({1}));
}

TEST(AsOf, AClosedOrderWithoutAPaymentTimeWasNeverPaid) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.order({.customer = 1, .at = "2024-03-01", .paid = "", .status = OrderStatus::kClosed});
    world.order({.customer = 2, .at = "2024-03-01", .paid = "2024-03-02", .status = OrderStatus::kClosed});
    EXPECT_EQ(world.who("any(orders where paid)", "2024-04-01"), Ids({2}));
    EXPECT_EQ(world.who("any(orders where status = closed)", "2024-03-01 12:00"),
              Ids({1}));  // closed from its latest known time
}

TEST(AsOf, ARefundWithoutItsTimeCountsFromThePaymentAndIsMarked) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .paid = "2024-03-02"});
    world.refund({.order = 1, .at = "", .amount = 40'00});
    EXPECT_EQ(world.who("any(refunds)", "2024-03-01 12:00"), Ids({}));
    EXPECT_EQ(world.who("any(refunds where not dated on 2024-03-02)", "2024-03-02 12:00"), Ids({1}));
    EXPECT_EQ(world.who("total_spent = 60", "2024-03-02 12:00"), Ids({1}));
}

TEST(AsOf, ARefundWithoutItsTimeOfAnOrderNeverPaidNeverCounts) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .paid = "", .status = OrderStatus::kCreated});
    world.refund({.order = 1, .at = ""});
    world.refund({.at = "", .customer = 1});  // of no order: always
    EXPECT_EQ(world.who("count(refunds) = 1", "2024-04-01"), Ids({1}));
}

TEST(AsOf, ARefundDoesNotExistBeforeItsOrder) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-01-01");
    world.order({.at = "2024-03-05"});
    world.refund({.order = 1, .at = "2024-03-01"});
    EXPECT_EQ(world.who("any(refunds)", "2024-03-04"), Ids({}));
    EXPECT_EQ(world.who("any(refunds)", "2024-03-05"), Ids({1}));
}

// ---- kept, purchases, money ----

TEST(Kept, AnOrderOfNoAmountIsKeptOncePaid) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .amount = 0});
    world.order({.at = "2024-03-01", .amount = kMissingAmount});
    world.refund({.order = 1, .at = "2024-03-02", .amount = 5});
    world.refund({.order = 2, .at = "2024-03-02", .amount = 5});
    EXPECT_EQ(world.who("order_count = 2", "2024-04-01"), Ids({1}));
}

TEST(Kept, SeveralRefundsTogetherUndoAnOrder) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01"});
    world.refund({.order = 1, .at = "2024-03-02", .amount = 60'00});
    world.refund({.order = 1, .at = "2024-03-04", .amount = 40'00});
    EXPECT_EQ(world.who("order_count = 1 and total_spent = 40", "2024-03-03"), Ids({1}));
    EXPECT_EQ(world.who("order_count = 0 and total_spent = 0 and avg_order_value is missing", "2024-03-04"), Ids({1}));
}

TEST(Purchases, OrdersOfOneShopDayAreOnePurchase) {
    SmallWorld world;
    world.shop(2, "jd", "专营店", "Asia/Shanghai");
    world.customer(1);
    world.order({.at = "2024-03-01 00:10"});
    world.order({.at = "2024-03-01 23:50"});
    world.order({.at = "2024-03-01 23:55", .shop = 2});
    world.order({.at = "2024-03-02 00:05"});
    EXPECT_EQ(world.who("order_count = 4 and purchase_count = 3", "2024-04-01"), Ids({1}));
    EXPECT_EQ(
        world.who("any(purchases where nth = 1 and orders = 2 and amount = 200 and gap_days is missing)", "2024-04-01"),
        Ids({1}));
    EXPECT_EQ(world.who("any(purchases where nth = 3 and gap_days = 1)", "2024-04-01"), Ids({1}));
}

TEST(Purchases, ShopsInFarZonesKeepTheirOwnDays) {
    SmallWorld world;
    world.shop(2, "own", "NY", "America/New_York");
    world.customer(1);
    world.order({.at = "2024-03-05 01:00"});             // Shanghai: the 5th
    world.order({.at = "2024-03-05 02:00", .shop = 2});  // New York: still the 4th
    world.order({.at = "2024-03-05 03:00"});             // Shanghai: the 5th again, the same purchase as the first
    EXPECT_EQ(world.who("purchase_count = 2", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("any(purchases where nth = 2 and gap_days = 0 and platform = own)", "2024-04-01"), Ids({1}));
}

TEST(Orders, NthAndGapDaysCountKeptOrdersOnly) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01 23:00"});
    world.order({.at = "2024-03-03", .paid = "", .status = OrderStatus::kCreated});
    world.order({.at = "2024-03-05 01:00"});
    EXPECT_EQ(world.who("any(orders where nth = 2 and gap_days = 4 and day = 2024-03-05)", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("any(orders where nth is missing and not paid)", "2024-04-01"), Ids({1}));
}

TEST(Missing, AComparisonWithAMissingValueIsFalseAndItsNegationTrue) {
    SmallWorld world;
    world.customer(1);
    world.customer(2).birthday = to_day({1990, 1, 1});
    EXPECT_EQ(world.who("age >= 0", "2024-04-01"), Ids({2}));
    EXPECT_EQ(world.who("not age >= 0", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("age != 3", "2024-04-01"), Ids({2}));
    EXPECT_EQ(world.who("age not in [3]", "2024-04-01"), Ids({1, 2}));
    EXPECT_EQ(world.who("sum(orders.amount) = 0 and avg(orders.amount) is missing", "2024-04-01"), Ids({1, 2}));
}

// ---- windows ----

TEST(Windows, ARollingWindowHoldsBothItsEnds) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01 10:00"});
    EXPECT_EQ(world.who("any(orders within last 3 days)", "2024-03-04 10:00:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within last 3 days)", "2024-03-04 10:00:01"), Ids({}));
    EXPECT_EQ(world.who("any(orders more than 3 days ago)", "2024-03-04 10:00:00"), Ids({}));
    EXPECT_EQ(world.who("any(orders more than 3 days ago)", "2024-03-04 10:00:01"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within next 3 days)", "2024-03-01 10:00:00"), Ids({1}));
}

TEST(Windows, MonthsGoByTheCalendarAndStopAtTheMonthsEnd) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-02-29 10:00"});
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-31 10:00:00"), Ids({1}));
    EXPECT_EQ(world.who("any(orders within last 1 months)", "2024-03-31 10:00:01"), Ids({}));
}

TEST(Windows, CalendarDaysAreTheShopsOwn) {
    SmallWorld world;
    world.shop(2, "own", "London", "Europe/London");
    world.customer(1);
    world.customer(2);
    world.order({.customer = 1, .at = "2024-06-01 05:00"});
    world.order({.customer = 2, .at = "2024-06-01 05:00", .shop = 2});  // in London still the evening of 31 May
    EXPECT_EQ(world.who("any(orders on 2024-06-01)", "2024-07-01"), Ids({1}));
    EXPECT_EQ(world.who("any(orders between 2024-05-01 and 2024-05-31)", "2024-07-01"), Ids({2}));
    EXPECT_EQ(world.who("last(orders.at) on 2024-05-31", "2024-07-01"), Ids({2}));
    EXPECT_EQ(world.who("any(orders where hour = 22 and weekday = 5)", "2024-07-01"), Ids({2}));
}

TEST(Windows, WeeksBeginOnMonday) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-03 23:59"});  // a Sunday
    EXPECT_EQ(world.who("any(orders this week)", "2024-03-03 23:59:30"), Ids({1}));
    EXPECT_EQ(world.who("any(orders last week)", "2024-03-04"), Ids({1}));
    EXPECT_EQ(world.who("any(orders last quarter)", "2024-04-01"), Ids({1}));
}

TEST(Birthdays, IgnoreTheYearAndTheTwentyNinthOfFebruaryFallsOnTheTwentyEighth) {
    SmallWorld world;
    world.customer(1).birthday = to_day({1992, 2, 29});
    world.customer(2).birthday = to_day({1990, 3, 5});
    EXPECT_EQ(world.who("birthday within next 7 days", "2023-02-28 12:00"), Ids({1, 2}));
    EXPECT_EQ(world.who("birthday on 2023-02-28", "2023-01-01"), Ids({1}));
    EXPECT_EQ(world.who("birthday on 2024-02-28", "2023-01-01"), Ids({}));
    EXPECT_EQ(world.who("birthday this month", "2023-03-20"), Ids({2}));
    EXPECT_EQ(world.who("birthday within next 10 days", "2022-12-28"), Ids({}));
}

TEST(Birthdays, AgeStepsOnTheBirthday) {
    SmallWorld world;
    world.customer(1).birthday = to_day({1992, 2, 29});
    EXPECT_EQ(world.who("age = 30", "2023-02-27 23:59:59"), Ids({1}));
    EXPECT_EQ(world.who("age = 31", "2023-02-28"), Ids({1}));
    EXPECT_EQ(world.who("age = 31", "2024-02-28"), Ids({1}));
    EXPECT_EQ(world.who("age = 32", "2024-02-29"), Ids({1}));
    EXPECT_EQ(world.who("age is missing", "1990-01-01"), Ids({1}));
}

// ---- attributes ----

TEST(Attributes, PlaceIsTheProfilesElseTheLatestOrders) {
    SmallWorld world;
    world.customer(1).province = "浙江";
    world.customer(2);
    world.order({.customer = 1, .at = "2024-03-01"}).province = "江苏";
    world.order({.customer = 2, .at = "2024-03-01"}).province = "江苏";
    world.order({.customer = 2, .at = "2024-03-02"}).province = "广东";
    EXPECT_EQ(world.who("province = 浙江", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("province = 广东", "2024-04-01"), Ids({2}));
    EXPECT_EQ(world.who("province = 江苏", "2024-03-01 12:00"), Ids({2}));
}

TEST(Attributes, LifecycleGoesByDaysSinceTheLastKeptOrder) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.order({.at = "2024-01-01"});
    world.order({.at = "2024-06-01", .paid = "", .status = OrderStatus::kCreated});
    EXPECT_EQ(world.who("lifecycle = active", "2024-02-15"), Ids({1}));
    EXPECT_EQ(world.who("lifecycle = silent", "2024-02-15 00:00:01"), Ids({1}));
    EXPECT_EQ(world.who("lifecycle = sleeping", "2024-05-20"), Ids({1}));
    EXPECT_EQ(world.who("lifecycle = lost", "2024-05-20 00:00:01"), Ids({1}));
    EXPECT_EQ(world.who("lifecycle is missing", "2024-04-01"), Ids({2}));
}

TEST(Attributes, IdsSelectCustomersDirectly) {
    SmallWorld world;
    world.customer(5);
    world.customer(70);
    world.customer(900);
    EXPECT_EQ(world.who("id in [900, 5, 6]", "2024-04-01"), Ids({5, 900}));
    EXPECT_EQ(world.who("id not in [900, 5, 6]", "2024-04-01"), Ids({70}));
    EXPECT_EQ(world.who("id = 70 or id > 800", "2024-04-01"), Ids({70, 900}));
}

// ---- guests, texts, ties ----

TEST(Guests, AreNeverAmongCustomersButAreCounted) {
    SmallWorld world;
    world.customer(1);
    world.order({.customer = 0, .at = "2024-03-01", .lines = {{"p", "c", 5}, {"q", "c", 5}}});
    world.order({.customer = 404, .at = "2024-03-01"});  // somebody forgotten
    world.order({.customer = 1, .at = "2024-03-01", .lines = {{"p", "c", 5}}});
    EXPECT_EQ(world.who("any(orders)", "2024-04-01"), Ids({1}));
    const auto version = world.version();
    EXPECT_EQ(version->customers(), 1u);
    EXPECT_EQ(version->facts().orders, 1u);
    EXPECT_EQ(version->guest_facts().orders, 2u);
    EXPECT_EQ(version->guest_facts().lines, 2u);
}

TEST(Guests, BasketsWithoutATimeExistAlwaysAndAreInNoWindow) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "", .lines = {{"p", "c", 5}}});
    EXPECT_EQ(world.who("any(orders where paid) and order_count = 1 and purchase_count = 0", "1970-01-01"), Ids({1}));
    EXPECT_EQ(world.who("any(orders since 1900-01-01) or any(orders before 2100-01-01)", "2024-04-01"), Ids({}));
    EXPECT_EQ(world.who("any(lines where category = c)", "2024-04-01"), Ids({1}));
}

TEST(Texts, ContainsAndStartsWithAreCaseSensitiveAndNormalised) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .lines = {{"ＡＢＣ裙", "", 5}}});
    EXPECT_EQ(world.who("any(lines where product contains BC裙)", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("any(lines where product starts with ABC)", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("any(lines where product starts with BC)", "2024-04-01"), Ids({}));
    EXPECT_EQ(world.who("any(lines where product contains bc)", "2024-04-01"), Ids({}));
    EXPECT_EQ(world.who("any(lines where product = ABC裙)", "2024-04-01"), Ids({}));  // = is exact
}

TEST(Ties, FirstAndLastBreakThemByAscendingId) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .amount = 1'00});
    world.order({.at = "2024-03-01", .amount = 2'00});
    EXPECT_EQ(world.who("first(orders.amount) = 1 and last(orders.amount) = 2", "2024-04-01"), Ids({1}));
}

TEST(Metrics, OfDifferentUnitsCompareExactly) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .amount = 3'00, .lines = {{"p", "c", 3'00, 3}}});
    EXPECT_EQ(
        world.who("sum(orders.amount) = sum(lines.quantity) and sum(orders.amount) = 3 and 3.000 = sum(lines.quantity)",
                  "2024-04-01"),
        Ids({1}));
    EXPECT_EQ(world.who("avg(orders.amount) = avg_order_value and total_spent >= order_count", "2024-04-01"), Ids({1}));
}

TEST(Metrics, OfTextCompareAcrossFields) {
    SmallWorld world;
    world.shop(2, "jd", "专营店", "Asia/Shanghai");
    world.customer(1);
    world.customer(2);
    world.order({.customer = 1, .at = "2024-03-01"});
    world.order({.customer = 1, .at = "2024-03-02", .shop = 2});
    world.order({.customer = 2, .at = "2024-03-01"});
    EXPECT_EQ(world.who("first(orders.shop) != last(orders.shop)", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("last(orders.platform) in [jd]", "2024-04-01"), Ids({1}));
    EXPECT_EQ(world.who("distinct(orders.platform) >= 2", "2024-04-01"), Ids({1}));
}

}  // namespace
}  // namespace shuke::audience
