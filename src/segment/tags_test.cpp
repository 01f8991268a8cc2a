// Aim: a tag is where a hand or a rule put it, and its rule keeps it up to date.
#include "segment/tags.h"

#include "audience/testing/small_world.h"
#include "record/testing/record_for_test.h"

namespace shuke::segment {
namespace {

using audience::testing::Ids;
using audience::testing::SmallWorld;

class TagsTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        for (int customer = 1; customer <= 3; ++customer) world_.customer(customer);
        world_.order({.customer = 1, .at = "2023-01-01"});
        world_.order({.customer = 2, .at = "2023-01-01"});
    }
    void pass_a_minute() { clock_.set(Instant{clock_.now().us_since_epoch + 60'000'000}); }
    TagChange apply() {
        pass_a_minute();
        const auto rules = all_tag_rules(database());
        const auto bound = audience::parse_and_bind(rules->front().expression, {});
        const auto change = apply_tag_rule(database(), *world_.version(), rules->front(), *bound, "cli:ann");
        EXPECT_TRUE(change.has_value()) << change.error().detail;
        return *change;
    }
    Ids who(const char* tag = "买家") {
        Ids ids;
        const auto found = tagged(database(), tag, clock_.now());
        for (const CustomerId one : *found) ids.push_back(one.value);
        return ids;
    }
    SmallWorld world_;
};

TEST_P(TagsTest, GivenAndTakenByHand) {
    EXPECT_EQ(add_tag(database(), " 黑名单 ", {CustomerId{1}, CustomerId{3}}, "cli:ann")->given, 2);
    EXPECT_EQ(add_tag(database(), "黑名单", {CustomerId{3}}, "cli:ann")->given, 0);
    pass_a_minute();
    EXPECT_EQ(remove_tag(database(), "黑名单", {CustomerId{1}, CustomerId{2}}, "cli:ann")->taken, 1);
    EXPECT_EQ(who("黑名单"), Ids{3});
    EXPECT_EQ(remove_tag(database(), "黑名弹", {CustomerId{1}}, "cli:ann").error().key, "tag.unknown");
    EXPECT_EQ(all_tags(database())->at(0).by_hand, 1);
}

TEST_P(TagsTest, ARuleKeepsItsTagUpToDate) {
    ASSERT_TRUE(set_tag_rule(database(), "买家", "order_count>=1", "cli:ann", {}));
    EXPECT_EQ(who(), Ids{}) << "the tag follows when the rule is applied";
    EXPECT_EQ(apply().given, 2);
    EXPECT_EQ(who(), (Ids{1, 2}));
    world_.order({.customer = 3, .at = "2023-02-01"});
    EXPECT_EQ(apply().given, 1);
    ASSERT_TRUE(set_tag_rule(database(), "买家", "order_count >= 1 and id in [3]", "cli:ann", {}));
    EXPECT_EQ(apply().taken, 2);
    EXPECT_EQ(who(), Ids{3});
    EXPECT_NE(all_tag_rules(database())->front().applied_at, kNever);
}

TEST_P(TagsTest, HandAndRuleDoNotUndoEachOther) {
    add_tag(database(), "买家", {CustomerId{1}, CustomerId{3}}, "cli:ann");
    ASSERT_TRUE(set_tag_rule(database(), "买家", "order_count >= 1", "cli:ann", {}));
    EXPECT_EQ(apply().given, 1) << "1 has it already, by hand";
    EXPECT_EQ(who(), (Ids{1, 2, 3}));
    pass_a_minute();
    EXPECT_EQ(remove_tag_rule(database(), "买家", "cli:ann")->taken, 1);
    EXPECT_EQ(who(), (Ids{1, 3})) << "what the rule gave is gone, what the hand gave is not";
    EXPECT_EQ(remove_tag_rule(database(), "买家", "cli:ann").error().key, "tag.no_rule");
}

TEST_P(TagsTest, ARuleMustBind) {
    EXPECT_EQ(set_tag_rule(database(), "买家", "nonsense >= 1", "cli:ann", {}).error().key, "expression.unknown_field");
    EXPECT_TRUE(all_tags(database())->empty());
}

TEST_P(TagsTest, ARuleThatChangedMeanwhileIsNotApplied) {
    ASSERT_TRUE(set_tag_rule(database(), "买家", "order_count >= 1", "cli:ann", {}));
    const auto old = all_tag_rules(database())->front();
    ASSERT_TRUE(set_tag_rule(database(), "买家", "order_count >= 9", "cli:ann", {}));
    const auto applied =
        apply_tag_rule(database(), *world_.version(), old, *audience::parse_and_bind(old.expression, {}), "cli:ann");
    EXPECT_EQ(applied.error().key, "tag.rule_changed");
    EXPECT_EQ(who(), Ids{});
}

SHUKE_ON_BOTH_DATABASES(TagsTest);

}  // namespace
}  // namespace shuke::segment
