// Aim: customers leave in files only as far as the merchant allows: above the threshold a second person decides, nobody decides about
// their own, what was rejected cannot be fetched, everything is in the audit log, and files do not stay for ever.
#include <gtest/gtest.h>

#include <fstream>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

class Exports : public ::testing::Test {
protected:
    Exports()
        : admin_(server_.key("admin")),
          asker_(server_.user("asker", "specialist")),
          analyst_(server_.user("analyst", "analyst")),
          manager_(server_.user("manager", "crm_manager")),
          other_(server_.user("other", "crm_manager")) {
        Json orders = Json::array();
        for (int i = 1; i <= 5; ++i) {
            orders.push_back({{"order_no", "o" + std::to_string(i)},
                              {"phone", "1380000000" + std::to_string(i)},
                              {"name", "张小" + std::to_string(i)},
                              {"email", "p" + std::to_string(i) + "@example.com"},
                              {"status", "paid"},
                              {"paid_at", "2026-11-01 10:00"},
                              {"created_at", "2026-11-01 10:00"},
                              {"amount", i * 100},
                              {"currency", "CNY"}});
        }
        const auto taken = server_.send("POST", "/api/v1/orders", orders.dump(),
                                        {"Authorization: Bearer " + admin_, "Content-Type: application/json"});
        EXPECT_EQ(taken.json().value("new", 0), 5) << taken.body;
        EXPECT_EQ(set("export_approval_rows", "2"), 200);
        wait_for(5);
    }

