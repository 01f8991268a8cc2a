// Aim: an order moves forward whatever the order in which its updates come.
// Method: a plausible life of an order is cut into snapshots, which are applied in every order.
#include "ingest/order_state.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

namespace shuke::ingest {
namespace {

Instant day(int number) { return Instant::from_seconds(std::int64_t{number} * 86'400); }

std::vector<OrderRow> snapshots(bool with_updated_at) {
    std::vector<OrderRow> rows;
    OrderRow row;
    row.created_at = day(1);
    row.amount = 10'000;
    const auto say = [&](OrderStatus status, int at) {
        row.status = status;
        if (with_updated_at) row.updated_at = day(at);
        rows.push_back(row);
    };
    say(OrderStatus::kCreated, 1);
    row.paid_at = day(2);
    row.amount = 9'500;
    say(OrderStatus::kPaid, 2);
    row.shipped_at = day(3);
    say(OrderStatus::kShipped, 3);
    row.signed_at = day(5);
    say(OrderStatus::kSigned, 5);
    row.closed_at = day(9);
    row.refunded = 9'500;
    row.refunded_at = day(9);
    say(OrderStatus::kClosed, 9);
    return rows;
}

TEST(OrderState, EndsTheSameInEveryOrderOfItsUpdates) {
    for (const bool with_updated_at : {true, false}) {
        const auto rows = snapshots(with_updated_at);
        std::vector<std::size_t> order(rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        do {
            OrderState state;
            for (const auto i : order) apply(state, rows[i], Currency::kCNY);
            ASSERT_EQ(state.header.status, OrderStatus::kClosed);
            ASSERT_EQ(state.header.amount, 9'500);
            ASSERT_EQ(state.header.paid_at, day(2));
            ASSERT_EQ(state.header.closed_at, day(9));
            ASSERT_EQ(state.header.created_at, day(1));
            ASSERT_EQ(state.header.refunded, 9'500);
            ASSERT_EQ(state.header.refunded_at, day(9));
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

// Rows may leave any field empty: what counts is the newest row that told it.
RC_GTEST_PROP(OrderStateProperty, EveryFieldIsThatOfTheNewestRowThatToldIt, ()) {
    std::vector<OrderRow> rows;
    for (int i = 0; i < 5; ++i) {
        OrderRow row;
        row.updated_at = day(10 + i);
        row.status = static_cast<OrderStatus>(*rc::gen::inRange(0, 6));
        if (*rc::gen::arbitrary<bool>()) row.amount = 100 + i;
        if (*rc::gen::arbitrary<bool>()) row.refunded = i % 2 == 0 ? 0 : i;
        if (*rc::gen::arbitrary<bool>()) row.paid_at = day(i);
        if (*rc::gen::arbitrary<bool>()) row.channel = i % 2 == 0 ? "app" : "web";
        rows.push_back(row);
    }
    std::int64_t amount = kMissingAmount, refunded = kMissingAmount;
    Instant paid_at = kNever;
    std::string_view channel;
    for (const auto& row : rows) {
        if (row.amount != kMissingAmount) amount = row.amount;
        if (row.refunded != kMissingAmount) refunded = row.refunded;
        if (row.paid_at != kNever) paid_at = row.paid_at;
        if (!row.channel.empty()) channel = row.channel;
    }
    std::vector<std::size_t> order{0, 1, 2, 3, 4};
    do {
        OrderState state;
        for (const auto i : order) apply(state, rows[i], Currency::kCNY);
        RC_ASSERT(state.header.amount == amount);
        RC_ASSERT(state.header.refunded == refunded);
        RC_ASSERT(state.header.paid_at == paid_at);
        RC_ASSERT(state.header.channel == channel);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(OrderState, AnOlderRowFillsGapsButOverwritesNothing) {
    OrderState state;
    OrderRow shipped;
    shipped.status = OrderStatus::kShipped;
    shipped.created_at = day(1);
    shipped.amount = 500;
    apply(state, shipped, Currency::kCNY);
    OrderRow paid;
    paid.status = OrderStatus::kPaid;
    paid.paid_at = day(2);
    paid.amount = 700;
    paid.coupon = "WELCOME";
    EXPECT_TRUE(apply(state, paid, Currency::kCNY).changed);
    EXPECT_EQ(state.header.status, OrderStatus::kShipped);
    EXPECT_EQ(state.header.amount, 500);
    EXPECT_EQ(state.header.paid_at, day(2));
    EXPECT_EQ(state.header.coupon, "WELCOME");
    EXPECT_FALSE(apply(state, paid, Currency::kCNY).changed);
}

TEST(OrderState, TimesSpeakForAStatusThatIsMissing) {
    OrderState state;
    OrderRow row;
    row.created_at = day(1);
    row.paid_at = day(2);
    apply(state, row, Currency::kCNY);
    EXPECT_EQ(state.header.status, OrderStatus::kPaid);
}

TEST(OrderState, WhatIsNotSaidIsNotForgotten) {
    OrderState state;
    OrderRow row;
    row.status = OrderStatus::kPaid;
    row.amount = 100;
    row.channel = "live";
    apply(state, row, Currency::kGBP);
    OrderRow later;
    later.status = OrderStatus::kFinished;
    EXPECT_TRUE(apply(state, later, Currency::kCNY).changed);
    EXPECT_EQ(state.header.amount, 100);
    EXPECT_EQ(state.header.channel, "live");
    EXPECT_EQ(state.header.currency, Currency::kGBP);
}

}  // namespace
}  // namespace shuke::ingest
