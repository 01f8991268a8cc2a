// Aim: every row of a list's file is accounted for; who is named is a member, and who is not stays to be tried again.
#include "segment/static_lists.h"

#include "record/segments.h"
#include "record/testing/record_for_test.h"

namespace shuke::segment {
namespace {

// "c7" is customer 7, "both" is two people, everything else nobody.
std::vector<CustomerId> resolve(soci::session&, std::string_view text) {
    if (text == "both") return {CustomerId{1}, CustomerId{2}};
    if (text.starts_with("c")) return {CustomerId{std::stoll(std::string(text.substr(1)))}};
    return {};
}

class StaticListsTest : public record::RecordTest {
protected:
    ListReport bring(const std::vector<std::string>& rows, bool replace = false) {
        ListDraft draft;
        draft.name = "展会";
        draft.actor = "cli:ann";
        draft.replace = replace;
        clock_.set(Instant{clock_.now().us_since_epoch + 60'000'000});
        const auto report = import_list(database(), draft, rows, resolve);
        EXPECT_TRUE(report.has_value()) << report.error().detail;
        return *report;
    }
    std::vector<std::int64_t> members() {
        std::vector<std::int64_t> ids;
        const auto found = list_members(database(), "展会", clock_.now());
        for (const CustomerId one : *found) ids.push_back(one.value);
        return ids;
    }
};

TEST_P(StaticListsTest, EveryRowEndsAsExactlyOneThing) {
    const ListReport report = bring({"c3", " c1 ", "c3", "", "both", "13912345670", "  "});
    EXPECT_TRUE(report.is_new);
    EXPECT_EQ(report.rows, 7);
    EXPECT_EQ(report.named, 3);
    EXPECT_EQ(report.unknown, 1);
    EXPECT_EQ(report.ambiguous, 1);
    EXPECT_EQ(report.empty, 2);
    EXPECT_EQ(report.customers, 2);
    EXPECT_EQ(report.added, 2);
    EXPECT_EQ(members(), (std::vector<std::int64_t>{1, 3}));
    const auto kept = unknown_rows(database(), "展会");
    ASSERT_EQ(kept->size(), 2u);
    EXPECT_EQ((*kept)[0].value.reveal(), "both");
    EXPECT_EQ((*kept)[0].row_number, 5);
    EXPECT_EQ((*kept)[1].reason, record::UnknownReason::kUnknown);
}

TEST_P(StaticListsTest, AnotherFileAddsAndTheSameChangesNothing) {
    bring({"c1", "nobody"});
    EXPECT_EQ(bring({"c2", "nobody"}).added, 1);
    EXPECT_EQ(bring({"c1", "c2", "nobody"}).added, 0);
    EXPECT_EQ(members(), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(find_list(database(), "展会")->unknowns, 1) << "one row, however often it comes";
}

TEST_P(StaticListsTest, ReplacingLetsGoWhoeverTheFileDoesNotName) {
    bring({"c1", "c2", "nobody"});
    const ListReport report = bring({"c2", "c3"}, true);
    EXPECT_EQ(report.added, 1);
    EXPECT_EQ(report.removed, 1);
    EXPECT_EQ(members(), (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(find_list(database(), "展会")->unknowns, 0);
    const auto before = list_members(database(), "展会", Instant{clock_.now().us_since_epoch - 1});
    EXPECT_EQ(before->size(), 2u) << "who was on it then is still known";
}

TEST_P(StaticListsTest, AKeptRowIsAMemberOnceSomebodyHasThatIdentifier) {
    bring({"late", "never"});
    const auto later = [](soci::session&, std::string_view text) {
        return text == "late" ? std::vector{CustomerId{9}} : std::vector<CustomerId>{};
    };
    const auto report = retry_unknowns(database(), "展会", "cli:ann", later);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->added, 1);
    EXPECT_EQ(report->unknown, 1);
    EXPECT_EQ(members(), std::vector<std::int64_t>{9});
    EXPECT_EQ(find_list(database(), "展会")->unknowns, 1);
}

TEST_P(StaticListsTest, AListThatASegmentNamesIsNotDeleted) {
    bring({"c1"});
    write([&](soci::session& session) {
        record::StoredSegment user;
        user.name = "x1";
        user.owner = "cli:ann";
        user.expression = "not list(\"展会\")";
        record::insert_segment(session, database().keys(), user, clock_.now());
    });
    const auto refused = delete_list(database(), "展会", "cli:ann");
    EXPECT_EQ(refused.error().key, "list.in_use");
    EXPECT_NE(refused.error().detail.find("segment 'x1'"), std::string::npos);
    EXPECT_EQ(members(), std::vector<std::int64_t>{1});
}

TEST_P(StaticListsTest, ADeletedListIsGone) {
    bring({"c1", "nobody"});
    EXPECT_EQ(find_list(database(), "展览").error().key, "list.unknown");
    ASSERT_TRUE(delete_list(database(), "展会", "cli:ann"));
    EXPECT_EQ(delete_list(database(), "展会", "cli:ann").error().key, "list.unknown");
    EXPECT_EQ(number("SELECT count(*) FROM list_members"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM list_unknowns"), 0);
}

SHUKE_ON_BOTH_DATABASES(StaticListsTest);

}  // namespace
}  // namespace shuke::segment
