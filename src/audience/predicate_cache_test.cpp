// Aim: with a cache the answers are those without, whenever it is asked and whatever changed meanwhile.
// Method: random worlds and questions, asked again at instants a second, an hour, days later or earlier, and after
// customers changed, of one cache.
#include "audience/predicate_cache.h"

#include <gtest/gtest.h>

#include "audience/engine/expiry.h"
#include "audience/evaluate.h"
#include "audience/testing/random_expression.h"
#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::ExpressionMaker;
using testing::FactWorld;
using testing::WorldMaker;

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

std::shared_ptr<const Version> without_somebody(const std::shared_ptr<const Version>& version, const FactWorld& world,
                                                WorldMaker& maker) {
    const auto whose = static_cast<std::size_t>(maker.below(static_cast<std::int64_t>(world.customers.size())));
    Builder builder = Builder::on(version, {world.customers[whose].id});
    if (maker.chance(0.5)) builder.add_customer(world.customers[whose]);  // without any fact left
    return builder.build();
}

TEST(PredicateCache, AnswersAreThoseWithoutIt) {
    const char* wanted = std::getenv("SHUKE_CASES");
    const std::uint64_t worlds = wanted == nullptr ? 400 : std::strtoull(wanted, nullptr, 10) / 5;
    for (std::uint64_t seed = 1; seed <= worlds && !HasFatalFailure(); ++seed) {
        WorldMaker maker(seed);
        ExpressionMaker expressions(seed * 104'729);
        const FactWorld world = maker.make(2 + static_cast<int>(seed % 11));
        auto version = testing::build(world);
        PredicateCache cache;
        std::vector<BoundExpression> asked;
        for (int i = 0; i < 4; ++i) asked.push_back(*bind(expressions.expression(3), testing::bind_options(world)));
        Instant as_of = maker.as_of(world);
        for (int step = 0; step < 12; ++step) {
            for (const BoundExpression& expression : asked) {
                ASSERT_EQ(ids_of(*version, evaluate(*version, expression, as_of, nullptr, &cache)),
                          ids_of(*version, evaluate(*version, expression, as_of)))
                    << "seed " << seed << " step " << step << " as of " << format_iso(as_of) << ": "
                    << print(expression.expression());
            }
            constexpr std::int64_t kSteps[] = {0, 1, 1, 60, 3600, 20'000, 86'400, 7 * 86'400, -3600};
            as_of = Instant::from_seconds(as_of.seconds() + maker.pick(kSteps));
            if (maker.chance(0.15)) version = without_somebody(version, world, maker);
        }
    }
}

std::string moved_threshold(WorldMaker& maker) {
    const char* const metrics[] = {"count(orders where paid)",
                                   "sum(orders.amount where paid within last 90 days)",
                                   "avg(orders.amount where kept)",
                                   "distinct(lines.product)",
                                   "total_spent",
                                   "purchase_count",
                                   "sum(orders.discount where paid) / sum(orders.amount where paid) * 100"};
    const char* const operators[] = {">=", ">", "<", "<=", "=", "!="};
    return std::string(maker.pick(metrics)) + " " + maker.pick(operators) + " " +
           std::to_string(maker.below(maker.chance(0.5) ? 4 : 500));
}

std::string another_text(WorldMaker& maker, const FactWorld& world) {
    const char* const metrics[] = {"first(orders.platform where paid)", "last(orders.platform)",
                                   "last(orders.shop within last 1 years)"};
    const auto& shop =
        world.shops[static_cast<std::size_t>(maker.below(static_cast<std::int64_t>(world.shops.size())))];
    const std::string metric = maker.pick(metrics);
    if (maker.chance(0.1)) return metric + " is missing";
    const std::string& text = metric.find("shop") == std::string::npos ? shop.platform : shop.name;
    return metric + (maker.chance(0.7) ? " = \"" : " != \"") + text + "\"";
}

// More customers than it takes for values to be kept; the same metrics against other thresholds and texts.
TEST(PredicateCache, AMovedThresholdGivesTheAnswersWithoutIt) {
    std::size_t chosen = 0;
    for (std::uint64_t seed = 1; seed <= 20 && !HasFatalFailure(); ++seed) {
        WorldMaker maker(seed);
        const FactWorld world = maker.make(60);
        auto version = testing::build(world);
        PredicateCache cache;
        Instant as_of = maker.as_of(world);
        for (int step = 0; step < 40; ++step) {
            const auto condition = [&] {
                return maker.chance(0.3) ? another_text(maker, world) : moved_threshold(maker);
            };
            const std::string text = condition() + (maker.chance(0.5) ? " and " : " and not ") + condition();
            const auto expression = parse_and_bind(text, testing::bind_options(world));
            ASSERT_TRUE(expression) << text;
            const auto answer = ids_of(*version, evaluate(*version, *expression, as_of));
            ASSERT_EQ(ids_of(*version, evaluate(*version, *expression, as_of, nullptr, &cache)), answer)
                << "seed " << seed << " step " << step << " as of " << format_iso(as_of) << ": " << text;
            chosen += answer.size();
            if (maker.chance(0.1)) as_of = Instant::from_seconds(as_of.seconds() + 20'000);
            if (maker.chance(0.1)) version = without_somebody(version, world, maker);
        }
    }
    EXPECT_GT(chosen, 5'000u) << "most questions should name somebody";
}

// The moments at which a condition's answer about one customer with one order changes.
class Moments : public ::testing::Test {
protected:
    void SetUp() override {
        world_.customer(1);
        world_.order({.customer = 1, .at = "2024-03-10 12:00"});
    }
    // How long what is true at `as_of` holds at least, in seconds.
    std::int64_t good_for(std::string_view expression, std::string_view as_of) const {
        const auto bound = parse_and_bind(expression, {Currency::kCNY, nullptr});
        const auto version = world_.version();
        const std::int64_t from = world_.time(as_of).seconds();
        return Expiry(bound->root(), version->config()).next_change(*version->blocks().front(), from) - from;
    }
    testing::SmallWorld world_;
};

constexpr std::int64_t kDay = 86'400;

TEST_F(Moments, ARowLeavesARollingWindow) {
    EXPECT_EQ(good_for("any(orders within last 7 days)", "2024-03-11 12:00"), 6 * kDay);
    EXPECT_EQ(good_for("count(orders within last 2 hours) = 1", "2024-03-10 12:30"), 90 * 60);
    EXPECT_GT(good_for("any(orders within last 7 days)", "2024-03-20"), 1'000'000 * kDay) << "it left long ago";
}

TEST_F(Moments, AFactThatIsYetToComeEndsIt) { EXPECT_EQ(good_for("any(orders)", "2024-03-09 12:00"), kDay); }

TEST_F(Moments, WhatGoesByTheCalendarEndsAtMidnight) {
    EXPECT_EQ(good_for("any(orders this month)", "2024-03-11 23:00"), 3600);
    EXPECT_EQ(good_for("age >= 18", "2024-03-11 23:59"), 60);
    EXPECT_GT(good_for("any(orders on 2024-03-10)", "2024-03-11"), 1'000'000 * kDay);
}

TEST_F(Moments, MonthsAreAsLongAsTheyAreThatDay) {
    EXPECT_EQ(good_for("any(orders within last 1 months)", "2024-04-10 11:00"), 3600);
    EXPECT_EQ(good_for("any(orders within last 1 months)", "2024-03-20 00:00"), kDay) << "looked at again tomorrow";
}

TEST_F(Moments, LifecycleStagesEndDaysAfterTheLastOrder) {
    EXPECT_EQ(good_for("lifecycle = active", "2024-03-11 12:00"), 44 * kDay);
}

TEST(PredicateCacheMemory, TheLongestUnusedConditionsGoFirst) {
    PredicateCache cache(100'000);
    const auto first = cache.find_or_add("first", 100);
    const std::uint64_t one = cache.bytes();
    for (int i = 0; i < 20; ++i) {
        (void)cache.find_or_add("other " + std::to_string(i), 100);
        EXPECT_EQ(cache.find_or_add("first", 100), first) << "it is in use";
        EXPECT_LE(cache.bytes(), 100'000 + one);
    }
    for (int i = 0; i < 20; ++i) (void)cache.find_or_add("more " + std::to_string(i), 100);
    EXPECT_NE(cache.find_or_add("first", 100), first);
    cache.clear();
    EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace shuke::audience
