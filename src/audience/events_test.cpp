// Aim: what shipments, reviews, messages, interactions, points, coupons and tickets mean, and tiers and scores, in the
// merchant's words. Method: hand-made events, one expression, who is chosen; random ones are in evaluate_test.cpp.
#include <gtest/gtest.h>

#include "audience/engine/block.h"
#include "audience/explain.h"
#include "audience/testing/small_world.h"

namespace shuke::audience {
namespace {

using testing::Ids;
using testing::SmallWorld;

TEST(Events, AMessageDeliveredLaterIsOnlySentYet) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kMessage, 1, "2024-03-01 10:00",
                {{"channel", "sms"}, {"delivered_at", "2024-03-01 10:05"}, {"clicked_at", "2024-03-02 09:00"}});
    const std::string_view sent = "any(messages where status = sent and not delivered and delivered_at is missing)";
    EXPECT_EQ(world.who(sent, "2024-03-01 10:04:59"), Ids({1}));
    EXPECT_EQ(world.who("any(messages where status = delivered and delivered)", "2024-03-01 10:05"), Ids({1}));
    EXPECT_EQ(world.who("any(messages where clicked and status = clicked)", "2024-03-02 08:59:59"), Ids());
    EXPECT_EQ(world.who("any(messages where clicked and status = clicked)", "2024-03-02 09:00"), Ids({1}));
    EXPECT_EQ(world.who("count(messages where clicked_at within last 1 days) = 1", "2024-03-02 09:00"), Ids({1}));
}

TEST(Events, WhoGotNoSmsInAMonthMayGetOne) {
    SmallWorld world;
    world.customer(1).created_at = world.time("2024-01-01");
    world.customer(2);
    world.customer(3);
    world.event(EventKind::kMessage, 2, "2024-03-01", {{"channel", "sms"}, {"delivered_at", "2024-03-01"}});
    world.event(EventKind::kMessage, 3, "2024-03-01", {{"channel", "sms"}, {"failed_at", "2024-03-01"}});
    const std::string_view free = "count(messages where channel = sms and delivered within last 30 days) = 0";
    EXPECT_EQ(world.who(free, "2024-03-10"), Ids({1, 3}));
    EXPECT_EQ(world.who(free, "2024-04-10"), Ids({1, 2, 3}));
}

TEST(Events, LaterOnesDoNotExistAndTheFirstMakesTheCustomer) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kInteraction, 1, "2024-03-05 10:00", {{"channel", "旺旺"}, {"direction", "inbound"}});
    EXPECT_EQ(world.who("all customers", "2024-03-05 09:59:59"), Ids());
    EXPECT_EQ(world.who("any(interactions where channel = 旺旺 and direction = inbound)", "2024-03-05 10:00"),
              Ids({1}));
    EXPECT_EQ(world.who("created_at on 2024-03-05", "2024-03-06"), Ids({1}));
    EXPECT_EQ(world.who("first(interactions.channel) = 旺旺 and count(orders) = 0", "2024-03-06"), Ids({1}));
}

TEST(Events, OfNobodyKnownAreLeftOut) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kReview, 1, "2024-03-05", {{"score", "5"}});
    world.event(EventKind::kReview, 77, "2024-03-05", {{"score", "1"}});
    world.event(EventKind::kReview, 0, "2024-03-05", {{"score", "1"}});
    EXPECT_EQ(world.who("min(reviews.score) = 5", "2024-03-06"), Ids({1}));
    EXPECT_EQ(world.version()->facts().events, 1u);
}

TEST(Events, AReviewKnowsItsProduct) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01", .lines = {{.product = "p1", .category = "连衣裙", .amount = 100}}});
    world.event(EventKind::kReview, 1, "2024-03-05", {{"score", "2"}, {"sentiment", "negative"}, {"has_photo", "1"}})
        .label = LabelId{1};
    EXPECT_EQ(world.who("any(reviews where category = 连衣裙 and score <= 2 and sentiment = 负面)", "2024-03-06"),
              Ids({1}));
    EXPECT_EQ(world.who("any(reviews where has_photo and not has_text and not replied)", "2024-03-06"), Ids({1}));
    EXPECT_EQ(world.who("any(reviews where brand is known)", "2024-03-06"), Ids());
    EXPECT_EQ(world.who("distinct(reviews.product) = 1", "2024-03-06"), Ids({1}));
}