    int set(const std::string& name, const std::string& value) {
        return server_
            .send("PATCH", "/api/v1/settings", Json{{"values", {{name, value}}}}.dump(),
                  {"Authorization: Bearer " + admin_, "Content-Type: application/json", "If-Match: *"})
            .status;
    }
    void wait_for(int customers) {
        for (int i = 0; i < 200; ++i) {
            const auto count = server_.send("POST", "/api/v1/segments/count", R"({"expression": "all customers"})",
                                            {"Authorization: Bearer " + admin_, "Content-Type: application/json"});
            if (count.json().value("count", 0) == customers) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        FAIL() << "the audience does not follow";
    }
    Answer as(const SignedIn& who, const std::string& method, const std::string& path, const Json& body = {}) {
        return server_.send(method, path, body.is_null() ? "" : body.dump(),
                            who.headers(body.is_null() ? std::vector<std::string>{}
                                                       : std::vector<std::string>{"Content-Type: application/json"}));
    }
    // The number of the export.
    std::string ask(const SignedIn& who, const std::string& where, const std::string& state) {
        const auto asked = as(who, "POST", "/api/v1/customers/export",
                              {{"where", where},
                               {"columns", {"id", "name", "phone", "total_spent"}},
                               {"format", "csv"},
                               {"reason", "calls of the spring campaign"}});
        EXPECT_EQ(asked.status, 202) << asked.body;
        if (!state.empty()) {
            EXPECT_EQ(asked.json()["job"]["state"], state) << asked.body;
        }
        const auto newest = as(manager_, "GET", "/api/v1/exports").json().at("items").at(0);
        return std::to_string(newest.at("id").get<int>());
    }
    Answer fetch_when_done(const SignedIn& who, const std::string& id) {
        Answer answer;
        for (int i = 0; i < 400 && answer.status != 200; ++i) {
            answer = as(who, "GET", "/api/v1/exports/" + id + "/file");
            if (answer.status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        return answer;
    }
    bool audited(const std::string& action, const std::string& actor, const std::string& subject) {
        const auto found = as(manager_, "GET", "/api/v1/audit?action=" + action).json();
        for (const auto& entry : found.at("items")) {
            if (entry.at("actor") == actor && entry.at("subject") == subject) return true;
        }
        return false;
    }

    TestServer server_;
    std::string admin_;
    SignedIn asker_, analyst_, manager_, other_;
};

TEST_F(Exports, AFewCustomersComeAtOnceAndInClearOnlyForWhoMayRevealAndThenItIsInTheLog) {
    const auto masked = fetch_when_done(analyst_, ask(analyst_, "total_spent <= 100", ""));
    ASSERT_EQ(masked.status, 200) << masked.body;
    EXPECT_NE(masked.body.find("138****0001"), std::string::npos) << masked.body;
    EXPECT_EQ(masked.body.find("13800000001"), std::string::npos);
    EXPECT_FALSE(audited("customer.reveal", "user:analyst", "export 1"));

    const std::string id = ask(asker_, "total_spent <= 100", "");
    const auto clear = fetch_when_done(asker_, id);
    EXPECT_NE(clear.body.find("13800000001"), std::string::npos) << clear.body;
    EXPECT_TRUE(audited("customer.reveal", "user:asker", "export " + id));
    EXPECT_EQ(as(analyst_, "GET", "/api/v1/exports/" + id + "/file").status, 403) << "somebody else's";
}

TEST_F(Exports, ManyCustomersWaitForASecondPerson) {
    const std::string id = ask(manager_, "all customers", "awaiting_approval");
    EXPECT_EQ(as(manager_, "GET", "/api/v1/exports/" + id + "/file").status, 409) << "nothing is written before";
    const Json yes{{"reason", "agreed"}};
    const auto own = as(manager_, "POST", "/api/v1/exports/" + id + "/approve", yes);
    EXPECT_EQ(own.status, 403) << own.body;
    EXPECT_EQ(own.json().value("key", ""), "export.own_request");
    EXPECT_EQ(as(analyst_, "POST", "/api/v1/exports/" + id + "/approve", yes).status, 403);
    EXPECT_EQ(server_
                  .send("POST", "/api/v1/exports/" + id + "/approve", yes.dump(),
                        {"Authorization: Bearer " + admin_, "Content-Type: application/json"})
                  .json()
                  .value("key", ""),
              "export.own_request")
        << "a key is no second person";
    EXPECT_EQ(as(other_, "POST", "/api/v1/exports/" + id + "/approve", yes).status, 200);
    const auto file = fetch_when_done(manager_, id);
    ASSERT_EQ(file.status, 200) << file.body;
    EXPECT_EQ(std::ranges::count(file.body, '\n'), 6) << "a heading and five customers";
    EXPECT_EQ(as(other_, "POST", "/api/v1/exports/" + id + "/approve", yes).status, 409) << "once";
    EXPECT_TRUE(audited("export.request", "user:manager", "export " + id));
    EXPECT_TRUE(audited("export.approve", "user:other", "export " + id));
    EXPECT_TRUE(audited("export.begin", "user:manager", "export " + id));
}

TEST_F(Exports, WhatWasRejectedCannotBeFetched) {
    const std::string id = ask(asker_, "all customers", "awaiting_approval");
    EXPECT_EQ(as(manager_, "POST", "/api/v1/exports/" + id + "/reject", {{"reason", "not needed"}}).status, 200);
    EXPECT_EQ(as(manager_, "POST", "/api/v1/exports/" + id + "/approve", {{"reason", "after all"}}).status, 409);
    EXPECT_EQ(as(asker_, "GET", "/api/v1/exports/" + id + "/file").status, 409);
    EXPECT_EQ(as(manager_, "GET", "/api/v1/exports/" + id + "/file").status, 409);
    EXPECT_TRUE(audited("export.reject", "user:manager", "export " + id));
    EXPECT_FALSE(audited("export.begin", "user:asker", "export " + id));
}

TEST_F(Exports, AConditionThatHasComeToMeanManyMoreIsAskedForAgain) {
    EXPECT_EQ(as(manager_, "POST", "/api/v1/segments", {{"name", "few"}, {"expression", "total_spent <= 300"}}).status,
              201);
    const std::string id = ask(asker_, "few", "awaiting_approval");
    const auto few = as(manager_, "GET", "/api/v1/segments").json().at("items").at(0);
    const std::string path = "/api/v1/segments/" + std::to_string(few.at("id").get<int>());
    EXPECT_EQ(server_
                  .send("PUT", path, Json{{"name", "few"}, {"expression", "all customers"}}.dump(),
                        manager_.headers({"Content-Type: application/json", "If-Match: *"}))
                  .status,
              200);
    EXPECT_EQ(as(manager_, "POST", "/api/v1/exports/" + id + "/approve", {{"reason", "three people"}}).status, 200);
    for (int i = 0; i < 200; ++i) {
        if (as(manager_, "GET", "/api/v1/exports").json()["items"][0]["state"] == "failed") break;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    EXPECT_EQ(as(manager_, "GET", "/api/v1/exports").json()["items"][0]["state"], "failed");
    EXPECT_EQ(as(asker_, "GET", "/api/v1/exports/" + id + "/file").status, 409);
}

TEST_F(Exports, ErasingAPersonTakesAwayTheFilesTheyMayBeIn) {
    const std::string id = ask(asker_, "total_spent <= 100", "");
    ASSERT_EQ(fetch_when_done(asker_, id).status, 200);
    std::ofstream(server_.folder() / "uploads" / "left.part") << "13800000001";
    const auto found = server_.send("GET", "/api/v1/customers?q=13800000001", "", {"Authorization: Bearer " + admin_});
    const auto customer = std::to_string(found.json().at("items").at(0).at("id").get<int>());
    const auto erased = server_.send("POST", "/api/v1/customers/" + customer + "/erase",
                                     R"({"reason": "asked for it", "confirm": true})",
                                     {"Authorization: Bearer " + admin_, "Content-Type: application/json"});
    EXPECT_EQ(erased.status, 200) << erased.body;
    EXPECT_EQ(as(asker_, "GET", "/api/v1/exports/" + id + "/file").status, 409);
    EXPECT_FALSE(std::filesystem::exists(server_.folder() / "uploads" / "left.part"));
    EXPECT_EQ(server_.send("GET", "/api/v1/customers?q=13800000001", "", {"Authorization: Bearer " + admin_})
                  .json()
                  .at("total"),
              0)
        << "the audience no longer knows them";
}

}  // namespace
}  // namespace shuke::tests
