// Aim: a segment under a name is found, changed, renamed and deleted as asked, never half, and never contains itself.
#include "segment/saved_segments.h"

#include "record/tags.h"
#include "record/testing/record_for_test.h"
#include "segment/name.h"
#include "segment/references.h"

namespace shuke::segment {
namespace {

class SavedSegmentsTest : public record::RecordTest {
protected:
    Result<SavedSegment> save(const std::string& name, const std::string& expression,
                              const std::string& description = "") {
        return save_segment(database(), {name, expression, description, "cli:ann"}, {});
    }
    std::string audit() {
        std::string text;
        EXPECT_TRUE(database().read([&](soci::session& session) {
            session << "SELECT action || ' ' || subject FROM audit ORDER BY id DESC LIMIT 1", soci::into(text);
        }));
        return text;
    }
};

TEST_P(SavedSegmentsTest, TheSameNameWithAnotherExpressionIsANewVersion) {
    EXPECT_EQ(save("回头客", "order_count>=2", "常来")->outcome, Saved::kCreated);
    EXPECT_EQ(audit(), "segment.create segment 回头客");
    EXPECT_EQ(save("回头客", "order_count  >= 2")->outcome, Saved::kUnchanged) << "spelling is no change";
    const auto changed = save(" 回头客 ", "order_count >= 3");
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->outcome, Saved::kNewVersion);
    EXPECT_EQ(changed->segment.version, 2);
    EXPECT_EQ(changed->segment.description, "常来") << "a description that is not given stays";
    const auto history = segment_history(database(), "回头客");
    ASSERT_EQ(history->size(), 2u);
    EXPECT_EQ((*history)[0].expression, "order_count >= 2");
    EXPECT_EQ((*history)[1].expression, "order_count >= 3");
    EXPECT_EQ(audit(), "segment.change segment 回头客");
}

TEST_P(SavedSegmentsTest, WhatDoesNotBindIsNotSaved) {
    EXPECT_EQ(save("x", "ordrs >= 2").error().key, "expression.unknown_field");
    EXPECT_TRUE(all_segments(database())->empty());
}

TEST_P(SavedSegmentsTest, AnUnknownNameSuggestsTheNearest) {
    save("高价值客户", "total_spent > 100");
    const auto missing = find_segment(database(), "高价值用户");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().key, "segment.unknown");
    EXPECT_NE(missing.error().detail.find("'高价值客户'"), std::string::npos) << missing.error().detail;
}

TEST_P(SavedSegmentsTest, ARenamedSegmentKeepsItsHistoryAndTakesNobodysName) {
    save("a1", "order_count >= 1");
    save("a1", "order_count >= 2");
    save("b1", "order_count >= 3");
    EXPECT_EQ(rename_segment(database(), "a1", "b1", "cli:ann").error().key, "segment.exists");
    EXPECT_EQ(rename_segment(database(), "nobody", "c1", "cli:ann").error().key, "segment.unknown");
    ASSERT_TRUE(rename_segment(database(), "a1", "c1", "cli:ann"));
    EXPECT_EQ(segment_history(database(), "c1")->size(), 2u);
    EXPECT_FALSE(find_segment(database(), "a1"));
    EXPECT_EQ(audit(), "segment.rename segment c1");
}

TEST_P(SavedSegmentsTest, WhatOthersNameIsNeitherRenamedNorDeleted) {
    save("vip", "total_spent > 100");
    // As the record may hold it: this test must not depend on which words bind today.
    write([&](soci::session& session) {
        StoredSegment user;
        user.name = "vip asleep";
        user.owner = "cli:ann";
        user.expression = "lifecycle = sleeping and was_in(\"vip\")";
        record::insert_segment(session, database().keys(), user, clock_.now());
    });
    const auto refused = delete_segment(database(), "vip", "cli:ann");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().key, "segment.in_use");
    EXPECT_NE(refused.error().detail.find("'vip asleep'"), std::string::npos);
    EXPECT_EQ(rename_segment(database(), "vip", "vvip", "cli:ann").error().key, "segment.in_use");
    ASSERT_TRUE(delete_segment(database(), "vip asleep", "cli:ann"));
    record::TagRule rule;
    write([&](soci::session& session) {
        rule.tag = record::ensure_tag(session, "贵宾");
        rule.expression = "segment(\"vip\")";
        rule.owner = "cli:ann";
        rule.changed_at = clock_.now();
        record::put_tag_rule(session, database().keys(), rule);
    });
    EXPECT_NE(delete_segment(database(), "vip", "cli:ann").error().detail.find("the rule of tag '贵宾'"),
              std::string::npos);
    write([&](soci::session& session) { record::delete_tag_rule(session, rule.tag); });
    EXPECT_TRUE(delete_segment(database(), "vip", "cli:ann"));
    EXPECT_TRUE(all_segments(database())->empty());
}

SHUKE_ON_BOTH_DATABASES(SavedSegmentsTest);

TEST(SegmentName, IsWhatCanStandBetweenQuotesAndIsNoExpression) {
    EXPECT_EQ(*checked_name("  ＶＩＰ 客户 "), "VIP 客户");
    for (const char* wrong :
         {"", "  ", "a\"b", "it's", "a\\b", "two\nlines", "all customers", "order_count >= 2", "\xFF"})
        EXPECT_EQ(checked_name(wrong).error().key, "name.invalid") << wrong;
    EXPECT_TRUE(checked_name(std::string(60, 'x')));
    EXPECT_FALSE(checked_name(std::string(61, 'x')));
    std::string sixty;
    for (int i = 0; i < 60; ++i) sixty += "客";
    EXPECT_TRUE(checked_name(sixty)) << "characters are counted, not bytes";
}

TEST(SegmentReferences, AreFoundWhateverTheSpellingAndNotInsideTexts) {
    const References found =
        references_of("SEGMENT ( “黑名单” ) and not was_in('ＶＩＰ') or city = \"segment(\\\"x\\\")\"");
    EXPECT_EQ(found.segments, std::set<std::string>{"黑名单"});
    EXPECT_EQ(found.was_in, std::set<std::string>{"VIP"});
    EXPECT_EQ(references_of("list(\"展会\") and list(黑名单)").lists, (std::set<std::string>{"展会", "黑名单"}));
    EXPECT_TRUE(references_of("\"unclosed").segments.empty());
}

TEST(SegmentReferences, ACircleIsFoundWithItsWayAndAKnotIsNone) {
    std::map<std::string, std::string> all{{"a", "segment(\"b\") and segment(\"c\")"},
                                           {"b", "segment(\"c\")"},
                                           {"c", "order_count > 1"},
                                           {"d", "was_in(\"d\")"}};
    EXPECT_TRUE(find_cycle(all, "a").empty()) << "two ways to c are no circle";
    EXPECT_TRUE(find_cycle(all, "d").empty()) << "recorded membership may name its own past";
    all["c"] = "segment(\"a\")";
    EXPECT_EQ(find_cycle(all, "c").front(), "c");
    EXPECT_EQ(find_cycle(all, "c").back(), "c");
    EXPECT_GE(find_cycle(all, "c").size(), 3u);
    EXPECT_EQ(find_cycle({{"x", "segment(\"x\")"}}, "x"), (std::vector<std::string>{"x", "x"}));
}

}  // namespace
}  // namespace shuke::segment