TEST(Events, AParcelSignedAfterAProblemIsSigned) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kShipment, 1, "2024-03-01",
                {{"carrier", "顺丰"},
                 {"promised_at", "2024-03-04"},
                 {"problem_at", "2024-03-05"},
                 {"issue", "停滞"},
                 {"signed_at", "2024-03-08"}});
    EXPECT_EQ(world.who("any(shipments where status = shipped and promised_at within next 3 days)", "2024-03-02"),
              Ids({1}));
    EXPECT_EQ(world.who("any(shipments where promised_at more than 0 days ago and not signed)", "2024-03-05"),
              Ids({1}));
    EXPECT_EQ(world.who("any(shipments where status = problem)", "2024-03-07"), Ids({1}));
    EXPECT_EQ(world.who("any(shipments where status = signed and problem)", "2024-03-08"), Ids({1}));
}

TEST(Events, AWordFromANewerRecordIsNone) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kTicket, 1, "2024-03-01", {}).values[event_column(EventKind::kTicket, "priority")].number =
        40;
    EXPECT_EQ(world.who("any(tickets where priority is missing) and last(tickets.priority) is missing", "2024-03-02"),
              Ids({1}));
}

TEST(Events, DaysAreTheShopsOrWithoutAShopTheConfiguredOnes) {
    SmallWorld world;
    world.shop(2, "shopify", "London", "Europe/London");
    world.customer(1);
    world.customer(2);
    world.event(EventKind::kTicket, 1, "2024-03-02 02:00", {}).shop = ShopId{2};  // 1 March 18:00 in London
    world.event(EventKind::kTicket, 2, "2024-03-02 02:00", {});
    EXPECT_EQ(world.who("any(tickets on 2024-03-01)", "2024-03-10"), Ids({1}));
    EXPECT_EQ(world.who("any(tickets on 2024-03-02)", "2024-03-10"), Ids({2}));
    EXPECT_EQ(world.who("last(tickets.at) on 2024-03-02", "2024-03-10"), Ids({2}));
    EXPECT_EQ(world.who("any(tickets where shop = London and platform = shopify)", "2024-03-10"), Ids({1}));
    EXPECT_EQ(world.who("any(tickets where shop is missing)", "2024-03-10"), Ids({2}));
}

TEST(Events, ATicketIsOpenThenAnsweredThenClosed) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kTicket, 1, "2024-03-01",
                {{"kind", "售后"},
                 {"priority", "urgent"},
                 {"due_at", "2024-03-03"},
                 {"first_response_at", "2024-03-02"},
                 {"closed_at", "2024-03-05"},
                 {"satisfaction", "2"}});
    EXPECT_EQ(world.who("any(tickets where status = open and not answered and priority = 紧急)", "2024-03-01 12:00"),
              Ids({1}));
    EXPECT_EQ(world.who("any(tickets where status = answered and due_at is known)", "2024-03-04"), Ids({1}));
    EXPECT_EQ(world.who("any(tickets where status = closed and satisfaction <= 2)", "2024-03-05"), Ids({1}));
}

TEST(Events, ACouponExpiresUnlessItWasRedeemed) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    for (const std::int64_t customer : {1, 2})
        world.event(EventKind::kCoupon, customer, "2024-03-01",
                    {{"template", "满100减20"},
                     {"value", "2000"},
                     {"expires_at", "2024-03-10"},
                     {"redeemed_at", customer == 2 ? "2024-03-05" : ""}});
    EXPECT_EQ(world.who("any(coupons where status = issued and expires_at within next 3 days)", "2024-03-08"),
              Ids({1}));
    EXPECT_EQ(world.who("any(coupons where status = expired)", "2024-03-11"), Ids({1}));
    EXPECT_EQ(world.who("sum(coupons.value where redeemed) = 20.00", "2024-03-11"), Ids({2}));
    EXPECT_EQ(world.who("any(coupons where redeemed)", "2024-03-04"), Ids());
}

