// Aim: names, types and values are checked before anything runs, and refusals teach the language.
// Method: one expression per rule.
#include <gtest/gtest.h>

#include "audience/expression.h"
#include "audience/expression/bind_value.h"
#include "audience/expression/bound.h"

namespace shuke::audience {
namespace {

BindOptions options() { return {Currency::kCNY, nullptr}; }
std::string key_of(std::string_view text) {
    const auto bound = parse_and_bind(text, options());
    return bound ? "no error" : bound.error().key;
}
std::string message_of(std::string_view text) {
    const auto bound = parse_and_bind(text, options());
    return bound ? "no error" : bound.error().detail;
}

TEST(Bind, UnknownNamesComeWithTheNearestOne) {
    EXPECT_EQ(message_of("count(ordrs where paid) >= 2"),
              "line 1, column 7: found 'ordrs', expected a fact: orders, lines, refunds, purchases, shipments, "
              "reviews, messages, interactions, points, coupons or tickets; did you mean 'orders'?\n"
              "  count(ordrs where paid) >= 2\n"
              "        ^");
    EXPECT_EQ(key_of("provnce = 浙江"), "expression.unknown_field");
    EXPECT_NE(message_of("provnce = 浙江").find("did you mean 'province'?"), std::string::npos);
    EXPECT_NE(message_of("any(lines where categry = x)").find("did you mean 'category'?"), std::string::npos);
    EXPECT_NE(message_of("sum(orders.amuont) > 1").find("column 12"), std::string::npos);
    EXPECT_NE(message_of("sum(orders.amuont) > 1").find("did you mean 'amount'?"), std::string::npos);
}

TEST(Bind, WhatTheCallerDoesNotSupplyIsNotAvailableRatherThanUnknown) {
    for (const std::string_view text : {"external_id = 12346", "custom.会员 = x", "segment(\"a\")"})
        EXPECT_EQ(key_of(text), "expression.not_available") << message_of(text);
}

TEST(Bind, EveryFactHasFieldsOfItsOwn) {
    for (const std::string_view text :
         {"count(messages where channel = sms and delivered within last 30 days) = 0",
          "any(reviews where score <= 2 and sentiment = 负面 and not replied)",
          "any(reviews where has_photo and category = 连衣裙)",
          "any(shipments where problem and not signed)",
          "any(shipments where promised_at more than 1 days ago and status != signed)",
          "sum(points.left where expires_at within next 30 days) >= 500",
          "points >= 100",
          "any(coupons where status = issued and value >= 20.00 and expires_at within next 3 days)",
          "any(tickets where priority in [high, urgent] and not answered)",
          "avg(tickets.satisfaction) < 3",
          "count(interactions where direction = inbound and channel = 旺旺 within last 7 days) >= 2",
          "sum(messages.cost within last 30 days) > 0.50",
          "tier = 金卡",
          "rfm.class = 重要价值",
          "rfm.r >= 4",
          "churn_risk > 0.7",
          "clv >= 1000",
          "next_order_expected_at within next 7 days",
          "influence >= 3",
          "sum(lines.list_price where kept) > sum(lines.cost where kept)",
          "any(lines where listed_at this month)"}) {
        EXPECT_EQ(key_of(text), "no error") << message_of(text);
    }
    EXPECT_NE(message_of("any(messages where chanel = sms)").find("did you mean 'channel'?"), std::string::npos);
    EXPECT_EQ(key_of("any(messages where paid)"), "expression.unknown_field");
    EXPECT_NE(message_of("any(messages where status = delivred)").find("did you mean 'delivered'?"), std::string::npos);
    EXPECT_NE(message_of("any(mesages)").find("did you mean 'messages'?"), std::string::npos);
    EXPECT_EQ(key_of("any(tickets where priority >= high)"), "expression.type");
}

TEST(Bind, ATierComparesByItsRank) {
    BindOptions with = options();
    with.tiers = [] { return std::vector<std::string>{"普通", "银卡", "金卡"}; };
    const auto chosen = [&](std::string_view text) {
        const auto bound = parse_and_bind(text, with);
        if (!bound) return std::vector<std::string>{bound.error().detail};
        return std::get<bound::TextTest>(bound->root().test).values;
    };
    EXPECT_EQ(chosen("tier >= 银卡"), (std::vector<std::string>{"银卡", "金卡"}));
    EXPECT_EQ(chosen("tier > 金卡"), std::vector<std::string>{});
    EXPECT_EQ(chosen("tier < \"银卡\""), std::vector<std::string>{"普通"});
    EXPECT_EQ(chosen("tier != 银卡"), std::vector<std::string>{"银卡"});
    EXPECT_EQ(chosen("tier in [金卡, 普通]"), (std::vector<std::string>{"金卡", "普通"}));
    EXPECT_EQ(chosen("tier contains 金"), std::vector<std::string>{"金"});
    EXPECT_NE(chosen("tier = 金牌").front().find("did you mean '金卡'?"), std::string::npos);
    EXPECT_NE(chosen("tier in [金卡, 钻石]").front().find("found '钻石'"), std::string::npos);
    EXPECT_EQ(key_of("tier >= 金卡"), "expression.type") << "nothing is known of the ranks";
    with.tiers = [] { return std::vector<std::string>{}; };
    EXPECT_EQ(chosen("tier >= 金卡"), std::vector<std::string>{}) << "nobody, as long as there are no tiers";
}

TEST(Bind, CustomAttributesAreOfTheirOwnTypes) {
    BindOptions with = options();
    with.custom_attributes = [] {
        return std::vector<CustomAttribute>{
            {"身高", Type::kNumber, {}}, {"纪念日", Type::kDate, {}}, {"肤质", Type::kChoice, {"干性", "油性"}}};
    };
    const auto message = [&](std::string_view text) {
        const auto bound = parse_and_bind(text, with);
        return bound ? "no error" : bound.error().detail;
    };
    for (const std::string_view text :
         {"custom.身高 >= 172.5", "custom.纪念日 within next 7 days", "custom.纪念日 < 2020-01-01",
          "custom.肤质 = 干性", "custom.肤质 in [干性, 油性]", "custom.身高 is known",
          "custom.身高 / 2 > average(custom.身高)", "all customers top 5 by custom.身高"})
        EXPECT_EQ(message(text), "no error") << text;
    EXPECT_NE(message("custom.身长 > 3").find("did you mean 'custom.身高'?"), std::string::npos)
        << message("custom.身长 > 3");
    EXPECT_NE(message("custom.肤质 = 混合").find("expected a custom.肤质: 干性 or 油性"), std::string::npos);
    EXPECT_NE(message("custom.身高 = \"高\"").find("expected a number"), std::string::npos);
}

TEST(Bind, ChoicesAreCheckedAndTakeTheirChineseWordsToo) {
    EXPECT_EQ(key_of("lifecycle = sleeping"), "no error");
    EXPECT_EQ(key_of("lifecycle in [睡眠, \"lost\"]"), "no error");
    EXPECT_EQ(key_of("any(orders where status = delivered)"), "no error");
    EXPECT_EQ(key_of("gender = 女"), "no error");
    EXPECT_EQ(key_of("lifecycle = sleping"), "expression.value");
    EXPECT_NE(message_of("lifecycle = sleping")
                  .find("expected a lifecycle: active, silent, sleeping or lost; did you mean 'sleeping'?"),
              std::string::npos);
    EXPECT_EQ(key_of("lifecycle >= silent"), "expression.type");
}

TEST(Bind, TypesAreCheckedAgainstTheirFields) {
    for (const std::string_view text : {"age = old",
                                        "age >= \"18\"",
                                        "province > 浙江",
                                        "age contains 1",
                                        "created_at starts with x",
                                        "birthday = 5",
                                        "created_at = 3",
                                        "any(orders where amount)",
                                        "any(orders where paid = 1)",
                                        "any(orders where paid is missing)",
                                        "any(orders where amount within last 3 days)",
                                        "age within last 3 days",
                                        "birthday before 2000-01-01",
                                        "birthday more than 3 days ago",
                                        "sum(orders) > 1",
                                        "distinct(orders) > 1",
                                        "sum(orders.shop) > 1",
                                        "max(orders.channel) = x",
                                        "avg(orders.at) > 3",
                                        "first(orders.paid) = x",
                                        "any(orders.amount)",
                                        "sum(orders.amount) > last(orders.at)",
                                        "last(orders.shop) > first(orders.shop)",
                                        "\"x\" = province",
                                        "any(orders where created_at = 1) and age",
                                        "external_id contains 3",
                                        "external_id is missing",
                                        "any(orders where at in [2024-01-01])"}) {
        const std::string key = key_of(text);
        EXPECT_TRUE(key == "expression.type" || key == "expression.unknown_field" || key == "expression.syntax")
            << text << " gave " << key;
        EXPECT_NE(key, "no error") << text;
    }
}

TEST(Bind, WhatFitsIsAccepted) {
    for (const std::string_view text :
         {"all customers",
          "id = 5",
          "id in [1, 2, 3]",
          "id > 10",
          "age not in [1, 2]",
          "birthday = 1990-05-01",
          "birthday < \"1990-05-01\"",
          "birthday this month",
          "created_at >= 2024-01-01",
          "created_at = 2024-01-01",
          "3 < order_count",
          "order_count > purchase_count",
          "total_spent > avg(orders.amount where kept)",
          "first(orders.platform) = last(orders.platform)",
          "first(orders.at) < created_at",
          "min(orders.paid_at) within last 3 days",
          "max(orders.day) >= 2024-01-01",
          "distinct(orders.status) > 1",
          "last(orders.status where paid) in [signed, finished]",
          "count(orders.coupon) > 1",
          "any(orders where not (shop = x or platform != y) and channel not in [a, b] and coupon is known)",
          "any(lines where title contains 连衣裙 and sku starts with 红 and paid and quantity > 1.5 and shop = x)",
          "any(refunds where reason = 质量 and dated and kept and amount > 3 and status = done)",
          "any(purchases where nth = 2 and gap_days <= 30 and items >= 2 and orders > 1)",
          "any(lines where sku = 85123 and product = 22423)",
          "last(orders.at where paid) is missing"}) {
        EXPECT_EQ(key_of(text), "no error") << message_of(text);
    }
}

TEST(Bind, ExternalIdsAreAskedForOnceBoundAndBecomeCustomers) {
    BindOptions with_ids = options();
    with_ids.find_external_ids = [](const std::vector<std::string>& ids) {
        return std::ranges::count(ids, "12346") > 0 ? std::vector{CustomerId{7}, CustomerId{3}}
                                                    : std::vector<CustomerId>{};
    };
    const auto ids_of = [&](std::string_view text) { return parse_and_bind(text, with_ids)->root().ids; };
    EXPECT_EQ(ids_of("external_id = 12346"), (std::vector<std::int64_t>{3, 7}));
    EXPECT_EQ(ids_of("external_id = \"12346\""), (std::vector<std::int64_t>{3, 7}));
    EXPECT_EQ(ids_of("external_id in [nobody, 12346]"), (std::vector<std::int64_t>{3, 7}));
    EXPECT_TRUE(parse_and_bind("external_id not in [12346]", with_ids)->root().negated);
    EXPECT_EQ(parse_and_bind("external_id != 12346", with_ids).error().key, "expression.type");
}

TEST(Bind, AMetricAloneIsBoundForMeasuring) {
    EXPECT_TRUE(bind_metric("sum(orders.amount where kept)", options()).has_value());
    EXPECT_TRUE(bind_metric("total_spent", options()).has_value());
    EXPECT_TRUE(bind_metric("max(orders.day)", options()).has_value());
    EXPECT_EQ(bind_metric("province", options()).error().key, "expression.type");
    EXPECT_EQ(bind_metric("last(orders.shop)", options()).error().key, "expression.type");
    EXPECT_EQ(bind_metric("total_spent > 3", options()).error().key, "expression.syntax");
    EXPECT_TRUE(bind_metric("total_spent * 2", options()).has_value());
    EXPECT_EQ(bind_metric("total_spent * gender", options()).error().key, "expression.type");
}

// ---- decimals against whole units ----

bool passes(const bound::NumberTest& test, std::int64_t value) {
    return (value >= test.low && value <= test.high) != test.negated;
}

TEST(NumberTest, AFinerDecimalThanTheUnitLiesBetweenTwoUnits) {
    const Decimal value{12'345, 3};  // 12.345 in cents: between 1234 and 1235
    const auto at = [&](Op op, std::int64_t cents) { return passes(number_test(op, value, 2), cents); };
    EXPECT_TRUE(at(Op::kLess, 1234));
    EXPECT_FALSE(at(Op::kLess, 1235));
    EXPECT_TRUE(at(Op::kLessEqual, 1234));
    EXPECT_FALSE(at(Op::kLessEqual, 1235));
    EXPECT_FALSE(at(Op::kGreater, 1234));
    EXPECT_TRUE(at(Op::kGreater, 1235));
    EXPECT_FALSE(at(Op::kGreaterEqual, 1234));
    EXPECT_TRUE(at(Op::kGreaterEqual, 1235));
    EXPECT_FALSE(at(Op::kEqual, 1234));
    EXPECT_FALSE(at(Op::kEqual, 1235));
    EXPECT_TRUE(at(Op::kNotEqual, 1234));
}

TEST(NumberTest, NegativeDecimalsRoundTheSameWay) {
    const Decimal value{-5, 1};  // −0.5 of a whole number
    EXPECT_TRUE(passes(number_test(Op::kLess, value, 0), -1));
    EXPECT_FALSE(passes(number_test(Op::kLess, value, 0), 0));
    EXPECT_TRUE(passes(number_test(Op::kGreater, value, 0), 0));
    EXPECT_FALSE(passes(number_test(Op::kGreater, value, 0), -1));
}

TEST(NumberTest, NumbersBeyondSixtyFourBitsAreBeyondEveryValue) {
    const Decimal most{std::numeric_limits<std::int64_t>::max(), 0};
    EXPECT_TRUE(passes(number_test(Op::kLess, most, 3), 5));
    EXPECT_FALSE(passes(number_test(Op::kGreater, most, 3), 5));
}

}  // namespace
}  // namespace shuke::audience
