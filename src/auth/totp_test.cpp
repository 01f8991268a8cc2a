// Aim: codes are those of RFC 6238, good once and only near their time; recovery codes are single use; nothing of it is
// in the record in clear.
// Source: RFC 6238, appendix B (all eighteen vectors); RFC 4648, section 10.
#include "auth/totp.h"

#include "auth/roles.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

TEST(TotpVectors, AreThoseOfRfc6238) {
    const std::string twenty = "12345678901234567890";
    const std::string thirty_two = "12345678901234567890123456789012";
    const std::string sixty_four = "1234567890123456789012345678901234567890123456789012345678901234";
    struct Vector {
        std::int64_t seconds;
        const char *sha1, *sha256, *sha512;
    };
    for (const Vector& one : {Vector{59, "94287082", "46119246", "90693936"},
                              Vector{1111111109, "07081804", "68084774", "25091201"},
                              Vector{1111111111, "14050471", "67062674", "99943326"},
                              Vector{1234567890, "89005924", "91819424", "93441116"},
                              Vector{2000000000, "69279037", "90698825", "38618901"},
                              Vector{20000000000, "65353130", "77737706", "47863826"}}) {
        const std::int64_t step = totp_step(Instant::from_seconds(one.seconds));
        EXPECT_EQ(totp_code(twenty, step, 8, TotpHash::kSha1), one.sha1) << one.seconds;
        EXPECT_EQ(totp_code(thirty_two, step, 8, TotpHash::kSha256), one.sha256) << one.seconds;
        EXPECT_EQ(totp_code(sixty_four, step, 8, TotpHash::kSha512), one.sha512) << one.seconds;
    }
}

TEST(TotpVectors, Base32IsThatOfRfc4648WithoutPadding) {
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "MY");
    EXPECT_EQ(base32("fo"), "MZXQ");
    EXPECT_EQ(base32("foo"), "MZXW6");
    EXPECT_EQ(base32("foob"), "MZXW6YQ");
    EXPECT_EQ(base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

std::string from_base32(const std::string& text) {
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 255);
    }
    return bytes;
}

class TotpTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        if (IsSkipped()) return;
        write([&](soci::session& session) {
            user_ = or_throw(create_user(session, {"ann", "Ann", kAdministrator, "en"}, by()));
            secret_ = from_base32(or_throw(begin_totp(session, database().keys(), user_)).secret);
        });
    }
    By by() { return {command_line("cli:test"), clock_.now()}; }
    std::string code(std::int64_t steps_away = 0) { return totp_code(secret_, totp_step(clock_.now()) + steps_away); }
    void advance(std::int64_t seconds) { clock_.set(Instant{clock_.now().us_since_epoch + seconds * 1'000'000}); }
    std::vector<std::string> confirm() {
        std::vector<std::string> codes;
        write([&](soci::session& s) {
            codes = or_throw(confirm_totp(s, database().keys(), user_.id, code(), by()));
        });
        return codes;
    }
    bool accepts(const std::string& typed) {
        bool good = false;
        write([&](soci::session& s) {
            good = check_second_factor(s, database().keys(), user_.id, typed, clock_.now()).has_value();
        });
        return good;
    }
    User user_;
    std::string secret_;
};

TEST_P(TotpTest, IsOffUntilACodeConfirmsIt) {
    const auto enabled = [&] {
        bool on = false;
        write([&](soci::session& s) { on = or_throw(find_user(s, user_.id)).totp_enabled; });
        return on;
    };
    EXPECT_FALSE(enabled());
    write([&](soci::session& s) {
        const auto wrong = confirm_totp(s, database().keys(), user_.id, code(5), by());
        ASSERT_FALSE(wrong);
        EXPECT_EQ(wrong.error().key, "auth.wrong_code");
    });
    EXPECT_FALSE(enabled());
    EXPECT_EQ(confirm().size(), 10u);
    EXPECT_TRUE(enabled());
    write([&](soci::session& s) {
        EXPECT_EQ(confirm_totp(s, database().keys(), user_.id, code(), by()).error().key, "auth.totp_not_begun");
        remove_totp(s, user_.id, by());
    });
    EXPECT_FALSE(enabled());
    EXPECT_EQ(number("SELECT count(*) FROM recovery_codes"), 0);
}

TEST_P(TotpTest, ACodeIsGoodOnceAndOnlyNearItsTime) {
    confirm();
    EXPECT_FALSE(accepts(code())) << "the code that confirmed it is used up";
    advance(30);
    const std::string now = code();
    EXPECT_FALSE(accepts(code(2)));
    EXPECT_FALSE(accepts(code(-2)));
    EXPECT_FALSE(accepts(""));
    EXPECT_FALSE(accepts("12345"));
    EXPECT_TRUE(accepts(now.substr(0, 3) + " " + now.substr(3)));
    EXPECT_FALSE(accepts(now));
    EXPECT_FALSE(accepts(code(-1))) << "older than one that was accepted";
    EXPECT_TRUE(accepts(code(1))) << "a phone whose clock is ahead";
    advance(30);
    EXPECT_FALSE(accepts(code())) << "that one again";
    advance(30);
    EXPECT_TRUE(accepts(code()));
}

TEST_P(TotpTest, ARecoveryCodeIsGoodOnceInAnySpelling) {
    const auto codes = confirm();
    std::string typed = codes[3];
    for (char& c : typed) c = static_cast<char>(std::tolower(c));
    EXPECT_TRUE(accepts(typed));
    EXPECT_FALSE(accepts(codes[3]));
    EXPECT_TRUE(accepts(codes[4]));
    EXPECT_EQ(number("SELECT count(*) FROM recovery_codes"), 8);
}

TEST_P(TotpTest, NothingOfItIsInTheRecordInClear) {
    const auto codes = confirm();
    std::string kept;
    EXPECT_TRUE(database().read([&](soci::session& session) {
        std::string sealed;
        session << "SELECT totp_sealed FROM users", soci::into(sealed);
        kept = sealed;
        soci::rowset<std::string> hashes = (session.prepare << "SELECT code_hash FROM recovery_codes");
        for (const auto& hash : hashes) kept += hash;
    }));
    EXPECT_EQ(kept.find(base32(secret_)), std::string::npos);
    EXPECT_EQ(kept.find(secret_), std::string::npos);
    for (const auto& one : codes) EXPECT_EQ(kept.find(one), std::string::npos);
}

SHUKE_ON_BOTH_DATABASES(TotpTest);

}  // namespace
}  // namespace shuke::auth
