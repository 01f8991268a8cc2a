// Aim     half a million real order lines give the numbers that are published for them, and every customer's money and
//         orders agree to the penny with SQL over the raw file.
// Method  one import of the bundled file serves all tests here; the raw file goes through a reader of our own into an
//         SQLite table in memory, where each line is rounded to pence by itself, half away from zero.

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "shuke_program.h"

namespace {

using namespace product;

const fs::path& bundled_file() {
    static const fs::path file = example("online-retail/online_retail.csv.zst");
    return file;
}

std::string stamp_of(const fs::path& file) {
    return std::to_string(fs::file_size(file)) + "-" +
           std::to_string(fs::last_write_time(file).time_since_epoch().count());
}

// The imported record, kept beside the program: CTest runs each test in a process of its own. A new program or data file
// makes a new one.
fs::path kept_record() {
    const fs::path place = fs::path(SHUKE_PROGRAM).parent_path() / "product_tests_data" / "online_retail";
    fs::create_directories(place);
    const int lock = ::open((place / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    EXPECT_EQ(::flock(lock, LOCK_EX), 0);
    const std::string stamp = stamp_of(SHUKE_PROGRAM) + " " + stamp_of(bundled_file());
    if (read_file(place / "stamp") != stamp) {
        fs::remove(place / "stamp");
        fs::remove_all(place / "data");
        Shuke shuke;
        shuke.data = place / "data";
        const Json report = shuke.json({"import", bundled_file().string(), "--format", "online-retail"});
        std::ofstream(place / "report.json") << report;
        if (report.value("rows", 0) > 0) std::ofstream(place / "stamp") << stamp;
    }
    ::close(lock);
    return place;
}

class OnlineRetail : public testing::Test {
protected:
    OnlineRetail() {
        const fs::path kept = kept_record();
        fs::copy(kept / "data", shuke_.data);
        report_ = Json::parse(read_file(kept / "report.json"));
    }
    std::vector<Row> rfm_table(const std::string& basis, const std::string& as_of = "2011-12-10") const {
        const std::string out = (shuke_.folder() / "rfm.csv").string();
        EXPECT_EQ(shuke_.run({"insight", "rfm", "--basis", basis, "--as-of", as_of, "--out", out}).exit_code, 0);
        const std::string text = read_file(out);
        CsvRows lines(text);
        std::vector<Row> rows;
        for (Row row; lines.next(row);) rows.push_back(row);
        EXPECT_EQ(rows.front(), (Row{"external_id", "recency_days", "frequency", "monetary", "r", "f", "m", "class"}));
        rows.erase(rows.begin());
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    Shuke shuke_;
    Json report_;
};

// The raw file as table `line`; `sold` is what somebody bought.
class RawFile {
public:
    RawFile() {
        const std::string text = unpack_zst(bundled_file());
        sql.run("CREATE TABLE raw (invoice, stock, description, quantity INTEGER, at, price REAL, customer, country)");
        CsvRows lines(text);
        Row heading;
        lines.next(heading);
        sql.insert("INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [&](Row& row) { return lines.next(row); });
        sql.run(
            "CREATE TABLE exact AS SELECT *, quantity * CAST(round(price * 1000) AS INTEGER) AS thousandths FROM raw");
        sql.run(
            "CREATE TABLE line AS SELECT *, (CASE WHEN thousandths < 0 THEN -1 ELSE 1 END) * ((abs(thousandths) + 5) / "
            "10) AS pence FROM exact");
        sql.run(
            "CREATE VIEW sold AS SELECT * FROM line WHERE quantity > 0 AND invoice NOT LIKE 'C%' AND invoice NOT LIKE "
            "'A%'");
    }
    std::int64_t number(const std::string& text) { return std::stoll(sql.value(text)); }

    Sql sql;
};

double money(const Json& summary) {
    return summary["monetary"]["mean"].get<double>() * summary["customers"].get<double>();
}
double orders(const Json& summary) {
    return summary["frequency"]["mean"].get<double>() * summary["customers"].get<double>();
}

TEST_F(OnlineRetail, EveryRowIsImportedOrAnAdjustmentAndTheyAddUp) {
    RawFile raw;
    EXPECT_EQ(report_["rows"], 541'909);
    EXPECT_EQ(report_["adjustments"], 1'339);
    EXPECT_EQ(report_["rejected"], 0);
    EXPECT_EQ(report_["unchanged"], 0);
    EXPECT_EQ(report_["imported"], 541'909 - 1'339);
    EXPECT_EQ(
        report_["adjustments"],
        raw.number("SELECT count(*) FROM line WHERE invoice NOT LIKE 'C%' AND (quantity <= 0 OR invoice LIKE 'A%')"));
    EXPECT_EQ(report_["orders"], raw.number("SELECT count(DISTINCT invoice) FROM sold"));
    EXPECT_EQ(report_["lines"], raw.number("SELECT count(*) FROM sold"));
    EXPECT_EQ(report_["refunds"], 3'836);
    EXPECT_EQ(report_["customers"], 4'372);
    EXPECT_EQ(report_["files"][0]["currency"], "GBP");
    EXPECT_EQ(shuke_.count("all customers"), 4'372);
    const double exact =
        std::stod(raw.sql.value("SELECT sum(pence - thousandths / 10.0) / 100 FROM line WHERE invoice LIKE 'C%' OR "
                                "rowid IN (SELECT rowid FROM line WHERE quantity > 0 AND invoice NOT LIKE 'A%')"));
    EXPECT_NEAR(report_["rounding"].get<double>(), exact, 0.0005) << "in pounds";
}

TEST_F(OnlineRetail, TheFormatIsRecognisedByItsHeading) {
    Shuke fresh;
    const Json report = fresh.json({"import", bundled_file().string(), "--dry-run"});
    EXPECT_EQ(report["files"][0]["format"], "online-retail");
    for (const char* number :
         {"rows", "imported", "unchanged", "adjustments", "rejected", "orders", "lines", "refunds", "customers"}) {
        EXPECT_EQ(report[number], report_[number]) << number;
    }
    EXPECT_FALSE(fs::exists(fresh.data)) << "a dry run leaves nothing";
}

TEST_F(OnlineRetail, ImportingTheSameFileAgainChangesNothing) {
    const Json before = shuke_.json({"segment", "count", "all customers"});
    const Json again = shuke_.json({"import", bundled_file().string(), "--format", "online-retail"});
    EXPECT_EQ(again["rows"], 541'909);
    EXPECT_EQ(again["unchanged"], 540'570);
    EXPECT_EQ(again["adjustments"], 1'339);
    for (const char* number : {"imported", "rejected", "orders", "lines", "refunds", "customers"})
        EXPECT_EQ(again[number], 0) << number;
    EXPECT_EQ(shuke_.json({"segment", "count", "all customers"})["version"], before["version"])
        << "no customer changed";
}

TEST_F(OnlineRetail, RfmByCalendarDateGivesThePublishedTable) {
    const Json summary = shuke_.rfm({"--basis", "gross", "--as-of", "2011-12-10"});
    EXPECT_EQ(summary["customers"], 4'338);
    EXPECT_NEAR(money(summary), 8'911'407.904, 0.01);
    EXPECT_NEAR(orders(summary), 18'532, 0.01);
    const auto expect = [&](const char* name, std::vector<double> figures) {
        const char* words[] = {"mean", "min", "q25", "median", "q75", "max"};
        for (std::size_t i = 0; i < figures.size(); ++i)
            EXPECT_NEAR(summary[name][words[i]].get<double>(), figures[i], 0.0005) << name << " " << words[i];
    };
    expect("recency_days", {93.0595, 1, 18, 51, 142.75, 374});
    expect("frequency", {4.272015, 1, 1, 2, 5, 209});
    expect("monetary", {2054.266460, 3.75, 307.415, 674.485, 1661.740, 280'206.02});
    EXPECT_NEAR(summary["frequency"]["standard_deviation"].get<double>(), 7.697998, 0.0005);
    EXPECT_NEAR(summary["monetary"]["standard_deviation"].get<double>(), 8'989.230441, 0.0005);

    std::map<std::string, Row> of;
    for (const Row& row : rfm_table("gross")) of[row[0]] = {row[1], row[2], row[3]};
    EXPECT_EQ(of["12346"], (Row{"326", "1", "77183.60"}));
    EXPECT_EQ(of["12347"], (Row{"3", "7", "4310.00"}));
    EXPECT_EQ(of["12348"], (Row{"76", "4", "1797.24"}));
    EXPECT_EQ(of["12349"], (Row{"19", "1", "1757.55"}));
    EXPECT_EQ(of["12350"], (Row{"311", "1", "334.40"}));
    EXPECT_EQ(of["12352"], (Row{"37", "8", "2506.04"}));
    EXPECT_EQ(of["14646"], (Row{"2", "73", "280206.02"}));
    EXPECT_EQ(of["18102"], (Row{"1", "60", "259657.30"}));
    EXPECT_EQ(of["12748"], (Row{"1", "209", "33719.73"}));
}

TEST_F(OnlineRetail, QuartileScoresSplitTheCustomersAsPublished) {
    const std::string out = (shuke_.folder() / "quartiles.csv").string();
    shuke_.rfm({"--basis", "gross", "--as-of", "2011-12-10", "--scores", "4", "--out", out});
    std::map<std::string, int> scores, recency, frequency;
    const std::string text = read_file(out);
    CsvRows lines(text);
    Row row;
    for (lines.next(row); lines.next(row);) {
        ++scores[row[4] + row[5] + row[6]];
        ++recency[row[4]];
        ++frequency[row[5]];
    }
    EXPECT_EQ(scores["444"], 456) << "the best in everything";
    EXPECT_EQ(scores["111"], 444) << "the worst in everything";
    EXPECT_EQ(scores.size(), 61u);
    EXPECT_EQ(recency, (std::map<std::string, int>{{"4", 1'103}, {"3", 1'073}, {"2", 1'077}, {"1", 1'085}}));
    EXPECT_EQ(frequency, (std::map<std::string, int>{{"4", 872}, {"3", 1'138}, {"2", 835}, {"1", 1'493}}));
}

TEST_F(OnlineRetail, MoneyAndOrdersOfEveryCustomerEqualSqlOverTheRawFile) {
    RawFile raw;
    std::vector<Row> ours;
    for (const Row& row : rfm_table("gross")) ours.push_back({row[0], row[1], row[2], row[3]});
    const auto theirs = raw.sql.rows(
        "SELECT customer, CAST(julianday('2011-12-10') - julianday(date(max(at))) AS INTEGER), count(DISTINCT "
        "invoice), "
        "printf('%d.%02d', sum(pence) / 100, sum(pence) % 100) FROM sold WHERE customer <> '' AND pence > 0 GROUP BY "
        "customer ORDER BY customer");
    ASSERT_EQ(theirs.size(), 4'338u);
    EXPECT_EQ(ours, theirs);
}

TEST_F(OnlineRetail, SegmentsEqualSqlOverTheRawFile) {
    RawFile raw;
    const std::string question =
        "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid) >= 300";
    // London is an hour ahead of UTC in summer, and 90 days are 90 times 86,400 seconds.
    for (const auto& [as_of, since] :
         {std::pair{"2011-12-10", "2011-09-11 01:00:00"}, std::pair{"2011-06-01", "2011-03-02 23:00:00"}}) {
        const auto theirs =
            raw.sql.rows("SELECT customer FROM sold WHERE customer <> '' AND at <= '" + std::string(as_of) +
                         " 00:00:00' GROUP BY customer HAVING count(DISTINCT CASE WHEN at >= '" + since +
                         "' THEN invoice END) >= 2 AND sum(pence) >= 30000 ORDER BY customer");
        std::vector<std::string> customers;
        for (const Row& row : theirs) customers.push_back(row[0]);
        ASSERT_GT(customers.size(), 500u);
        EXPECT_EQ(shuke_.list(question, "external_id", as_of), customers);
    }
    EXPECT_EQ(shuke_.count(question, "2011-12-10"), 1'347);
    const auto count = [&](const std::string& where) {
        return raw.number("SELECT count(DISTINCT customer) FROM sold WHERE customer <> '' AND pence > 0 AND " + where);
    };
    EXPECT_EQ(shuke_.count("any(orders where province = \"Germany\" and amount > 0)"), 94);
    EXPECT_EQ(shuke_.count("any(orders where province = \"France\" and amount > 0)"), 87);
    EXPECT_EQ(shuke_.count("any(orders where province = \"United Kingdom\" and amount > 0)"), 3'920);
    EXPECT_EQ(shuke_.count("any(lines where product = \"85123A\" and amount > 0)"), count("stock = '85123A'"));
    EXPECT_EQ(shuke_.count("any(lines where title contains \"LANTERN\" and amount > 0)"),
              count("instr(description, 'LANTERN') > 0"));
    EXPECT_EQ(shuke_.count("sum(lines.quantity where product = \"22423\") >= 12"),
              raw.number("SELECT count(*) FROM (SELECT 1 FROM sold WHERE customer <> '' AND stock = '22423' GROUP BY "
                         "customer HAVING sum(quantity) >= 12)"));
}

TEST_F(OnlineRetail, MonthsHaveTheirPublishedRevenueInvoicesAndCustomers) {
    const auto until = [&](const char* day) { return shuke_.rfm({"--basis", "gross", "--as-of", day}); };
    const auto months = {
        std::tuple{"2010-12-01", "2011-01-01", "between 2010-12-01 and 2010-12-31", 572'713.89, 1'400, 885},
        std::tuple{"2011-02-01", "2011-03-01", "between 2011-02-01 and 2011-02-28", 447'137.35, 997, 758},
        std::tuple{"2011-09-01", "2011-10-01", "between 2011-09-01 and 2011-09-30", 952'838.38, 1'755, 1'266}};
    for (const auto& [first, next, window, revenue, invoices, customers] : months) {
        const Json before = until(first);
        const Json after = until(next);
        EXPECT_NEAR(money(after) - money(before), revenue, 0.02) << first;
        EXPECT_NEAR(orders(after) - orders(before), invoices, 0.01) << first;
        EXPECT_EQ(shuke_.count("sum(orders.amount " + std::string(window) + ") > 0"), customers) << first;
    }
}

TEST_F(OnlineRetail, TheBiggestCustomersComeFirst) {
    auto rows = rfm_table("gross");
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return std::stod(a[3]) > std::stod(b[3]); });
    std::vector<Row> top;
    for (std::size_t i = 0; i < 5; ++i) top.push_back({rows[i][0], rows[i][3]});
    EXPECT_EQ(top, (std::vector<Row>{{"14646", "280206.02"},
                                     {"18102", "259657.30"},
                                     {"17450", "194550.79"},
                                     {"16446", "168472.50"},
                                     {"14911", "143825.06"}}));
    double all = 0, best = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        all += std::stod(rows[i][3]);
        if (i < 868) best += std::stod(rows[i][3]);
    }
    EXPECT_NEAR(best / all, 0.7462, 0.00005);
}

TEST_F(OnlineRetail, ACancelledInvoiceIsARefundOfThePurchaseItTakesBack) {
    const Json timeline = shuke_.customer("16446")["timeline"];
    ASSERT_EQ(timeline.size(), 3u);
    EXPECT_EQ(timeline[1]["number"], "581483");
    EXPECT_EQ(timeline[1]["amount"], "168469.60");
    EXPECT_EQ(timeline[2]["kind"], "refund");
    EXPECT_EQ(timeline[2]["number"], "C581484");
    EXPECT_EQ(timeline[2]["order_no"], "581483");
    EXPECT_EQ(timeline[2]["amount"], "168469.60");
    EXPECT_EQ(timeline[2]["at"], "2011-12-09T09:27:00Z");
    EXPECT_EQ(shuke_.count("any(refunds)"), 1'589) << "customers who have cancelled something";
}

TEST_F(OnlineRetail, NetOfRefundsWhoCancelledEverythingIsGone) {
    RawFile raw;
    EXPECT_EQ(raw.number("SELECT count(DISTINCT customer) FROM line WHERE invoice LIKE 'C%' AND customer <> ''"),
              1'589);
    std::map<std::string, Row> gross, net;
    for (const Row& row : rfm_table("gross")) gross[row[0]] = {row[1], row[2], row[3]};
    for (const Row& row : rfm_table("net")) net[row[0]] = {row[1], row[2], row[3]};
    EXPECT_TRUE(gross.contains("12346"));
    EXPECT_FALSE(net.contains("12346")) << "74,215 pieces, cancelled 16 minutes later";
    EXPECT_EQ(net["16446"], (Row{"206", "1", "2.90"})) << "the great order is gone, the small one of May stays";
    // Who has never cancelled and never got anything for nothing is the same in both.
    const auto steady = raw.sql.rows(
        "SELECT customer FROM line WHERE customer <> '' GROUP BY customer HAVING sum(invoice LIKE 'C%') = 0 AND "
        "min(pence) > 0");
    for (const Row& row : steady) EXPECT_EQ(net[row[0]], gross[row[0]]) << row[0];
    EXPECT_GT(steady.size(), 2'500u);
    for (const auto& [customer, figures] : net) {
        if (gross.contains(customer)) {
            EXPECT_LE(std::stod(figures[2]), std::stod(gross[customer][2])) << customer;
        }
    }
}

}  // namespace
