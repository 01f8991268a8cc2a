// Aim: no body, however broken, makes the server fail, stall or say something undeclared. Method: thousands of random and of
// mutated bodies (the same for every run) go to the running server over a few connections; each answer is a clear refusal, or for
// a body that came out valid after all an answer, and a plain question is answered right afterwards.
#include <gtest/gtest.h>

#include <random>

#include "api/load_client.h"
#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

struct Seed {
    const char *path, *type, *body;
};

constexpr Seed kSeeds[] = {
    {"/api/v1/orders", "application/json",
     R"([{"order_no":"o1","external_id":"ann","amount":"12.50","lines":[{"line_no":1,"product":"p1","quantity":1}]}])"},
    {"/api/v1/orders", "application/x-ndjson", "{\"order_no\":\"o1\"}\n{\"order_no\":2,\"amount\":3.5,\"lines\":[]}\n"},
    {"/api/v1/ingest/customers", "application/json",
     R"({"external_id":"ann","phone":"13900000000","tags":["vip"],"custom":{"pet":"cat","age":3}})"},
    {"/api/v1/ingest/interactions", "application/json",
     R"({"at":"2026-11-20T09:00:00Z","external_id":"ann","channel":"phone","kind":"call","seconds":12})"},
    {"/api/v1/segments/count", "application/json",
     R"({"expression":"order_count >= 2 and province = 浙江","sample":5})"},
    {"/api/v1/segments/parse", "application/json", R"({"text":"all customers","tree":{"version":1,"expression":{}}})"},
    {"/api/v1/customers/bulk-tag", "application/json", R"({"where":"all customers","add":["vip"],"dry_run":true})"},
    {"/api/v1/session", "application/json", R"({"name":"ann","password":"\u0000\ud83d\ude00"})"},
    {"/api/v1/insight/rfm", "application/json", R"({"where":"all customers","scores":5,"basis":"net"})"},
};
constexpr const char* kTokens[] = {"\"",
                                   "{",
                                   "}",
                                   "[",
                                   "]",
                                   ":",
                                   ",",
                                   "null",
                                   "-1e999",
                                   "1e400",
                                   "\\u0000",
                                   "\\ud800",
                                   "\xff",
                                   "\xe6\xb5",
                                   "9223372036854775808",
                                   "true",
                                   "\n",
                                   "[[[[[[[[",
                                   "\"order_no\":",
                                   "{}"};

class BrokenBodies final : public Script {
public:
    BrokenBodies(std::string key, int number) : key_(std::move(key)), left_(number) {}

    std::optional<Ask> next(std::size_t) override {
        if (left_-- <= 0) return std::nullopt;
        const Seed& seed = kSeeds[below(std::size(kSeeds))];
        const bool noise = below(3) == 0;
        return Ask{.kind = noise ? "noise" : "mutated",
                   .method = "POST",
                   .path = seed.path,
                   .body = noise ? random_bytes() : mutated(seed.body),
                   .headers = {{"Authorization", "Bearer " + key_}, {"Content-Type", seed.type}}};
    }

    bool heard(std::size_t, const Ask& ask, const Heard& heard) override {
        ++statuses[heard.status];
        const bool refused = heard.status >= 400 && heard.status < 500;
        // Each line of NDJSON is judged for itself.
        const bool by_row = heard.status == 200 && ask.headers.back().second == "application/x-ndjson" &&
                            heard.body.find("\"new\":0") != std::string::npos;
        if (refused ? heard.headers.at("content-type").starts_with("application/problem+json")
                    : by_row || (heard.status == 200 && ask.kind == "mutated"))
            return true;
        if (faults.size() < 10)
            faults.push_back(ask.path + " " + std::to_string(heard.status) + " " + heard.body.substr(0, 200) +
                             "\nfor " +
                             Json(ask.body.substr(0, 400)).dump(-1, ' ', true, Json::error_handler_t::replace));
        return true;
    }

    std::map<int, int> statuses;
    std::vector<std::string> faults;

private:
    std::size_t below(std::size_t n) { return random_() % n; }

    std::string random_bytes() {
        std::string bytes(1 + below(200), '\0');
        for (char& c : bytes) c = static_cast<char>(below(256));
        return bytes;
    }

    std::string mutated(std::string body) {
        for (std::size_t i = 1 + below(4); i > 0; --i) {
            const std::size_t at = below(body.size() + 1);
            switch (below(5)) {
                case 0: body.insert(at, kTokens[below(std::size(kTokens))]); break;
                case 1: body.resize(at); break;
                case 2: body.erase(at, 1 + below(8)); break;
                case 3: body.insert(at, body.substr(0, below(body.size() + 1))); break;
                default:
                    if (at < body.size()) body[at] = static_cast<char>(below(256));
            }
            if (body.empty()) body = " ";
        }
        return body;
    }

    std::string key_;
    int left_;
    std::mt19937_64 random_{42};
};

TEST(MalformedBodies, ThousandsOfThemAreRefusedAndTheServerLives) {
    TestServer server;
    BrokenBodies script(server.key("admin"), 4000);
    run_load(server.port(), 4, script);
    for (const auto& fault : script.faults) ADD_FAILURE() << fault;
    EXPECT_GT(script.statuses[400], 1000);
    EXPECT_GT(script.statuses[422], 50);
    EXPECT_TRUE(server.runs());
    EXPECT_EQ(server.send("GET", "/readyz").status, 200);
}

// Reading such an object grows with the square of its members: minutes of a worker for a megabyte, from anybody.
TEST(MalformedBodies, AnObjectOfAHundredThousandFieldsIsRefusedAtSight) {
    TestServer server;
    std::string body = "{";
    for (int i = 0; i < 100'000; ++i) body += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
    const auto answer = server.send("POST", "/api/v1/session", body + "}", {"Content-Type: application/json"});
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json().value("key", ""), "request.json");
}

TEST(MalformedBodies, StrangersMaySendAMegabyteAndNoMore) {
    TestServer server;
    const std::string body = R"({"name":")" + std::string(2'000'000, 'x') + R"(","password":"x"})";
    const auto answer = server.send("POST", "/api/v1/session", body, {"Content-Type: application/json"});
    EXPECT_EQ(answer.status, 413) << answer.body;
}

}  // namespace
}  // namespace shuke::tests
