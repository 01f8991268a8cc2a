// Aim: what the record holds of events, tiers, scores and custom attributes can be asked for as a user asks.
// Method: rows written as their owners write them, loaded, expressions bound with what the record knows.
#include "live/load_audience.h"

#include "audience/evaluate.h"
#include "live/binding.h"
#include "record/coupons.h"
#include "record/custom_attributes.h"
#include "record/interactions.h"
#include "record/messages.h"
#include "record/points.h"
#include "record/products.h"
#include "record/reviews.h"
#include "record/scores.h"
#include "record/shipments.h"
#include "record/shops.h"
#include "record/testing/record_for_test.h"
#include "record/tickets.h"
#include "record/tiers.h"
#include "segment/library.h"

namespace shuke::live {
namespace {

using Ids = std::vector<std::int64_t>;

// 2024-03-20 12:00 in Shanghai.
constexpr std::int64_t kNow = 1'710'907'200;
constexpr std::int64_t kDaySeconds = 86'400;

class LoadAudienceTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        if (!database_) return;
        write([&](soci::session& session) {
            record::ensure_shop(session, {.id = {}, .platform = "taobao", .name = "旗舰店"}, clock_.now());
            for (long long id = 1; id <= 4; ++id) {
                session << "INSERT INTO customers (id, created_at) VALUES (:id, 0)", soci::use(id);
                session << "INSERT INTO accounts (id, customer_id, shop_id, key_high, key_low, gender, profile_at, "
                           "profile_content) VALUES (:id, :customer, 1, :high, 0, 0, 0, 0)",
                    soci::use(id), soci::use(id), soci::use(id);
            }
        });
    }
    static Instant ago(int days) { return Instant::from_seconds(kNow - days * kDaySeconds); }
    static record::EventHead head(std::int64_t customer, int days_ago) {
        return {.customer = CustomerId{customer},
                .shop = ShopId{1},
                .at = ago(days_ago),
                .day = Day{static_cast<std::int32_t>(kNow / kDaySeconds - days_ago)},
                .currency = Currency::kCNY};
    }
    Ids who(const std::string& expression, int days_ago = 0) {
        const auto loaded = load_audience(database(), nullptr);
        EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().detail);
        const auto options = bind_options(database());
        const auto bound = audience::parse_and_bind(expression, *options);
        EXPECT_TRUE(bound) << (bound ? "" : bound.error().detail);
        if (!loaded || !bound) return {-1};
        Ids ids;
        for (const CustomerId id :
             audience::customers(*loaded->version, audience::evaluate(*loaded->version, *bound, ago(days_ago))))
            ids.push_back(id.value);
        return ids;
    }
    std::string refusal(const std::string& expression) {
        const auto options = bind_options(database());
        const auto bound = audience::parse_and_bind(expression, *options);
        return bound ? "no error" : bound.error().detail;
    }
};

TEST_P(LoadAudienceTest, WhoWasToldWhatAndHowTheyTookIt) {
    write([&](soci::session& session) {
        std::vector<record::Message> messages;
        for (int i = 0; i < 4; ++i)
            messages.push_back({.head = head(1, 20 - i),
                                .channel = "sms",
                                .purpose = Purpose::kMarketing,
                                .campaign = "双11",
                                .cost = 5,
                                .delivered_at = ago(20 - i)});
        messages.push_back({.head = head(2, 10),
                            .channel = "sms",
                            .purpose = Purpose::kMarketing,
                            .cost = 5,
                            .delivered_at = ago(10),
                            .clicked_at = ago(9)});
        put_messages(session, messages);
    });
    EXPECT_EQ(who("count(messages where channel = sms and delivered within last 30 days) = 0"), Ids({3, 4}));
    EXPECT_EQ(who(std::string(segment::find_ready_made("contact_fatigue")->expression)), Ids({1}));
    EXPECT_EQ(who(std::string(segment::find_ready_made("responsive")->expression)), Ids({2}));
    EXPECT_EQ(who("any(messages where clicked)", 10), Ids()) << "not clicked yet";
    EXPECT_EQ(who("sum(messages.cost where campaign = 双11) = 0.20"), Ids({1}));
}

TEST_P(LoadAudienceTest, PraiseComplaintsAndWhatIsLeftUnanswered) {
    write([&](soci::session& session) {
        const KeyRing& keys = database().keys();
        std::vector<record::Review> reviews{
            {.head = head(1, 50), .review_no = "1", .score = 5, .text = "好"},
            {.head = head(1, 20), .review_no = "2", .score = 5, .has_photo = true},
            {.head = head(2, 20), .review_no = "3", .score = 1, .sentiment = Sentiment::kNegative}};
        put_reviews(session, keys, reviews);
        std::vector<record::Ticket> tickets{
            {.head = head(2, 3), .kind = "售后"},
            {.head = head(3, 3), .kind = "售前", .first_response_at = ago(2), .closed_at = ago(1), .satisfaction = 5}};
        put_tickets(session, keys, tickets);
        std::vector<record::Shipment> shipments{
            {.head = head(4, 5), .carrier = "顺丰", .tracking_no = "SF1", .issue = "停滞", .problem_at = ago(2)}};
        put_shipments(session, shipments);
        std::vector<record::Interaction> interactions{
            {.head = head(3, 1), .channel = "旺旺", .direction = Direction::kInbound}};
        put_interactions(session, keys, interactions);
    });
    const auto ready = [](std::string_view key) { return std::string(segment::find_ready_made(key)->expression); };
    EXPECT_EQ(who(ready("praise_givers")), Ids({1}));
    EXPECT_EQ(who(ready("complainers")), Ids({2}));
    EXPECT_EQ(who(ready("unanswered")), Ids({2}));
    EXPECT_EQ(who("any(tickets where status = open)", 2), Ids({2})) << "3 was just answered";
    EXPECT_EQ(who(ready("parcel_in_trouble")), Ids({4}));
    EXPECT_EQ(who("any(interactions where direction = inbound within last 2 days)"), Ids({3}));
}

