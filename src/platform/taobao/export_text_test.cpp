// Aim: what the export puts around a value is taken off, the value itself is not touched. Method: each form once.
#include "platform/taobao/export_text.h"

#include <gtest/gtest.h>

namespace shuke::platform::taobao {
namespace {

TEST(TaobaoExportText, FormulasApostrophesAndBlanksAreTakenOff) {
    EXPECT_EQ(plain_cell("=\"900000000000000001\""), "900000000000000001");
    EXPECT_EQ(plain_cell("'13000000001"), "13000000001");
    EXPECT_EQ(plain_cell("'021-10000003"), "021-10000003");
    EXPECT_EQ(plain_cell("'"), "");
    EXPECT_EQ(plain_cell("=\"\""), "");
    EXPECT_EQ(plain_cell(" x "), "x");
    EXPECT_EQ(plain_cell("'老客户，送小样"), "老客户，送小样");
}

TEST(TaobaoExportText, MaskedValuesAndPrivacyNumbersStay) {
    for (const char* value : {"李**", "130****0002", "~DEMOxCIPHERx==~1~", "18000000000-1234", "tb**"})
        EXPECT_EQ(plain_cell(value), value);
}

TEST(TaobaoExportText, NumbersLoseTheirUnit) {
    EXPECT_EQ(number_text("199.00元"), "199.00");
    EXPECT_EQ(number_text("0元"), "0");
    EXPECT_EQ(number_text("￥88.50"), "88.50");
    EXPECT_EQ(number_text("'50.00"), "50.00");
    EXPECT_EQ(number_text("无退款申请"), "0");
    EXPECT_EQ(number_text(""), "");
}

TEST(TaobaoExportText, StatusWordsAreKnownWithAnyComma) {
    EXPECT_EQ(parse_export_status("等待买家付款"), OrderStatus::kCreated);
    EXPECT_EQ(parse_export_status("买家已付款，等待卖家发货"), OrderStatus::kPaid);
    EXPECT_EQ(parse_export_status("买家已付款,等待卖家发货"), OrderStatus::kPaid);
    EXPECT_EQ(parse_export_status("卖家已发货， 等待买家确认"), OrderStatus::kShipped);
    EXPECT_EQ(parse_export_status("交易成功"), OrderStatus::kFinished);
    EXPECT_EQ(parse_export_status("交易关闭"), OrderStatus::kClosed);
    EXPECT_EQ(parse_export_status("某种新状态"), std::nullopt);
    EXPECT_EQ(parse_export_status(""), std::nullopt);
}

}  // namespace
}  // namespace shuke::platform::taobao
