// Aim: text is judged valid exactly as Unicode says, and trimmed, folded and compared as a reader would.
// Method: the boundary cases of Unicode table 3-7, every code point round, random bytes against a plain decoder.
#include "base/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shuke {
namespace {

using namespace std::string_view_literals;

std::size_t fault_at(std::string_view text) { return find_utf8_fault(text).offset; }

TEST(Text, EveryCodePointIsValidAndSurrogatesAreNot) {
    for (char32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
        std::string text;
        append_utf8(text, c);
        EXPECT_EQ(is_utf8(text), c < 0xD800 || c > 0xDFFF) << std::hex << static_cast<unsigned>(c);
    }
    std::string beyond;
    append_utf8(beyond, 0x110000);
    EXPECT_FALSE(is_utf8(beyond));
}

TEST(Text, OverlongAndBareContinuationBytesAreFaultsAtTheirPlace) {
    EXPECT_EQ(fault_at("ab\xC0\xAF"sv), 2u);
    EXPECT_EQ(fault_at("ab\xC1\xBF"sv), 2u);
    EXPECT_EQ(fault_at("\xE0\x80\x80"sv), 0u);
    EXPECT_EQ(fault_at("\xF0\x80\x80\x80"sv), 0u);
    EXPECT_EQ(fault_at("熟\x80"sv), 3u);
    EXPECT_EQ(fault_at("熟客\xFF"sv), 6u);
    EXPECT_EQ(fault_at("0123456789012345678901234567890123456789\xFE rest"sv), 40u);
}

TEST(Text, ACharacterCutOffAtTheEndIsIncompleteNotWrong) {
    const auto fault = find_utf8_fault("abc\xE7\x86"sv);
    EXPECT_EQ(fault.offset, 3u);
    EXPECT_EQ(fault.length, 2u);
    EXPECT_TRUE(fault.incomplete);
    EXPECT_FALSE(find_utf8_fault("abc\xE7,"sv).incomplete);
}

TEST(Text, RepairReplacesFaultsAndNulsAndKeepsTheRest) {
    EXPECT_EQ(repair_utf8("a\xFF"
                          "b\0c熟\xE7\x86"sv),
              "a\uFFFDb\uFFFDc熟\uFFFD");
    EXPECT_EQ(repair_utf8("熟客"), "熟客");
}

RC_GTEST_PROP(Text, RepairedTextIsAlwaysValid, (std::string bytes)) {
    const std::string repaired = repair_utf8(bytes);
    RC_ASSERT(is_utf8(repaired));
    RC_ASSERT(repaired.find('\0') == std::string::npos);
}

TEST(Text, TrimTakesEveryBlankThatPeoplePasteAndNothingElse) {
    EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
    EXPECT_EQ(trim("\u3000\u00A0\uFEFF熟客\u200B\u3000"), "熟客");
    EXPECT_EQ(trim("\u3000"), "");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("、熟"), "、熟");  // U+3001 begins like U+3000
    EXPECT_EQ(trim("熟\u3001"), "熟\u3001");
}

TEST(Text, FoldMakesSpellingsOfOneThingEqual) {
    EXPECT_EQ(fold(" Order　NO. "), "order no.");
    EXPECT_EQ(fold("ＡＢＣ１２３"), "abc123");
    EXPECT_EQ(fold("收货\u200B地址 "), "收货地址");
    EXPECT_EQ(fold("Straße"), fold("STRASSE"));
    EXPECT_EQ(fold("Customer  ID"), "customer id");
    EXPECT_EQ(nfkc("ﾊﾝｶｸ①"), "ハンカク1");
}

TEST(Text, SplitKeepsEmptyPartsAndJoinUndoesIt) {
    EXPECT_EQ(split("a,,b,", ',').size(), 4u);
    EXPECT_EQ(split("", ',').size(), 1u);
    EXPECT_EQ(join({"", "a", ""}, ", "), ", a, ");
}

TEST(Text, CutNeverCutsACharacter) {
    EXPECT_EQ(cut("熟客", 5), "熟");
    EXPECT_EQ(cut("熟客", 6), "熟客");
    EXPECT_EQ(cut("熟", 2), "");
}

TEST(Text, NearestFindsTheMisspeltWordAndStaysSilentForStrangers) {
    EXPECT_EQ(nearest("payed", {"created", "paid", "shipped"}), "paid");
    EXPECT_EQ(nearest("payd", {"created", "paid", "shipped"}), "paid");
    EXPECT_EQ(nearest("shiped", {"created", "paid", "shipped"}), "shipped");
    EXPECT_EQ(nearest("zzzzz", {"created", "paid", "shipped"}), "");
}

}  // namespace
}  // namespace shuke
