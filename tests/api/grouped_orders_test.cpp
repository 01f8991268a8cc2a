// Aim: orders of many callers share a transaction, and one that cannot be written costs the others nothing. Method: the record's
// writer is held until all have sent theirs, so that they are written together; one of them adds up to more than can be stored,
// which only the writer finds out.
#include <gtest/gtest.h>

#include <thread>

#include "api/server_for_test.h"
#include "shuke_program.h"

namespace shuke::tests {
namespace {

std::string order(const std::string& number, const std::string& line_amount) {
    return R"({"order_no":")" + number +
           R"(","external_id":"ann","lines":[{"line_no":1,"product":"p1","line_amount":)" + line_amount +
           R"(},{"line_no":2,"product":"p2","line_amount":)" + line_amount + "}]}";
}
const std::string kTooMuch = "90000000000000000";

class GroupedOrders : public ::testing::Test {
protected:
    Answer send(const std::string& body, const std::string& type = "application/json", const std::string& once = "") {
        std::vector<std::string> headers{"Authorization: Bearer " + key_, "Content-Type: " + type};
        if (!once.empty()) headers.push_back("Idempotency-Key: " + once);
        return server_.send("POST", "/api/v1/orders", body, headers);
    }
    std::string value(const std::string& sql) {
        return product::Sql((server_.folder() / "shuke.db").string()).value(sql);
    }

    TestServer server_;
    std::string key_ = server_.key("ingest.write");
};

TEST_F(GroupedOrders, OfCallersThatWaitTogetherOnlyTheOneWithTheFaultIsRejected) {
    constexpr std::size_t kCallers = 12;
    ASSERT_EQ(send(order("first", "1.50")).status, 200);
    product::Sql holder((server_.folder() / "shuke.db").string());
    holder.run("BEGIN IMMEDIATE");
    std::vector<Answer> answers(kCallers);
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < kCallers; ++i)
        callers.emplace_back([&, i] { answers[i] = send(order("o" + std::to_string(i), i == 5 ? kTooMuch : "1.50")); });
    ASSERT_TRUE(server_.shows({"shuke_intake_waiting_orders " + std::to_string(kCallers)}));
    holder.run("COMMIT");
    for (auto& caller : callers) caller.join();
    for (std::size_t i = 0; i < kCallers; ++i) {
        ASSERT_EQ(answers[i].status, 200) << answers[i].body;
        const auto row = answers[i].json().at("results")[0];
        EXPECT_EQ(row.at("result"), i == 5 ? "rejected" : "new") << answers[i].body;
        if (i == 5) {
            EXPECT_EQ(row.at("problem").at("key"), "number.too_large");
        }
    }
    EXPECT_EQ(value("SELECT count(*) FROM orders"), std::to_string(kCallers));
    EXPECT_EQ(value("SELECT count(*) FROM order_lines"), std::to_string(2 * kCallers));
}

TEST_F(GroupedOrders, ABatchKeepsItsAnswerAlsoWhereOneOfItIsRejectedByTheWriter) {
    std::string body;
    for (int i = 0; i < 40; ++i) body += order("o" + std::to_string(i), i == 23 ? kTooMuch : "2") + "\n";
    const auto answer = send(body, "application/x-ndjson", "batch-1");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("new"), 39) << answer.body;
    EXPECT_EQ(answer.json().at("rejected"), 1);
    EXPECT_EQ(answer.json().at("results")[23].at("result"), "rejected");
    const auto again = send(body, "application/x-ndjson", "batch-1");
    EXPECT_EQ(again.headers.at("idempotent-replayed"), "true");
    EXPECT_EQ(again.body, answer.body);
    EXPECT_EQ(value("SELECT count(*) FROM orders"), "39");
}

}  // namespace
}  // namespace shuke::tests
