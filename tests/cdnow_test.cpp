// Aim     the purchases of 23,570 customers of a music shop, a file without order numbers, give the known totals.
// Method  the shared data set where it is present; totals through segments and RFM, each customer against SQL over the raw file.

#include <algorithm>
#include <sstream>

#include "shuke_program.h"

namespace {

using namespace product;

class Cdnow : public testing::Test {
protected:
    void SetUp() override {
        file_ = shared_file("data/cdnow/CDNOW_master.txt.zst");
        if (file_.empty()) GTEST_SKIP() << "the shared data set cdnow is not beside this source tree";
    }
    Shuke shuke_;
    fs::path file_;
};

TEST_F(Cdnow, AllPurchasesAreImportedAndGiveTheKnownTotals) {
    const Json report = shuke_.json({"import", file_.string()});
    EXPECT_EQ(report["files"][0]["format"], "cdnow");
    EXPECT_EQ(report["files"][0]["currency"], "USD");
    for (const char* number : {"rows", "imported", "orders", "lines"}) EXPECT_EQ(report[number], 69'659) << number;
    for (const char* number : {"unchanged", "adjustments", "rejected", "refunds"})
        EXPECT_EQ(report[number], 0) << number;
    EXPECT_EQ(report["customers"], 23'570);
    EXPECT_EQ(shuke_.count("all customers"), 23'570);
    EXPECT_EQ(shuke_.count("count(orders) = 1"), 11'908);

    const std::string out = (shuke_.folder() / "rfm.csv").string();
    const Json summary = shuke_.rfm({"--as-of", "1998-07-01", "--out", out});
    EXPECT_EQ(summary["currency"], "USD");
    EXPECT_EQ(summary["customers"], 23'570);
    EXPECT_NEAR(summary["monetary"]["mean"].get<double>() * 23'570, 2'500'315.63, 0.01);
    EXPECT_NEAR(summary["frequency"]["mean"].get<double>() * 23'570, 69'659, 0.01);

    Sql raw;
    raw.run("CREATE TABLE purchase (customer, day INTEGER, pieces INTEGER, cents INTEGER)");
    std::istringstream lines(unpack_zst(file_));
    std::string line;
    std::getline(lines, line);
    raw.insert("INSERT INTO purchase VALUES (?, ?, ?, ?)", [&](Row& row) {
        row.assign(4, "");
        if (!std::getline(lines, line)) return false;
        std::istringstream(line) >> row[0] >> row[1] >> row[2] >> row[3];
        std::erase(row[3], '.');  // two decimals always
        return !row[0].empty();
    });
    const auto theirs = raw.rows(
        "SELECT customer, count(*), printf('%d.%02d', sum(cents) / 100, sum(cents) % 100) FROM purchase GROUP BY "
        "customer ORDER BY customer");
    std::vector<Row> ours;
    const std::string text = read_file(out);
    CsvRows table(text);
    Row row;
    for (table.next(row); table.next(row);) ours.push_back({row[0], row[2], row[3]});
    std::sort(ours.begin(), ours.end());
    EXPECT_EQ(ours, theirs);
}

TEST_F(Cdnow, APurchaseIsKnownAgainByItsContent) {
    shuke_.json({"import", file_.string(), "--format", "cdnow"});
    const Json again = shuke_.json({"import", file_.string(), "--format", "cdnow"});
    EXPECT_EQ(again["unchanged"], 69'659);
    for (const char* number : {"imported", "orders", "lines", "customers"}) EXPECT_EQ(again[number], 0) << number;
    EXPECT_EQ(shuke_.count("count(orders) = 1"), 11'908);
}

TEST_F(Cdnow, TheSampleWithoutHeadingIsReadAsWell) {
    const Json report = shuke_.json({"import", shared_file("data/cdnow/CDNOW_sample.txt.zst").string()});
    EXPECT_EQ(report["files"][0]["format"], "cdnow");
    EXPECT_EQ(report["imported"], 6'919);
    EXPECT_EQ(report["customers"], 2'357);
    EXPECT_EQ(shuke_.count("count(purchases) >= 2"), 2'357 - 1'218) << "1,218 bought on one day only";
}

TEST(CdnowText, EqualPurchasesOfOneDayAreSeveralPurchases) {
    Shuke shuke;
    const std::string text =
        " customer_id  date number_of_cds  dollar_value\n"
        " 00001 19970101  1   11.77\n"
        " 00001 19970101  1   11.77\n"
        " 00001 19970105  2    0.00\n"
        " 00002 19970131  1   12.00\n";
    EXPECT_EQ(shuke.import(text)["orders"], 4);
    EXPECT_EQ(shuke.import(text)["unchanged"], 4);
    EXPECT_EQ(shuke.import(text + " 00001 19970101  1   11.77\n")["imported"], 1) << "a third one is new";
    EXPECT_EQ(shuke.list("count(orders) = 4"), (std::vector<std::string>{"00001"}));
    EXPECT_EQ(shuke.list("sum(orders.amount) = 35.31"), (std::vector<std::string>{"00001"}));
    EXPECT_EQ(shuke.list("count(purchases) = 2"), (std::vector<std::string>{"00001"}))
        << "purchases of one day are one";
}

}  // namespace
