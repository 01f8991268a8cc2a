// Aim: the way in. First start and one-time links, sign-in with and without a second factor, sessions and their end,
// CSRF tokens, throttling that survives a restart and tells nothing about names.
#include "auth/sign_in.h"

#include "auth/passwords.h"
#include "auth/roles.h"
#include "auth/setup.h"
#include "auth/throttle.h"
#include "auth/totp.h"
#include "record/settings.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

constexpr const char* kPassword = "purple tractor banana seven";

class SignInTest : public record::RecordTest {
protected:
    void advance(std::int64_t seconds) { clock_.set(Instant{clock_.now().us_since_epoch + seconds * 1'000'000}); }
    User set_up() {
        const auto token = issue_setup_token(database());
        if (!token) throw std::runtime_error(token.error().detail);
        const auto user = complete_setup(database(), {*token, "ann", "Ann", kPassword, "en"});
        if (!user) throw std::runtime_error(user.error().detail);
        return *user;
    }
    Result<StartedSession> try_in(const std::string& name, const std::string& password,
                                  const std::string& address = "192.0.2.1") {
        return sign_in(database(), {name, password, {address, "Firefox"}});
    }
    std::string key_of(const Result<StartedSession>& result) { return result ? "" : result.error().key; }
    std::optional<CurrentSession> find(const std::string& token) {
        std::optional<CurrentSession> found;
        EXPECT_TRUE(database().read(
            [&](soci::session& s) { found = find_session(s, database().keys(), token, clock_.now()); }));
        return found;
    }
};

TEST_P(SignInTest, TheFirstStartsLinkIsGoodOnceAndForADay) {
    const auto first = issue_setup_token(database());
    const auto token = issue_setup_token(database());
    ASSERT_TRUE(first && token);
    const auto complete = [&](const std::string& with, const std::string& password) {
        const auto user = complete_setup(database(), {with, "ann", "", password, "zh-CN"});
        return user ? std::string() : user.error().key;
    };
    EXPECT_EQ(complete("guess", kPassword), "token.invalid");
    EXPECT_EQ(complete(*first, kPassword), "token.invalid") << "a newer one was made";
    EXPECT_EQ(complete(*token, "password"), "password.weak");
    advance(24 * 3'600);
    EXPECT_EQ(complete(*token, kPassword), "token.invalid") << "expired";
    const auto again = issue_setup_token(database());
    EXPECT_EQ(complete(*again, kPassword), "");
    EXPECT_EQ(complete(*again, kPassword), "setup.done");
    EXPECT_EQ(issue_setup_token(database()).error().key, "setup.done");
    EXPECT_EQ(number("SELECT count(*) FROM users WHERE role_id = 1"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM one_time_tokens"), 0);
}

TEST_P(SignInTest, TheRightPasswordOpensASessionThatOnlyItsTokenFinds) {
    set_up();
    const auto started = try_in("ANN", kPassword);
    ASSERT_TRUE(started) << started.error().detail;
    EXPECT_EQ(started->token.size(), 43u);
    const auto current = find(started->token);
    ASSERT_TRUE(current);
    EXPECT_EQ(current->user.name, "ann");
    EXPECT_EQ(current->principal.actor(), "user:ann");
    EXPECT_TRUE(current->principal.can(Permission::kUsersManage));
    EXPECT_EQ(current->csrf_token, started->csrf_token);
    EXPECT_TRUE(is_csrf_token(database().keys(), started->token, current->csrf_token));
    EXPECT_FALSE(is_csrf_token(database().keys(), started->token, ""));
    const auto second = try_in("ann", kPassword);
    EXPECT_FALSE(is_csrf_token(database().keys(), second->token, current->csrf_token)) << "each session has its own";
    EXPECT_FALSE(find(""));
    EXPECT_FALSE(find(started->token.substr(1) + "x"));
    EXPECT_EQ(number("SELECT count(*) FROM sessions WHERE token_hash = '" + started->token + "'"), 0);
    ASSERT_TRUE(sign_out(database(), started->token));
    EXPECT_FALSE(find(started->token));
    EXPECT_TRUE(find(second->token));
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'session.start'"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'session.end'"), 1);
}

TEST_P(SignInTest, ASessionEndsWhenItIsIdleAndWhenItIsOld) {
    set_up();
    const auto idle = try_in("ann", kPassword);
    advance(720 * 60 - 1);
    EXPECT_TRUE(find(idle->token));
    advance(1);
    EXPECT_FALSE(find(idle->token));
    const auto old = try_in("ann", kPassword);
    for (int half_day = 1; half_day <= 28; ++half_day) {
        const auto current = find(old->token);
        ASSERT_TRUE(current) << half_day;
        EXPECT_EQ(should_touch(current->session, clock_.now()), half_day > 1);
        write([&](soci::session& s) { touch_session(s, current->session.id, clock_.now()); });
        advance(43'199);
    }
    advance(28);
    EXPECT_FALSE(find(old->token)) << "fourteen days";
    try_in("ann", kPassword);
    EXPECT_EQ(number("SELECT count(*) FROM sessions"), 1) << "ended ones are swept";
}

TEST_P(SignInTest, UnknownNamesWrongPasswordsAndDisabledUsersGetOneAnswer) {
    set_up();
    write([&](soci::session& s) {
        const By by{command_line("cli:test"), clock_.now()};
        const User bob = or_throw(create_user(s, {"bob", "", RoleId{3}, "en"}, by));
        or_throw(set_password(s, bob.id, *hash_password(kPassword), by));
        UserChange disable;
        disable.disabled = true;
        or_throw(change_user(s, bob.id, or_throw(find_user(s, bob.id)).version, disable, by));
    });
    const auto unknown = try_in("nobody", kPassword);
    for (const auto& other : {try_in("ann", "wrong"), try_in("bob", kPassword), try_in("", "")}) {
        ASSERT_FALSE(other);
        EXPECT_EQ(other.error().key, "auth.wrong_credentials");
        EXPECT_EQ(other.error().detail, unknown.error().detail);
    }
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'session.refused'"), 4);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE detail LIKE '%nobody%' OR subject LIKE '%nobody%'"), 0);
}

