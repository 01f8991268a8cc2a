// Aim: what a colleague wrote shows no phone and no e-mail to those who may not see them, and is otherwise what it was.
#include "auth/masking.h"

#include <gtest/gtest.h>

namespace shuke::auth {
namespace {

TEST(MaskInText, PhonesAndMailsAreMaskedAndNothingElse) {
    EXPECT_EQ(mask_in_text("他的电话 13812345678，下午打"), "他的电话 138****5678，下午打");
    EXPECT_EQ(mask_in_text("write to jon.doe@example.com."), "write to j***@example.com.");
    for (const char* phone : {"13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+1 502 555 0123"}) {
        const std::string masked = mask_in_text(std::string("call ") + phone + " please");
        EXPECT_EQ(masked.find(phone), std::string::npos) << masked;
        EXPECT_TRUE(masked.starts_with("call ") && masked.ends_with(" please")) << masked;
    }
    for (const char* plain : {"", "订单 202611220001234567 补发", "order A13812345678B", "3 件 T恤，199.00 元",
                              "于 2026-11-22 10:30 回访", "价格 + 运费", "@小红"})
        EXPECT_EQ(mask_in_text(plain), plain);
}

}  // namespace
}  // namespace shuke::auth
