// Aim: the RFM page's numbers and the customers behind them are the same: every cell's and class's expression counts exactly its
// customers, is short, and follows the merchant's own definition; and so do rfm.class in segments and the customer's page.
// Method: six hundred made-up customers; every expression of the report is counted by the engine.
#include <gtest/gtest.h>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

constexpr int kCustomers = 600;

class Rfm : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server;
        return server;
    }
    static const std::string& key() {
        static const std::string key = server().key("admin");
        return key;
    }
    static Answer ask(const std::string& method, const std::string& path, const Json& body,
                      std::vector<std::string> more = {}) {
        more.push_back("Authorization: Bearer " + key());
        if (!body.is_null()) more.emplace_back("Content-Type: application/json");
        return server().send(method, "/api/v1" + path, body.is_null() ? "" : body.dump(), more);
    }

    static void SetUpTestSuite() {
        Json orders = Json::array();
        for (int who = 1; who <= kCustomers; ++who) {
            for (int nth = 0; nth <= who % 7 % 4; ++nth) {
                const int month = (who * 5 + nth * 3) % 11 + 1, day = (who * 7 + nth) % 28 + 1;
                const std::string at = "2025-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-" +
                                       (day < 10 ? "0" : "") + std::to_string(day) + " 12:00:00";
                Json one{{"order_no", std::to_string(who) + "-" + std::to_string(nth)},
                         {"external_id", "C" + std::to_string(who)},
                         {"province", who % 3 == 0 ? "浙江" : "江苏"},
                         {"status", "paid"},
                         {"created_at", at},
                         {"paid_at", at},
                         {"amount", std::to_string(who % 97 * 13 + nth + 1) + ".25"},
                         {"currency", "CNY"}};
                // Some are wholly, some partly given back.
                if (who % 11 == 0) one["refunded"] = nth == 0 ? one["amount"] : Json("0.75");
                orders.push_back(one);
            }
        }
        const auto taken = ask("POST", "/orders", orders);
        ASSERT_EQ(taken.json().value("rejected", -1), 0) << taken.body.substr(0, 400);
        for (int i = 0; i < 200 && count("all customers", "") < kCustomers; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }

    static int count(const std::string& expression, const std::string& as_of) {
        Json body{{"expression", expression}};
        if (!as_of.empty()) body["as_of"] = as_of;
        const auto answer = ask("POST", "/segments/count", body);
        EXPECT_EQ(answer.status, 200) << expression << ": " << answer.body;
        return answer.json().value("count", -1);
    }
    static void set(const Json& values, int status = 200) {
        const auto answer = ask("PATCH", "/settings", {{"values", values}}, {"If-Match: *"});
        EXPECT_EQ(answer.status, status) << answer.body;
    }
    void TearDown() override {
        set({{"rfm.basis", "net"},
             {"rfm.scoring", "quantiles"},
             {"rfm.scores", "5"},
             {"rfm.window_days", "0"},
             {"rfm.high_from", "0"},
             {"rfm.recency_edges", "30,90,180,365"},
             {"rfm.frequency_edges", "2,3,5,10"},
             {"rfm.monetary_edges", "100,300,1000,3000"}});
    }

    static Json expect_exact(const Json& asked) {
        const auto answer = ask("POST", "/insight/rfm", asked);
        EXPECT_EQ(answer.status, 200) << answer.body;
        const Json report = answer.json();
        const std::string as_of = report.at("as_of");
        int in_cells = 0, in_classes = 0;
        for (const auto& cell : report.at("matrix")) {
            const std::string expression = cell.at("expression");
            EXPECT_LT(expression.size(), 500u) << expression;
            EXPECT_EQ(count(expression, as_of), cell.at("customers")) << asked << " " << cell;
            in_cells += cell.at("customers").get<int>();
        }
        for (const auto& one : report.at("classes")) {
            EXPECT_EQ(count(one.at("expression"), as_of), one.at("customers")) << asked << " " << one;
            in_classes += one.at("customers").get<int>();
        }
        EXPECT_EQ(in_cells, report.at("customers"));
        EXPECT_EQ(in_classes, report.at("customers"));
        return report;
    }
};

TEST_F(Rfm, EveryCellAndClassCountsItsCustomers) {
    for (const Json& asked :
         {Json::object(), Json{{"basis", "gross"}, {"scores", 3}}, Json{{"as_of", "2025-07-01"}},
          Json{{"where", "province = 浙江 or total_spent >= 500"}, {"as_of", "2025-10-01"}, {"scores", 10}},
          Json{{"scores", 2}, {"where", "order_count = 1"}}}) {
        const Json report = expect_exact(asked);
        EXPECT_GT(report.at("customers").get<int>(), 20) << asked;
    }
}

