// Aim     every expression of tests/clickhouse/corpus.txt names the same customers in ClickHouse and in the engine, at
//         instants present and past; a current ClickHouse accepts the same queries and answers alike.
// Method  Online Retail and three made-up shops (zones, refunds, states, missing values, consents) go through the program
//         into a record, with saved segments, lists and tags; `shuke mirror clickhouse` copies it to the server of
//         SHUKE_TEST_CLICKHOUSE. The current ClickHouse is the library of chDB, where scripts/setup has brought it.
#include <algorithm>
#include <fstream>
#include <random>

#include "app/context.h"
#include "audience/clickhouse/tables.h"
#include "audience/clickhouse/translate.h"
#include "audience/evaluate.h"
#include "audience/worker_pool.h"
#include "chdb_for_test.h"
#include "clickhouse_for_test.h"
#include "live/binding.h"
#include "live/load_audience.h"
#include "mirror/mirror.h"
#include "shuke_program.h"

namespace product {
namespace {

using namespace shuke;
using audience::clickhouse::Picture;

struct Corpus {
    std::vector<std::string> instants, expressions;
};

Corpus read_corpus() {
    Corpus corpus;
    std::ifstream file("tests/clickhouse/corpus.txt");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("as of "))
            corpus.instants.push_back(line.substr(6));
        else if (!line.empty() && !line.starts_with('#'))
            corpus.expressions.push_back(line);
    }
    return corpus;
}

