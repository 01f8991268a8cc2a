// Aim: rows that programs send are taken each for itself, once, and become the record that a file of the same rows would become.
// Method: the same orders as JSON, as NDJSON with faulty lines among them, again, and as a file of the native form into another
// record; both records are compared row by row by SQL.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <fstream>
#include <set>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

constexpr const char* kBusiness[] = {
    // Everything but ids, seals and times of writing. Sealed values are compared through the API, below.
    "SELECT o.order_no, s.platform, s.name, s.currency, o.status, o.created_at, o.paid_at, o.shipped_at, o.signed_at, "
    "o.finished_at, o.closed_at, o.updated_at, o.day, o.currency, o.amount, o.discount, o.refunded, o.channel, "
    "o.coupon, "
    "o.province, o.city, o.refunded_at, o.lines_amount, o.older_fields, o.header_content, o.line_count, "
    "o.lines_content, "
    "(SELECT count(*) FROM orders x WHERE x.customer_id = o.customer_id) FROM orders o JOIN shops s ON s.id = "
    "o.shop_id",
    "SELECT o.order_no, l.line_no, b.title, l.quantity_milli, l.price, l.amount, l.discount, l.refunded FROM "
    "order_lines l "
    "JOIN orders o ON o.id = l.order_id JOIN product_labels b ON b.id = l.label_id",
    "SELECT o.order_no, r.currency, r.amount, r.asked_at, r.done_at, r.day FROM refunds r LEFT JOIN orders o ON o.id = "
    "r.order_id",
    "SELECT s.name, a.province, a.city, a.district, a.gender, a.birthday, a.profile_at FROM accounts a JOIN shops s ON "
    "s.id = a.shop_id",
    "SELECT kind, trusted FROM identifiers",
    "SELECT b.title, b.sku, p.code, c.name, b.brand FROM product_labels b JOIN products p ON p.id = b.product_id LEFT "
    "JOIN categories c ON c.id = "
    "b.category_id",
};

std::multiset<std::string> rows_of(const std::filesystem::path& folder, const char* sql) {
    sqlite3* db = nullptr;
    sqlite3_open_v2((folder / "shuke.db").c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(db) << ": " << sql;
    std::multiset<std::string> rows;
    while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
        std::string row;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const auto* text = sqlite3_column_text(statement, i);
            row += (text == nullptr ? "∅" : reinterpret_cast<const char*>(text)) + std::string("|");
        }
        rows.insert(row);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return rows;
}

struct Sent {
    const TestServer& server;
    std::string key;
    Answer post(const std::string& path, const std::string& body, const char* type = "application/json") const {
        return server.send("POST", "/api/v1" + path, body,
                           {"Authorization: Bearer " + key, std::string("Content-Type: ") + type});
    }
    Json get(const std::string& path) const {
        return server.send("GET", "/api/v1" + path, "", {"Authorization: Bearer " + key}).json();
    }
};

