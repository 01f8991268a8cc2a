// Aim: metrics of all customers at once, in their units. Method: hand-made facts.
#include "audience/measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::SmallWorld;

SmallWorld two_customers() {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.order({.customer = 1, .at = "2024-03-01 10:00", .amount = 12'34, .lines = {{"p", "c", 12'34, 3}}});
    return world;
}

Measurements ask(const SmallWorld& world, const std::vector<std::string>& texts, const Selection* who = nullptr) {
    std::vector<BoundMetric> metrics;
    for (const std::string& text : texts) metrics.push_back(*bind_metric(text, {}));
    return measure(*world.version(), metrics, world.time("2024-04-01"), who);
}

TEST(Measure, GivesEveryMetricInItsOwnUnit) {
    const auto got = ask(two_customers(),
                         {"total_spent", "sum(lines.quantity)", "count(orders)", "max(orders.day)", "last_order_at"});
    EXPECT_EQ(got.slots, (std::vector<Slot>{0, 1}));
    EXPECT_EQ(got.values[0][0], 1234);
    EXPECT_EQ(got.values[1][0], 3000);
    EXPECT_EQ(got.values[2][0], 1);
    EXPECT_EQ(got.values[3][0], to_day({2024, 3, 1}).days_since_epoch);
    EXPECT_EQ(got.values[4][0], static_cast<double>(two_customers().time("2024-03-01 10:00").seconds()));
}

TEST(Measure, MissingIsNaNAndNothingIsZero) {
    const auto got = ask(two_customers(), {"total_spent", "avg(orders.amount)", "last_order_at", "age"});
    EXPECT_EQ(got.values[0][1], 0);
    EXPECT_TRUE(std::isnan(got.values[1][1]));
    EXPECT_TRUE(std::isnan(got.values[2][1]));
    EXPECT_TRUE(std::isnan(got.values[3][1]));
}

TEST(Measure, ASelectionRestrictsWhoIsAsked) {
    Selection second;
    second.slots.add(1);
    const auto got = ask(two_customers(), {"count(orders)"}, &second);
    EXPECT_EQ(got.slots, std::vector<Slot>{1});
    EXPECT_EQ(got.values[0], std::vector<double>{0});
}

}  // namespace
}  // namespace shuke::audience