TEST_P(SignInTest, GuessesAreSlowedDownMoreAndMoreAlsoAcrossARestartAndForNamesNobodyHas) {
    set_up();
    for (const std::string name : {"ann", "nobody"}) {
        for (int i = 0; i < 5; ++i) EXPECT_EQ(key_of(try_in(name, "wrong", "addr " + name)), "auth.wrong_credentials");
        EXPECT_EQ(key_of(try_in(name, kPassword, "elsewhere")), "auth.throttled");
    }
    database_.reset();
    database_ = open();
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "auth.throttled");
    advance(2);
    EXPECT_EQ(key_of(try_in("ann", "wrong")), "auth.wrong_credentials");
    advance(3);
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "auth.throttled") << "four seconds now";
    advance(1);
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "");
    for (int i = 0; i < 4; ++i) EXPECT_EQ(key_of(try_in("ann", "wrong")), "auth.wrong_credentials");
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "") << "a success forgets the failures";
}

TEST_P(SignInTest, AnAddressIsSlowedDownWhateverNamesItTries) {
    write([&](soci::session& session) {
        const Instant now = clock_.now();
        for (int i = 0; i < 20; ++i) {
            const std::string name = "name" + std::to_string(i);
            const Attempt attempt{name, "192.0.2.1"};
            EXPECT_TRUE(check_throttle(session, database().keys(), attempt, now)) << i;
            count_attempt(session, database().keys(), attempt, now);
        }
        const auto refused = check_throttle(session, database().keys(), {"fresh", "192.0.2.1"}, now);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::kExhausted);
        EXPECT_NE(refused.error().detail.find(" 2 seconds"), std::string::npos);
        EXPECT_TRUE(check_throttle(session, database().keys(), {"fresh", "192.0.2.2"}, now));
        // A success of one account does not wash the address clean.
        forgive_attempt(session, database().keys(), {"name3", "192.0.2.1"});
        count_attempt(session, database().keys(), {"fresh", "192.0.2.1"}, now);
        EXPECT_FALSE(check_throttle(session, database().keys(), {"more", "192.0.2.1"}, now));
        advance(25 * 3'600);
        EXPECT_TRUE(check_throttle(session, database().keys(), {"fresh", "192.0.2.1"}, clock_.now()));
    });
}

