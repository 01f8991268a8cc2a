// Aim: too much at once is answered 429 with Retry-After at once, and whoever was taken in is served: never a pile-up. Method: one
// worker and two places to wait; the record's writer is held, so that writes stand still for as long as the test wants.
#include <gtest/gtest.h>

#include <thread>

#include "api/server_for_test.h"
#include "shuke_program.h"

namespace shuke::tests {
namespace {

TEST(Admission, AFullQueueIs429AndWhoWaitsIsServed) {
    product::Shuke shuke;
    shuke.import("order_no,external_id,amount\no1,ann,12.50\n");
    TestServer server(shuke.data, {"--workers", "1", "--waiting", "2"});
    const std::vector<std::string> headers{"Authorization: Bearer " + server.key("admin"),
                                           "Content-Type: application/json"};
    ASSERT_EQ(server.send("GET", "/api/v1/customers/1", "", headers).status, 200);
    product::Sql holder((shuke.data / "shuke.db").string());
    holder.run("BEGIN IMMEDIATE");
    constexpr std::size_t kTaken = 3;
    std::vector<Answer> taken(kTaken);
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < kTaken; ++i) {
        clients.emplace_back([&, i] {
            const std::string note = R"({"text": "note )" + std::to_string(i) + "\"}";
            do taken[i] = server.send("POST", "/api/v1/customers/1/notes", note, headers);
            while (taken[i].status == 429);  // until it is one of those taken in
        });
    }
    ASSERT_TRUE(server.shows({"shuke_http_waiting_requests 2", "shuke_http_running_requests 1"}));
    for (int i = 0; i < 10; ++i) {
        const auto answer = server.send("GET", "/api/v1/customers/1", "", headers);
        EXPECT_EQ(answer.status, 429) << answer.body;
        EXPECT_EQ(answer.headers.at("retry-after"), "1");
        EXPECT_EQ(answer.json().value("key", ""), "server.busy");
    }
    EXPECT_EQ(server.send("GET", "/healthz").status, 200) << "it lives, and says so";
    holder.run("COMMIT");
    for (auto& client : clients) client.join();
    for (const auto& answer : taken) EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(server.send("GET", "/api/v1/customers/1", "", headers).status, 200);
    EXPECT_EQ(holder.value("SELECT count(*) FROM customer_notes"), "3");
}

}  // namespace
}  // namespace shuke::tests