// Forty orders of twelve people in two shops, some with a second state, lines, refunds, coupons and half-known people.
Json orders() {
    Json all = Json::array();
    for (int i = 1; i <= 40; ++i) {
        const std::string n = std::to_string(i), day = (i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1);
        Json one{{"platform", "own"},
                 {"shop", i % 2 == 0 ? "甲店" : "乙店"},
                 {"order_no", "A-" + n},
                 {"external_id", "C" + std::to_string(i % 12)},
                 {"name", "顾客" + std::to_string(i % 12)},
                 {"phone", "138000010" + std::to_string(10 + i % 12)},
                 {"province", i % 3 == 0 ? "浙江" : "江苏"},
                 {"city", "杭州"},
                 {"district", "西湖区"},
                 {"gender", i % 2 == 0 ? "女" : "male"},
                 {"birthday", "1990-05-0" + std::to_string(i % 9 + 1)},
                 {"status", i % 7 == 0 ? "finished" : "paid"},
                 {"created_at", "2026-10-" + day + " 09:00:00"},
                 {"paid_at", "2026-10-" + day + " 09:05:00"},
                 {"updated_at", "2026-10-" + day + " 09:05:00"},
                 {"amount", n + "0.50"},
                 {"discount", i % 5 == 0 ? "1.25" : "0"},
                 {"currency", "CNY"},
                 {"channel", "app"}};
        if (i % 4 == 0) one["email"] = "c" + std::to_string(i % 12) + "@example.com";
        if (i % 6 == 0) one["coupon"] = "双十一";
        if (i % 9 == 0) {
            one["refunded"] = "5.00";
            one["refunded_at"] = "2026-10-" + day + " 20:00:00";
        }
        Json lines = Json::array();
        for (int line = 1; line <= i % 3 + 1; ++line)
            lines.push_back({{"line_no", line},
                             {"product", "P-" + std::to_string(line)},
                             {"title", "真丝 \"T恤\", " + std::to_string(line)},
                             {"category", "上衣"},
                             {"brand", "素"},
                             {"quantity", line},
                             {"price", "9.99"}});
        one["lines"] = lines;
        all.push_back(one);
    }
    return all;
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}
std::string cell(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

// One row a line of an order, as a till's export would have it.
std::string csv_of(const Json& orders) {
    const std::vector<std::string> head{"platform", "shop",        "order_no", "external_id", "name",   "phone",
                                        "email",    "gender",      "birthday", "province",    "city",   "district",
                                        "status",   "created_at",  "paid_at",  "updated_at",  "amount", "discount",
                                        "refunded", "refunded_at", "currency", "channel",     "coupon"};
    const std::vector<std::string> line_head{"line_no", "product", "title", "category", "brand", "quantity", "price"};
    std::string text;
    for (const auto& name : head) text += name + ",";
    for (const auto& name : line_head) text += name + (name == "price" ? "\n" : ",");
    for (const auto& one : orders) {
        for (const auto& line : one.at("lines")) {
            for (const auto& name : head) text += cell(one.contains(name) ? text_of(one.at(name)) : "") + ",";
            for (const auto& name : line_head) text += cell(text_of(line.at(name))) + (name == "price" ? "\n" : ",");
        }
    }
    return text;
}

Json import_file(const Sent& to, const std::string& text, bool dry_run = false) {
    const std::string id =
        to.post("/uploads", Json{{"filename", "orders.csv"}, {"size", text.size()}}.dump()).json().at("id");
    EXPECT_EQ(
        to.server
            .send("PATCH", "/api/v1/uploads/" + id, text,
                  {"Authorization: Bearer " + to.key, "Content-Type: application/octet-stream", "Upload-Offset: 0"})
            .status,
        200);
    return to.server.job_of(
        to.post("/imports", Json{{"upload_id", id}, {"format", "native"}, {"dry_run", dry_run}}.dump()), to.key);
}

TEST(Ingest, OrdersByApiAndByFileAreTheSameRecord) {
    TestServer by_api, by_file;
    const Sent api{by_api, by_api.key("admin")}, file{by_file, by_file.key("admin")};
    const Json all = orders();
    const auto taken = api.post("/orders", all.dump());
    ASSERT_EQ(taken.json().value("new", 0), 40) << taken.body;
    const auto job = import_file(file, csv_of(all));
    ASSERT_EQ(job.at("result").at("orders"), 40) << job;
    ASSERT_EQ(job.at("result").at("rejected"), 0) << job;
    for (const char* sql : kBusiness) {
        const auto a = rows_of(by_api.folder(), sql), f = rows_of(by_file.folder(), sql);
        EXPECT_FALSE(f.empty()) << sql;
        EXPECT_EQ(a, f) << sql;
    }
    // What is sealed: each person's everything, in clear.
    for (int i = 1; i <= 12; ++i) {
        const auto person = [&](const Sent& from) {
            const auto found = from.get("/customers?q=138000010" + std::to_string(9 + i));
            const auto id = std::to_string(found.at("items").at(0).at("id").get<int>());
            Json whole = from.get("/customers/" + id + "/personal-data");
            std::multiset<std::string> said;
            for (const auto& account : whole.at("accounts"))
                said.insert(account.value("name", "") + "|" + account.value("street", ""));
            for (const auto& one : whole.at("identifiers"))
                said.insert(one.value("kind", "") + "=" + one.value("value", ""));
            return said;
        };
        for (int wait = 0;
             wait < 200 && api.get("/customers").value("total", 0) + file.get("/customers").value("total", 0) < 24;
             ++wait)
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        EXPECT_EQ(person(api), person(file)) << i;
    }
}

TEST(Ingest, TheSameAgainIsUnchangedAndANewerStateIsChanged) {
    TestServer server;
    const Sent api{server, server.key("ingest.write")};
    Json all = orders();
    EXPECT_EQ(api.post("/orders", all.dump()).json().value("new", 0), 40);
    const auto before = rows_of(server.folder(), "SELECT * FROM orders");
    EXPECT_EQ(api.post("/orders", all.dump()).json().value("unchanged", 0), 40);
    EXPECT_EQ(rows_of(server.folder(), "SELECT * FROM orders"), before) << "not a byte";
    // Twice in one body: the second says nothing new.
    const auto twice = api.post("/orders", Json::array({all[0], all[0]}).dump()).json();
    EXPECT_EQ(twice.at("unchanged"), 2) << twice;
    all[3]["status"] = "shipped";
    all[3]["shipped_at"] = "2026-11-01 08:00:00";
    all[3]["updated_at"] = "2026-11-01 08:00:00";
    const auto newer = api.post("/orders", all.dump()).json();
    EXPECT_EQ(newer.at("changed"), 1) << newer;
    EXPECT_EQ(newer.at("unchanged"), 39);
    EXPECT_EQ(newer.at("results").at(3).at("result"), "changed");
    // The same write under the same key is done once, and answered as it was.
    const auto under = [&](const Json& body) {
        return server.send(
            "POST", "/api/v1/orders", body.dump(),
            {"Authorization: Bearer " + api.key, "Content-Type: application/json", "Idempotency-Key: till-7-4711"});
    };
    Json one = all[5];
    one["order_no"] = "B-1";
    EXPECT_EQ(under(one).json().at("new"), 1);
    EXPECT_EQ(under(one).json().at("new"), 1) << "the answer that was given";
    EXPECT_EQ(api.post("/orders", one.dump()).json().at("unchanged"), 1);
}

TEST(Ingest, FaultyLinesAreToldEachForItselfAndTheGoodOnesLand) {
    TestServer server;
    const Sent api{server, server.key("ingest.write,customers.read")};
    const Json all = orders();
    std::string lines = all[0].dump() + "\n" + "{\"order_no\": \"broken\n" + all[1].dump() + "\n\n" +
                        R"({"order_no": "x1", "amount": "twelve", "paid_at": "2026-10-01 10:00", "currency": "CNY"})" +
                        "\n" + R"({"shop": "甲店"})" + "\n" + R"({"order_no": "x2", "no_such_field": 1})" + "\n" +
                        R"({"order_no": "x3", "paid_at": "yesterday", "amount": "1"})" + "\n" + all[2].dump();
    const auto report = api.post("/orders", lines, "application/x-ndjson").json();
    EXPECT_EQ(report.at("received"), 8) << report;
    EXPECT_EQ(report.at("new"), 3);
    EXPECT_EQ(report.at("rejected"), 5);
    const auto& results = report.at("results");
    ASSERT_EQ(results.size(), 8u);
    for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].at("index"), i);
    const std::pair<int, const char*> expected[] = {
        {1, "row.invalid"}, {3, "number.invalid"}, {4, "row.invalid"}, {5, "row.invalid"}, {6, "time.invalid"}};
    for (const auto& [row, key] : expected) {
        EXPECT_EQ(results[static_cast<std::size_t>(row)].at("result"), "rejected") << results;
        EXPECT_EQ(results[static_cast<std::size_t>(row)].at("problem").at("key"), key) << results;
        EXPECT_NE(results[static_cast<std::size_t>(row)].at("problem").at("detail"), "");
    }
    EXPECT_EQ(rows_of(server.folder(), "SELECT order_no FROM orders"),
              (std::multiset<std::string>{"A-1|", "A-2|", "A-3|"}));
}

