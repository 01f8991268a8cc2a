// Aim: a refresh records who entered and who left as the definition says it, in order of time, and nothing else.
#include "segment/membership.h"

#include "audience/testing/small_world.h"
#include "record/testing/record_for_test.h"
#include "segment/saved_segments.h"

namespace shuke::segment {
namespace {

using audience::testing::Ids;
using audience::testing::SmallWorld;

// Customer i makes i orders, one a day from 1 March 2024 on.
SmallWorld orders_by_day(int customers) {
    SmallWorld world;
    for (int customer = 1; customer <= customers; ++customer) {
        world.customer(customer);
        for (int day = 1; day <= customer; ++day)
            world.order({.customer = customer, .at = "2024-03-0" + std::to_string(day) + " 10:00"});
    }
    return world;
}

class MembershipTest : public record::RecordTest {
protected:
    SmallWorld world_ = orders_by_day(4);
    std::shared_ptr<const audience::Version> version_ = world_.version();

    void save(const std::string& expression) {
        ASSERT_TRUE(save_segment(database(), {"x1", expression, "", "cli:ann"}, {}));
    }
    Result<Refreshed> refresh_at(const std::string& time) {
        const auto segment = find_segment(database(), "x1");
        return refresh(database(), *version_, *segment, *audience::parse_and_bind(segment->expression, {}),
                       world_.time(time), "cli:ann");
    }
    Ids members(const std::string& time) {
        Ids ids;
        const auto found = members_as_of(database(), "x1", world_.time(time));
        for (const CustomerId one : *found) ids.push_back(one.value);
        return ids;
    }
};

TEST_P(MembershipTest, ARefreshRecordsWhoEnteredAndWhoLeft) {
    save("order_count = 2");
    const auto first = refresh_at("2024-03-02 12:00");
    ASSERT_TRUE(first.has_value()) << first.error().detail;
    EXPECT_EQ(first->members, 3);
    EXPECT_EQ(first->entered, 3);
    const auto second = refresh_at("2024-03-03 12:00");
    EXPECT_EQ(second->members, 1);
    EXPECT_EQ(second->entered, 0);
    EXPECT_EQ(second->left, 2);
    EXPECT_EQ(members("2024-03-01"), Ids{});
    EXPECT_EQ(members("2024-03-02 12:00"), (Ids{2, 3, 4}));
    EXPECT_EQ(members("2024-03-03 11:59"), (Ids{2, 3, 4})) << "as of the refresh before";
    EXPECT_EQ(members("2024-03-03 12:00"), Ids{2});
    const auto segment = find_segment(database(), "x1");
    EXPECT_EQ(segment->members, 1);
    EXPECT_EQ(segment->refreshed_at, world_.time("2024-03-03 12:00"));
}

TEST_P(MembershipTest, NewlyEnteredSinceSaysWhenAndWhetherStill) {
    save("order_count >= 2 and order_count <= 3");
    for (const char* day : {"2024-03-02 12:00", "2024-03-03 12:00", "2024-03-04 12:00"}) ASSERT_TRUE(refresh_at(day));
    EXPECT_EQ(entered_since(database(), "x1", world_.time("2024-03-03"))->size(), 0u);
    const auto entered = entered_since(database(), "x1", world_.time("2024-03-02 12:00"));
    ASSERT_EQ(entered->size(), 3u) << "the instant itself counts";
    EXPECT_EQ((*entered)[0].customer, CustomerId{2});
    EXPECT_TRUE((*entered)[0].is_member);
    EXPECT_FALSE((*entered)[2].is_member) << "4 had left by the fourth of March";
    EXPECT_EQ(entered_since(database(), "nobody", kNever).error().key, "segment.unknown");
}

TEST_P(MembershipTest, HistoryIsFilledInOrderOfTimeOnly) {
    save("order_count >= 1");
    ASSERT_TRUE(refresh_at("2024-03-02"));
    EXPECT_EQ(refresh_at("2024-03-01").error().key, "segment.refresh_order");
    EXPECT_EQ(refresh_at("2024-03-02").error().key, "segment.refresh_order") << "nor twice for one instant";
    EXPECT_EQ(number("SELECT count(*) FROM segment_members"), 4);
}

TEST_P(MembershipTest, AVersionThatCameMeanwhileIsNotRefreshedWithTheOldDefinition) {
    save("order_count >= 1");
    const auto old = find_segment(database(), "x1");
    save("order_count >= 2");
    const auto done = refresh(database(), *version_, *old, *audience::parse_and_bind(old->expression, {}),
                              world_.time("2024-03-02"), "cli:ann");
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().key, "segment.changed");
    EXPECT_EQ(number("SELECT count(*) FROM segment_members"), 0);
    ASSERT_TRUE(delete_segment(database(), "x1", "cli:ann"));
    EXPECT_EQ(refresh(database(), *version_, *old, *audience::parse_and_bind(old->expression, {}),
                      world_.time("2024-03-02"), "cli:ann")
                  .error()
                  .key,
              "segment.unknown");
}

TEST_P(MembershipTest, ARefreshThatChangesNothingLeavesNoTraceButItsTime) {
    save("order_count >= 1");
    ASSERT_TRUE(refresh_at("2024-03-05"));
    const auto audits = number("SELECT count(*) FROM audit");
    const auto stamps = number("SELECT count(*) FROM customer_changes");
    ASSERT_TRUE(refresh_at("2024-03-06"));
    EXPECT_EQ(number("SELECT count(*) FROM audit"), audits);
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), stamps);
}

SHUKE_ON_BOTH_DATABASES(MembershipTest);

}  // namespace
}  // namespace shuke::segment