// Orders of a shop whose customers have names, phones and birthdays, some of them known to other shops as well.
std::string made_up_orders(int shop) {
    std::mt19937_64 random(static_cast<std::uint64_t>(shop));
    const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
    const auto one_of = [&](std::initializer_list<const char*> words) {
        return std::string(words.begin()[below(words.size())]);
    };
    constexpr const char* kStates[] = {"created", "paid", "shipped", "signed", "finished", "closed"};
    std::string text =
        "order_no,external_id,name,phone,email,gender,birthday,province,city,district,status,created_at,paid_at,"
        "shipped_at,signed_at,finished_at,closed_at,amount,discount,refunded,refunded_at,channel,coupon,product,title,"
        "sku,category,brand,quantity,price,currency\n";
    for (int order = 0; order < 900; ++order) {
        std::int64_t at = 1'290'816'000 + below(380) * 86'400 + below(86'400);  // from 2010-11-27 on
        const auto time = [](std::int64_t second) { return format_iso(Instant::from_seconds(second)); };
        const int person = below(160) + (below(3) == 0 ? 0 : shop * 100);
        const int state = below(6);
        const bool was_paid = state == 5 ? below(2) == 0 : state > 0;
        std::string times;
        const std::string created = time(at);
        for (int reached = 1; reached <= 5; ++reached) {
            at += 60 + below(6 * 86'400);
            const bool happened = state == 5 ? (reached == 1 ? was_paid : reached == 5) : reached <= state;
            const bool known = below(10) < 7 || (state == 5 && reached == 1);
            times += "," + (happened && known ? time(at) : "");
        }
        const int amount = below(20) == 0 ? 0 : 100 + below(60'000);
        const auto money = [](int minor) { return format_minor(minor, 2); };
        std::string refund = ",";
        if (was_paid && below(4) == 0)
            refund = money(below(2) == 0 ? amount : amount / 3) + "," + (below(3) == 0 ? "" : time(at + 86'400));
        const std::string number = std::to_string(person);
        const std::string profile =
            "C" + number + ",Person " + number + "," +
            (person % 3 == 0 ? "139123" + std::to_string(45000 + person) : "") + "," +
            (person % 4 == 1 ? "p" + number + "@example.com" : "") + "," +
            (person % 5 == 0   ? "female"
             : person % 5 == 1 ? "male"
                               : "") +
            "," +
            (person % 7 == 0  ? "1980-02-29"
             : person % 7 < 4 ? std::to_string(1955 + person % 50) + "-0" + std::to_string(1 + person % 9) + "-15"
                              : "") +
            "," + (person % 2 == 0 ? one_of({"浙江", "江苏", "ＡＢ"}) : "") + "," +
            (person % 2 == 0 ? one_of({"杭州", "Ａ市", "A市"}) : "") + "," + (person % 6 == 0 ? "西湖区" : "余杭区");
        const std::string about = one_of({"app", "web", "", "pos"}) + "," + (below(6) == 0 ? "满100减10 'x' \\ %" : "");
        const std::string discount = below(3) == 0 ? money(below(3'000)) : "";
        const std::string currency = below(12) == 0 ? "USD" : below(15) == 0 ? "JPY" : "GBP";
        for (int line = 0, lines = 1 + below(3); line < lines; ++line) {
            text += "S" + std::to_string(shop) + "-" + std::to_string(order) + "," + profile + "," + kStates[state] +
                    "," + created + times + "," + (order % 17 == 0 ? "" : money(amount)) + "," + discount + "," +
                    refund + "," + about + ",P" + std::to_string(below(12)) + "," +
                    one_of({"新款 连衣裙", "T恤 ＡＢＣ", "BAG 包"}) + "," + one_of({"红/M", "", "蓝/L"}) + "," +
                    one_of({"连衣裙", "鞋", "箱包", ""}) + "," + one_of({"甲", "乙", ""}) + "," +
                    std::to_string(1 + below(4)) + (below(9) == 0 ? ".5" : "") + "," + money(100 + below(9'000)) + "," +
                    currency + "\n";
        }
    }
    return text;
}

std::vector<std::int64_t> numbers(const std::vector<CustomerId>& customers) {
    std::vector<std::int64_t> numbers;
    for (const CustomerId customer : customers) numbers.push_back(customer.value);
    return numbers;
}

class SlowClickHouseCorpus : public ClickHouseTest {
protected:
    void SetUp() override {
        ClickHouseTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        make_record();
        auto database = record::Database::open({.url = "", .folder = shuke_.data, .create = false}, clock_);
        ASSERT_TRUE(database.has_value()) << database.error().detail;
        database_ = std::move(*database);
        auto loaded = live::load_audience(*database_, &pool_);
        ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
        version_ = loaded->version;
    }

    void make_record() {
        shuke_.json({"import", example("online-retail/online_retail.csv.zst").string(), "--format", "online-retail"});
        const char* const zones[] = {"Asia/Shanghai", "America/New_York", "Pacific/Auckland"};
        const char* const names[] = {"旗舰店", "second", "旗舰店 2"};
        for (int shop = 1; shop <= 3; ++shop)
            shuke_.import(made_up_orders(shop), {"--shop", names[shop - 1], "--timezone", zones[shop - 1]});
        ok({"rate", "set", "USD", "2010-01-01", "0.64"});
        shuke_.json({"segment", "save", "高价值", "total_spent >= 1000"});
        shuke_.json({"segment", "save", "榜首", "all customers top 30 by total_spent"});
        shuke_.json({"segment", "save", "十分之一", "order_count >= 1 sample 10% seed 3"});
        for (const char* day : {"2010-12-15", "2011-03-01", "2011-12-01"})
            shuke_.json({"segment", "refresh", "--as-of", day});
        std::string list = "external_id\n";
        for (int customer = 12346; customer < 12700; customer += 3) list += std::to_string(customer) + "\n";
        for (int person = 0; person < 100; person += 4) list += "C" + std::to_string(person) + "\n";
        shuke_.json({"list", "import", "名单", shuke_.write_file("list.csv", list).string()}, 3);
        shuke_.json({"tag", "add", "VIP 会员", "--where", "order_count >= 5"});
        shuke_.json({"tag", "rule", "add", "按规则", "lifecycle = lost"});
        shuke_.json({"tag", "apply"});
        ok({"customer", "merge", "12346", "12347"});
        // What is said of the past, as well as of today; nobody asks for consent from the command line yet.
        Sql sql((shuke_.data / "shuke.db").string());
        sql.run("UPDATE list_members SET added_at = 1292000000000000 WHERE customer_id % 2 = 0");
        sql.run("UPDATE customer_tags SET added_at = 1300000000000000 + (customer_id % 90) * 86400000000");
        sql.run(
            "INSERT INTO consents (customer_id, channel, purpose, at, granted, source) SELECT DISTINCT customer_id, "
            "CASE customer_id % 2 WHEN 0 THEN 'sms' ELSE 'email' END, 'marketing', 1290000000000000 + (customer_id % "
            "300) * 86400000000, CASE WHEN customer_id % 5 < 3 THEN 1 ELSE 0 END, 'test' FROM accounts");
        Arguments mirror{"mirror", "clickhouse", "--url", url()};
        if (!cluster().empty()) mirror.insert(mirror.end(), {"--cluster", cluster()});
        ok(mirror);
    }
    void ok(const Arguments& arguments) const {
        const Finished finished = shuke_.run(arguments);
        ASSERT_EQ(finished.exit_code, 0) << finished.err;
    }

    struct Question {
        std::string text, as_of;
        Instant instant;
        audience::BoundExpression bound;
    };
    std::vector<Question> questions() const {
        const Corpus corpus = read_corpus();
        const auto options = live::bind_options(*database_, version_->config().base_currency);
        std::vector<Question> questions;
        for (const std::string& text : corpus.expressions) {
            auto bound = audience::parse_and_bind(text, options);
            if (!bound) {
                ADD_FAILURE() << bound.error().detail;
                continue;
            }
            for (const std::string& as_of : corpus.instants)
                questions.push_back({text, as_of, *app::parse_as_of(as_of, version_->config().zone, clock_), *bound});
        }
        return questions;
    }
    std::string sql(const Question& question, const std::optional<Picture>& picture) const {
        auto sql = audience::clickhouse::translate(question.bound, version_->config(), question.instant, picture);
        if (!sql) ADD_FAILURE() << question.text << ": " << sql.error().detail;
        return sql.value_or("");
    }
    std::vector<std::int64_t> by_engine(const Question& question) {
        return numbers(
            audience::customers(*version_, audience::evaluate(*version_, question.bound, question.instant, &pool_)));
    }
    static std::string difference(const std::vector<std::int64_t>& got, const std::vector<std::int64_t>& expected) {
        std::vector<std::int64_t> more, less;
        std::ranges::set_difference(got, expected, std::back_inserter(more));
        std::ranges::set_difference(expected, got, std::back_inserter(less));
        const auto some = [](const std::vector<std::int64_t>& ids) {
            std::string text = std::to_string(ids.size()) + ":";
            for (std::size_t i = 0; i < std::min<std::size_t>(ids.size(), 5); ++i) text += " " + std::to_string(ids[i]);
            return text;
        };
        return "too many " + some(more) + "; missing " + some(less);
    }

    Shuke shuke_;
    SystemClock clock_;
    audience::WorkerPool pool_{2};
    std::unique_ptr<record::Database> database_;
    std::shared_ptr<const audience::Version> version_;
};

TEST_F(SlowClickHouseCorpus, NamesTheSameCustomersAsTheEngine) {
    const auto published = mirror::published(server());
    ASSERT_TRUE(published.has_value() && published->has_value());
    std::size_t compared = 0, chosen = 0, of_some = 0;
    const std::vector<Question> all = questions();
    for (const Question& question : all) {
        const std::string query = sql(question, (*published)->picture);
        const std::vector<std::int64_t> expected = by_engine(question);
        const std::vector<std::int64_t> got = ids(query);
        EXPECT_EQ(got == expected, true) << question.text << " as of " << question.as_of << ": "
                                         << difference(got, expected) << "\n"
                                         << query;
        ++compared;
        chosen += expected.size();
        of_some += expected.empty() || expected.size() == version_->customers() ? 0 : 1;
    }
    EXPECT_GE(read_corpus().expressions.size(), 120u);
    EXPECT_GT(of_some, compared / 2) << "a question is only worth asking if some are in and some are out";
    std::printf(
        "figure: corpus of %zu expressions at %zu instants, %u customers: %zu questions, %zu of them with some in "
        "and some out, %zu customers chosen\n",
        read_corpus().expressions.size(), read_corpus().instants.size(), version_->customers(), compared, of_some,
        chosen);
}

// What `segment sql` prints without a server looks for the newest copy itself.
TEST_F(SlowClickHouseCorpus, APrintedQueryStandsAlone) {
    const std::vector<Question> all = questions();
    for (std::size_t i = 0; i < all.size(); i += 37) {
        const std::vector<std::int64_t> got = ids(sql(all[i], std::nullopt));
        EXPECT_EQ(got == by_engine(all[i]), true) << all[i].text << " as of " << all[i].as_of;
    }
}

TEST_F(SlowClickHouseCorpus, ACurrentClickHouseAnswersTheSameQueriesAlike) {
    if (!Chdb::is_there()) GTEST_SKIP() << "chDB is not in build/peers; scripts/setup --for test brings it";
    Chdb chdb(shuke_.folder() / "chdb");
    for (const std::string& create : audience::clickhouse::create_tables("")) chdb.run(create);
    std::string rows;
    const audience::clickhouse::CustomerRows source(*version_);
    for (const audience::Slot slot : source.slots()) source.append(slot, 1, rows);
    const fs::path file = shuke_.write_file("rows.bin", rows);
    chdb.run("INSERT INTO shuke_customers SELECT * FROM file('" + file.string() + "', RowBinary)");
    // A customer who comes again is seen once, whether the query is told of the copies or looks itself.
    const audience::Slot again = version_->customers() / 50;
    rows.clear();
    for (audience::Slot slot = 0; slot < again; ++slot) source.append(slot * 7, 2, rows);
    chdb.run("INSERT INTO shuke_customers SELECT * FROM file('" + shuke_.write_file("again.bin", rows).string() +
             "', RowBinary)");
    chdb.run("INSERT INTO shuke_publications SELECT 1, 1, 0, '', '', 0, 0 UNION ALL SELECT 2, 0, 0, '', '', 0, 0");
    const std::optional<Picture> pictures[] = {Picture{1, {}}, Picture{1, {2}}, std::nullopt};
    std::size_t compared = 0;
    for (const Question& question : questions()) {
        const std::string query = sql(question, pictures[compared % 3]);
        const std::vector<std::int64_t> expected = by_engine(question);
        const std::vector<std::int64_t> got = chdb.ids(query);
        EXPECT_EQ(got == expected, true) << question.text << " as of " << question.as_of << ": "
                                         << difference(got, expected);
        ++compared;
    }
    std::printf("figure: %s: %zu questions\n", chdb.version().c_str(), compared);
}

}  // namespace
}  // namespace product