TEST(Ingest, ARefundThatWasTurnedDownTakesNothingBack) {
    TestServer server;
    const Sent api{server, server.key("admin")};
    const Json order = orders()[0];  // 10.50
    api.post("/orders", order.dump());
    const auto spent = [&](const char* expression) {
        api.server.send("POST", "/api/v1/tag-rules/apply", "",
                        {"Authorization: Bearer " + api.key});  // brings the audience up to date
        return api.post("/segments/count", Json{{"expression", expression}}.dump()).json().value("count", -1);
    };
    const auto refund = [&](const char* status, const char* number) {
        return api
            .post("/ingest/refunds", Json{{"platform", "own"},
                                          {"shop", "乙店"},
                                          {"order_no", "A-1"},
                                          {"refund_no", number},
                                          {"amount", "4.00"},
                                          {"asked_at", "2026-10-03 10:00"},
                                          {"done_at", "2026-10-04 10:00"},
                                          {"status", status}}
                                         .dump())
            .json();
    };
    EXPECT_EQ(refund("rejected", "R-1").at("new"), 1);
    EXPECT_EQ(spent("total_spent = 10.50"), 1) << "nothing was given back";
    EXPECT_EQ(spent("any(refunds where status = rejected)"), 1) << "the claim is known";
    EXPECT_EQ(refund("done", "R-2").at("new"), 1);
    EXPECT_EQ(spent("total_spent = 6.50"), 1);
}

