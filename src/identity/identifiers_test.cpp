// Aim: identifiers come in one form in which equal means equal, and only real ones unite people.
#include "identity/identifiers.h"

#include <gtest/gtest.h>

namespace shuke::identity {
namespace {

std::string phone(std::string_view text, std::string_view region = "CN") {
    const auto found = normalise_phone(text, region);
    return found ? std::string(to_string(found->kind)) + " " + found->value + (found->trusted ? "" : " untrusted")
                 : "nothing";
}

std::string email(std::string_view text) {
    const auto found = normalise_email(text);
    return found ? found->value + (found->trusted ? "" : " untrusted") : "nothing";
}

TEST(Identifiers, AMobileIsTheSameInEverySpelling) {
    for (const char* text :
         {"13912345678", "'13912345678", "+86 139-1234-5678", "008613912345678", "8613912345678", "013912345678",
          "１３９１２３４５６７８", "=\"13912345678\"", "13912345678.0", "139 1234 5678", "(139)12345678"}) {
        EXPECT_EQ(phone(text), "phone +8613912345678") << text;
    }
}

TEST(Identifiers, PrivacyNumbersAreNotPersonal) {
    for (const char* text :
         {"18877771111-123", "18877771111-1234", "18877771111转1234", "18877771111,1234", "+86 18877771111-1234"}) {
        EXPECT_EQ(phone(text).substr(0, 14), "privacy_number") << text;
        EXPECT_NE(phone(text).find("untrusted"), std::string::npos) << text;
    }
}

TEST(Identifiers, LandlinesServiceAndMaskedNumbersUniteNobody) {
    EXPECT_EQ(phone("021-62345678"), "telephone +862162345678 untrusted");
    EXPECT_NE(phone("400-820-8820").find("untrusted"), std::string::npos);
    EXPECT_EQ(phone("130****0002"), "telephone 130****0002 untrusted");
}

TEST(Identifiers, NumbersFromAbroadKeepTheirCountry) {
    EXPECT_EQ(phone("+447911123456"), "phone +447911123456");
    EXPECT_EQ(phone("07911 123456", "GB"), "phone +447911123456");
    EXPECT_EQ(phone("+852 9123 4567"), "phone +85291234567");
}

TEST(Identifiers, JunkIsNothing) {
    for (const char* text : {"", "'", "11111111111", "12345678901", "13800138000", "00000000000", "-", "无"})
        EXPECT_EQ(phone(text), "nothing") << text;
}

TEST(Identifiers, EmailsMatchAsTheirProviderMatchesThem) {
    EXPECT_EQ(email(" Ann.Bee+shop@GMail.com "), "annbee@gmail.com");
    EXPECT_EQ(email("ann@googlemail.com"), "ann@gmail.com");
    EXPECT_EQ(email("Ann.Bee+x@example.com"), "ann.bee+x@example.com");
    EXPECT_EQ(email("ann+x@outlook.com"), "ann@outlook.com");
    EXPECT_EQ(email("ａｎｎ@example.com"), "ann@example.com");
}

TEST(Identifiers, RolesAndRelaysUniteNobody) {
    EXPECT_EQ(email("info@example.com"), "info@example.com untrusted");
    EXPECT_EQ(email("abc@privaterelay.appleid.com"), "abc@privaterelay.appleid.com untrusted");
    for (const char* text : {"", "ann", "@example.com", "ann@", "a@b@c.de", "ann@localhost", "a***@example.com"})
        EXPECT_EQ(email(text), "nothing") << text;
}

TEST(Identifiers, AccountNamesFoldAndMaskedOnesSayNothing) {
    EXPECT_EQ(normalise_nick(" Demo_Buyer_02 ")->value, "demo_buyer_02");
    EXPECT_EQ(normalise_nick("店铺:客服一")->value, "店铺");
    EXPECT_FALSE(normalise_nick("示***1"));
    EXPECT_FALSE(normalise_nick("~DEMOxCIPHERx==~1~"));
}

TEST(Identifiers, NamesCountAsOneHoweverTheyAreAddressed) {
    EXPECT_EQ(normalise_name("张 示例先生"), normalise_name("张示例"));
    EXPECT_EQ(normalise_name("Ann  BEE"), normalise_name("ann bee"));
    EXPECT_EQ(normalise_name("李**"), "");
}

TEST(Identifiers, WhatIsShownHidesThePerson) {
    EXPECT_EQ(mask(IdentifierKind::kPhone, "+8613912345678"), "139****5678");
    EXPECT_EQ(mask(IdentifierKind::kEmail, "ann@example.com"), "a***@example.com");
    EXPECT_EQ(mask(IdentifierKind::kExternalId, "17850"), "17850");
    EXPECT_EQ(mask(IdentifierKind::kExternalId, "13912345678"), "1**");
    EXPECT_EQ(mask_name("张示例"), "张**");
}

}  // namespace
}  // namespace shuke::identity
