// Aim     the 28,010 real Tmall orders of February 2020 give the known counts and sums.
// Method  the shared report where it is present. It names no buyers; for questions about customers a column 买家会员名 with
//         a buyer of its own for each order is added here.

#include "shuke_program.h"

namespace {

using namespace product;

class Tmall : public testing::Test {
protected:
    void SetUp() override {
        file_ = shared_file("data/tmall_orders/tmall_order_report.csv.zst");
        if (file_.empty()) GTEST_SKIP() << "the shared data set tmall_orders is not beside this source tree";
    }
    // The report with the n-th order's buyer "buyer n".
    std::string with_buyers() const {
        std::string text;
        const std::string report = unpack_zst(file_);
        CsvRows lines(report);
        Row row;
        lines.next(row);
        for (const auto& heading : row) text += heading + ",";
        text += "买家会员名\n";
        while (lines.next(row)) {
            for (const auto& cell : row) text += cell + ",";
            text += "buyer " + row[0] + "\n";
        }
        return text;
    }
    Shuke shuke_;
    fs::path file_;
};

TEST_F(Tmall, ReportIsRecognisedAndEveryOrderImportedAsAGuests) {
    const Json report = shuke_.json({"import", file_.string()});
    EXPECT_EQ(report["files"][0]["format"], "taobao");
    EXPECT_EQ(report["files"][0]["currency"], "CNY");
    for (const char* number : {"rows", "imported", "orders"}) EXPECT_EQ(report[number], 28'010) << number;
    EXPECT_EQ(report["refunds"], 5'646);
    EXPECT_EQ(report["rejected"], 0);
    EXPECT_EQ(report["customers"], 0);
    EXPECT_EQ(shuke_.count("all customers"), 0);
    EXPECT_EQ(shuke_.json({"import", file_.string()})["unchanged"], 28'010);
}

TEST_F(Tmall, PaidUnpaidAndRefundedOrdersAreTheKnownOnes) {
    EXPECT_EQ(shuke_.import(with_buyers())["customers"], 28'010);
    const auto count = [&](const char* expression) { return shuke_.count(expression, "2020-03-10"); };
    EXPECT_EQ(count("all customers"), 28'010) << "who has not paid is a customer as well";
    EXPECT_EQ(count("any(orders where paid)"), 24'087);
    EXPECT_EQ(count("any(orders where not paid)"), 3'923);
    EXPECT_EQ(count("any(refunds)"), 5'646);
    EXPECT_EQ(count("any(orders where kept)"), 18'955) << "5,132 paid orders ended at zero";
    EXPECT_EQ(count("any(orders where province = \"上海\")"), 3'353);
    EXPECT_EQ(count("any(orders where province = \"广东\")"), 2'463) << "广东省 in the file";
    EXPECT_EQ(count("any(orders where province = \"北京\")"), 2'054);
    EXPECT_EQ(count("any(orders where hour = 21)"), 2'204);
    EXPECT_EQ(count("any(orders where hour = 20)"), 1'990);
    EXPECT_EQ(count("any(orders on 2020-02-25)"), 3'416);
    EXPECT_EQ(count("any(orders on 2020-02-28)"), 2'691);
    EXPECT_EQ(shuke_.count("any(orders)", "2020-02-01T00:14:15+08:00"), 1) << "the first order";
}

TEST_F(Tmall, GrossIsWhatWasPaidAndNetIsWhatTheBuyersKept) {
    shuke_.import(with_buyers());
    const auto sum = [](const Json& summary) {
        return summary["monetary"]["mean"].get<double>() * summary["customers"].get<double>();
    };
    const Json gross = shuke_.rfm({"--basis", "gross", "--as-of", "2020-03-10"});
    const Json net = shuke_.rfm({"--basis", "net", "--as-of", "2020-03-10"});
    EXPECT_EQ(gross["customers"], 24'087);
    EXPECT_NEAR(sum(gross), 2'474'823.07, 0.01);
    EXPECT_EQ(net["customers"], 18'955);
    EXPECT_NEAR(sum(net), 1'902'487.15, 0.01);
}

}  // namespace
