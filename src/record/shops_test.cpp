// Aim: amounts convert at their day's rate, rounded per row; a missing rate gives a missing amount, never zero.
#include "record/shops.h"

#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

class ShopsTest : public RecordTest {};

Day day(int number) { return Day{number}; }

TEST_P(ShopsTest, AShopIsMadeOnceAndKeepsItsCurrencyAndZone) {
    write([&](soci::session& session) {
        const Shop first =
            ensure_shop(session, {{}, "taobao", "示例旗舰店", Currency::kCNY, "Asia/Shanghai"}, clock_.now());
        const Shop again = ensure_shop(session, {{}, "taobao", "示例旗舰店", Currency::kUSD, "UTC"}, clock_.now());
        EXPECT_EQ(first.id, again.id);
        EXPECT_EQ(again.currency, Currency::kCNY);
        EXPECT_EQ(ensure_shop(session, {{}, "jd", "示例旗舰店", Currency::kCNY, "Asia/Shanghai"}, clock_.now()).id,
                  ShopId{2});
    });
}

TEST_P(ShopsTest, TheNewestRateNotLaterThanTheDayHolds) {
    std::vector<Rate> rates;
    write([&](soci::session& session) {
        set_rate(session, {Currency::kUSD, Currency::kCNY, day(100), 70'000'000});
        set_rate(session, {Currency::kUSD, Currency::kCNY, day(200), 71'234'567});
        set_rate(session, {Currency::kJPY, Currency::kCNY, day(100), 480'000});
        rates = all_rates(session);
    });
    Converter converter(rates, Currency::kCNY);
    EXPECT_EQ(converter.convert(1'000, Currency::kUSD, day(100)), 7'000);
    EXPECT_EQ(converter.convert(1'000, Currency::kUSD, day(199)), 7'000);
    EXPECT_EQ(converter.convert(1'000, Currency::kUSD, day(200)), 7'123);  // 71.234567
    EXPECT_EQ(converter.convert(-1'001, Currency::kUSD, day(100)), -7'007);
    EXPECT_EQ(converter.convert(250, Currency::kJPY, day(300)), 1'200);  // 250 yen have no minor unit
    EXPECT_EQ(converter.convert(500, Currency::kCNY, day(1)), 500);
    EXPECT_TRUE(converter.missing().empty());
}

TEST_P(ShopsTest, AMissingRateIsReportedAndTheAmountIsMissing) {
    Converter converter({{Currency::kUSD, Currency::kCNY, day(100), 70'000'000}}, Currency::kCNY);
    EXPECT_EQ(converter.convert(1'000, Currency::kUSD, day(99)), kMissingAmount);
    EXPECT_EQ(converter.convert(1'000, Currency::kGBP, day(150)), kMissingAmount);
    EXPECT_EQ(converter.convert(kMissingAmount, Currency::kUSD, day(150)), kMissingAmount);
    ASSERT_EQ(converter.missing().size(), 2u);
    EXPECT_EQ(converter.missing()[0].currency, Currency::kUSD);
    EXPECT_EQ(converter.missing()[0].amounts, 1);
}

SHUKE_ON_BOTH_DATABASES(ShopsTest);

}  // namespace
}  // namespace shuke::record
