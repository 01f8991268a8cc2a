// Aim: what the server has acknowledged stays, however it ends; and ending gently, it leaves nobody without an answer. Method: the
// real server under a load of single orders is ended by SIGTERM, or by SIGKILL, and its record is compared with the answers.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "api/load_client.h"
#include "api/server_for_test.h"
#include "shuke_program.h"

namespace shuke::tests {
namespace {

constexpr std::size_t kConnections = 32;

// New orders without end, until the server is gone.
class EndlessOrders final : public Script {
public:
    EndlessOrders(std::string key, std::string prefix) : key_(std::move(key)), prefix_(std::move(prefix)) {}

    std::optional<Ask> next(std::size_t connection) override {
        const std::string number = prefix_ + std::to_string(++made_);
        current_[connection] = number;
        return Ask{.kind = "order",
                   .method = "POST",
                   .path = "/api/v1/orders",
                   .body = Json{{"order_no", number},
                                {"external_id", "c" + std::to_string(made_ % 500)},
                                {"amount", "12.50"},
                                {"lines", {{{"product", "p1"}, {"quantity", 1}}, {{"product", "p2"}, {"quantity", 2}}}}}
                               .dump(),
                   .headers = {{"Authorization", "Bearer " + key_}, {"Content-Type", "application/json"}}};
    }

    bool heard(std::size_t connection, const Ask&, const Heard& heard) override {
        const std::string& number = current_[connection];
        if (heard.status == 200 && heard.body.find("\"new\":1") != std::string::npos) {
            acknowledged.insert(number);
            ++acknowledged_now;
            return true;
        }
        if (heard.status != 0) other.push_back(std::to_string(heard.status) + " " + heard.body.substr(0, 200));
        if (heard.broke_off) ++broke_off;
        if (heard.status == 0 && !heard.no_connection) unanswered.insert(number);
        return !heard.no_connection;
    }

    std::set<std::string> acknowledged, unanswered;
    std::vector<std::string> other;  // answers that were not expected
    int broke_off = 0;
    std::atomic<int> acknowledged_now = 0;

private:
    std::string key_, prefix_;
    std::int64_t made_ = 0;
    std::map<std::size_t, std::string> current_;
};

// Order number → lines, as the record has them.
std::map<std::string, int> orders_in(const std::filesystem::path& folder) {
    product::Sql record((folder / "shuke.db").string());
    std::map<std::string, int> found;
    for (const auto& row : record.rows("SELECT o.order_no, count(l.line_no) FROM orders o LEFT JOIN order_lines l ON "
                                       "l.order_id = o.id GROUP BY o.id"))
        EXPECT_TRUE(found.emplace(row[0], std::stoi(row[1])).second) << row[0] << " is there twice";
    return found;
}

void expect_all_there(const std::map<std::string, int>& record, const std::set<std::string>& acknowledged) {
    for (const auto& number : acknowledged) {
        const auto found = record.find(number);
        if (found == record.end())
            ADD_FAILURE() << number << " was acknowledged and is lost";
        else
            EXPECT_EQ(found->second, 2) << number;
    }
}

template <class End>
void under_load(TestServer& server, EndlessOrders& script, int orders, End end) {
    std::thread load([&] { run_load(server.port(), kConnections, script); });
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (script.acknowledged_now < orders && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_GE(script.acknowledged_now, orders);
    end();
    load.join();
}

TEST(Drain, EveryAcceptedRequestGetsItsWholeAnswer) {
    TestServer server;
    const std::string key = server.key("ingest.write");
    for (int round = 0; round < 5; ++round) {
        EndlessOrders script(key, "D" + std::to_string(round) + "-");
        int exit_code = -1;
        under_load(server, script, 300, [&] { exit_code = server.stop(); });
        EXPECT_EQ(exit_code, 0);
        EXPECT_EQ(script.broke_off, 0);
        for (const auto& what : script.other) ADD_FAILURE() << what;
        const auto record = orders_in(server.folder());
        expect_all_there(record, script.acknowledged);
        // Whoever got no answer was not taken in: the next try does it.
        for (const auto& number : script.unanswered)
            EXPECT_FALSE(record.contains(number)) << number << " was written and nobody was told";
        server.start();
    }
}

TEST(Drain, NewConnectionsAreRefusedWhileTheLastAnswersAreGiven) {
    TestServer server;
    const std::string key = server.key("ingest.write");
    const std::vector<std::string> headers{"Authorization: Bearer " + key, "Content-Type: application/json"};
    // The first use of a key is noted, which is a write of its own.
    ASSERT_EQ(server.send("POST", "/api/v1/orders", R"({"order_no": "first", "amount": "1"})", headers).status, 200);
    product::Sql holder((server.folder() / "shuke.db").string());
    holder.run("BEGIN IMMEDIATE");  // the write below waits for this
    Answer answer;
    std::thread client(
        [&] { answer = server.send("POST", "/api/v1/orders", R"({"order_no": "last", "amount": "1"})", headers); });
    ASSERT_TRUE(server.shows({"shuke_intake_waiting_orders 1"}));
    server.terminate();
    int socket = 0;
    while ((socket = server.connect()) >= 0) {
        ::close(socket);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_TRUE(server.runs());
    holder.run("COMMIT");
    client.join();
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers["connection"], "close");
    EXPECT_EQ(server.stop(), 0);
    EXPECT_TRUE(orders_in(server.folder()).contains("last"));
}

TEST(KilledServer, EveryAcknowledgedOrderIsThere) {
    product::Shuke shuke;
    shuke.import("order_no,external_id,amount\no1,ann,12.50\n");
    TestServer server(shuke.data, {});
    const std::string key = server.key("ingest.write");
    std::size_t all = 0;
    for (int round = 0; round < 4; ++round) {
        EndlessOrders script(key, "K" + std::to_string(round) + "-");
        under_load(server, script, 200 + 150 * round, [&] { server.kill_hard(); });
        server.start();
        EXPECT_EQ(server.send("GET", "/readyz").status, 200);
        expect_all_there(orders_in(shuke.data), script.acknowledged);
        all += script.acknowledged.size();
    }
    server.kill_hard();
    EXPECT_EQ(shuke.run({"audit", "verify"}).exit_code, 0);
    std::printf("figure: the server killed 4 times under %zu connections, %zu orders acknowledged, all there\n",
                kConnections, all);
}

}  // namespace
}  // namespace shuke::tests
