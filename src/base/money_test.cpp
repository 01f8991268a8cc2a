// Aim: money is exact; what has to be rounded is rounded half away from zero, once, and says by how much.
#include "base/money.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/check.h"

namespace shuke {
namespace {

std::int64_t minor_of(const char* text, int digits = 2) { return to_minor(*parse_decimal(text), digits)->minor; }

TEST(Money, DecimalsAreReadInEverySpelling) {
    EXPECT_EQ(minor_of("12.30"), 1230);
    EXPECT_EQ(minor_of(" -0.5 "), -50);
    EXPECT_EQ(minor_of("+3"), 300);
    EXPECT_EQ(minor_of("1,234.50"), 123450);
    EXPECT_EQ(minor_of("1.5e3"), 150000);
    EXPECT_EQ(minor_of("1234", 0), 1234);
    EXPECT_EQ(minor_of("1.2345", 3), 1235);
}

TEST(Money, WhatIsNoNumberIsRefused) {
    for (const char* text : {"", "-", "abc", "1.2.3", "1,2", "1,,234", "12a", "1e", "--1", "1 2", "٣"}) {
        EXPECT_FALSE(parse_decimal(text)) << text;
    }
    EXPECT_EQ(parse_decimal("1.0123456789").error().key, "number.too_precise");
    EXPECT_EQ(parse_decimal("99999999999999999999").error().key, "number.too_large");
}

TEST(Money, HalvesGoAwayFromZero) {
    EXPECT_EQ(minor_of("0.005"), 1);
    EXPECT_EQ(minor_of("-0.005"), -1);
    EXPECT_EQ(minor_of("0.0049"), 0);
    const auto product = to_minor(*parse_decimal("3"), *parse_decimal("0.335"), 2);  // 1.005
    EXPECT_EQ(product->minor, 101);
    EXPECT_NEAR(product->error, 0.5, 1e-12);
}

TEST(Money, SumsOfTwoCurrenciesAreABug) {
    EXPECT_EQ((Money{100, Currency::kCNY} + Money{23, Currency::kCNY}).minor, 123);
    EXPECT_THROW((Money{1, Currency::kCNY} + Money{1, Currency::kUSD}), Bug);
    EXPECT_THROW((Money{INT64_MAX, Currency::kCNY} + Money{1, Currency::kCNY}), Bug);
}

TEST(Money, CurrenciesAreKnownByCode) {
    EXPECT_EQ(*parse_currency("gbp"), Currency::kGBP);
    EXPECT_EQ(*parse_currency("RMB"), Currency::kCNY);
    EXPECT_EQ(info(Currency::kJPY).digits, 0);
    EXPECT_EQ(parse_currency("BTC").error().key, "currency.unknown");
    EXPECT_EQ(to_string(Money{-1230, Currency::kGBP}), "-12.30 GBP");
}

RC_GTEST_PROP(MoneyProperty, PrintedAmountsReadBackTheSame, (std::int64_t minor)) {
    RC_PRE(minor > INT64_MIN);
    const int digits = *rc::gen::inRange(0, 4);
    RC_ASSERT(to_minor(*parse_decimal(format_minor(minor, digits)), digits)->minor == minor);
}

}  // namespace
}  // namespace shuke
