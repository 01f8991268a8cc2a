// Aim: whatever the encoding, the text comes out right, or it is said which byte is wrong.
// Method: text written in each encoding by ICU, cut anywhere; files of mixed, late and broken encodings.
#include "ingest/source/text_source.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/ucnv.h>

#include "base/text.h"

namespace shuke::ingest {
namespace {

using namespace std::string_literals;

struct Decoded {
    std::string text;
    std::string encoding;
    std::string error;
    std::vector<TextFault> faults;
};

Decoded decode(std::string_view bytes, std::size_t in = SIZE_MAX, std::size_t out = 4096) {
    Decoded result;
    auto source = TextSource::open(bytes_in_memory(bytes, in));
    if (!source) {
        result.error = source.error().key;
        return result;
    }
    std::string buffer(out, '\0');
    while (true) {
        const auto count = (*source)->read(buffer);
        if (!count) result.error = count.error().key + " " + count.error().detail;
        if (!count || *count == 0) break;
        result.text.append(buffer, 0, *count);
    }
    while (const auto fault =
               (*source)->fault_within(result.faults.empty() ? 0 : result.faults.back().text_end, UINT64_MAX)) {
        result.faults.push_back(*fault);
    }
    result.encoding = to_string((*source)->encoding());
    return result;
}

std::string encode(std::string_view text, const char* encoding) {
    std::string out(text.size() * 4 + 16, '\0');
    UErrorCode status = U_ZERO_ERROR;
    const auto size = ucnv_convert(encoding, "UTF-8", out.data(), static_cast<std::int32_t>(out.size()), text.data(),
                                   static_cast<std::int32_t>(text.size()), &status);
    EXPECT_TRUE(U_SUCCESS(status));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

constexpr std::string_view kChinese = "订单编号,买家会员名,总金额\n1,示例买家𠮷,199.00\n2,李示例，包好,88.50\n";

TEST(TextSource, EveryEncodingOfOneTextGivesThatText) {
    EXPECT_EQ(decode(kChinese).encoding, "UTF-8");
    EXPECT_EQ(decode("\uFEFF" + std::string(kChinese)).text, kChinese);
    for (const auto& [name, shown] :
         {std::pair{"gb18030", "GB18030"}, {"UTF-16LE", "UTF-16LE"}, {"UTF-16BE", "UTF-16BE"}}) {
        const Decoded decoded = decode(encode(kChinese, name));
        EXPECT_EQ(decoded.text, kChinese);
        EXPECT_EQ(decoded.encoding, shown);
    }
    EXPECT_EQ(decode(encode("\uFEFF" + std::string(kChinese), "UTF-16LE")).text, kChinese);
    EXPECT_EQ(decode(encode("\uFEFF" + std::string(kChinese), "UTF-16BE")).text, kChinese);
}

TEST(TextSource, PiecesOfAnySizeGiveTheSameText) {
    for (const char* name : {"UTF-8", "gb18030", "UTF-16LE", "UTF-16BE"}) {
        const std::string bytes = encode(kChinese, name);
        for (std::size_t size = 1; size < 40; ++size) {
            const Decoded decoded = decode(bytes, size, 16 + size % 13);
            EXPECT_EQ(decoded.text, kChinese) << name << " " << size;
            EXPECT_TRUE(decoded.faults.empty());
        }
    }
}

TEST(TextSource, Gb18030ThatShowsOnlyAfterMuchAsciiIsStillRecognised) {
    std::string ascii;
    while (ascii.size() < 300'000) ascii += "1234,some ascii text,5.00\n";
    const Decoded decoded = decode(ascii + encode(kChinese, "gb18030"));
    EXPECT_EQ(decoded.text, ascii + std::string(kChinese));
    EXPECT_EQ(decoded.encoding, "GB18030");
}

TEST(TextSource, TheChoiceIsMadeFromAWholeSampleWhereverTheFirstCharacterStands) {
    const std::string chinese =
        encode("一些" + std::string(kChinese), "gb18030");  // 一些 in GB18030 is also valid UTF-8
    for (std::size_t ascii = 131'056; ascii <= 131'072; ++ascii) {
        EXPECT_EQ(decode(std::string(ascii, 'x') + chinese).encoding, "GB18030") << ascii;
    }
}

TEST(TextSource, ABrokenCharacterInUtf8IsMarkedAtItsByteAndTheRestGoesOn) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += kChinese;
    const std::string bytes = text + "\xE7\x86,x\n" + text;
    const Decoded decoded = decode(bytes);
    EXPECT_EQ(decoded.encoding, "UTF-8");
    EXPECT_EQ(decoded.text, text + "\uFFFD,x\n" + text);
    ASSERT_EQ(decoded.faults.size(), 1u);
    EXPECT_EQ(decoded.faults[0].byte_offset, text.size());
    EXPECT_EQ(decoded.faults[0].text_begin, text.size());
}

TEST(TextSource, ABrokenCharacterInGb18030IsMarkedAtItsByteAndTheRestGoesOn) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += kChinese;
    const std::string packed = encode(text, "gb18030");
    const Decoded decoded = decode(packed + "\xD0,x\n" + packed);  // a first byte whose second was cut away
    EXPECT_EQ(decoded.encoding, "GB18030");
    EXPECT_EQ(decoded.text, text + "\uFFFD,x\n" + text);
    ASSERT_EQ(decoded.faults.size(), 1u);
    EXPECT_EQ(decoded.faults[0].byte_offset, packed.size());
}

TEST(TextSource, HalfPairsOfUtf16AreMarked) {
    const Decoded decoded = decode(
        "\xFF\xFE"
        "a\0\x00\xD8"
        "b\0\x00\xDC"
        "c\0"s);
    EXPECT_EQ(decoded.text, "a\uFFFDb\uFFFDc");
    EXPECT_EQ(decoded.faults.size(), 2u);
    EXPECT_EQ(decode("\xFF\xFE"
                     "a\0b"s)
                  .text,
              "a\uFFFD");
}

TEST(TextSource, WhatIsNeitherUtf8NorGb18030IsRefusedWithTheOffset) {
    const Decoded latin = decode(
        "name,price\ncaf\xE9 au lait,5.00\nna\xEFve,\xA3"
        "12.00\nd\xE9j\xE0 vu,1\n");
    EXPECT_TRUE(latin.error.starts_with("encoding.invalid byte 14 ")) << latin.error;
    EXPECT_EQ(latin.text, "name,price\ncaf");  // what precedes is delivered
}

TEST(TextSource, AccentedLettersThatHappenToMakePairsAreNotTakenForChinese) {
    EXPECT_TRUE(decode("name\ncaf\xE9teria\nna\xEFve\nd\xE9j\xE0vu\n").error.starts_with("encoding.invalid"));
}

TEST(TextSource, NulsAreMarkedButAreNotAFileOfTheirOwnKind) {
    const Decoded decoded = decode("order_no,title\n1,abc\0def and more text\n"s);
    EXPECT_EQ(decoded.error, "");
    ASSERT_EQ(decoded.faults.size(), 1u);
    EXPECT_TRUE(decoded.faults[0].is_nul);
    EXPECT_EQ(decoded.faults[0].text_begin, 20u);
}

TEST(TextSource, ARunOfFaultsIsOneSoThatAHoleInAFileTakesNoMemory) {
    const Decoded hole =
        decode("order_no,title\n" + std::string(3'000'000, 'x') + std::string(3'000'000, '\0'), SIZE_MAX, 50'000);
    ASSERT_EQ(hole.faults.size(), 1u);
    EXPECT_EQ(hole.faults[0].text_end, hole.text.size());
}

TEST(TextSource, BinaryFilesAreNamedForWhatTheyAre) {
    const auto kind = [](std::string bytes) {
        const auto source = TextSource::open(bytes_in_memory(bytes));
        return source ? "" : source.error().detail;
    };
    EXPECT_NE(kind("PK\x03\x04" + std::string(26, '\0') + "[Content_Types].xml").find("XLSX"), std::string::npos);
    EXPECT_NE(kind("PK\x03\x04" + std::string(30, 'x')).find("ZIP"), std::string::npos);
    EXPECT_NE(kind("\xD0\xCF\x11\xE0\xA1\xB1").find(".xls"), std::string::npos);
    EXPECT_NE(kind("%PDF-1.7 ").find("PDF"), std::string::npos);
    EXPECT_NE(kind("\x89PNG\r\n").find("PNG"), std::string::npos);
    EXPECT_NE(kind("\x7F"
                   "ELF\x02\x01\x01")
                  .find("ELF"),
              std::string::npos);
    std::string noise;
    for (unsigned i = 0; i < 5000; ++i) noise += static_cast<char>((i * 2654435761u) >> 24);
    EXPECT_NE(kind(noise).find("binary"), std::string::npos);
}

RC_GTEST_PROP(TextSource, AnyTextSurvivesAnyEncodingInAnyPieces, (std::vector<std::uint16_t> units)) {
    std::string text = "heading 熟客,订单编号\n";  // enough to tell the encodings apart
    for (const std::uint16_t unit : units) {
        const char32_t character = unit < 0xD800 ? unit : 0x20000u + unit;
        if (character != 0) append_utf8(text, character == U'\uFEFF' ? U'x' : character);
    }
    const auto piece = *rc::gen::inRange<std::size_t>(1, 50);
    for (const char* name : {"UTF-8", "UTF-16LE", "UTF-16BE"}) {
        const std::string mark = encode("\uFEFF", name);
        RC_ASSERT(decode(mark + encode(text, name), piece, 16 + piece).text == text);
    }
}

RC_GTEST_PROP(TextSource, AnyBytesGiveValidTextOrAnErrorAlikeInAnyPieces, (std::string bytes)) {
    const Decoded whole = decode(bytes);
    const Decoded pieces = decode(bytes, *rc::gen::inRange<std::size_t>(1, 20), *rc::gen::inRange<std::size_t>(16, 40));
    RC_ASSERT(is_utf8(whole.text));
    RC_ASSERT(whole.text == pieces.text);
    RC_ASSERT(whole.error == pieces.error);
}

}  // namespace
}  // namespace shuke::ingest