TEST_F(Rfm, TheDefinitionInTheSettingsIsWhatItGoesBy) {
    set({{"rfm.scoring", "thresholds"},
         {"rfm.recency_edges", "60,200"},
         {"rfm.frequency_edges", "2,3"},
         {"rfm.monetary_edges", "300,900.5"},
         {"rfm.high_from", "3"},
         {"rfm.basis", "gross"},
         {"rfm.window_days", "300"}});
    const Json report = expect_exact({{"as_of", "2025-12-01"}});
    EXPECT_EQ(report.at("scores"), 3);
    EXPECT_EQ(report.at("basis"), "gross");
    EXPECT_EQ(report.at("definition").at("scoring"), "thresholds");
    EXPECT_EQ(report.at("definition").at("window_days"), 300);
    EXPECT_EQ(report.at("definition").at("high"), (Json{{"r", 3}, {"f", 3}, {"m", 3}}));
    for (const auto& step : report.at("steps").at("frequency")) {
        if (step.at("score") == 3) {
            EXPECT_GE(step.at("least"), 3);
        }
        if (step.at("score") == 1) {
            EXPECT_EQ(step.at("greatest"), 1);
        }
    }
    for (const auto& step : report.at("steps").at("recency_days")) {
        if (step.at("score") == 3) {
            EXPECT_LE(step.at("greatest"), 60);
        }
        if (step.at("score") == 1) {
            EXPECT_GT(step.at("least"), 200);
        }
    }
    for (const auto& step : report.at("steps").at("monetary")) {
        if (step.at("score") == 3) {
            EXPECT_GE(step.at("least").at("minor"), 90050);
        }
    }
    EXPECT_EQ(ask("POST", "/insight/rfm", {{"scores", 4}}).json().at("scores"), 4) << "unless the call says otherwise";
}

TEST_F(Rfm, SettingsThatDoNotGoTogetherAreRefusedAndTheOthersAreInTheLog) {
    set({{"rfm.recency_edges", "30,90"}}, 422);
    set({{"rfm.recency_edges", "90,30,200,300"}}, 422);
    set({{"rfm.monetary_edges", "1,2,3,many"}}, 422);
    set({{"rfm.high_from", "6"}}, 422);
    set({{"rfm.high_from", "1"}}, 422);
    set({{"rfm.basis", "guess"}}, 422);
    set({{"lifecycle.active_days", "100"}}, 422);
    set({{"lifecycle.active_days", "100"}, {"lifecycle.silent_days", "150"}, {"lifecycle.sleeping_days", "200"}});
    const int lost = count("last_order_at more than 200 days ago", "2026-06-01");
    for (int i = 0; i < 200 && count("lifecycle = lost", "2026-06-01") != lost; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    EXPECT_EQ(count("lifecycle = lost", "2026-06-01"), lost) << "segments follow the definition";
    EXPECT_LT(lost, kCustomers - 20) << "and it is another one than before";
    set({{"lifecycle.active_days", "45"}, {"lifecycle.silent_days", "90"}, {"lifecycle.sleeping_days", "140"}});
    const auto log = ask("GET", "/audit?action=settings.set&subject=lifecycle.active_days", {}).json().at("items");
    ASSERT_GE(log.size(), 2u);
    EXPECT_EQ(log[0].at("detail"), "45");
}

TEST_F(Rfm, SegmentsAndCustomersHaveTheClassTheServerScored) {
    set({{"rfm.scores", "4"}});
    Json report;
    const auto is_scored = [&] {
        report = ask("POST", "/insight/rfm", Json::object()).json();
        for (const auto& one : report.at("classes")) {
            if (count("rfm.class = " + one.at("class").get<std::string>(), "") != one.at("customers")) return false;
        }
        return true;
    };
    bool scored = false;
    for (int i = 0; i < 400 && !scored; ++i) {
        scored = is_scored();
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    EXPECT_TRUE(scored) << report.at("classes");
    EXPECT_EQ(count("rfm.r = 4 and rfm.f = 1", ""), [&] {
        for (const auto& cell : report.at("matrix"))
            if (cell.at("r") == 4 && cell.at("f") == 1) return cell.at("customers").get<int>();
        return -1;
    }());
    const auto customer = ask("GET", "/customers/5", {}).json();
    EXPECT_EQ(customer.at("rfm_class"), customer.at("scores").at("rfm").at("class")) << customer;
}

TEST_F(Rfm, WhoMovedBetweenClassesBecomesAListOfExactlyThem) {
    const Json asked{{"as_of", "2025-12-01"}, {"compare_to", "2025-08-01"}};
    const Json migration = ask("POST", "/insight/rfm", asked).json().at("migration");
    const auto& classes = migration.at("classes");
    int kept = 0;
    for (std::size_t from = 0; from < classes.size() && kept < 3; ++from) {
        for (std::size_t to = 0; to < classes.size(); ++to) {
            const int customers = migration.at("cells").at(from).at(to);
            if (customers == 0 || from == to) continue;
            Json wanted = asked;
            wanted["from"] = classes[from];
            wanted["to"] = classes[to];
            const auto moved = ask("POST", "/insight/rfm/moved", wanted);
            ASSERT_EQ(moved.status, 201) << moved.body;
            EXPECT_EQ(moved.json().at("customers"), customers);
            EXPECT_EQ(count(moved.json().at("expression"), ""), customers) << moved.body;
            EXPECT_LT(moved.json().at("expression").get<std::string>().size(), 200u);
            ++kept;
            break;
        }
    }
    EXPECT_GT(kept, 0);
    EXPECT_EQ(ask("POST", "/insight/rfm", {{"where", "all customers top 10 by total_spent"}}).status, 422);
}

}  // namespace
}  // namespace shuke::tests
