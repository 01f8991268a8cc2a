// Aim: a cancelled invoice goes back to the newest earlier purchase that can hold it, and nothing is taken back twice.
#include "ingest/cancellations.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace shuke::ingest {
namespace {

using record::CancellationRefund;
using record::CancelledLine;
using record::PurchasedLine;

Instant hour(int number) { return Instant::from_seconds(std::int64_t{number} * 3'600); }

PurchasedLine bought(int order, int at, int product, int pieces, std::int64_t amount) {
    return {CustomerId{1}, ProductId{product}, OrderId{order}, hour(at), pieces * 1000, amount};
}
CancelledLine cancelled(const char* number, int at, int product, int pieces, std::int64_t amount, int customer = 1) {
    return {number, CustomerId{customer}, hour(at), Day{0}, Currency::kGBP, ProductId{product}, pieces * 1000, amount};
}
std::map<std::pair<std::string, std::int64_t>, std::int64_t> by_order(const std::vector<CancellationRefund>& refunds) {
    std::map<std::pair<std::string, std::int64_t>, std::int64_t> found;
    for (const auto& refund : refunds) found[{refund.refund_no, refund.order.value}] = refund.amount;
    return found;
}
using Found = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;

TEST(Cancellations, TheNewestEarlierPurchaseIsTakenBack) {
    const auto refunds = match_cancellations(
        {cancelled("C1", 10, 7, 2, 200)}, {bought(1, 1, 7, 5, 500), bought(2, 5, 7, 2, 200), bought(3, 20, 7, 9, 900)});
    EXPECT_EQ(by_order(refunds), (Found{{{"C1", 2}, 200}}));
}

TEST(Cancellations, APurchaseTooSmallIsPassedOver) {
    const auto refunds =
        match_cancellations({cancelled("C1", 10, 7, 3, 300)}, {bought(1, 1, 7, 5, 500), bought(2, 5, 7, 2, 200)});
    EXPECT_EQ(by_order(refunds), (Found{{{"C1", 1}, 300}}));
}

TEST(Cancellations, AnInvoiceGoesWholeToOnePurchaseBeforeItsLinesGoSeparateWays) {
    const std::vector<PurchasedLine> purchases{bought(1, 1, 7, 1, 100), bought(1, 1, 8, 1, 100),
                                               bought(2, 5, 7, 1, 100)};
    EXPECT_EQ(
        by_order(match_cancellations({cancelled("C1", 10, 7, 1, 100), cancelled("C1", 10, 8, 1, 100)}, purchases)),
        (Found{{{"C1", 1}, 200}}));
    EXPECT_EQ(
        by_order(match_cancellations({cancelled("C1", 10, 7, 1, 100), cancelled("C1", 10, 9, 1, 100)}, purchases)),
        (Found{{{"C1", 2}, 100}, {{"C1", 0}, 100}}));
}

TEST(Cancellations, WhatWasTakenBackIsGone) {
    const auto refunds = match_cancellations({cancelled("C1", 10, 7, 2, 200), cancelled("C2", 11, 7, 2, 200)},
                                             {bought(1, 1, 7, 3, 300)});
    EXPECT_EQ(by_order(refunds), (Found{{{"C1", 1}, 200}, {{"C2", 0}, 200}}));
}

TEST(Cancellations, OthersPurchasesAndGuestsAreNotTouched) {
    EXPECT_EQ(by_order(match_cancellations({cancelled("C1", 10, 7, 1, 100, 2), cancelled("C2", 10, 7, 1, 100, 0)},
                                           {bought(1, 1, 7, 3, 300)})),
              (Found{{{"C1", 0}, 100}, {{"C2", 0}, 100}}));
}

RC_GTEST_PROP(CancellationsProperty, NoPurchaseGivesBackMoreThanItHad, ()) {
    std::vector<PurchasedLine> purchases;
    std::map<std::int64_t, std::int64_t> had;
    for (int i = 1; i <= 6; ++i) {
        const int pieces = *rc::gen::inRange(1, 5);
        purchases.push_back(bought(i, *rc::gen::inRange(0, 20), *rc::gen::inRange(1, 3), pieces, pieces * 100));
        had[i] = pieces * 100;
    }
    std::vector<CancelledLine> lines;
    std::int64_t asked = 0;
    for (int i = 0; i < 6; ++i) {
        const int pieces = *rc::gen::inRange(1, 4);
        lines.push_back(
            cancelled(("C" + std::to_string(i)).c_str(), 5 + i * 3, *rc::gen::inRange(1, 3), pieces, pieces * 100));
        asked += pieces * 100;
    }
    for (const auto& refund : match_cancellations(lines, purchases)) {
        asked -= refund.amount;
        if (refund.order) had[refund.order.value] -= refund.amount;
    }
    RC_ASSERT(asked == 0);
    for (const auto& [order, left] : had) RC_ASSERT(left >= 0);
}

}  // namespace
}  // namespace shuke::ingest
