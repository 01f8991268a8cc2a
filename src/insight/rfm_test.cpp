// Aim: RFM gives the published numbers on real data, and scores and classes behave at their edges.
// Method: the bundled Online Retail file, read by the test itself; small worlds made by hand.
#include "insight/rfm.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "audience/testing/online_retail.h"

namespace shuke::insight {
namespace {

using audience::testing::FactWorld;
using audience::testing::OnlineRetail;

class RfmOnlineRetail : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        data = audience::testing::read_online_retail("examples/online-retail/online_retail.csv.zst");
        if (data) version = audience::testing::build(data->world);
    }
    static void TearDownTestSuite() {
        data.reset();
        version.reset();
    }
    void SetUp() override {
        if (!data) GTEST_SKIP() << "examples/online-retail/online_retail.csv.zst is not there";
    }

    static Instant snapshot() { return TimeZone::find("Europe/London")->start_of(to_day({2011, 12, 10})); }
    static RfmResult gross(int scores) { return *rfm(*version, snapshot(), {Basis::kGross, QuantileScores{scores}}); }
    static const RfmRow& row_of(const RfmResult& result, const std::string& external_id) {
        const auto index = std::ranges::find(data->external_ids, external_id) - data->external_ids.begin();
        return *std::ranges::find(result.rows, CustomerId{index + 1}, &RfmRow::customer);
    }

    static std::optional<OnlineRetail> data;
    static std::shared_ptr<const audience::Version> version;
};
std::optional<OnlineRetail> RfmOnlineRetail::data;
std::shared_ptr<const audience::Version> RfmOnlineRetail::version;

TEST_F(RfmOnlineRetail, GrossDistributionsAreThePublishedOnes) {
    const RfmResult result = gross(4);
    EXPECT_EQ(result.rows.size(), 4338u);
    EXPECT_NEAR(result.recency_days.mean, 93.0595, 0.00005);
    EXPECT_EQ(result.recency_days.min, 1);
    EXPECT_EQ(result.recency_days.q25, 18);
    EXPECT_EQ(result.recency_days.median, 51);
    EXPECT_EQ(result.recency_days.q75, 142.75);
    EXPECT_EQ(result.recency_days.max, 374);
    EXPECT_NEAR(result.frequency.mean, 4.272015, 0.0000005);
    EXPECT_NEAR(result.frequency.standard_deviation, 7.697998, 0.0000005);
    EXPECT_EQ(result.frequency.q25, 1);
    EXPECT_EQ(result.frequency.median, 2);
    EXPECT_EQ(result.frequency.q75, 5);
    EXPECT_EQ(result.frequency.max, 209);
    EXPECT_NEAR(result.monetary.mean / 100, 2054.266460, 0.01);
    EXPECT_NEAR(result.monetary.standard_deviation / 100, 8989.230441, 0.01);
    EXPECT_NEAR(result.monetary.min / 100, 3.75, 0.005);
    EXPECT_NEAR(result.monetary.median / 100, 674.485, 0.01);
    EXPECT_NEAR(result.monetary.max / 100, 280206.02, 0.01);
}

