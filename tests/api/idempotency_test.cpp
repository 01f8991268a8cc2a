// Aim: under one Idempotency-Key a write happens once, whatever becomes of the server between. Method: the server is killed at the
// moment its write is seen in the record, which is before it could have said so, and the same request is sent again.
#include <gtest/gtest.h>

#include <thread>

#include "api/server_for_test.h"
#include "shuke_program.h"

namespace shuke::tests {
namespace {

class Idempotency : public ::testing::Test {
protected:
    Idempotency() {
        shuke_.import("order_no,external_id,amount\no1,ann,12.50\n");
        server_ = std::make_unique<TestServer>(shuke_.data, std::vector<std::string>{});
        key_ = server_->key("admin");
        // The first use of a key is noted, which is a write of its own.
        server_->send("GET", "/api/v1/customers/1", "", {"Authorization: Bearer " + key_});
    }

    Answer send(const std::string& path, const std::string& body, const std::string& once) {
        return server_->send(
            "POST", path, body,
            {"Authorization: Bearer " + key_, "Content-Type: application/json", "Idempotency-Key: " + once});
    }
    std::int64_t number(const std::string& sql) {
        product::Sql record((shuke_.data / "shuke.db").string());
        return std::stoll(record.value(sql));
    }
    // Sends, and kills the server as soon as `seen` says that the write is in the record.
    void send_and_kill(const std::string& path, const std::string& body, const std::string& once,
                       const std::string& seen, std::int64_t wanted) {
        product::Sql record((shuke_.data / "shuke.db").string());
        std::thread client([&] { send(path, body, once); });
        const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (record.value(seen) != std::to_string(wanted) && std::chrono::steady_clock::now() < until) {
        }
        server_->kill_hard();
        client.join();
        server_->start();
    }

    product::Shuke shuke_;
    std::unique_ptr<TestServer> server_;
    std::string key_;
};

TEST_F(Idempotency, TheSameAgainGetsTheSameAnswerAndIsNotDoneAgain) {
    const std::string note = R"({"text": "likes blue"})";
    const auto first = send("/api/v1/customers/1/notes", note, "a");
    EXPECT_EQ(first.status, 201) << first.body;
    const auto second = send("/api/v1/customers/1/notes", note, "a");
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.headers.at("idempotent-replayed"), "true");
    EXPECT_EQ(number("SELECT count(*) FROM customer_notes"), 1);
    EXPECT_EQ(send("/api/v1/customers/1/notes", R"({"text": "likes red"})", "a").json().value("key", ""),
              "idempotency.key_reused");
    EXPECT_EQ(send("/api/v1/customers/1/notes", note, "b").status, 201);
    EXPECT_EQ(number("SELECT count(*) FROM customer_notes"), 2);
}

TEST_F(Idempotency, WhatCouldNotBeDoneMayBeTriedAgain) {
    EXPECT_EQ(send("/api/v1/customers/77/notes", R"({"text": "who?"})", "a").status, 404);
    EXPECT_EQ(send("/api/v1/customers/1/notes", R"({"text": "ann"})", "a").status, 201);
}

TEST_F(Idempotency, WhileTheFirstIsWorkedOnTheSecondIs409) {
    product::Sql holder((shuke_.data / "shuke.db").string());
    holder.run("BEGIN IMMEDIATE");  // the write waits for this
    Answer first;
    std::thread client([&] { first = send("/api/v1/customers/1/notes", R"({"text": "x"})", "a"); });
    ASSERT_TRUE(server_->shows({"shuke_http_running_requests 1"}));
    const auto second = send("/api/v1/customers/1/notes", R"({"text": "x"})", "a");
    EXPECT_EQ(second.status, 409) << second.body;
    EXPECT_EQ(second.json().value("key", ""), "idempotency.in_progress");
    holder.run("COMMIT");
    client.join();
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(number("SELECT count(*) FROM customer_notes"), 1);
}

TEST_F(Idempotency, KilledBetweenWriteAndAnswerTheWriteIsNotDoneAgain) {
    for (int round = 1; round <= 8; ++round) {
        const std::string once = "k" + std::to_string(round),
                          note = R"({"text": "note )" + std::to_string(round) + "\"}";
        send_and_kill("/api/v1/customers/1/notes", note, once, "SELECT count(*) FROM customer_notes", round);
        const auto again = send("/api/v1/customers/1/notes", note, once);
        EXPECT_TRUE(again.status == 201 || (again.status == 409 && again.json().value("key", "") == "idempotency.done"))
            << again.status << again.body;
        EXPECT_EQ(number("SELECT count(*) FROM customer_notes"), round) << "the note was written again";
    }
}

TEST_F(Idempotency, OrdersKeepTheirAnswerInTheTransactionThatWritesThem) {
    for (int round = 1; round <= 8; ++round) {
        const std::string once = "o" + std::to_string(round);
        const std::string order =
            R"({"order_no": "killed )" + std::to_string(round) + R"(", "external_id": "bob", "amount": "5"})";
        send_and_kill("/api/v1/orders", order, once,
                      "SELECT count(*) FROM orders WHERE order_no = 'killed " + std::to_string(round) + "'", 1);
        const auto again = send("/api/v1/orders", order, once);
        EXPECT_EQ(again.status, 200) << again.body;
        EXPECT_TRUE(again.headers.contains("idempotent-replayed")) << again.body;
        EXPECT_EQ(again.json().value("new", 0), 1) << "the first answer was that it is new: " << again.body;
    }
}

}  // namespace
}  // namespace shuke::tests
