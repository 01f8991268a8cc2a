// Aim     the mirror follows the record: what changes is copied and nothing else, nobody ever sees half a change, and a
//         copy that was killed is as if it had never begun. Its commands say where, what, and never a password.
// Method  small records go through the program to the server of SHUKE_TEST_CLICKHOUSE; the engine's answers are the measure.
#include <chrono>
#include <random>
#include <thread>

#include "audience/clickhouse/tables.h"
#include "audience/clickhouse/translate.h"
#include "base/clock.h"
#include "clickhouse_for_test.h"
#include "mirror/mirror.h"
#include "shuke_program.h"

namespace product {
namespace {

const std::string kHead = "order_no,external_id,name,phone,created_at,paid_at,amount,product,category,quantity,price\n";

std::string order(const std::string& number, const std::string& who, const std::string& day, int amount,
                  const std::string& phone = "") {
    return number + "," + who + "," + who + "," + phone + "," + day + " 10:00," + day + " 10:00," +
           std::to_string(amount) + ",tea,drinks,1," + std::to_string(amount) + "\n";
}

class ClickHouseMirror : public ClickHouseTest {
protected:
    Json mirror(const Arguments& more = {}) const {
        Arguments arguments{"mirror", "clickhouse", "--url", url()};
        if (!cluster().empty()) arguments.insert(arguments.end(), {"--cluster", cluster()});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return shuke_.json(arguments);
    }
    std::vector<std::string> listed(const std::string& expression, bool by_clickhouse) const {
        Arguments arguments{"segment", "list", expression, "--as-of", "2024-06-01"};
        if (by_clickhouse) arguments.insert(arguments.end(), {"--engine", "clickhouse", "--url", url()});
        const Finished finished = shuke_.run(arguments);
        EXPECT_EQ(finished.exit_code, 0) << finished.err;
        std::istringstream lines(finished.out);
        std::vector<std::string> ids;
        for (std::string id; std::getline(lines, id);) ids.push_back(id);
        return ids;
    }
    void expect_equal() const {
        for (const char* expression :
             {"all customers", "order_count >= 2", "sum(orders.amount where paid) > 150", "any(lines where price > 90)",
              "total_spent > average(total_spent)", "all customers top 2 by total_spent", "tag(\"VIP\")"})
            EXPECT_EQ(listed(expression, true), listed(expression, false)) << expression;
    }
    void begin() {
        std::string orders = kHead;
        for (int i = 0; i < 100; ++i) {
            const std::string number = std::to_string(i);
            orders +=
                order("o" + number, "c" + std::to_string(i % 40), "2024-03-" + std::to_string(10 + i % 18), 10 + i * 3);
        }
        shuke_.import(orders);
        shuke_.json({"tag", "add", "VIP", "--where", "order_count >= 3"});
    }
    std::string value(const std::string& sql) const {
        std::string text = ask(sql);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }
    Finished fails(const Arguments& arguments, const std::string& key) const {
        const Finished finished = shuke_.run(arguments);
        EXPECT_EQ(finished.exit_code, 1) << finished.out << finished.err;
        EXPECT_NE(finished.err.find("[" + key + "]"), std::string::npos) << finished.err;
        return finished;
    }
    Shuke shuke_;
};

class SlowClickHouseMirrorCrash : public ClickHouseMirror {};

TEST_F(ClickHouseMirror, CopiesAllAtFirstThenWhoChangedThenNobody) {
    begin();
    EXPECT_EQ(mirror()["copied"], "all");
    expect_equal();
    EXPECT_EQ(mirror()["copied"], "nothing");
    shuke_.import(kHead + order("n1", "c3", "2024-04-01", 500) + order("n2", "new one", "2024-04-02", 95));
    const Json second = mirror();
    EXPECT_EQ(second["copied"], "changed");
    EXPECT_EQ(second["customers"], 2);
    EXPECT_EQ(second["gone"], 0);
    expect_equal();
    shuke_.json({"tag", "remove", "VIP", "--where", "order_count >= 3"});
    EXPECT_EQ(mirror()["copied"], "changed");
    expect_equal();
    EXPECT_EQ(mirror({"--whole"})["copied"], "all");
    expect_equal();
    mirror();
    EXPECT_EQ(value("SELECT count() FROM shuke_customers"), "41") << "what a whole copy has replaced is cleared away";
}

TEST_F(ClickHouseMirror, AMergeASplitAndAForgottenCustomerAreFollowed) {
    begin();
    mirror();
    ASSERT_EQ(shuke_.run({"customer", "merge", "c1", "c2"}).exit_code, 0);
    const Json merged = mirror();
    EXPECT_EQ(merged["customers"], 2);
    EXPECT_EQ(merged["gone"], 1);
    EXPECT_EQ(listed("all customers", true).size(), 39u);
    expect_equal();
    ASSERT_EQ(shuke_.run({"customer", "split", "c1"}).exit_code, 0);
    mirror();
    EXPECT_EQ(listed("all customers", true).size(), 40u);
    expect_equal();
    // As forgetting somebody will do it: the account goes, the change is stamped.
    {
        Sql sql((shuke_.data / "shuke.db").string());
        const std::string who = sql.value("SELECT min(customer_id) FROM accounts");
        sql.run("DELETE FROM accounts WHERE customer_id = " + who);
        sql.run("INSERT INTO customer_changes (seq, customer_id) SELECT max(seq) + 1, " + who +
                " FROM customer_changes");
    }
    EXPECT_EQ(mirror()["gone"], 1);
    EXPECT_EQ(listed("all customers", true).size(), 39u);
    expect_equal();
}

TEST_F(ClickHouseMirror, WhatAllRowsDependOnMakesTheNextCopyWhole) {
    begin();
    mirror();
    Sql((shuke_.data / "shuke.db").string()).run("UPDATE shops SET name = '新名字'");
    shuke_.import(kHead + order("n1", "c3", "2024-04-01", 500));
    EXPECT_EQ(mirror()["copied"], "all");
    EXPECT_EQ(listed("shop = 新名字", true).size(), 40u);
    for (int i = 0; i < 3; ++i) {
        std::string orders = kHead;
        for (int j = 0; j < 5; ++j) {
            const std::string number = std::to_string(i * 5 + j);
            orders += order("m" + number, "c" + number, "2024-04-02", 500);
        }
        shuke_.import(orders);
        EXPECT_EQ(mirror()["copied"], i < 2 ? "changed" : "all") << "more than a fifth have come again";
        expect_equal();
    }
}

// Rows of a copy that died lie there under a number that nothing publishes.
TEST_F(ClickHouseMirror, RowsThatWereNeverPublishedAreNotSeenAndGo) {
    begin();
    mirror();
    const auto before = listed("all customers", true);
    std::string rows;
    for (int i = 1; i < 10; ++i)
        shuke::audience::clickhouse::CustomerRows::append_gone(shuke::CustomerId{i}, 1'900'000'000'000'000, rows);
    insert("shuke_customers", rows);
    EXPECT_EQ(listed("all customers", true), before);
    shuke_.import(kHead + order("n1", "c3", "2024-04-01", 500));
    mirror();
    EXPECT_EQ(value("SELECT count() FROM shuke_customers WHERE generation = 1900000000000000"), "0");
    expect_equal();
}

// Half a million order lines, so that a kill meets the copy in its work; every other copy is a whole one.
TEST_F(SlowClickHouseMirrorCrash, ACopyThatIsKilledLosesAndDoublesNothing) {
    const char* wanted = std::getenv("SHUKE_CRASH_KILLS");
    const int kills = wanted == nullptr ? 4 : std::atoi(wanted);
    std::mt19937 random(7);
    begin();
    shuke_.json({"import", example("online-retail/online_retail.csv.zst").string(), "--format", "online-retail"});
    mirror();
    int killed = 0;
    for (int i = 0; i < kills; ++i) {
        std::string orders = kHead;
        for (int j = 0; j < 30; ++j) {
            const std::string number = std::to_string(i * 100 + j);
            orders += order("k" + number, "c" + std::to_string((i * 31 + j) % 60), "2024-05-01", 20 + i * 13 % 90);
        }
        shuke_.import(orders);
        const char* const asked = "sum(orders.amount where paid) > 150";
        const auto seen = listed(asked, true);
        Arguments arguments{"mirror", "clickhouse", "--url", url()};
        if (!cluster().empty()) arguments.insert(arguments.end(), {"--cluster", cluster()});
        if (i % 2 == 0) arguments.push_back("--whole");
        Running running = shuke_.start(arguments);
        std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 900));
        killed += running.has_ended() ? 0 : 1;
        running.kill_hard();
        running.wait();
        const auto now = listed(asked, true);
        EXPECT_TRUE(now == seen || now == listed(asked, false)) << "the picture before or the one after";
        if (i % 3 != 2) continue;
        mirror();
        expect_equal();
    }
    mirror();
    expect_equal();
    std::printf("figure: %d copies, %d of them killed on the way\n", kills, killed);
}

TEST_F(ClickHouseMirror, AnEmptyRecordHasAnEmptyMirror) {
    shuke_.import(kHead);
    EXPECT_EQ(mirror()["customers"], 0);
    EXPECT_TRUE(listed("all customers", true).empty());
}

TEST_F(ClickHouseMirror, AMirrorThatIsBehindSaysSo) {
    begin();
    mirror();
    const Arguments count{"segment", "count", "all customers", "--engine", "clickhouse", "--url", url()};
    EXPECT_EQ(shuke_.json(count)["is_behind"], false);
    EXPECT_EQ(shuke_.run(count).out, "40\n");
    shuke_.import(kHead + order("n1", "new one", "2024-04-01", 500));
    const Finished late = shuke_.run(count);
    EXPECT_EQ(late.out, "40\n");
    EXPECT_NE(late.err.find("is behind the record"), std::string::npos) << late.err;
    const Json json = shuke_.json(count);
    EXPECT_EQ(json["is_behind"], true);
    EXPECT_LT(json["version"], json["record_version"]);
}

// As long as the definition of a saved segment may be, though no argument of a command line.
TEST_F(ClickHouseMirror, AListOfAHundredThousandIdsIsAQuestionToo) {
    begin();
    mirror();
    std::string expression = "id in [1";
    for (int id = 2; id <= 100'000; ++id) expression += "," + std::to_string(id * 3);
    const auto bound = shuke::audience::parse_and_bind(expression + "]", {});
    ASSERT_TRUE(bound.has_value());
    const auto picture = shuke::mirror::published(server()).value()->picture;
    const auto sql = shuke::audience::clickhouse::translate(*bound, {}, shuke::SystemClock().now(), picture);
    std::vector<std::string> got;
    for (const std::int64_t id : ids(*sql)) got.push_back(std::to_string(id));
    EXPECT_EQ(got, listed("id in [1, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39]", false));
}

TEST_F(ClickHouseMirror, TwoRecordsDoNotShareADatabase) {
    begin();
    mirror();
    Shuke other;
    other.import(kHead + order("o1", "someone", "2024-03-01", 5));
    Arguments arguments{"mirror", "clickhouse", "--url", url()};
    if (!cluster().empty()) arguments.insert(arguments.end(), {"--cluster", cluster()});
    const Finished refused = other.run(arguments);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("[mirror.other_record]"), std::string::npos) << refused.err;
    const Finished asked = other.run({"segment", "count", "all customers", "--engine", "clickhouse", "--url", url()});
    EXPECT_NE(asked.err.find("[mirror.other_record]"), std::string::npos) << asked.err;
    expect_equal();
}

TEST_F(ClickHouseMirror, ErrorsNameThePlaceAndNeverThePassword) {
    begin();
    const std::string place = url().substr(url().find("//") + 2);
    const Finished wrong =
        fails({"mirror", "clickhouse", "--url", "http://shuke:se%40cret@" + place}, "clickhouse.refused");
    EXPECT_EQ(wrong.err.find("se@cret"), std::string::npos) << wrong.err;
    EXPECT_EQ(wrong.err.find("se%40cret"), std::string::npos) << wrong.err;
    EXPECT_NE(wrong.err.find("127.0.0.1"), std::string::npos) << wrong.err;
    fails({"mirror", "clickhouse", "--url", "http://shuke:se%40cret@127.0.0.1:9/"}, "clickhouse.unreachable");
    fails({"mirror", "clickhouse", "--url", "ftp://127.0.0.1/"}, "clickhouse.url");
    fails({"mirror", "clickhouse", "--url", "http://127.0.0.1/?table=x"}, "clickhouse.url");
    fails({"mirror", "clickhouse"}, "clickhouse.url");
    fails({"segment", "count", "all customers", "--engine", "clickhouse", "--url", url()}, "mirror.missing");
    fails({"mirror", "clickhouse", "--url", url(), "--cluster", "it's not there"}, "mirror.cluster");
    // The password of scripts/clickhouse; its signs are escaped in a URL.
    const std::string with_password = "http://shuke:p%40ss%3Aword@" + place;
    Arguments right{"mirror", "clickhouse", "--url", with_password};
    if (!cluster().empty()) right.insert(right.end(), {"--cluster", cluster()});
    EXPECT_EQ(shuke_.json(right)["copied"], "all");
    EXPECT_EQ(shuke_.json(right).dump().find("ss:word"), std::string::npos);
}

TEST_F(ClickHouseMirror, OneServerAndAClusterAreNotMixedUp) {
    begin();
    mirror();
    Arguments other{"mirror", "clickhouse", "--url", url()};
    if (cluster().empty()) other.insert(other.end(), {"--cluster", "shuke"});
    fails(other, "mirror.cluster");
}

TEST_F(ClickHouseMirror, TablesOfAnEarlierLayoutAreMadeAnew) {
    begin();
    run_everywhere("CREATE TABLE shuke_customers (customer Int64, generation Int64) ENGINE = " +
                   std::string(cluster().empty() ? "MergeTree ORDER BY customer"
                                                 : "Distributed(shuke, currentDatabase(), shuke_customers_shard)"));
    EXPECT_EQ(mirror()["copied"], "all");
    expect_equal();
}

TEST_F(ClickHouseMirror, ThePrintedQueryRunsAsItIs) {
    begin();
    mirror();
    const std::string expression = "order_count >= 3 and not tag(\"VIP\") or any(lines where category = drinks)";
    for (const Arguments& more : {Arguments{}, Arguments{"--url", url()}}) {
        Arguments arguments{"segment", "sql", expression, "--as-of", "2024-06-01"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const std::string sql = shuke_.run(arguments).out;
        std::vector<std::string> got;
        for (const std::int64_t id : ids(sql)) got.push_back(std::to_string(id));
        EXPECT_EQ(got, listed(expression, false));
    }
}

}  // namespace
}  // namespace product