TEST_F(RfmOnlineRetail, SingleCustomersAreThePublishedOnes) {
    const RfmResult result = gross(4);
    struct Expected {
        const char* customer;
        int recency_days, frequency;
        std::int64_t monetary;
    };
    constexpr Expected kExpected[] = {
        {"12346", 326, 1, 77'183'60}, {"12347", 3, 7, 4'310'00},    {"12348", 76, 4, 1'797'24},
        {"12349", 19, 1, 1'757'55},   {"12350", 311, 1, 334'40},    {"12352", 37, 8, 2'506'04},
        {"14646", 2, 73, 280'206'02}, {"18102", 1, 60, 259'657'30}, {"12748", 1, 209, 33'719'73},
    };
    for (const Expected& expected : kExpected) {
        const RfmRow& row = row_of(result, expected.customer);
        EXPECT_EQ(row.recency_days, expected.recency_days) << expected.customer;
        EXPECT_EQ(row.frequency, expected.frequency) << expected.customer;
        EXPECT_NEAR(static_cast<double>(row.monetary), static_cast<double>(expected.monetary), 2) << expected.customer;
    }
}

TEST_F(RfmOnlineRetail, QuartileScoresGroupAsPublished) {
    const RfmResult result = gross(4);
    std::array<int, 5> r{};
    std::array<int, 5> f{};
    int best = 0;
    int worst = 0;
    std::vector<int> scores;
    for (const RfmRow& row : result.rows) {
        ++r[row.r];
        ++f[row.f];
        best += row.r == 4 && row.f == 4 && row.m == 4 ? 1 : 0;
        worst += row.r == 1 && row.f == 1 && row.m == 1 ? 1 : 0;
        scores.push_back(row.r * 100 + row.f * 10 + row.m);
    }
    std::ranges::sort(scores);
    scores.erase(std::ranges::unique(scores).begin(), scores.end());
    EXPECT_EQ(r, (std::array{0, 1085, 1077, 1073, 1103}));
    EXPECT_EQ(f, (std::array{0, 1493, 835, 1138, 872}));
    EXPECT_EQ(best, 456);
    EXPECT_EQ(worst, 444);
    EXPECT_EQ(scores.size(), 61u);
}

TEST_F(RfmOnlineRetail, WhereRestrictsTheTableAndItsScores) {
    const auto where = audience::parse_and_bind("count(orders where paid) >= 2", {Currency::kGBP});
    const RfmResult result = *rfm(*version, snapshot(), {Basis::kGross, QuantileScores{5}}, &*where);
    EXPECT_EQ(result.rows.size(), 2845u);
    EXPECT_EQ(result.frequency.min, 2);
}

// ---- small worlds ----

struct Bought {
    int days_ago;
    std::int64_t amount;
};
FactWorld world_of(const std::vector<std::vector<Bought>>& customers) {
    FactWorld world;
    world.shops = {{ShopId{1}, "own", "shop", Currency::kCNY, "UTC"}};
    std::int64_t id = 0;
    for (const auto& bought : customers) {
        CustomerFact customer;
        customer.id = CustomerId{++id};
        world.customers.push_back(customer);
        for (const Bought& one : bought) {
            OrderFact order;
            order.id = OrderId{static_cast<std::int64_t>(world.orders.size()) + 1};
            order.customer = customer.id;
            order.shop = ShopId{1};
            order.created_at = order.paid_at = Instant::from_seconds((20'000 - one.days_ago) * 86'400LL + 3600);
            order.status = OrderStatus::kPaid;
            order.amount = one.amount;
            world.orders.push_back(order);
        }
    }
    return world;
}
constexpr Instant kAsOf = Instant::from_seconds(20'000 * 86'400LL + 7200);

TEST(Rfm, WhoNeverBoughtIsNotInTheTable) {
    const auto version = audience::testing::build(world_of({{}, {{3, 100}}}));
    const RfmResult result = *rfm(*version, kAsOf, {});
    ASSERT_EQ(result.rows.size(), 1u);
    EXPECT_EQ(result.rows[0].customer, CustomerId{2});
    EXPECT_EQ(result.rows[0].recency_days, 3);
}

TEST(Rfm, NetLeavesOutWhatWasWhollyRefundedAndSubtractsPartRefunds) {
    FactWorld world = world_of({{{9, 500}, {3, 100}}});
    RefundFact whole;
    whole.id = RefundId{1};
    whole.order = OrderId{2};
    whole.shop = ShopId{1};
    whole.at = kAsOf;
    whole.amount = 100;
    RefundFact part = whole;
    part.id = RefundId{2};
    part.order = OrderId{1};
    part.amount = 30;
    world.refunds = {whole, part};
    const auto version = audience::testing::build(world);
    const RfmRow net = rfm(*version, kAsOf, {Basis::kNet, {}})->rows[0];
    EXPECT_EQ(net.recency_days, 9);
    EXPECT_EQ(net.frequency, 1);
    EXPECT_EQ(net.monetary, 470);
    const RfmRow gross = rfm(*version, kAsOf, {Basis::kGross, {}})->rows[0];
    EXPECT_EQ(gross.recency_days, 3);
    EXPECT_EQ(gross.frequency, 2);
    EXPECT_EQ(gross.monetary, 600);
}

TEST(Rfm, ThresholdScoresReachTheBetterScoreAtTheEdge) {
    const auto version = audience::testing::build(world_of({{{30, 1000}}, {{31, 999}}, {{0, 5000}, {0, 5000}}}));
    const RfmResult result = *rfm(*version, kAsOf, {Basis::kNet, ThresholdScores{{30, 90}, {2}, {1000, 9000}}});
    EXPECT_EQ(result.rows[0].r, 3);
    EXPECT_EQ(result.rows[1].r, 2);
    EXPECT_EQ(result.rows[0].m, 2);
    EXPECT_EQ(result.rows[1].m, 1);
    EXPECT_EQ(result.rows[2].m, 3);
    EXPECT_EQ(result.rows[2].f, 2);
}

TEST(Rfm, EqualScoresAreNotAboveTheirOwnMean) {
    const auto version = audience::testing::build(world_of({{{5, 100}}, {{5, 100}}, {{5, 100}}}));
    const RfmResult result = *rfm(*version, kAsOf, {});
    for (const RfmRow& row : result.rows) EXPECT_EQ(row.rfm_class, RfmClass::kGeneralRetain);
}

TEST(Rfm, TheEightClassesComeFromHighAndLow) {
    const auto version = audience::testing::build(world_of({{{1, 100}, {1, 9900}}, {{50, 50}}}));
    const RfmResult result = *rfm(*version, kAsOf, {});
    EXPECT_EQ(result.rows[0].rfm_class, RfmClass::kImportantValue);
    EXPECT_EQ(result.rows[1].rfm_class, RfmClass::kGeneralRetain);
    EXPECT_EQ(info(result.rows[0].rfm_class).zh, "重要价值");
    EXPECT_EQ(result.classes[0].customers, 1u);
    EXPECT_DOUBLE_EQ(result.classes[0].customer_share, 0.5);
}

TEST(Rfm, SenselessScoresAreRefused) {
    const auto version = audience::testing::build(world_of({{{1, 100}}}));
    EXPECT_EQ(rfm(*version, kAsOf, {Basis::kNet, QuantileScores{1}}).error().key, "insight.rfm_scores");
    EXPECT_EQ(rfm(*version, kAsOf, {Basis::kNet, ThresholdScores{{90, 30}, {2}, {1}}}).error().key,
              "insight.rfm_scores");
    EXPECT_TRUE(rfm(*audience::testing::build(world_of({})), kAsOf, {})->rows.empty());
}

}  // namespace
}  // namespace shuke::insight
