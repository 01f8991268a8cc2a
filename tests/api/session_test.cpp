// Aim: who signs in, how, for how long, and what ends it, as a browser and a program meet it.
// Method: the real server over HTTP, from its first start on.
#include <gtest/gtest.h>

#include "api/server_for_test.h"
#include "auth/totp.h"
#include "base/clock.h"

namespace shuke::tests {
namespace {

constexpr const char* kPassword = TestServer::kPassword;
constexpr const char* kOther = "green kettle mountain eleven";

Answer post(const TestServer& server, const std::string& path, const Json& body, std::vector<std::string> headers = {},
            const char* method = "POST") {
    headers.emplace_back("Content-Type: application/json");
    return server.send(method, "/api/v1" + path, body.dump(), headers);
}
std::string key_of(const Answer& answer) { return answer.json().is_object() ? answer.json().value("key", "") : ""; }

Answer try_in(const TestServer& server, const std::string& name, const std::string& password) {
    return post(server, "/session", {{"name", name}, {"password", password}});
}
bool is_signed_in(const TestServer& server, const SignedIn& who) {
    return server.send("GET", "/api/v1/session", "", who.headers()).json().value("signed_in", false);
}
SignedIn browser_of(const Answer& answer) {
    const std::string cookie = answer.headers.at("set-cookie");
    return {cookie.substr(0, cookie.find(';')), answer.json().at("csrf_token")};
}

TEST(FirstStart, TheLinkMakesTheAdministratorOnceAndAWeakPasswordIsRefused) {
    TestServer server;
    const std::string said = server.said();
    const auto at = said.find("/#/setup?token=");
    ASSERT_NE(at, std::string::npos) << said;
    const std::string token = said.substr(at + 15, said.find('\n', at) - at - 15);
    EXPECT_EQ(server.send("GET", "/api/v1/session").json().at("needs_setup"), true);
    const auto setup = [&](const std::string& with, const std::string& password) {
        return post(server, "/setup",
                    {{"token", with}, {"name", "ann"}, {"display_name", "Ann"}, {"password", password}});
    };
    for (const char* weak : {"password1", "12345678", "ann ann ann", "qwertyuiop"}) {
        const auto refused = setup(token, weak);
        EXPECT_EQ(refused.status, 422) << refused.body;
        EXPECT_EQ(key_of(refused), "password.weak") << "and the link is still good";
    }
    EXPECT_EQ(setup("a-token-that-is-none", kPassword).status, 401);
    const auto made = setup(token, kPassword);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.json().at("user").at("role"), "administrator");
    EXPECT_NE(made.json().value("time_zone", ""), "");
    const auto again = setup(token, kPassword);
    EXPECT_GE(again.status, 400) << "the link was used";
    EXPECT_EQ(key_of(again), "token.invalid") << again.body;
    EXPECT_EQ(server.send("GET", "/api/v1/session").json().at("needs_setup"), false);
    EXPECT_EQ(try_in(server, "ANN", kPassword).status, 200);
}

class Session : public ::testing::Test {
protected:
    Session() : ann_(server_.user("ann", "administrator")) {}
    TestServer server_;
    SignedIn ann_;
};

TEST_F(Session, CookieFlagsAndNoCookieForScripts) {
    const auto answer = try_in(server_, "ann", kPassword);
    const std::string cookie = answer.headers.at("set-cookie");
    EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos) << cookie;
    EXPECT_NE(cookie.find("; SameSite=Strict"), std::string::npos) << cookie;
    EXPECT_EQ(cookie.find("; Secure"), std::string::npos) << "not without TLS, or nobody could sign in";
    EXPECT_EQ(answer.body.find(cookie.substr(14, 20)), std::string::npos) << "the token is in the cookie alone";
}

TEST_F(Session, WrongPasswordsAndUnknownNamesSayTheSameAndAreSlowedDown) {
    const auto unknown = try_in(server_, "nobody", "x"), wrong = try_in(server_, "ann", "x");
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(unknown.json().at("detail"), wrong.json().at("detail"));
    Answer answer;
    for (int i = 0; i < 8 && answer.status != 429; ++i) answer = try_in(server_, "bob", "guess");
    ASSERT_EQ(answer.status, 429) << "by account, also one that does not exist";
    EXPECT_EQ(key_of(answer), "auth.throttled");
    EXPECT_GE(std::stoi(answer.headers.at("retry-after")), 1);
    EXPECT_NE(answer.body.find("in " + answer.headers.at("retry-after") + " seconds"), std::string::npos)
        << answer.body;
    EXPECT_EQ(try_in(server_, "ann", kPassword).status, 200) << "others may";
    // Twenty failures from one address, whatever the names.
    for (int i = 0; i < 40; ++i) {
        answer = try_in(server_, "somebody" + std::to_string(i), "guess");
        if (answer.status == 429) break;
    }
    EXPECT_EQ(answer.status, 429) << "by address";
    EXPECT_EQ(try_in(server_, "ann", kPassword).status, 429) << "the address waits for every account";
}

