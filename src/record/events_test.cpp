// Aim: what owners of events, tiers, scores and custom attributes write is what the audience gets: complete, of whoever
// it belongs to today, in the base currency; and whoever it concerns is stamped. On both databases.
#include "record/events.h"

#include <algorithm>

#include "base/time_zone.h"
#include "record/accounts.h"
#include "record/changes.h"
#include "record/coupons.h"
#include "record/custom_attributes.h"
#include "record/facts.h"
#include "record/interactions.h"
#include "record/messages.h"
#include "record/points.h"
#include "record/products.h"
#include "record/reviews.h"
#include "record/scores.h"
#include "record/shipments.h"
#include "record/testing/record_for_test.h"
#include "record/tickets.h"
#include "record/tiers.h"

namespace shuke::record {
namespace {

Instant at(int minute) { return Instant::from_seconds(1'700'000'000 + minute * 60); }
constexpr Day kDay{19'675};

EventHead head(std::int64_t customer, int minute, std::int64_t order = 0) {
    return {.customer = CustomerId{customer},
            .order = OrderId{order},
            .at = at(minute),
            .day = kDay,
            .currency = Currency::kCNY};
}

// An EventFact with texts of its own.
struct Read {
    EventFact fact;
    std::vector<std::string> texts;

    std::int64_t number(std::string_view name) const { return fact.values[event_column(fact.kind, name)].number; }
    std::string text(std::string_view name) const { return texts[event_column(fact.kind, name)]; }
};
struct ReadTrait {
    std::int64_t customer;
    std::string name, text;
    std::int64_t number;
    Instant from;
};

class EventsTest : public RecordTest {
protected:
    std::vector<Read> events(EventKind kind, Currency base = Currency::kCNY) {
        std::vector<Read> found;
        const auto read = database().read([&](soci::session& session) {
            Converter converter({{Currency::kUSD, Currency::kCNY, Day{0}, 72'000'000}}, base);
            FactReader(session, converter).events([&](const EventFact& event) {
                if (event.kind != kind) return;
                Read one{event, {}};
                for (const auto& value : event.values) one.texts.emplace_back(value.text);
                found.push_back(std::move(one));
            });
        });
        EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().detail);
        std::ranges::sort(found, {}, [](const Read& one) { return one.fact.id; });
        return found;
    }
    std::vector<ReadTrait> traits() {
        std::vector<ReadTrait> found;
        const auto read = database().read([&](soci::session& session) {
            Converter converter({}, Currency::kCNY);
            FactReader(session, converter).traits(database().keys(), [&](const TraitFact& trait) {
                found.push_back(
                    {trait.customer.value, std::string(trait.name), std::string(trait.text), trait.number, trait.from});
            });
        });
        EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().detail);
        return found;
    }
    void make_customers(int count) {
        write([&](soci::session& session) {
            for (long long id = 1; id <= count; ++id)
                session << "INSERT INTO customers (id, created_at) VALUES (:id, 0)", soci::use(id);
        });
    }
    void make_order(long long id, long long customer) {
        write([&](soci::session& session) {
            const std::string order_no = std::to_string(id);
            session << "INSERT INTO orders (id, shop_id, order_no, customer_id, status, currency, header_content, "
                       "line_count, lines_content) VALUES (:id, 1, :no, :customer, 1, 156, 0, 0, 0)",
                soci::use(id), soci::use(order_no), soci::use(customer);
        });
    }
    void merge(std::int64_t from, std::int64_t into) {
        write([&](soci::session& session) { set_merged_into(session, CustomerId{from}, CustomerId{into}); });
    }
    std::vector<std::int64_t> stamped_since(std::int64_t seq) {
        std::vector<std::int64_t> ids;
        const auto read = database().read([&](soci::session& session) {
            long long id = 0;
            const long long since = seq;
            soci::statement select =
                (session.prepare << "SELECT customer_id FROM customer_changes WHERE seq > :seq ORDER BY customer_id",
                 soci::use(since), soci::into(id));
            select.execute();
            while (select.fetch()) ids.push_back(id);
        });
        EXPECT_TRUE(read.has_value());
        return ids;
    }
    std::int64_t newest_change() { return number("SELECT coalesce(max(seq), 0) FROM customer_changes"); }
};

using Stamps = std::vector<std::int64_t>;

TEST_P(EventsTest, EveryColumnOfEveryKindComesBack) {
    make_customers(1);
    write([&](soci::session& session) {
        const KeyRing& keys = database().keys();
        std::vector<Shipment> shipments{{.head = head(1, 0),
                                         .carrier = "顺丰",
                                         .tracking_no = "SF1",
                                         .issue = "停滞",
                                         .promised_at = at(1),
                                         .picked_up_at = at(2),
                                         .arrived_at = at(3),
                                         .delivering_at = at(4),
                                         .problem_at = at(5),
                                         .signed_at = at(6),
                                         .returned_at = at(7)}};
        put_shipments(session, shipments);
        EventHead about = head(1, 1);
        about.label = LabelId{7};
        about.shop = ShopId{3};
        std::vector<Review> reviews{{.head = about,
                                     .review_no = "r1",
                                     .score = 2,
                                     .sentiment = Sentiment::kNegative,
                                     .has_photo = true,
                                     .replied_at = at(9),
                                     .text = "太差了"}};
        put_reviews(session, keys, reviews);
        std::vector<Message> messages{{.head = head(1, 2),
                                       .channel = "sms",
                                       .purpose = Purpose::kService,
                                       .campaign = "双11",
                                       .flow = "催付",
                                       .message_template = "t1",
                                       .cost = 5,
                                       .delivered_at = at(3),
                                       .failed_at = at(4),
                                       .failure = "空号"}};
        put_messages(session, messages);
        std::vector<Interaction> interactions{{.head = head(1, 3),
                                               .channel = "旺旺",
                                               .kind = "询单",
                                               .direction = Direction::kInbound,
                                               .agent = "小美",
                                               .topic = "尺码",
                                               .outcome = "已下单",
                                               .seconds = 90,
                                               .text = "请问多大"}};
        put_interactions(session, keys, interactions);
        std::vector<PointsEntry> points{
            {.head = head(1, 4), .amount = -30, .kind = PointsKind::kRedeem, .reason = "换礼品", .expires_at = at(99)}};
        add_points(session, points);
        std::vector<Coupon> coupons{{.head = head(1, 5),
                                     .coupon_template = "满100减20",
                                     .campaign = "双11",
                                     .code = "ABC",
                                     .value = 2000,
                                     .min_spend = 10000,
                                     .expires_at = at(50),
                                     .redeemed_at = at(20)}};
        put_coupons(session, coupons);
        std::vector<Ticket> tickets{{.head = head(1, 6),
                                     .kind = "售后",
                                     .topic = "退货",
                                     .channel = "phone",
                                     .priority = Priority::kUrgent,
                                     .agent = "小美",
                                     .due_at = at(60),
                                     .first_response_at = at(7),
                                     .satisfaction = 4,
                                     .text = "要退货"}};
        put_tickets(session, keys, tickets);
    });
    const Read shipment = events(EventKind::kShipment).at(0);
    EXPECT_EQ(shipment.text("carrier") + shipment.text("issue"), "顺丰停滞");
    EXPECT_EQ(shipment.number("promised_at"), at(1).us_since_epoch);
    EXPECT_EQ(shipment.number("delivering_at"), at(4).us_since_epoch);
    EXPECT_EQ(shipment.number("signed_at"), at(6).us_since_epoch);
    const Read review = events(EventKind::kReview).at(0);
    EXPECT_EQ(review.fact.at, at(1));
    EXPECT_EQ(review.fact.label, LabelId{7});
    EXPECT_EQ(review.fact.shop, ShopId{3});
    EXPECT_EQ(review.number("score"), 2);
    EXPECT_EQ(review.number("sentiment"), 1);
    EXPECT_EQ(review.number("has_text") + review.number("has_photo") + review.number("follow_up"), 2);
    const Read message = events(EventKind::kMessage).at(0);
    EXPECT_EQ(message.text("channel") + message.text("flow") + message.text("template") + message.text("failure"),
              "sms催付t1空号");
    EXPECT_EQ(message.number("purpose"), 2);
    EXPECT_EQ(message.number("cost"), 5);
    EXPECT_EQ(message.number("opened_at"), kNever.us_since_epoch);
    EXPECT_EQ(message.number("failed_at"), at(4).us_since_epoch);
    const Read interaction = events(EventKind::kInteraction).at(0);
    EXPECT_EQ(interaction.text("topic") + interaction.text("outcome") + interaction.text("agent"), "尺码已下单小美");
    EXPECT_EQ(interaction.number("seconds"), 90);
    const Read points = events(EventKind::kPoints).at(0);
    EXPECT_EQ(points.number("amount"), -30);
    EXPECT_EQ(points.number("kind"), 3);
    EXPECT_EQ(points.number("expires_at"), at(99).us_since_epoch);
    const Read coupon = events(EventKind::kCoupon).at(0);
    EXPECT_EQ(coupon.text("template"), "满100减20");
    EXPECT_EQ(coupon.number("min_spend"), 10000);
    EXPECT_EQ(coupon.number("voided_at"), kNever.us_since_epoch);
    const Read ticket = events(EventKind::kTicket).at(0);
    EXPECT_EQ(ticket.number("priority"), 4);
    EXPECT_EQ(ticket.number("satisfaction"), 4);
    EXPECT_EQ(ticket.number("closed_at"), kNever.us_since_epoch);
}

TEST_P(EventsTest, WhatPeopleWroteIsSealed) {
    write([&](soci::session& session) {
        std::vector<Review> reviews{{.head = head(1, 1), .review_no = "r1", .text = "太差了"}};
        put_reviews(session, database().keys(), reviews);
    });
    EXPECT_EQ(number("SELECT count(*) FROM reviews WHERE content_sealed LIKE '%太差%'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM reviews WHERE length(content_sealed) > 20"), 1);
}

TEST_P(EventsTest, AKnownRowIsReplacedAndEverybodyConcernedStamped) {
    make_customers(3);
    make_order(10, 3);
    std::vector<Message> messages{{.head = head(1, 0), .channel = "sms"}, {.head = head(2, 1), .channel = "sms"}};
    write([&](soci::session& session) { put_messages(session, messages); });
    EXPECT_EQ(stamped_since(0), Stamps({1, 2}));
    const std::int64_t before = newest_change();
    messages[0].delivered_at = at(5);
    write([&](soci::session& session) {
        std::vector<Message> one{messages[0]};
        put_messages(session, one);
    });
    EXPECT_EQ(stamped_since(before), Stamps({1}));
    const auto read = events(EventKind::kMessage);
    ASSERT_EQ(read.size(), 2u);
    EXPECT_EQ(read[0].number("delivered_at"), at(5).us_since_epoch);
    const std::int64_t then = newest_change();
    write([&](soci::session& session) {
        std::vector<Ticket> tickets{{.head = head(2, 2, 10), .kind = "售后"}};
        put_tickets(session, database().keys(), tickets);
        tickets[0].head.order = OrderId{};
        put_tickets(session, database().keys(), tickets);
    });
    EXPECT_EQ(stamped_since(then), Stamps({2, 2, 3, 3})) << "the order's customer had it, and lost it";
}

TEST_P(EventsTest, BelongToTheOrdersCustomerElseToWhoeverThePersonIsToday) {
    make_customers(4);
    make_order(10, 3);
    write([&](soci::session& session) {
        std::vector<Review> reviews{{.head = head(1, 0, 10), .review_no = "of the order"},
                                    {.head = head(1, 0, 99), .review_no = "of an unknown order"},
                                    {.head = head(0, 0), .review_no = "of nobody"}};
        put_reviews(session, database().keys(), reviews);
        std::vector<Coupon> coupons{{.head = head(1, 0, 10), .coupon_template = "redeemed on another's order"}};
        put_coupons(session, coupons);
        set_tiers(session, {"银卡", "金卡"});
        put_customer_tiers(session, {{.customer = CustomerId{1}, .tier = all_tiers(session)[1].id, .at = at(0)}});
    });
    const auto owners = [&](EventKind kind) {
        std::vector<std::int64_t> ids;
        for (const Read& one : events(kind)) ids.push_back(one.fact.customer.value);
        return ids;
    };
    EXPECT_EQ(owners(EventKind::kReview), Stamps({3, 1, 0}));
    EXPECT_EQ(owners(EventKind::kCoupon), Stamps({1}));
    merge(1, 2);
    EXPECT_EQ(owners(EventKind::kReview), Stamps({3, 2, 0}));
    EXPECT_EQ(owners(EventKind::kCoupon), Stamps({2}));
    EXPECT_EQ(traits().at(0).customer, 2);
    merge(1, 0);  // a split: it points nowhere again
    EXPECT_EQ(owners(EventKind::kCoupon), Stamps({1}));
    EXPECT_EQ(traits().at(0).customer, 1);
}

TEST_P(EventsTest, MoneyComesInTheBaseCurrency) {
    write([&](soci::session& session) {
        std::vector<Coupon> coupons{{.head = head(1, 0), .coupon_template = "x", .value = 1000}};
        coupons[0].head.currency = Currency::kUSD;
        put_coupons(session, coupons);
    });
    EXPECT_EQ(events(EventKind::kCoupon).at(0).number("value"), 7200);
    EXPECT_EQ(events(EventKind::kCoupon).at(0).number("min_spend"), kMissingAmount);
}

TEST_P(EventsTest, TiersKeepTheirIdsWhenTheirOrderChanges) {
    make_customers(1);
    write([&](soci::session& session) {
        set_tiers(session, {"银卡", "金卡"});
        put_customer_tiers(session, {{.customer = CustomerId{1}, .tier = all_tiers(session)[0].id, .at = at(0)}});
    });
    const std::int64_t before = newest_change();
    write([&](soci::session& session) {
        set_tiers(session, {"普通", " 银卡", "金卡"});
        const auto tiers = all_tiers(session);
        ASSERT_EQ(tiers.size(), 3u);
        EXPECT_EQ(tiers[0].name, "普通");
        EXPECT_EQ(tiers[1].name, "银卡");
    });
    EXPECT_EQ(traits().at(0).text, "银卡");
    EXPECT_EQ(stamped_since(before), Stamps({1}));
    write([&](soci::session& session) {
        put_customer_tiers(session, {{.customer = CustomerId{1}, .tier = TierId{}, .at = at(1)}});
    });
    EXPECT_EQ(traits().at(1).text, "") << "of none from then on";
}

TEST_P(EventsTest, ScoresAreKeptWithTheirDates) {
    make_customers(1);
    write([&](soci::session& session) {
        put_scores(session,
                   {{.customer = CustomerId{1}, .name = ScoreName::kChurnRisk, .at = at(0), .value = 250'000},
                    {.customer = CustomerId{1}, .name = ScoreName::kRfmClass, .at = at(0), .text = "general_keep"}});
        put_scores(session,
                   {{.customer = CustomerId{1}, .name = ScoreName::kChurnRisk, .at = at(0), .value = 300'000},
                    {.customer = CustomerId{1}, .name = ScoreName::kChurnRisk, .at = at(9), .value = 400'000}});
    });
    const auto read = traits();
    ASSERT_EQ(read.size(), 3u);
    EXPECT_EQ(read[0].number, 300'000) << "a second row of one moment replaces the first";
    EXPECT_EQ(read[1].from, at(9));
    EXPECT_EQ(read[2].name + read[2].text, "rfm.classgeneral_keep");
    EXPECT_EQ(stamped_since(0), Stamps({1, 1}));
}

TEST_P(EventsTest, CustomAttributesAreCheckedSealedAndTodays) {
    make_customers(2);
    const KeyRing& keys = database().keys();
    write([&](soci::session& session) {
        define_attribute(session, {.name = "身高", .type = AttributeType::kNumber});
        define_attribute(session, {.name = "纪念日", .type = AttributeType::kDate});
        define_attribute(session, {.name = "肤质", .type = AttributeType::kChoice, .choices = {"干性", "油性"}});
        put_attribute_values(session, keys,
                             {{.customer = CustomerId{1}, .name = "身高", .value = "172.5"},
                              {.customer = CustomerId{1}, .name = "纪念日", .value = "2020-03-08"},
                              {.customer = CustomerId{1}, .name = "肤质", .value = "油性"}},
                             at(0));
        put_attribute_values(session, keys, {{.customer = CustomerId{2}, .name = "肤质", .value = ""}}, at(1));
    });
    const auto read = traits();
    ASSERT_EQ(read.size(), 4u);
    EXPECT_EQ(read[0].name, "custom.纪念日");
    EXPECT_EQ(read[0].number, to_day({2020, 3, 8}).days_since_epoch);
    EXPECT_EQ(read[1].text, "油性");
    EXPECT_EQ(read[2].number, 172'500'000);
    EXPECT_EQ(read[3].text, "") << "newer, so that it holds when 1 and 2 are one";
    EXPECT_EQ(number("SELECT count(*) FROM custom_attributes WHERE value_sealed LIKE '%172%'"), 0);
    const auto refused = [&](const AttributeValue& value) {
        return database()
            .write("test", [&](soci::session& session) { put_attribute_values(session, keys, {value}, at(2)); })
            .error()
            .key;
    };
    EXPECT_EQ(refused({.customer = CustomerId{1}, .name = "身高", .value = "高"}), "attribute.invalid");
    EXPECT_EQ(refused({.customer = CustomerId{1}, .name = "肤质", .value = "混合"}), "attribute.invalid");
    EXPECT_EQ(refused({.customer = CustomerId{1}, .name = "体重", .value = "1"}), "attribute.invalid");
    const auto defined =
        database().write("test", [&](soci::session& session) { define_attribute(session, {.name = "two words"}); });
    EXPECT_EQ(defined.error().key, "attribute.invalid");
    EXPECT_EQ(number("SELECT count(*) FROM attribute_definitions"), 3);
}

SHUKE_ON_BOTH_DATABASES(EventsTest);

}  // namespace
}  // namespace shuke::record