// ---- points ----

TEST(Points, TheBalanceIsWhatIsEarnedLessSpentAndLapsed) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.event(EventKind::kPoints, 1, "2024-01-01",
                {{"amount", "100"}, {"kind", "earn"}, {"expires_at", "2024-04-01"}});
    world.event(EventKind::kPoints, 1, "2024-02-01", {{"amount", "50"}, {"kind", "bonus"}});
    world.event(EventKind::kPoints, 1, "2024-03-01", {{"amount", "-30"}, {"kind", "redeem"}});
    EXPECT_EQ(world.who("points = 150", "2024-02-15"), Ids({1}));
    EXPECT_EQ(world.who("points = 120", "2024-03-31 23:59:59"), Ids({1}));
    EXPECT_EQ(world.who("points = 50", "2024-04-01"), Ids({1})) << "what lapses first was spent first; 70 lapsed";
    EXPECT_EQ(world.who("points = 0", "2024-04-01"), Ids({2}));
    EXPECT_EQ(world.who("sum(points.left where expires_at within next 30 days) = 70", "2024-03-15"), Ids({1}));
    EXPECT_EQ(world.who("sum(points.amount where amount < 0) = -30", "2024-04-01"), Ids({1}));
}

TEST(Points, AnExpiryThatIsWrittenDownIsNotTakenTwice) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kPoints, 1, "2024-01-01",
                {{"amount", "100"}, {"kind", "earn"}, {"expires_at", "2024-02-01"}});
    world.event(EventKind::kPoints, 1, "2024-01-15", {{"amount", "40"}, {"kind", "earn"}});
    world.event(EventKind::kPoints, 1, "2024-02-02", {{"amount", "-100"}, {"kind", "expire"}});
    EXPECT_EQ(world.who("points = 40", "2024-02-01 12:00"), Ids({1}));
    EXPECT_EQ(world.who("points = 40", "2024-02-03"), Ids({1}));
}

TEST(Points, WhatWasTakenWithoutCoverIsOwed) {
    SmallWorld world;
    world.customer(1);
    world.event(EventKind::kPoints, 1, "2024-01-01", {{"amount", "10"}, {"kind", "earn"}});
    world.event(EventKind::kPoints, 1, "2024-01-02", {{"amount", "-25"}, {"kind", "refund"}});
    world.event(EventKind::kPoints, 1, "2024-01-03", {{"amount", "40"}, {"kind", "earn"}});
    EXPECT_EQ(world.who("points = -15", "2024-01-02"), Ids({1}));
    EXPECT_EQ(world.who("points = 25 and max(points.left) = 25", "2024-01-03"), Ids({1}));
}

// ---- tiers, scores, custom attributes ----

TEST(Traits, ATierIsTheNewestNotLaterThanTheInstant) {
    SmallWorld world;
    world.customer(1);
    world.trait(1, "tier", "2024-01-01").text = "银卡";
    world.trait(1, "tier", "2024-03-01").text = "金卡";
    world.trait(1, "tier", "2024-05-01").text = "";  // none any more
    EXPECT_EQ(world.who("tier is missing", "2023-12-31"), Ids({1}));
    EXPECT_EQ(world.who("tier = 银卡", "2024-02-29 23:59:59"), Ids({1}));
    EXPECT_EQ(world.who("tier >= 银卡 and tier > \"银卡\"", "2024-03-01"), Ids({1}));
    EXPECT_EQ(world.who("tier >= 普通", "2024-05-01"), Ids());
    EXPECT_EQ(world.who("tier is missing", "2024-05-01"), Ids({1}));
}