TEST_F(Session, APasswordThatChangesEndsTheOtherSessionsAndADisabledUserIsOutAtOnce) {
    const SignedIn bob = server_.user("bob", "analyst"), bob_elsewhere = server_.sign_in("bob");
    ASSERT_TRUE(is_signed_in(server_, bob_elsewhere));
    EXPECT_EQ(key_of(post(server_, "/session/password", {{"old", "wrong"}, {"new", kOther}}, bob.headers())),
              "auth.wrong_credentials");
    EXPECT_EQ(key_of(post(server_, "/session/password", {{"old", kPassword}, {"new", "bob12345"}}, bob.headers())),
              "password.weak");
    EXPECT_EQ(post(server_, "/session/password", {{"old", kPassword}, {"new", kOther}}, bob.headers()).status, 204);
    EXPECT_FALSE(is_signed_in(server_, bob_elsewhere));
    EXPECT_TRUE(is_signed_in(server_, bob)) << "whoever changed it stays";
    EXPECT_EQ(try_in(server_, "bob", kPassword).status, 401);
    const auto users = server_.send("GET", "/api/v1/users", "", ann_.headers()).json().at("items");
    std::string id;
    for (const auto& user : users)
        if (user.at("name") == "bob") id = std::to_string(user.at("id").get<int>());
    EXPECT_EQ(post(server_, "/users/" + id, {{"disabled", true}}, ann_.headers({"If-Match: *"}), "PATCH").status, 200);
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", bob.headers()).status, 401) << "at once";
    EXPECT_EQ(try_in(server_, "bob", kOther).status, 401);
}

TEST_F(Session, SigningOutEndsItHere) {
    EXPECT_EQ(server_.send("DELETE", "/api/v1/session", "", {"Cookie: " + ann_.cookie}).status, 403)
        << "needs the token";
    EXPECT_EQ(server_.send("DELETE", "/api/v1/session", "", ann_.headers()).status, 204);
    EXPECT_FALSE(is_signed_in(server_, ann_));
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", ann_.headers()).status, 401);
}

std::string from_base32(const std::string& text) {
    std::string bytes;
    unsigned held = 0;
    int bits = 0;
    for (const char c : text) {
        held = held << 5 | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((bits += 5) < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 255);
    }
    return bytes;
}

TEST_F(Session, TheSecondFactorIsAskedForACodeIsGoodOnceAndARecoveryCodeHelpsOnce) {
    const SignedIn bob = server_.user("bob", "analyst");
    const auto begun = server_.send("POST", "/api/v1/me/totp", "", bob.headers());
    ASSERT_EQ(begun.status, 200) << begun.body;
    const std::string secret = from_base32(begun.json().at("secret"));
    const SystemClock clock;
    const auto code = [&](int away) { return auth::totp_code(secret, auth::totp_step(clock.now()) + away); };
    EXPECT_EQ(key_of(post(server_, "/me/totp", {{"code", "000000"}}, bob.headers(), "PUT")), "auth.wrong_code");
    const auto confirmed = post(server_, "/me/totp", {{"code", code(-1)}}, bob.headers(), "PUT");
    ASSERT_EQ(confirmed.status, 200) << confirmed.body;
    const auto recovery = confirmed.json().at("recovery_codes");
    ASSERT_EQ(recovery.size(), 10u);

    const auto half = try_in(server_, "bob", kPassword);
    ASSERT_EQ(half.status, 200);
    EXPECT_EQ(half.json().at("needs_second_factor"), true);
    EXPECT_EQ(half.json().at("signed_in"), false);
    const SignedIn waiting = browser_of(half);
    const auto early = server_.send("GET", "/api/v1/segments", "", waiting.headers());
    EXPECT_EQ(early.status, 401);
    EXPECT_EQ(key_of(early), "auth.second_factor_needed");
    const std::string used = code(0);
    const auto whole = post(server_, "/session/second-factor", {{"code", used}}, waiting.headers());
    ASSERT_EQ(whole.status, 200) << whole.body;
    EXPECT_NE(browser_of(whole).cookie, waiting.cookie) << "another session, so that the half one cannot be kept";
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", browser_of(whole).headers()).status, 200);

    const SignedIn second = browser_of(try_in(server_, "bob", kPassword));
    EXPECT_EQ(key_of(post(server_, "/session/second-factor", {{"code", used}}, second.headers())), "auth.wrong_code")
        << "overheard, and used again";
    const std::string rescue = recovery.at(3);
    EXPECT_EQ(post(server_, "/session/second-factor", {{"code", rescue}}, second.headers()).status, 200);
    const SignedIn third = browser_of(try_in(server_, "bob", kPassword));
    EXPECT_EQ(key_of(post(server_, "/session/second-factor", {{"code", rescue}}, third.headers())), "auth.wrong_code");
}

