// Aim: who belonged when is told truly as of any instant, also after people were merged and split, on both databases.
#include "record/spans.h"

#include <map>

#include "record/accounts.h"
#include "record/changes.h"
#include "record/lists.h"
#include "record/segments.h"
#include "record/tags.h"
#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kOwner = 1;

Instant at(int minute) { return Instant::from_seconds(1'700'000'000 + minute * 60); }

std::vector<CustomerId> customers(const Ids& ids) {
    std::vector<CustomerId> list;
    for (const std::int64_t id : ids) list.push_back(CustomerId{id});
    return list;
}

Ids ids(const std::vector<CustomerId>& list) {
    Ids numbers;
    for (const CustomerId one : list) numbers.push_back(one.value);
    return numbers;
}

class SpansTest : public RecordTest {
protected:
    SpanChanges set(const Ids& members, Instant when) {
        SpanChanges changes;
        write([&](soci::session& session) {
            changes = set_members(session, kSegmentSpans, kOwner, customers(members), when);
        });
        return changes;
    }
    Ids members(Instant when) {
        Ids found;
        const auto read = database().read([&](soci::session& session) {
            found = ids(members_at(session, kSegmentSpans, kOwner, Survivors(session), when));
        });
        EXPECT_TRUE(read.has_value());
        return found;
    }
    void make_customers(int count) {
        write([&](soci::session& session) {
            for (long long id = 1; id <= count; ++id)
                session << "INSERT INTO customers (id, created_at) VALUES (:id, 0)", soci::use(id);
        });
    }
    void merge(std::int64_t from, std::int64_t into) {
        write([&](soci::session& session) { set_merged_into(session, CustomerId{from}, CustomerId{into}); });
    }
};

TEST_P(SpansTest, EachChangeIsAnswerableAsOfItsTime) {
    EXPECT_EQ(ids(set({1, 2, 3}, at(10)).entered), (Ids{1, 2, 3}));
    const SpanChanges second = set({2, 3, 4}, at(20));
    EXPECT_EQ(ids(second.entered), Ids{4});
    EXPECT_EQ(ids(second.left), Ids{1});
    EXPECT_EQ(ids(set({1, 2, 3, 4}, at(30)).entered), Ids{1}) << "somebody may come back";
    EXPECT_EQ(members(at(9)), Ids{});
    EXPECT_EQ(members(at(10)), (Ids{1, 2, 3})) << "from is inclusive";
    EXPECT_EQ(members(at(19)), (Ids{1, 2, 3}));
    EXPECT_EQ(members(at(20)), (Ids{2, 3, 4})) << "until is exclusive";
    EXPECT_EQ(members(at(30)), (Ids{1, 2, 3, 4}));
}

TEST_P(SpansTest, WhoeverEntersOrLeavesIsStampedAndNobodyElse) {
    set({1, 2}, at(10));
    const auto before = number("SELECT max(seq) FROM customer_changes");
    set({2, 3}, at(20));
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes WHERE seq > " + std::to_string(before)), 2);
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes WHERE customer_id = 2"), 1);
    set({2, 3}, at(30));
    EXPECT_EQ(number("SELECT max(seq) FROM customer_changes"), before + 2) << "nothing changed";
}

TEST_P(SpansTest, AMergedCustomersMembershipIsTheSurvivorsAndASplitGivesItBack) {
    make_customers(4);
    set({2, 3}, at(10));
    merge(3, 1);
    EXPECT_EQ(members(at(15)), (Ids{1, 2})) << "3 is 1 today";
    const SpanChanges same = set({1, 2}, at(20));
    EXPECT_TRUE(same.entered.empty() && same.left.empty());
    EXPECT_EQ(ids(set({2}, at(30)).left), Ids{1}) << "the row of 3 is closed";
    EXPECT_EQ(members(at(30)), Ids{2});
    merge(3, 0);
    EXPECT_EQ(members(at(15)), (Ids{2, 3}));
}

TEST_P(SpansTest, WhoWasMergedSinceTheCallerLookedEntersAsTheSurvivor) {
    make_customers(3);
    merge(3, 1);
    EXPECT_EQ(ids(set({3, 2, 1}, at(10)).entered), (Ids{1, 2}));
    EXPECT_EQ(number("SELECT count(*) FROM segment_members WHERE customer_id = 3"), 0);
}

TEST_P(SpansTest, TwoMergedMembersCountOnceAndLeaveTogether) {
    make_customers(4);
    set({1, 3}, at(10));
    merge(3, 2);
    merge(2, 1);  // a chain
    EXPECT_EQ(members(at(11)), Ids{1});
    EXPECT_EQ(ids(set({}, at(20)).left), Ids{1});
    EXPECT_EQ(members(at(20)), Ids{});
    EXPECT_EQ(number("SELECT count(*) FROM segment_members WHERE left_at IS NULL"), 0);
}

TEST_P(SpansTest, SpansOfOnePersonThatTouchAreOne) {
    make_customers(2);
    set({1}, at(10));
    set({2}, at(20));
    set({}, at(30));
    merge(2, 1);
    std::vector<Span> spans;
    const auto read = database().read(
        [&](soci::session& session) { spans = spans_of(session, kSegmentSpans, kOwner, Survivors(session)); });
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(spans.size(), 1u);
    EXPECT_EQ(spans[0].from, at(10));
    EXPECT_EQ(spans[0].until, at(30));
}

TEST_P(SpansTest, ARuleTakesAwayOnlyWhatItGave) {
    write([&](soci::session& session) {
        add_members(session, kTagSpans, kOwner, customers({1}), at(10), kByHand);
        const auto applied = set_members(session, kTagSpans, kOwner, customers({1, 2}), at(20), kByRule);
        EXPECT_EQ(ids(applied.entered), Ids{2}) << "1 has the tag already";
        const auto again = set_members(session, kTagSpans, kOwner, {}, at(30), kByRule);
        EXPECT_EQ(ids(again.left), Ids{2});
        EXPECT_EQ(ids(members_at(session, kTagSpans, kOwner, Survivors(session), at(30))), Ids{1});
        EXPECT_EQ(ids(remove_members(session, kTagSpans, kOwner, customers({1, 9}), at(40)).left), Ids{1});
        EXPECT_EQ(ids(members_at(session, kTagSpans, kOwner, Survivors(session), at(40))), Ids{});
    });
}

TEST_P(SpansTest, AHandThatGivesAGivenTagKeepsItFromTheRule) {
    write([&](soci::session& session) {
        const TagId tag = ensure_tag(session, "熟客");
        set_members(session, kTagSpans, tag.value, customers({1, 2}), at(10), kByRule);
        claim_by_hand(session, tag, customers({1}));
        EXPECT_EQ(ids(set_members(session, kTagSpans, tag.value, {}, at(20), kByRule).left), Ids{2});
        EXPECT_EQ(all_tags(session).at(0).by_hand, 1);
    });
}

TEST_P(SpansTest, AClockSetBackNeverEndsASpanBeforeItBegan) {
    set({1}, at(10));
    set({}, at(5));
    EXPECT_EQ(number("SELECT count(*) FROM segment_members WHERE left_at < entered_at"), 0);
}

TEST_P(SpansTest, TheEngineReadsEverySpanWithItsOwnersName) {
    std::multimap<std::string, std::int64_t> seen;
    write([&](soci::session& session) {
        StoredList list;
        list.name = "展会";
        list.owner = "test";
        const ListId id = insert_list(session, list, at(0));
        list.name = "黑名单";
        const ListId other = insert_list(session, list, at(0));
        std::vector<CustomerId> many;
        for (int i = 1; i <= 3000; ++i) many.push_back(CustomerId{i});
        add_members(session, kListSpans, id.value, many, at(1));
        add_members(session, kListSpans, other.value, customers({7}), at(1));
        remove_members(session, kListSpans, other.value, customers({7}), at(2));
        for_each_named_span(session, kListSpans, Survivors(session), Whose::everybody(),
                            [&](std::string_view name, const Span& span) {
                                seen.emplace(name, span.customer.value);
                                EXPECT_EQ(span.from, at(1));
                                EXPECT_EQ(span.until, name == "展会" ? kNever : at(2));
                            });
    });
    EXPECT_EQ(seen.count("展会"), 3000u);
    EXPECT_EQ(seen.count("黑名单"), 1u);
}

SHUKE_ON_BOTH_DATABASES(SpansTest);

}  // namespace
}  // namespace shuke::record