TEST(Traits, OfScoresTheNewestDatedRowNotLaterHolds) {
    SmallWorld world;
    world.customer(1);
    world.customer(2);
    world.trait(1, "churn_risk", "2024-01-01").number = 250'000;
    world.trait(1, "churn_risk", "2024-02-01").number = 700'000;
    world.trait(1, "rfm.class", "2024-01-01").text = "important_keep";
    world.trait(2, "clv", "2024-01-01").number = 1234'56;
    world.trait(2, "next_order_expected_at", "2024-01-01").number = world.time("2024-03-10").us_since_epoch;
    EXPECT_EQ(world.who("churn_risk = 0.25", "2024-01-15"), Ids({1}));
    EXPECT_EQ(world.who("churn_risk >= 0.7 and churn_risk in [0.7]", "2024-02-01"), Ids({1}));
    EXPECT_EQ(world.who("rfm.class = 重要保持", "2024-02-01"), Ids({1}));
    EXPECT_EQ(world.who("clv >= 1234.56 and clv < 1234.57", "2024-02-01"), Ids({2}));
    EXPECT_EQ(world.who("next_order_expected_at within next 7 days", "2024-03-05"), Ids({2}));
    EXPECT_EQ(world.who("next_order_expected_at is known", "2024-02-01"), Ids({2}));
}

TEST(Traits, CustomAttributesAreTodaysWhateverTheInstant) {
    SmallWorld world;
    world.customer(1);
    world.trait(1, "custom.身高", "").number = 172'500'000;
    world.trait(1, "custom.纪念日", "").number = to_day({2020, 3, 8}).days_since_epoch;
    world.trait(1, "custom.肤质", "").text = "干性";
    EXPECT_EQ(world.who("custom.身高 > 172 and custom.身高 = 172.5", "2001-01-01"), Ids({1}));
    EXPECT_EQ(world.who("custom.肤质 = 干性 and custom.爱好 is missing", "2024-01-01"), Ids({1}));
    EXPECT_EQ(world.who("custom.纪念日 within next 7 days", "2020-03-01"), Ids({1}));
    EXPECT_EQ(world.who("custom.纪念日 within next 7 days", "2021-03-01"), Ids()) << "only a birthday comes again";
}

TEST(Traits, AreExplainedWithTheValueThatWasSeen) {
    SmallWorld world;
    world.customer(1);
    world.trait(1, "tier", "2024-01-01").text = "银卡";
    world.trait(1, "churn_risk", "2024-01-01").number = 250'000;
    world.trait(1, "custom.身高", "").number = 172'500'000;
    world.event(EventKind::kMessage, 1, "2024-01-02", {{"channel", "sms"}, {"opened_at", "2024-01-03"}});
    const auto seen = [&](std::string_view text) {
        const auto bound = parse_and_bind(text, testing::bind_options(world.facts()));
        return explain(*world.version(), *bound, CustomerId{1}, world.time("2024-02-01"))->words_zh;
    };
    EXPECT_EQ(seen("tier >= 金卡"), "会员等级：银卡；要求不少于 金卡；不符合");
    EXPECT_EQ(seen("churn_risk < 0.5"), "流失风险：0.25；要求小于 0.5；符合");
    EXPECT_EQ(seen("custom.身高 > 170"), "身高：172.5；要求大于 170；符合");
    EXPECT_EQ(seen("last(messages.status) = opened"), "消息状态最近：opened；要求等于 opened；符合");
    EXPECT_EQ(seen("any(messages where channel = sms and opened)"),
              "消息（渠道等于 sms且已打开）：1；要求至少 1；符合");
}

// ---- what nobody has ----

TEST(Events, WhatNobodyHasCostsNoColumns) {
    SmallWorld world;
    world.customer(1);
    world.order({.at = "2024-03-01"});
    const auto version = world.version();
    const Block& block = *version->blocks().front();
    for (const EventColumns& events : block.events) {
        EXPECT_TRUE(events.offsets.empty());
        EXPECT_TRUE(events.values.empty());
    }
    EXPECT_EQ(version->bytes().events_bytes, 0u);
    EXPECT_EQ(world.who("count(tickets) = 0 and sum(points.left) = 0 and points = 0 and tier is missing and "
                        "avg(reviews.score) is missing and not any(messages where status = sent)",
                        "2024-03-02"),
              Ids({1}));
}

}  // namespace
}  // namespace shuke::audience
