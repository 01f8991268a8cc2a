// Aim: a file is recognised for what it is; what is no order file is refused with words that help.
// Method: the beginnings of files of every kind.
#include "ingest/format/formats.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "ingest/format/read_for_test.h"
#include "ingest/source/packed_for_test.h"

namespace shuke::ingest {
namespace {

using namespace std::string_literals;

std::string format_of(const std::string& bytes) {
    const ReadFile file = read_rows(bytes);
    return file.error.empty() ? file.info.format : file.error;
}

TEST(Formats, FilesAreRecognisedByTheirHeadingOrTheirLook) {
    EXPECT_EQ(format_of("order_no,price\n1,2\n"), "native");
    EXPECT_EQ(format_of("{\"order_no\":\"1\"}\n"), "native");
    EXPECT_EQ(format_of("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"),
              "online-retail");
    EXPECT_EQ(format_of("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"),
              "online-retail");
    EXPECT_EQ(format_of(" customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n"), "cdnow");
    EXPECT_EQ(format_of(" 00004 0001 19970101  2   29.33\r\n"), "cdnow");
    EXPECT_EQ(format_of("\"订单编号\",\"总金额\"\n"), "taobao");
    EXPECT_EQ(format_of("订单编号;标题;价格;购买数量\n"), "taobao");
}

TEST(Formats, AnUnknownHeadingIsShownBesideTheKnownFormats) {
    const ReadFile file = read_rows("date;amount\n2024-01-01;5\n");
    EXPECT_EQ(file.error, "format.unknown");
    EXPECT_NE(file.error_detail.find("'date', 'amount' (cells separated by ';')"), std::string::npos)
        << file.error_detail;
    EXPECT_NE(file.error_detail.find("online-retail"), std::string::npos);
    EXPECT_EQ(read_rows("x\n", as_format("nonsense")).error, "format.unknown");
    EXPECT_EQ(read_rows("<html><table>").error, "format.unknown");
    EXPECT_EQ(read_rows("citrus fruit,margarine\nyogurt\n").error, "format.unknown");  // baskets look like anything
}

TEST(Formats, ANamedFormatThatTheHeadingIsNotNamesTheMissingColumn) {
    EXPECT_EQ(read_rows("order_no,price\n1,2\n", as_format("online-retail")).error, "header.missing_column");
    EXPECT_EQ(read_rows("order_no,price\n1,2\n", as_format("taobao")).error, "format.unknown");
}

TEST(Formats, AnEmptyFileIsAnErrorAndAHeadingAloneIsAFileOfNoRows) {
    EXPECT_EQ(read_rows("").error, "file.empty");
    EXPECT_EQ(read_rows("\xEF\xBB\xBF").error, "file.empty");
    EXPECT_EQ(read_rows(" \r\n\n").error, "file.empty");
    EXPECT_EQ(read_rows(gzip("")).error, "file.empty");
    const ReadFile file = read_rows("order_no,price\n");
    EXPECT_EQ(file.error, "");
    EXPECT_EQ(file.rows_read, 0u);
    EXPECT_EQ(file.info.notices.size(), 1u);
}

TEST(Formats, AMillionColumnsAreRefusedAtTheHeading) {
    std::string heading = "order_no";
    for (int i = 0; i < 1'000'000; ++i) heading += ",c";
    EXPECT_EQ(read_rows(heading + "\n1\n").error, "csv.too_many_columns");
}

TEST(Formats, WhatIsNoTextIsRefusedForWhatItIs) {
    EXPECT_EQ(read_rows("PK\x03\x04xl/workbook.xml").error, "file.binary");
    EXPECT_EQ(read_rows(gzip("\x89PNG\r\n\x1A\n")).error, "file.binary");
    EXPECT_EQ(read_rows("order_no,title\ncaf\xE9 x,\xA3"
                        "5\nna\xEFve\n")
                  .error,
              "encoding.invalid");
}

TEST(Formats, AHeadingWithABrokenCharacterIsRefused) {
    std::string rows;
    for (int i = 0; i < 40; ++i) rows += "示例,买家\n";
    EXPECT_EQ(read_rows("order_no,\xE7\x86\n" + rows).error, "encoding.invalid");
}

TEST(Formats, DefaultsOfAFormatCanBeOverridden) {
    const std::string csv = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n1,P,1,2011-07-01 12:00,2,\n";
    const ReadFile usual = read_rows(csv);
    EXPECT_EQ(usual.info.currency, Currency::kGBP);
    EXPECT_EQ(usual.info.time_zone.name(), "Europe/London");
    EXPECT_EQ(usual[0].created_at, local("2011-07-01 11:00", "UTC"));
    SourceOptions options;
    options.currency = Currency::kEUR;
    options.time_zone = "UTC";
    const ReadFile other = read_rows(csv, options);
    EXPECT_EQ(other.info.currency, Currency::kEUR);
    EXPECT_EQ(other[0].created_at, local("2011-07-01 12:00", "UTC"));
}

TEST(Formats, AFileOnDiskIsOpenedByItsContentsNotByItsName) {
    char folder[] = "/tmp/shuke-formats-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    const auto path = std::filesystem::path(folder) / "orders.csv";
    const std::string packed = zstd("order_no,price\n1,2\n");
    std::ofstream(path, std::ios::binary) << packed;
    const ReadFile file = read_path(path);
    EXPECT_EQ(file.rows.size(), 1u);
    EXPECT_EQ(file.info.file_size, packed.size());
    EXPECT_EQ(file.batches.front().bytes_read, packed.size());
    std::filesystem::remove_all(folder);
    EXPECT_EQ(read_path(path).error, "file.not_found");
}

}  // namespace
}  // namespace shuke::ingest
