// Aim: whoever may not reveal sees no phone, e-mail, name, street or birthday in clear, whatever operation they ask, and whoever may
// leaves a trace: who, whose, which fields, why, when.
// Method: one person with values found nowhere else, in everything the record keeps of people; then every operation of the OpenAPI
// document that answers anything, by a user who may everything but reveal, whose every answer is searched for these values.
#include <gtest/gtest.h>

#include <algorithm>

#include "api/declared_operations.h"
#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

constexpr const char* kName = "欧阳锦绣";
constexpr const char* kPhone = "13912345670";
constexpr const char* kEmail = "distinct.person@example.org";
constexpr const char* kBirthday = "1991-02-03";
constexpr const char* kPersonal[] = {kName, kPhone, kEmail, kBirthday, "139 1234 5670", "3912345670"};

class Masks : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server;
        return server;
    }
    static const std::string& admin() {
        static const std::string key = server().key("admin");
        return key;
    }
    static Answer by_admin(const std::string& method, const std::string& path, const Json& body = {}) {
        std::vector<std::string> headers{"Authorization: Bearer " + admin()};
        if (!body.is_null()) headers.emplace_back("Content-Type: application/json");
        return server().send(method, "/api/v1" + path, body.is_null() ? "" : body.dump(), headers);
    }

    // Two accounts of one person, one that shares her phone only, a note, a review, a chat, a ticket of her own words, a
    // rejected row, a list with rows of unknown people.
    static void SetUpTestSuite() {
        const Json person{{"external_id", "EXT-1"}, {"name", kName},      {"phone", kPhone}, {"email", kEmail},
                          {"birthday", kBirthday},  {"province", "浙江"}, {"city", "杭州"}};
        Json order = person;
        order.update(Json{
            {"order_no", "o1"},
            {"created_at", "2026-11-01 10:00"},
            {"paid_at", "2026-11-01 10:01"},
            {"status", "paid"},
            {"amount", "99.00"},
            {"currency", "CNY"},
            {"lines", {{{"line_no", 1}, {"product", "T-1"}, {"title", "T恤"}, {"quantity", 1}, {"price", "99.00"}}}}});
        Json other = order;
        other["order_no"] = "o2";
        other["shop"] = "街角店";
        other["external_id"] = kPhone;  // an id of the shop's own that is a phone
        other["name"] = "欧阳女士";
        ASSERT_EQ(by_admin("POST", "/orders", Json::array({order, other})).json().value("new", 0), 2);
        const std::string text = std::string(kName) + "说电话是 " + kPhone + "，邮箱 " + kEmail;
        ASSERT_EQ(by_admin("POST", "/customers/1/notes", {{"text", text}}).status, 201);
        by_admin(
            "POST", "/ingest/reviews",
            {{"review_no", "r1"}, {"external_id", "EXT-1"}, {"at", "2026-11-02 10:00"}, {"score", 5}, {"text", text}});
        by_admin("POST", "/ingest/interactions",
                 {{"external_id", "EXT-1"}, {"at", "2026-11-02 11:00"}, {"channel", "chat"}, {"text", text}});
        by_admin("POST", "/lists",
                 {{"name", "展会"}, {"identifiers", std::string("EXT-1\nphone:13900000000\n") + kPhone}});
        import_file(
            "order_no,external_id,name,phone,email,status,created_at,paid_at,amount\no3,EXT-1,欧阳锦绣,139 1234 5670," +
            std::string(kEmail) + ",paid,not a date,2024-01-10,50\n");
        for (int i = 0; i < 200 && by_admin("GET", "/customers").json().value("total", 0) == 0; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }

    static void import_file(const std::string& text) {
        const auto id = by_admin("POST", "/uploads", {{"filename", "orders.csv"}, {"size", text.size()}})
                            .json()
                            .at("id")
                            .get<std::string>();
        server().send(
            "PATCH", "/api/v1/uploads/" + id, text,
            {"Authorization: Bearer " + admin(), "Content-Type: application/octet-stream", "Upload-Offset: 0"});
        const auto job =
            server().job_of(by_admin("POST", "/imports", {{"upload_id", id}, {"format", "native"}}), admin());
        ASSERT_EQ(job.at("result").at("rejected"), 1) << job;
    }

    // Everything but customers.reveal (and the right to everything of one person, which is a reveal of its own).
    static SignedIn restricted(const std::string& name) {
        Json permissions = Json::array();
        for (const auto& one : document().at("components").at("schemas").at("permission").at("enum"))
            if (one != "customers.reveal" && one != "customers.erase") permissions.push_back(one);
        const auto made = by_admin("POST", "/roles", {{"name", "role of " + name}, {"permissions", permissions}});
        EXPECT_EQ(made.status, 201) << made.body;
        return server().user(name, "role of " + name);
    }

    static std::string exported(const SignedIn& who) {
        const Json asked{{"where", "all customers"},
                         {"columns", {"id", "name", "phone", "email", "birthday", "external_id"}},
                         {"format", "csv"},
                         {"reason", "a letter"}};
        const auto job = server().send("POST", "/api/v1/customers/export", asked.dump(),
                                       who.headers({"Content-Type: application/json"}));
        server().job_of(job, admin());
        const auto file = server().send("GET", "/api/v1/exports/1/file", "", who.headers());
        EXPECT_EQ(file.status, 200) << file.body;
        EXPECT_NE(file.body.find("139****5670"), std::string::npos) << file.body;
        return file.body;
    }

    static void expect_masked(const std::string& what, const std::string& body) {
        for (const char* value : kPersonal)
            EXPECT_EQ(body.find(value), std::string::npos)
                << what << " shows " << value << ": " << body.substr(0, 1500);
    }
};

