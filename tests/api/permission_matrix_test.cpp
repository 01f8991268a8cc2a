// Aim: every operation × every role: who holds the permission that the declaration names may, everybody else may not, and
// nobody may without signing in; by session and by key; and a browser's write needs its CSRF token.
// Method: a signed-in user and an API key for each role there is, and for one of the merchant's own; each asks every operation of
// the OpenAPI document for something that is not there, so that nothing happens.
#include <gtest/gtest.h>

#include <algorithm>

#include "api/declared_operations.h"
#include "api/server_for_test.h"
#include "auth/permissions.h"
#include "auth/roles.h"
#include "base/clock.h"
#include "record/database.h"

namespace shuke::tests {
namespace {

// The issue's posts of the trade, and the roles every shop has.
constexpr const char* kExpectedRoles[] = {"administrator", "crm_manager", "specialist", "analyst",   "planner",
                                          "copywriter",    "sns",         "designer",   "read_only", "service_agent"};
constexpr const char* kOwnRole = "门店";

struct Member {
    std::string role;
    auth::PermissionSet permissions;
    SignedIn browser;
    std::string key;  // "": the role has no permission at all
};

class PermissionMatrix : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server;
        return server;
    }

    static const std::vector<Member>& members() {
        static const std::vector<Member> kMembers = make_members();
        return kMembers;
    }

    static std::vector<Member> make_members() {
        std::vector<Member> members;
        {
            const SystemClock clock;
            auto database = record::Database::open({.url = "", .folder = server().folder(), .create = false}, clock);
            auto made = (*database)->write("test.role", [&](soci::session& session) {
                or_throw(auth::create_role(
                    session, {kOwnRole, {auth::Permission::kIngestWrite, auth::Permission::kCustomersRead}},
                    {auth::command_line("cli:test"), clock.now()}));
                for (const auto& role : auth::all_roles(session))
                    members.push_back({role.key, role.permissions, {}, ""});
            });
            if (!made) throw std::runtime_error(made.error().detail);
        }
        for (const char* role : kExpectedRoles)
            EXPECT_EQ(std::ranges::count(members, std::string(role), &Member::role), 1) << role;
        int number = 0;
        for (auto& one : members) {
            one.browser = server().user("user" + std::to_string(++number), one.role);
            if (!one.permissions.empty()) one.key = server().key(one.permissions.names());
        }
        return members;
    }

    // Something that is not there, and a body where none belongs: whoever may ask is told 404 or 422.
    static Answer ask(const Asked& one, std::vector<std::string> headers) {
        const bool has_body = one.operation->contains("requestBody");
        std::string body, type;
        if (has_body) {
            type = one.operation->at("requestBody").at("content").begin().key();
            if (type == "application/json") body = R"({"no_such_field": 1})";
        } else if (one.method != "GET" && one.method != "HEAD") {
            type = "application/json";
            body = "{}";
        }
        for (auto& header : headers_of(one, "", type)) headers.push_back(header);
        return server().send(one.method, address(one, "999999"), body, headers);
    }

    // Why it was refused, as the problem document says; of HEAD, which has none, what it would say.
    static void expect_refusal(const Asked& one, const Answer& answer, const std::string& key,
                               const std::string& what) {
        EXPECT_EQ(answer.status, 403) << what;
        if (one.method != "HEAD") {
            EXPECT_NE(answer.body.find("\"key\":\"" + key + "\""), std::string::npos) << what;
        }
    }

    static std::string told(const Asked& one, const std::string& who, const Answer& answer) {
        return one.id + " as " + who + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 200);
    }

    static void expect_sessions() {
        std::size_t asked = 0;
        for (const auto& one : operations()) {
            for (const auto& member : members()) {
                const auto answer = ask(one, member.browser.headers());
                ++asked;
                const bool may = one.permission == "public" || one.permission == "signed-in" ||
                                 member.permissions.has(*auth::find_permission(one.permission));
                if (may) {
                    if (one.permission != "public") {
                        EXPECT_NE(answer.status, 401) << told(one, member.role, answer);
                        EXPECT_NE(answer.status, 403) << told(one, member.role, answer);
                    }
                    EXPECT_EQ(answer.body.find("\"auth."), std::string::npos) << told(one, member.role, answer);
                } else {
                    expect_refusal(one, answer, "auth.forbidden", told(one, member.role, answer));
                    if (one.method != "HEAD") {
                        EXPECT_NE(answer.body.find(one.permission), std::string::npos)
                            << "the missing permission is named";
                    }
                }
            }
        }
        EXPECT_EQ(asked, operations().size() * members().size());
    }

    static void expect_keys() {
        for (const auto& one : operations()) {
            for (const auto& member : members()) {
                if (member.key.empty()) continue;
                const auto answer = ask(one, {"Authorization: Bearer " + member.key});
                const bool may =
                    one.permission == "public" ||
                    (one.permission != "signed-in" && member.permissions.has(*auth::find_permission(one.permission)));
                if (may) {
                    if (one.permission != "public") {
                        EXPECT_NE(answer.status, 401) << told(one, member.role, answer);
                        EXPECT_NE(answer.status, 403) << told(one, member.role, answer);
                    }
                    EXPECT_EQ(answer.body.find("\"auth."), std::string::npos) << told(one, member.role, answer);
                } else {
                    expect_refusal(one, answer, one.permission == "signed-in" ? "auth.not_a_person" : "auth.forbidden",
                                   told(one, member.role, answer));
                }
            }
        }
    }

    static void expect_csrf() {
        const auto& administrator = members().front();
        ASSERT_EQ(administrator.role, "administrator");
        const auto& somebody_else = members().back();
        for (const auto& one : operations()) {
            if (one.permission == "public" || one.method == "GET" || one.method == "HEAD") continue;
            const std::string cookie = "Cookie: " + administrator.browser.cookie;
            for (const auto& headers : std::vector<std::vector<std::string>>{
                     {cookie}, {cookie, "X-CSRF-Token: "}, {cookie, "X-CSRF-Token: " + somebody_else.browser.csrf}}) {
                const auto answer = ask(one, headers);
                expect_refusal(one, answer, "auth.csrf", told(one, "without its token", answer));
            }
            if (one.operation->value("x-raw-body", false)) continue;  // a file's part: the token is what protects it
            const auto answer = ask(one, administrator.browser.headers({"Origin: https://evil.example"}));
            EXPECT_EQ(answer.status, 403) << told(one, "from another site", answer);
        }
    }
};

TEST_F(PermissionMatrix, NobodyMayWithoutSigningIn) {
    for (const auto& one : operations()) {
        const auto answer = ask(one, {});
        if (one.permission == "public") {
            EXPECT_EQ(answer.body.find("\"auth."), std::string::npos) << told(one, "nobody", answer);
        } else {
            EXPECT_EQ(answer.status, 401) << told(one, "nobody", answer);
        }
    }
}

// One test: signing in as many people as there are roles takes seconds.
TEST_F(PermissionMatrix, EveryOperationTimesEveryRole) {
    expect_sessions();  // who holds the permission may; everybody else may not
    expect_keys();      // a key with the same permissions likewise; what is for people is not for keys
    expect_csrf();      // a browser's write needs its own CSRF token, and comes from this site
}

}  // namespace
}  // namespace shuke::tests