TEST_F(Session, AKeyDoesWhatItsScopesSayUntilItExpiresOrIsRevoked) {
    const auto make = [&](const Json& body) { return post(server_, "/api-keys", body, ann_.headers()); };
    const auto made = make({{"name", "till"}, {"permissions", {"segments.read"}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string bearer = "Authorization: Bearer " + made.json().at("key").get<std::string>();
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", {bearer}).status, 200);
    EXPECT_EQ(server_.send("GET", "/api/v1/customers", "", {bearer}).status, 403);
    EXPECT_EQ(server_.send("GET", "/api/v1/api-keys", "", ann_.headers()).body.find(bearer.substr(22)),
              std::string::npos)
        << "it was shown once";
    const auto id = std::to_string(made.json().at("api_key").at("id").get<int>());
    EXPECT_EQ(server_.send("DELETE", "/api/v1/api-keys/" + id, "", ann_.headers()).status, 204);
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", {bearer}).status, 401) << "at once";
    EXPECT_EQ(
        key_of(make({{"name", "old"}, {"permissions", {"segments.read"}}, {"expires_at", "2020-01-01T00:00:00Z"}})),
        "api_key.invalid_expiry");
    EXPECT_EQ(server_.send("GET", "/api/v1/segments", "", {"Authorization: Bearer shk_nonsense"}).status, 401);
}

TEST_F(Session, EveryAnswerHasItsSecurityHeadersAndThePageNoInlineScript) {
    const std::vector<std::pair<const char*, const char*>> asked{{"GET", "/"},
                                                                 {"GET", "/customers/12"},
                                                                 {"GET", "/no-such-file.js"},
                                                                 {"GET", "/healthz"},
                                                                 {"GET", "/api/v1/session"},
                                                                 {"GET", "/api/v1/customers"},
                                                                 {"GET", "/api/v1/nothing"},
                                                                 {"POST", "/"},
                                                                 {"PUT", "/api/v1/session"}};
    for (const auto& [method, path] : asked) {
        const auto answer = server_.send(method, path);
        const auto has = [&](const char* name, const char* value) {
            const auto found = answer.headers.find(name);
            EXPECT_NE(found, answer.headers.end()) << method << " " << path << " lacks " << name;
            if (found != answer.headers.end()) {
                EXPECT_NE(found->second.find(value), std::string::npos) << path << ": " << found->second;
            }
        };
        has("x-content-type-options", "nosniff");
        has("referrer-policy", "no-referrer");
        has("content-security-policy", "frame-ancestors 'none'");
        has("content-security-policy", "default-src 'none'");
        has("x-request-id", "");
        const std::string policy =
            answer.headers.count("content-security-policy") ? answer.headers.at("content-security-policy") : "";
        const auto scripts = policy.find("script-src");
        if (scripts != std::string::npos) {
            EXPECT_EQ(policy.substr(scripts, policy.find(';', scripts) - scripts), "script-src 'self'") << path;
        }
    }
    const auto page = server_.send("GET", "/");
    const std::string& html = page.body;
    for (auto at = html.find("<script"); at != std::string::npos; at = html.find("<script", at + 1)) {
        const auto tag = html.substr(at, html.find('>', at) - at);
        EXPECT_NE(tag.find(" src="), std::string::npos) << "an inline script: " << tag;
    }
    EXPECT_EQ(html.find(" onclick="), std::string::npos);
    EXPECT_NE(page.headers.at("content-security-policy"),
              server_.send("GET", "/").headers.at("content-security-policy"))
        << "a nonce is used once";
}

TEST_F(Session, MistakesAreToldInTheLanguageOfWhoMadeThem) {
    const auto in = [&](const char* language, const std::string& path, const Json& body) {
        return post(server_, path, body,
                    {"Accept-Language: " + std::string(language), "Cookie: " + ann_.cookie,
                     "X-CSRF-Token: " + ann_.csrf})
            .json();
    };
    const Json wrong{{"name", "ann"}, {"password", "x"}};
    EXPECT_EQ(in("zh-CN", "/session", wrong).at("detail"), "用户名或密码不正确。");
    EXPECT_EQ(in("zh-CN", "/session", wrong).at("title"), "未登录或登录无效");
    EXPECT_EQ(in("en", "/session", wrong).at("detail"), "this name and password do not belong together");
    const Json expression = in("zh-CN", "/segments/count", {{"expression", "count(ordrs where paid) >= 2"}});
    EXPECT_EQ(expression.at("detail"), "没有 'ordrs' 这类记录；是不是想写 'orders'？");
    EXPECT_EQ(expression.at("suggestion"), "orders");
    EXPECT_EQ(expression.at("offset"), 6);
    const Json field = in("zh-CN", "/segments", {{"name", ""}, {"expression", "all customers"}});
    EXPECT_EQ(field.at("errors").at(0).at("detail"), "不能为空") << field;
    in("zh-CN", "/segments", {{"name", "常客"}, {"expression", "purchase_count >= 2"}});
    const Json twice = in("zh-CN", "/segments", {{"name", "常客"}, {"expression", "purchase_count >= 3"}});
    EXPECT_EQ(twice.at("detail"), "已有同名分群。") << twice;
}

}  // namespace
}  // namespace shuke::tests
