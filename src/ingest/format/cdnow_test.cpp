// Aim: every purchase of the CDNOW files arrives with its customer, day and dollars.
// Method: single lines; the whole files against the published totals.
#include "ingest/format/cdnow.h"

#include <gtest/gtest.h>

#include <set>

#include "ingest/format/read_for_test.h"

namespace shuke::ingest {
namespace {

constexpr std::string_view kNewYork = "America/New_York";

TEST(Cdnow, ALineOfTheMasterFileIsAPurchaseOfOneLine) {
    const ReadFile file = read_rows(" customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  2   11.77\r\n");
    ASSERT_EQ(file.rows.size(), 1u) << file.error_detail;
    const OrderRow& row = file[0];
    EXPECT_EQ(row.kind, RowKind::kLine);
    EXPECT_EQ(row.order_no, "");
    EXPECT_EQ(row.order_key, "00001 19970101 2 11.77");
    EXPECT_EQ(row.buyer.external_id, "00001");
    EXPECT_EQ(row.title, "CDs");
    EXPECT_EQ(row.quantity_milli, 2000);
    EXPECT_EQ(row.line_amount, 1177);
    EXPECT_EQ(row.price, kMissingAmount);
    EXPECT_EQ(row.status, OrderStatus::kPaid);
    EXPECT_EQ(row.created_at, local("1997-01-01", kNewYork));
    EXPECT_EQ(row.paid_at, row.created_at);
    EXPECT_EQ(row.line_number, 2u);
    EXPECT_EQ(row.row_number, 1u);
    EXPECT_EQ(file.info.header, " customer_id  date number_of_cds  dollar_value");
    EXPECT_EQ(file.info.currency, Currency::kUSD);
    EXPECT_EQ(file.info.delimiter, ' ');
}

TEST(Cdnow, TheSampleFilesFirstNumberIsTheCustomer) {
    const ReadFile file = read_rows(" 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  3   63.34\r\n");
    EXPECT_EQ(file[0].buyer.external_id, "00004");
    EXPECT_EQ(file[0].order_key, "00004 19970118 2 29.73");  // as in the master file
    EXPECT_EQ(file.rows.size(), 2u);
}

TEST(Cdnow, WrongLinesAreRejectedWithTheirColumn) {
    const ReadFile file = read_rows(
        "00001 19970101 1 11.77\n00002 19970101 1\n00003 19971301 1 1.00\n00004 19970101 x 1.00\n"
        "00005 19970101 1 -1.00\n00006 19970101 -1 1.00\n");
    EXPECT_EQ(file.rejections(),
              (std::vector<std::string>{"line 2 : row.ragged", "line 3 date: time.invalid",
                                        "line 4 number_of_cds: number.invalid", "line 5 dollar_value: amount.negative",
                                        "line 6 number_of_cds: quantity.negative"}));
}

TEST(Cdnow, TheWholeMasterFileAddsUpAsPublished) {
    const auto path = shared_file("data/cdnow/CDNOW_master.txt.zst");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    ASSERT_EQ(file.error, "");
    EXPECT_EQ(file.info.format, "cdnow");
    EXPECT_EQ(file.rows.size(), 69'659u);
    EXPECT_TRUE(file.rejected.empty());
    std::set<std::string_view> customers;
    std::int64_t cents = 0;
    for (const OrderRow& row : file.rows) {
        customers.insert(row.buyer.external_id);
        cents += row.line_amount;
    }
    EXPECT_EQ(customers.size(), 23'570u);
    EXPECT_EQ(cents, 250'031'563);
}

TEST(Cdnow, TheSampleFileIsRecognisedAndWhole) {
    const auto path = shared_file("data/cdnow/CDNOW_sample.txt.zst");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    EXPECT_EQ(file.info.format, "cdnow");
    EXPECT_EQ(file.rows.size(), 6'919u);
    std::set<std::string_view> customers;
    for (const OrderRow& row : file.rows) customers.insert(row.buyer.external_id);
    EXPECT_EQ(customers.size(), 2'357u);
}

}  // namespace
}  // namespace shuke::ingest