TEST_P(SignInTest, ASecondFactorIsAskedForAndTheTokenChangesWithIt) {
    const User ann = set_up();
    std::vector<std::string> recovery;
    std::string secret;
    write([&](soci::session& s) {
        const KeyRing& keys = database().keys();
        or_throw(begin_totp(s, keys, ann));
        std::string sealed;
        s << "SELECT totp_pending_sealed FROM users", soci::into(sealed);
        secret = or_throw(keys.unseal(sealed));
        recovery = or_throw(confirm_totp(s, keys, ann.id, totp_code(secret, totp_step(clock_.now())),
                                         {command_line("x"), clock_.now()}));
    });
    advance(30);
    const auto half = try_in("ann", kPassword);
    ASSERT_TRUE(half);
    EXPECT_TRUE(half->session.awaits_second_factor);
    EXPECT_TRUE(find(half->token)->principal.permissions.empty());
    const auto verify = [&](const std::string& token, const std::string& code) {
        return verify_second_factor(database(), token, code, {"192.0.2.1", "Firefox"});
    };
    EXPECT_EQ(key_of(verify(half->token, "000000")), "auth.wrong_code");
    EXPECT_EQ(key_of(verify("no such token", "000000")), "auth.signed_out");
    const std::string code = totp_code(secret, totp_step(clock_.now()));
    const auto whole = verify(half->token, code);
    ASSERT_TRUE(whole);
    EXPECT_NE(whole->token, half->token);
    EXPECT_FALSE(find(half->token));
    EXPECT_TRUE(find(whole->token)->principal.can(Permission::kUsersManage));
    EXPECT_EQ(key_of(verify(whole->token, code)), "auth.signed_out");

    const auto again = try_in("ann", kPassword);
    EXPECT_EQ(key_of(verify(again->token, code)), "auth.wrong_code") << "used before";
    EXPECT_EQ(key_of(verify(again->token, recovery[0])), "");

    // The right password does not wash away codes that were guessed.
    for (int i = 0; i < 3; ++i) {
        const auto next = try_in("ann", kPassword);
        if (next) verify(next->token, "111111");
    }
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "auth.throttled");
    advance(3'600);
    const auto slow = try_in("ann", kPassword);
    advance(601);
    EXPECT_EQ(key_of(verify(slow->token, totp_code(secret, totp_step(clock_.now())))), "auth.signed_out");
}

TEST_P(SignInTest, ChangingThePasswordAsksForTheOldOneAndEndsTheOtherSessions) {
    set_up();
    const auto here = try_in("ann", kPassword);
    const auto there = try_in("ann", kPassword);
    const auto current = find(here->token);
    EXPECT_EQ(change_password(database(), *current, "wrong", "four candles under stairs").error().key,
              "auth.wrong_credentials");
    EXPECT_EQ(change_password(database(), *current, kPassword, "ann12345").error().key, "password.weak");
    ASSERT_TRUE(change_password(database(), *current, kPassword, "four candles under stairs"));
    EXPECT_TRUE(find(here->token));
    EXPECT_FALSE(find(there->token));
    EXPECT_EQ(key_of(try_in("ann", kPassword)), "auth.wrong_credentials");
    EXPECT_EQ(key_of(try_in("ann", "four candles under stairs")), "");
}

TEST_P(SignInTest, ALinkLetsAColleagueChooseAPasswordOnce) {
    set_up();
    User bob;
    const By by{command_line("cli:test"), clock_.now()};
    write([&](soci::session& s) { bob = or_throw(create_user(s, {"bob", "", RoleId{9}, "zh-CN"}, by)); });
    EXPECT_EQ(key_of(try_in("bob", "")), "auth.wrong_credentials");
    Principal clerk;
    clerk.permissions = {Permission::kUsersManage};
    EXPECT_EQ(issue_reset_token(database(), bob.id, {clerk, clock_.now()}).error().key, "auth.forbidden");
    const auto token = issue_reset_token(database(), bob.id, by);
    ASSERT_TRUE(token);
    EXPECT_EQ(complete_reset(database(), *token, "bob").error().key, "password.weak");
    EXPECT_EQ(complete_reset(database(), "guess", kPassword).error().key, "token.invalid");
    ASSERT_TRUE(complete_reset(database(), *token, kPassword));
    EXPECT_EQ(complete_reset(database(), *token, kPassword).error().key, "token.invalid");
    EXPECT_EQ(key_of(try_in("bob", kPassword)), "");
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'user.password' AND actor = 'user:bob'"), 1);
}

SHUKE_ON_BOTH_DATABASES(SignInTest);

}  // namespace
}  // namespace shuke::auth