// What a body asks that shows people.
Json body_of(const std::string& id) {
    const std::string all = "all customers";
    if (id == "count_segment") return {{"expression", all}, {"sample", 50}};
    if (id == "segment_composition") return {{"expression", all}};
    if (id == "explain_segment") return {{"expression", "external_id = \"EXT-1\""}, {"customer_id", 1}};
    if (id == "segment_difference") return {{"a", all}, {"b", "order_count >= 9"}};
    if (id == "compare_segment" || id == "parse_expression") return {{"expression", all}};
    if (id == "insight_rfm") return Json::object();
    if (id == "complete_expression") return {{"expression", ""}, {"offset", 0}};
    if (id == "get_expression_schema") return Json::object();
    return {};
}

TEST_F(Masks, NoOperationShowsPersonalDataToWhoMayNotRevealThem) {
    const SignedIn who = restricted("everything-but-reveal");
    std::size_t answered = 0;
    for (const auto& one : operations()) {
        const Json body = body_of(one.id);
        if (one.method != "GET" && body.is_null()) continue;
        std::vector<std::string> headers = who.headers();
        if (one.method != "GET") headers.emplace_back("Content-Type: application/json");
        for (const char* number : {"1", "2"}) {
            for (const char* query : {"", "q=13912345670", "q=EXT-1", "q=o1", "where=all%20customers"}) {
                std::string path = address(one, number);
                if (*query != '\0') path += (path.find('?') == std::string::npos ? "?" : "&") + std::string(query);
                if (one.id == "follow_job" || one.id == "get_openapi") continue;
                const auto answer = server().send(one.method, path, body.is_null() ? "" : body.dump(), headers);
                answered += answer.status == 200 ? 1 : 0;
                // What was asked for stands in problems ("is not a parameter of this"), nothing else.
                if (answer.status == 200) expect_masked(one.id + " " + path, answer.body);
            }
        }
    }
    EXPECT_GT(answered, 60u) << "too little was answered for this test to say much";
    const auto found = server().send("GET", "/api/v1/customers?q=13912345670", "", who.headers()).json();
    ASSERT_GE(found.at("items").size(), 1u) << "she is found by her phone";
    EXPECT_EQ(found.at("items").at(0).at("phone"), "139****5670");
    const auto notes = server().send("GET", "/api/v1/customers/1/notes", "", who.headers()).json();
    EXPECT_NE(notes.at("items").at(0).at("text").get<std::string>().find("139****5670"), std::string::npos) << notes;
    const auto rejected = server().send("GET", "/api/v1/imports/1/rejected", "", who.headers()).json();
    EXPECT_EQ(rejected.at("items").at(0).at("text"), nullptr) << rejected;
    expect_masked("customer file", exported(who));
}

TEST_F(Masks, RevealingNeedsThePermissionAndAReasonAndIsInTheLog) {
    const SignedIn masked = restricted("masked"), agent = server().user("agent", "service_agent");
    const Json wanted{{"fields", {"phone", "name"}}, {"reason", "回访电话"}};
    const auto post = [&](const SignedIn& who, const Json& body) {
        return server().send("POST", "/api/v1/customers/1/reveal", body.dump(),
                             who.headers({"Content-Type: application/json"}));
    };
    EXPECT_EQ(post(masked, wanted).status, 403);
    EXPECT_EQ(post(agent, {{"fields", {"phone"}}, {"reason", " "}}).status, 422);
    const auto shown = post(agent, wanted);
    ASSERT_EQ(shown.status, 200) << shown.body;
    EXPECT_NE(shown.body.find(kPhone), std::string::npos);
    EXPECT_EQ(shown.body.find(kEmail), std::string::npos) << "only what was asked for";
    EXPECT_EQ(shown.headers.at("cache-control"), "no-store");
    const auto log = by_admin("GET", "/audit?action=customer.reveal&actor=user:agent").json().at("items");
    ASSERT_EQ(log.size(), 1u) << log;
    EXPECT_EQ(log[0].at("subject"), "customer 1");
    EXPECT_EQ(log[0].at("detail"), "fields: phone, name; reason: 回访电话");
    EXPECT_NE(log[0].at("at"), nullptr);
    expect_masked("the log", log.dump());
    // Who corrects rejected rows sees them in clear; that they did is in the log as well.
    by_admin("GET", "/imports/1/rejected");
    EXPECT_GE(by_admin("GET", "/audit?action=customer.reveal&subject=import%201").json().at("items").size(), 1u);
}

}  // namespace
}  // namespace shuke::tests