TEST_P(LoadAudienceTest, PointsCouponsTiersScoresAndOwnAttributes) {
    write([&](soci::session& session) {
        std::vector<record::PointsEntry> points{{.head = head(1, 300), .amount = 200, .expires_at = ago(-10)},
                                                {.head = head(1, 100), .amount = -50, .kind = PointsKind::kRedeem},
                                                {.head = head(2, 100), .amount = 80, .expires_at = ago(1)}};
        add_points(session, points);
        std::vector<record::Coupon> coupons{
            {.head = head(3, 5), .coupon_template = "满100减20", .value = 2000, .expires_at = ago(-2)}};
        put_coupons(session, coupons);
        record::set_tiers(session, {"普通", "银卡", "金卡"});
        const auto tiers = record::all_tiers(session);
        record::put_customer_tiers(session, {{.customer = CustomerId{1}, .tier = tiers[1].id, .at = ago(60)},
                                             {.customer = CustomerId{1}, .tier = tiers[2].id, .at = ago(10)},
                                             {.customer = CustomerId{2}, .tier = tiers[0].id, .at = ago(60)}});
        record::put_scores(
            session,
            {{.customer = CustomerId{2},
              .name = record::ScoreName::kNextOrderExpectedAt,
              .at = ago(30),
              .value = ago(-3).us_since_epoch},
             {.customer = CustomerId{2}, .name = record::ScoreName::kInfluence, .at = ago(30), .value = 4'000'000}});
        record::define_attribute(session,
                                 {.name = "肤质", .type = record::AttributeType::kChoice, .choices = {"干性", "油性"}});
        record::put_attribute_values(session, database().keys(),
                                     {{.customer = CustomerId{4}, .name = "肤质", .value = "干性"}}, clock_.now());
    });
    const auto ready = [](std::string_view key) { return std::string(segment::find_ready_made(key)->expression); };
    EXPECT_EQ(who("points = 150"), Ids({1}));
    EXPECT_EQ(who("points = 0"), Ids({2, 3, 4})) << "those of 2 have lapsed";
    EXPECT_EQ(who("points = 80", 2), Ids({2}));
    EXPECT_EQ(who(ready("points_ending")), Ids({1}));
    EXPECT_EQ(who(ready("coupon_ending")), Ids({3}));
    EXPECT_EQ(who("tier >= 银卡"), Ids({1}));
    EXPECT_EQ(who("tier = 银卡", 30), Ids({1}));
    EXPECT_EQ(who("tier is missing", 61), Ids({1, 2, 4})) << "3 came with the coupon";
    EXPECT_EQ(who(ready("due_to_order")), Ids({2}));
    EXPECT_EQ(who(ready("opinion_leaders")), Ids({2}));
    EXPECT_EQ(who("custom.肤质 = 干性"), Ids({4}));
    EXPECT_NE(refusal("custom.肤制 = 干性").find("did you mean 'custom.肤质'?"), std::string::npos);
    EXPECT_NE(refusal("tier = 金牌").find("did you mean '金卡'?"), std::string::npos);
}

TEST_P(LoadAudienceTest, ProductsHavePricesAndADayTheyWereListed) {
    write([&](soci::session& session) {
        session << "INSERT INTO products (id, shop_id, code) VALUES (1, 1, 'p1')";
        session << "INSERT INTO product_labels (id, product_id, content_high, content_low) VALUES (1, 1, 0, 0)";
        session << "INSERT INTO orders (id, shop_id, order_no, customer_id, status, created_at, paid_at, currency, "
                   "amount, header_content, line_count, lines_content) VALUES (1, 1, '1', 1, 1, 1710000000000000, "
                   "1710000000000000, 156, 10000, 0, 1, 0)";
        session
            << "INSERT INTO order_lines (order_id, line_no, label_id, quantity_milli, amount, content) VALUES (1, 1, "
               "1, 1000, 10000, 0)";
        const auto product = record::find_product(session, ShopId{1}, "p1");
        ASSERT_TRUE(product.has_value());
        record::put_product_terms(session, *product, {.list_price = 15000, .cost = 4000, .listed_at = ago(15)});
    });
    EXPECT_EQ(who("sum(lines.list_price where kept) = 150.00 and sum(lines.cost) = 40"), Ids({1}));
    EXPECT_EQ(who("any(lines where kept and listed_at within last 30 days)"), Ids({1}));
}

SHUKE_ON_BOTH_DATABASES(LoadAudienceTest);

}  // namespace
}  // namespace shuke::live
