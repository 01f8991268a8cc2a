// Aim: what the record keeps of segments, lists and tags comes back as it was; definitions and unknown rows are sealed.
#include "record/segments.h"

#include "record/lists.h"
#include "record/spans.h"
#include "record/tags.h"
#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

class SegmentsTest : public RecordTest {
protected:
    const KeyRing& keys() { return database().keys(); }
    std::string text(const std::string& sql) {
        std::string value;
        EXPECT_TRUE(database().read([&](soci::session& session) { session << sql, soci::into(value); }).has_value());
        return value;
    }
    static StoredSegment draft(const std::string& name, const std::string& expression) {
        StoredSegment segment;
        segment.name = name;
        segment.owner = "cli:ann";
        segment.description = "常客";
        segment.expression = expression;
        return segment;
    }
};

TEST_P(SegmentsTest, ASegmentKeepsEveryDefinitionItHad) {
    write([&](soci::session& session) {
        const SegmentId id = insert_segment(session, keys(), draft("回头客", "order_count >= 2"), clock_.now());
        SegmentVersion second;
        second.version = 2;
        second.expression = "order_count >= 3";
        second.author = "cli:bob";
        second.at = Instant{clock_.now().us_since_epoch + 5};
        insert_segment_version(session, keys(), id, second);
        mark_refreshed(session, id, clock_.now(), 42);
        const auto found = find_segment(session, keys(), "回头客");
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->expression, "order_count >= 3");
        EXPECT_EQ(found->version, 2);
        EXPECT_EQ(found->owner, "cli:ann");
        EXPECT_EQ(found->members, 42);
        EXPECT_EQ(found->changed_at, second.at);
        const auto versions = segment_versions(session, keys(), id);
        ASSERT_EQ(versions.size(), 2u);
        EXPECT_EQ(versions[0].expression, "order_count >= 2");
        EXPECT_EQ(versions[1].author, "cli:bob");
        EXPECT_FALSE(find_segment(session, keys(), "回头").has_value()) << "names are whole";
    });
}

TEST_P(SegmentsTest, ADefinitionIsNeverStoredInPlain) {
    write([&](soci::session& session) {
        insert_segment(session, keys(), draft("one", "external_id = \"13912345670\""), clock_.now());
    });
    EXPECT_EQ(text("SELECT expression_sealed FROM segment_versions").find("1391"), std::string::npos);
}

TEST_P(SegmentsTest, DeletingASegmentLeavesNothingOfItBehind) {
    write([&](soci::session& session) {
        const SegmentId id = insert_segment(session, keys(), draft("x", "all customers"), clock_.now());
        set_members(session, kSegmentSpans, id.value, {CustomerId{1}, CustomerId{2}}, clock_.now());
        delete_segment(session, id);
    });
    for (const char* table : {"segments", "segment_versions", "segment_members"})
        EXPECT_EQ(number(std::string("SELECT count(*) FROM ") + table), 0) << table;
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), 4) << "they entered, and are stamped again";
}

TEST_P(SegmentsTest, AnUnknownRowOfAListIsKeptOnceSealedAndCanBeTakenBack) {
    ListId id;
    const auto row = [&](const std::string& value, std::int64_t number) {
        UnknownRow unknown;
        unknown.value = Personal<std::string>(value);
        unknown.row_number = number;
        unknown.reason = number == 3 ? UnknownReason::kAmbiguous : UnknownReason::kUnknown;
        unknown.at = clock_.now();
        return unknown;
    };
    write([&](soci::session& session) {
        StoredList list;
        list.name = "展会";
        list.owner = "cli:ann";
        id = insert_list(session, list, clock_.now());
        EXPECT_EQ(add_unknowns(session, keys(), id, {row("13912345670", 1), row("13912345670", 2), row("bob", 3)}), 2);
        EXPECT_EQ(add_unknowns(session, keys(), id, {row("13912345670", 1)}), 0);
        EXPECT_EQ(find_list(session, "展会")->unknowns, 2);
    });
    EXPECT_EQ(number("SELECT count(*) FROM list_unknowns WHERE value_sealed LIKE '%1391%'"), 0);
    write([&](soci::session& session) {
        remove_unknowns(session, keys(), id, {"13912345670"});
        std::vector<std::string> left;
        for_each_unknown(session, keys(), id, [&](const UnknownRow& unknown) {
            left.push_back(unknown.value.reveal() + " " + std::string(to_string(unknown.reason)));
        });
        EXPECT_EQ(left, std::vector<std::string>{"bob ambiguous"});
    });
}

TEST_P(SegmentsTest, ATagHasAtMostOneRule) {
    write([&](soci::session& session) {
        TagRule rule;
        rule.tag = ensure_tag(session, "大客户");
        rule.expression = "total_spent > 1000";
        rule.owner = "cli:ann";
        rule.changed_at = clock_.now();
        put_tag_rule(session, keys(), rule);
        mark_applied(session, rule.tag, clock_.now());
        rule.expression = "total_spent > 2000";
        put_tag_rule(session, keys(), rule);
        const auto rules = all_tag_rules(session, keys());
        ASSERT_EQ(rules.size(), 1u);
        EXPECT_EQ(rules[0].expression, "total_spent > 2000");
        EXPECT_EQ(rules[0].applied_at, kNever) << "a changed rule has not been applied";
        EXPECT_EQ(ensure_tag(session, "大客户"), rule.tag);
        delete_tag_rule(session, rule.tag);
        EXPECT_TRUE(all_tag_rules(session, keys()).empty());
    });
}

TEST_P(SegmentsTest, ARecordFromBeforeSegmentsIsBroughtToThem) {
    write([](soci::session& session) {
        session << "INSERT INTO customer_tags (customer_id, tag_id, added_at, source) VALUES (7, 1, 0, 'hand')";
        for (const char* table :
             {"segments", "segment_versions", "segment_members", "lists", "list_members", "list_unknowns", "tag_rules"})
            session << std::string("DROP TABLE ") + table;
        session << "DROP INDEX customer_tags_tag";
        session << "DELETE FROM schema_migrations WHERE version >= 2";
    });
    undo_access(*database().connect());
    database_ = open();
    write([&](soci::session& session) {
        insert_segment(session, keys(), draft("x", "all customers"), clock_.now());
        EXPECT_TRUE(find_segment(session, keys(), "x").has_value());
    });
    EXPECT_EQ(number("SELECT count(*) FROM customer_tags"), 1);
}

SHUKE_ON_BOTH_DATABASES(SegmentsTest);

}  // namespace
}  // namespace shuke::record
