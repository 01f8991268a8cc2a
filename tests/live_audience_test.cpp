// Aim: the audience follows the record: what was imported, merged, split, tagged or set since is in it after a
// refresh, exactly as if all had been read anew; and a restart from a snapshot, good or bad, ends in the same state.
// Method: random files into a record on SQLite and PostgreSQL; random expressions asked of both states.
#include "live/live_audience.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "audience/evaluate.h"
#include "audience/testing/random_expression.h"
#include "identity/customer_sets.h"
#include "ingest/import.h"
#include "live/binding.h"
#include "record/settings.h"
#include "record/testing/record_for_test.h"
#include "segment/tags.h"

namespace shuke {
namespace {

namespace fs = std::filesystem;
using live::LiveAudience;

constexpr const char* kCategories[] = {"连衣裙", "鞋", "箱包", ""};
constexpr const char* kStatuses[] = {"created", "paid", "finished", "closed"};

class LiveAudienceTest : public record::RecordTest {
protected:
    void SetUp() override {
        clock_.set(Instant::from_seconds(1'720'000'000));  // after all orders
        RecordTest::SetUp();
    }

    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }

    // Orders of customers and guests; an order number that came before comes again, perhaps in another state.
    void import_orders(int orders, const std::string& shop = "one") {
        const fs::path file = folder_.path() / "orders.csv";
        std::ofstream out(file);
        out << "order_no,external_id,phone,province,status,created_at,paid_at,amount,refunded,refunded_at,product,"
               "category,quantity,price\n";
        for (int i = 0; i < orders; ++i) {
            const std::int64_t number = below(400);
            const std::int64_t at = 1'704'038'400 + number * 20'000;
            const bool guest = number % 7 == 0;
            out << "N" << number << ',' << (guest ? "" : "c" + std::to_string(number % 61)) << ','
                << (guest || number % 5 != 0 ? "" : "1380013" + std::to_string(8000 + number % 61)) << ",浙江,"
                << kStatuses[below(4)] << ',' << format_iso(Instant::from_seconds(at)) << ','
                << format_iso(Instant::from_seconds(at + 60)) << ',' << below(300) << ".00,"
                << (below(5) == 0 ? "30.00" : "") << ",,p" << below(40) << ',' << kCategories[below(4)] << ",1,10\n";
        }
        out.close();
        ingest::ImportOptions options;
        options.shop = shop;
        const auto imported = ingest::import_file(database(), file, options);
        ASSERT_TRUE(imported && !imported->failure) << (imported ? imported->failure->detail : imported.error().detail);
    }

    std::unique_ptr<LiveAudience> open_live() {
        auto live = LiveAudience::open(database(), nullptr);
        EXPECT_TRUE(live.has_value()) << live.error().detail;
        return std::move(*live);
    }

    void expect_as_read_anew(LiveAudience& live) {
        const auto anew = live::load_audience(database(), nullptr);
        ASSERT_TRUE(anew.has_value()) << anew.error().detail;
        const auto state = live.current();
        EXPECT_EQ(state->origin, anew->origin);
        EXPECT_EQ(state->version->customers(), anew->version->customers());
        EXPECT_EQ(state->version->facts().lines, anew->version->facts().lines);
        EXPECT_EQ(state->version->facts().refunds, anew->version->facts().refunds);
        EXPECT_EQ(state->version->guest_facts().orders, anew->version->guest_facts().orders);
        std::vector<std::string> expressions = {R"(tag("大客户"))", R"(reachable(sms))",
                                                R"(any(lines where category = "鞋" and price = 10))",
                                                "total_spent > 400"};
        audience::testing::ExpressionMaker maker(random_());
        const audience::BindOptions options = audience::testing::bind_options({});
        for (int i = 0; i < 60; ++i) expressions.push_back(print(maker.expression(2)));
        for (const std::string& text : expressions) {
            const auto bound = audience::parse_and_bind(text, options);
            ASSERT_TRUE(bound.has_value()) << text << bound.error().detail;
            const Instant as_of = Instant::from_seconds(1'704'038'400 + below(130) * 86'400);
            const auto ask = [&](const audience::Version& version, audience::PredicateCache* cache) {
                return audience::customers(version, audience::evaluate(version, *bound, as_of, nullptr, cache));
            };
            ASSERT_EQ(ask(*state->version, &live.cache()), ask(*anew->version, nullptr))
                << text << " as of " << format_iso(as_of);
        }
    }

    void refresh(LiveAudience& live) {
        const auto refreshed = live.refresh();
        ASSERT_TRUE(refreshed.has_value()) << refreshed.error().detail;
        EXPECT_TRUE(*refreshed);
    }

    fs::path newest_snapshot() const {
        fs::path newest;
        for (const auto& entry : fs::directory_iterator(folder_.path() / "audience"))
            newest = std::max(newest, entry.path());
        return newest;
    }

    std::mt19937_64 random_{std::random_device{}()};
};

TEST_P(LiveAudienceTest, FollowsImportsMergesSplitsAndTags) {
    import_orders(150);
    const auto live = open_live();
    expect_as_read_anew(*live);
    EXPECT_FALSE(*live->refresh()) << "nothing changed";
    for (int round = 0; round < 4 && !HasFatalFailure(); ++round) {
        import_orders(40, round == 3 ? "two" : "one");
        refresh(*live);
        expect_as_read_anew(*live);
    }
    const auto ids = audience::customers(
        *live->current()->version,
        audience::evaluate(*live->current()->version, *audience::parse_and_bind("all customers", {}), clock_.now()));
    ASSERT_GT(ids.size(), 10u);
    ASSERT_TRUE(segment::add_tag(database(), "大客户", {ids[0], ids[3], ids[9]}, "cli:ann"));
    refresh(*live);
    expect_as_read_anew(*live);
    const identity::Decision decision{"cli:ann", clock_.now()};
    write([&](soci::session& session) { identity::merge_customers(session, ids[3], ids[5], decision); });
    refresh(*live);
    expect_as_read_anew(*live);
    write([&](soci::session& session) { identity::split_customer(session, ids[3], std::nullopt, decision); });
    refresh(*live);
    expect_as_read_anew(*live);
}

TEST_P(LiveAudienceTest, OtherSettingsAreReadAnew) {
    import_orders(100);
    const auto live = open_live();
    write([&](soci::session& session) {
        or_throw(record::set_setting(session, "lifecycle.active_days", "7", clock_.now()));
    });
    refresh(*live);
    EXPECT_EQ(live->current()->version->config().lifecycle.silent_after_days, 7);
    expect_as_read_anew(*live);
}

TEST_P(LiveAudienceTest, ARestartContinuesFromTheSnapshot) {
    import_orders(150);
    open_live()->save();
    ASSERT_FALSE(newest_snapshot().empty());
    import_orders(60);
    const auto live = open_live();
    expect_as_read_anew(*live);
    live->save();
    EXPECT_EQ(newest_snapshot().stem(), std::to_string(live->current()->origin.change));
    expect_as_read_anew(*open_live());
}

TEST_P(LiveAudienceTest, ABadSnapshotIsPassedOverAndSaid) {
    import_orders(150);
    open_live()->save();
    import_orders(30);
    open_live()->save();
    const fs::path newest = newest_snapshot();
    fs::resize_file(newest, fs::file_size(newest) / 2);
    testing::internal::CaptureStderr();
    expect_as_read_anew(*open_live());  // from the one before
    for (const auto& entry : fs::directory_iterator(folder_.path() / "audience")) fs::resize_file(entry.path(), 100);
    expect_as_read_anew(*open_live());  // from the record
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find(newest.string()), std::string::npos) << said;
    EXPECT_NE(said.find("damaged"), std::string::npos) << said;
}

TEST_P(LiveAudienceTest, ASnapshotOfAnotherRecordIsNotTaken) {
    import_orders(150);
    open_live()->save();
    write(
        [&](soci::session& session) { or_throw(record::set_setting(session, "record_id", "another", clock_.now())); });
    const auto live = open_live();
    EXPECT_EQ(live->current()->origin.record, "another");
    expect_as_read_anew(*live);
}

SHUKE_ON_BOTH_DATABASES(LiveAudienceTest);

}  // namespace
}  // namespace shuke
