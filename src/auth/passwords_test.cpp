// Aim: weak passwords are refused with the reason, hashes are Argon2id of the right limits, and a user that does not
// exist costs the same work.
#include "auth/passwords.h"

#include <gtest/gtest.h>

namespace shuke::auth {
namespace {

TEST(Passwords, WeakOnesAreRefusedWithTheReason) {
    struct Case {
        const char *password, *warning;
    };
    for (const auto& [password, warning] : {Case{"", "too_short"}, Case{"Xk9#v2q", "too_short"},
                                            Case{"password1", "common"}, Case{"aaaaaaaaaaaa", "common"},
                                            Case{"abcdefghijk", "sequence"}, Case{"qwertyuiop", "common"}}) {
        const Strength strength = password_strength(password);
        EXPECT_FALSE(strength.acceptable) << password;
        EXPECT_EQ(strength.warning, warning) << password;
        EXPECT_EQ(check_password(password).error().key, "password.weak");
    }
    EXPECT_EQ(password_strength(std::string(300, 'x')).warning, "too_long");
}

TEST(Passwords, GoodOnesAreTakenAndTheUsersOwnWordsCountForNothing) {
    EXPECT_TRUE(check_password("purple tractor banana seven"));
    EXPECT_TRUE(check_password("v7#Kp2!xQz9w"));
    EXPECT_EQ(password_strength("v7#Kp2!xQz9w").score, 4);
    EXPECT_TRUE(check_password("zhangweijianglin88"));
    const Strength own = password_strength("zhangweijianglin88", {"zhangwei", "jianglin"});
    EXPECT_FALSE(own.acceptable);
    EXPECT_EQ(own.warning, "yours");
}

TEST(Passwords, AreKeptAsArgon2idOfTheInteractiveLimits) {
    const auto hash = hash_password("purple tractor");
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << *hash;
    EXPECT_NE(*hash, *hash_password("purple tractor")) << "salted";
    EXPECT_TRUE(verify_password(*hash, "purple tractor"));
    EXPECT_FALSE(verify_password(*hash, "purple tractoR"));
    EXPECT_FALSE(verify_password(*hash, ""));
    EXPECT_FALSE(needs_rehash(*hash));
    EXPECT_TRUE(needs_rehash("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2E$"
                             "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"));
}

TEST(Passwords, OfNobodyAreNeverRight) {
    EXPECT_FALSE(verify_password("", ""));
    EXPECT_FALSE(verify_password("", "purple tractor"));
}

}  // namespace
}  // namespace shuke::auth