TEST(Ingest, ADryRunOfALargeFileKeepsNobodyWaitingAndChangesNothing) {
    TestServer server;
    const Sent api{server, server.key("admin")};
    api.post("/orders", orders()[0].dump());
    std::string text = "order_no,external_id,phone,created_at,paid_at,amount,currency\n";
    for (int i = 0; i < 60'000; ++i)
        text += "D-" + std::to_string(i) + ",E" + std::to_string(i % 900) +
                ",,2026-10-02 10:00:00,2026-10-02 10:01:00,12.00,CNY\n";
    const std::string id =
        api.post("/uploads", Json{{"filename", "orders.csv"}, {"size", text.size()}}.dump()).json().at("id");
    server.send("PATCH", "/api/v1/uploads/" + id, text,
                {"Authorization: Bearer " + api.key, "Content-Type: application/octet-stream", "Upload-Offset: 0"});
    const auto started = api.post("/imports", Json{{"upload_id", id}, {"format", "native"}, {"dry_run", true}}.dump());
    ASSERT_EQ(started.status, 202) << started.body;
    const std::string job = "/jobs/" + std::to_string(started.json().at("job").at("id").get<int>());
    // Single orders are durable while it runs.
    int written_meanwhile = 0;
    Json order = orders()[1];
    for (int i = 0; api.get(job).at("state") == "running" || api.get(job).at("state") == "queued"; ++i) {
        order["order_no"] = "W-" + std::to_string(i);
        const bool taken = api.post("/orders", order.dump()).json().value("new", 0) == 1;
        if (taken && api.get(job).at("state") == "running") ++written_meanwhile;
    }
    const auto ended = api.get(job);
    ASSERT_EQ(ended.at("state"), "done") << ended;
    EXPECT_EQ(ended.at("result").at("orders"), 60'000);
    EXPECT_EQ(ended.at("result").at("customers"), 900);
    EXPECT_GT(written_meanwhile, 0) << "a write was done before the dry run had ended";
    EXPECT_TRUE(rows_of(server.folder(), "SELECT order_no FROM orders WHERE order_no LIKE 'D-%'").empty());
    EXPECT_TRUE(std::filesystem::is_empty(server.folder() / "dry-runs")) << "the copy is gone";
    EXPECT_EQ(api.get("/imports").at("items").size(), 0u);
}

}  // namespace
}  // namespace shuke::tests
