// Aim: our own form says exactly what its documentation says, and every wrong cell is named with its column.
// Method: small files, one statement each; the same file as CSV and NDJSON; the same bytes in pieces of every size.
#include "ingest/format/native.h"

#include <gtest/gtest.h>

#include "ingest/format/read_for_test.h"
#include "ingest/source/packed_for_test.h"

namespace shuke::ingest {
namespace {

using Rejections = std::vector<std::string>;
constexpr std::string_view kShanghai = "Asia/Shanghai";

TEST(Native, EveryColumnArrivesInItsPlace) {
    const ReadFile file = read_rows(
        "platform,shop,order_no,external_id,name,phone,email,gender,birthday,province,city,district,status,created_at,"
        "paid_at,shipped_at,signed_at,finished_at,closed_at,updated_at,amount,discount,refunded,refunded_at,currency,"
        "channel,coupon,line_no,product,title,category,brand,quantity,price,line_amount\n"
        "jd,Main,A1,c9,Ann,13800000001,a@example.com,female,1990-02-28,广东,深圳,南山,finished,2024-03-01 10:00,"
        "2024-03-01 10:01,2024-03-02,2024-03-04,2024-03-05,2024-03-06,2024-03-07,100.50,5,1.5,2024-03-08,USD,app,C10,2,"
        "P1,Shoe,Shoes,Acme,2,50.25,100.5\n");
    ASSERT_EQ(file.rows.size(), 1u) << file.error_detail;
    const OrderRow& row = file[0];
    EXPECT_EQ(row.kind, RowKind::kLine);
    EXPECT_EQ(row.platform, "jd");
    EXPECT_EQ(row.shop, "Main");
    EXPECT_EQ(row.order_no, "A1");
    EXPECT_EQ(row.buyer.external_id, "c9");
    EXPECT_EQ(row.buyer.name, "Ann");
    EXPECT_EQ(row.buyer.phone, "13800000001");
    EXPECT_EQ(row.buyer.email, "a@example.com");
    EXPECT_EQ(row.buyer.gender, Gender::kFemale);
    EXPECT_EQ(row.buyer.birthday, to_day({1990, 2, 28}));
    EXPECT_EQ(row.buyer.province, "广东");
    EXPECT_EQ(row.buyer.city, "深圳");
    EXPECT_EQ(row.buyer.district, "南山");
    EXPECT_EQ(row.status, OrderStatus::kFinished);
    EXPECT_EQ(row.created_at, local("2024-03-01 10:00", kShanghai));
    EXPECT_EQ(row.paid_at, local("2024-03-01 10:01", kShanghai));
    EXPECT_EQ(row.shipped_at, local("2024-03-02", kShanghai));
    EXPECT_EQ(row.signed_at, local("2024-03-04", kShanghai));
    EXPECT_EQ(row.finished_at, local("2024-03-05", kShanghai));
    EXPECT_EQ(row.closed_at, local("2024-03-06", kShanghai));
    EXPECT_EQ(row.updated_at, local("2024-03-07", kShanghai));
    EXPECT_EQ(row.refunded_at, local("2024-03-08", kShanghai));
    EXPECT_EQ(row.amount, 10050);
    EXPECT_EQ(row.discount, 500);
    EXPECT_EQ(row.refunded, 150);
    EXPECT_EQ(row.currency, Currency::kUSD);
    EXPECT_EQ(row.channel, "app");
    EXPECT_EQ(row.coupon, "C10");
    EXPECT_EQ(row.source_line_no, 2);
    EXPECT_EQ(row.product, "P1");
    EXPECT_EQ(row.title, "Shoe");
    EXPECT_EQ(row.category, "Shoes");
    EXPECT_EQ(row.brand, "Acme");
    EXPECT_EQ(row.quantity_milli, 2000);
    EXPECT_EQ(row.price, 5025);
    EXPECT_EQ(row.line_amount, 10050);
    EXPECT_EQ(row.raw.substr(0, 8), "jd,Main,");
    EXPECT_EQ(row.row_number, 1u);
    EXPECT_EQ(row.line_number, 2u);
}

TEST(Native, AFileWithoutLineColumnsHoldsOrders) {
    const ReadFile file = read_rows("order_no,paid_at,amount\n1,2024-03-01,9.99\n");
    EXPECT_EQ(file[0].kind, RowKind::kOrder);
    EXPECT_EQ(file[0].amount, 999);
    EXPECT_EQ(file[0].created_at, kNever);  // what is not said is not invented
    EXPECT_EQ(file[0].status, std::nullopt);
    EXPECT_EQ(file[0].currency, Currency::kNone);
}

TEST(Native, ALineIsOnePieceUnlessItSaysMoreAndItsAmountIsQuantityTimesPrice) {
    const ReadFile file = read_rows(
        "order_no,product,quantity,price,line_amount\n1,P,,2.50,\n2,P,3,2.50,\n3,P,3,2.50,7.00\n4,P,,,5\n5,P,,,\n6,P,0."
        "125,80,\n");
    EXPECT_EQ(file[0].quantity_milli, 1000);
    EXPECT_EQ(file[0].line_amount, 250);
    EXPECT_EQ(file[1].line_amount, 750);
    EXPECT_EQ(file[2].line_amount, 700);
    EXPECT_EQ(file[3].line_amount, 500);
    EXPECT_EQ(file[3].price, kMissingAmount);
    EXPECT_EQ(file[4].line_amount, kMissingAmount);
    EXPECT_EQ(file[5].quantity_milli, 125);
    EXPECT_EQ(file[5].line_amount, 1000);
}

TEST(Native, AmountsAreRoundedHalfAwayFromZeroOnceAndTheRoundingIsToldOfTheLine) {
    const ReadFile file = read_rows("order_no,quantity,price\n1,3,0.335\n2,1,0.125\n3,1,0.124\n");
    EXPECT_EQ(file[0].line_amount, 101);  // 1.005, not 3 × 0.34
    EXPECT_DOUBLE_EQ(file[0].rounding, 0.5);
    EXPECT_EQ(file[1].line_amount, 13);
    EXPECT_EQ(file[2].line_amount, 12);
    EXPECT_NEAR(file[2].rounding, -0.4, 1e-9);
}

TEST(Native, TheMinorUnitIsThatOfTheRowsCurrency) {
    const ReadFile file = read_rows("order_no,amount,currency\n1,1200,jpy\n2,1.234,KWD\n3,5,RMB\n4,5,\n");
    EXPECT_EQ(file[0].amount, 1200);
    EXPECT_EQ(file[1].amount, 1234);
    EXPECT_EQ(file[2].amount, 500);
    EXPECT_EQ(file[3].amount, 500);
    SourceOptions yen;
    yen.currency = Currency::kJPY;
    EXPECT_EQ(read_rows("order_no,amount\n1,1200\n", yen)[0].amount, 1200);
}

TEST(Native, TimesWithoutOffsetAreInTheShopsZoneAndTimesWithOneAreNot) {
    SourceOptions options;
    const std::string csv =
        "order_no,created_at\n1,2024-03-01 00:00:00\n2,2024-03-01T00:00:00Z\n3,2024/3/1 9:05\n4,20240301\n";
    EXPECT_EQ(read_rows(csv)[0].created_at, local("2024-02-29 16:00", "UTC"));
    EXPECT_EQ(read_rows(csv)[1].created_at, local("2024-03-01", "UTC"));
    EXPECT_EQ(read_rows(csv)[2].created_at, local("2024-03-01 09:05", kShanghai));
    EXPECT_EQ(read_rows(csv)[3].created_at, local("2024-03-01", kShanghai));
    options.time_zone = "Europe/London";
    EXPECT_EQ(read_rows(csv, options)[0].created_at, local("2024-03-01", "UTC"));
    options.time_zone = "Europe/Shanghai";
    EXPECT_EQ(read_rows(csv, options).error, "time_zone.unknown");
}

TEST(Native, ClockChangesAreReadAsTheZoneSays) {
    SourceOptions options;
    options.time_zone = "Europe/London";
    const ReadFile file = read_rows(
        "order_no,created_at\n1,2024-03-31 00:59:59\n2,2024-03-31 02:00:00\n3,2024-10-27 00:59:59\n4,2024-10-27 "
        "02:00:00\n",
        options);
    EXPECT_EQ(file[0].created_at, local("2024-03-31 00:59:59", "UTC"));
    EXPECT_EQ(file[1].created_at, local("2024-03-31 01:00:00", "UTC"));
    EXPECT_EQ(file[2].created_at, local("2024-10-26 23:59:59", "UTC"));
    EXPECT_EQ(file[3].created_at, local("2024-10-27 02:00:00", "UTC"));
}

TEST(Native, EveryWrongCellIsRejectedWithItsColumnAndLine) {
    const ReadFile file = read_rows(
        "order_no,created_at,status,price,quantity,currency,amount,line_no,birthday\n"
        ",2024-03-01,,,,,,,\n"
        "1.23457E+17,2024-03-01,,,,,,,\n"
        "1,yesterday,,,,,,,\n"
        "1,1850-01-01,,,,,,,\n"
        "1,2024-02-30,,,,,,,\n"
        "1,,payd,,,,,,\n"
        "1,,,-5,,,,,\n"
        "1,,,5,-1,,,,\n"
        "1,,,,,XXX,,,\n"
        "1,,,,,,-5,,\n"
        "1,,,five,,,,,\n"
        "1,,,5,,,,0,\n"
        "1,,,,,,,,1990-13-01\n"
        "1,,,99999999999999999999,,,,,\n"
        "2,2024-03-01,paid,5,1,CNY,5,1,1990-12-01\n");
    EXPECT_EQ(file.rejections(),
              (Rejections{"line 2 order_no: order_no.missing", "line 3 order_no: order_no.scientific",
                          "line 4 created_at: time.invalid", "line 5 created_at: time.out_of_range",
                          "line 6 created_at: time.invalid", "line 7 status: status.unknown",
                          "line 8 price: price.negative", "line 9 quantity: quantity.negative",
                          "line 10 currency: currency.unknown", "line 11 amount: amount.negative",
                          "line 12 price: number.invalid", "line 13 line_no: line_no.invalid",
                          "line 14 birthday: time.invalid", "line 15 price: number.too_large"}));
    EXPECT_EQ(file.rows.size(), 1u);
    EXPECT_EQ(file.rows_read, 15u);
    EXPECT_NE(file.rejected[1].reason.find("spreadsheet"), std::string::npos);
    EXPECT_NE(file.rejected[5].reason.find("Is it 'paid'?"), std::string::npos);
    EXPECT_EQ(file.rejected[5].raw, "1,,payd,,,,,,");
}

TEST(Native, RejectedRowsUnderTheHeadingMakeAFileThatCanBeCorrectedAndImported) {
    const ReadFile file = read_rows("order_no;title;price\n1;\"a;b\nc\";x\n2;\"d\"\"e\";5\n3;f;y\n");
    std::string again = file.info.header + "\n";
    for (const RejectedRow& row : file.rejected) again += row.raw + "\n";
    EXPECT_EQ(again, "order_no;title;price\n1;\"a;b\nc\";x\n3;f;y\n");
    EXPECT_EQ(read_rows(again).rejections(),
              (Rejections{"line 2 price: number.invalid", "line 4 price: number.invalid"}));
}

TEST(Native, RaggedRowsAreRejectedAndEmptyCellsAtTheEndAreNot) {
    const ReadFile file = read_rows("order_no,title,price\n1,a,5\n2,b\n3,c,5,6\n4,d,5,,\n,,\n\n5,e,5\n");
    EXPECT_EQ(file.rejections(), (Rejections{"line 3 : row.ragged", "line 4 : row.ragged"}));
    EXPECT_EQ(file.rejected[0].reason.substr(0, 48), "the row has 2 cells where the heading has 3; is ");
    ASSERT_EQ(file.rows.size(), 3u);
    EXPECT_EQ(file[2].row_number, 5u);
    EXPECT_EQ(file[2].line_number, 8u);
}

TEST(Native, HeadingsAreFoundByNameInAnyOrderCaseAndWidth) {
    const ReadFile file = read_rows("\uFEFF Title ,ＯＲＤＥＲ＿ＮＯ,PRICE\u3000,colour\nx,7,1.00,red\n");
    ASSERT_EQ(file.rows.size(), 1u) << file.error_detail;
    EXPECT_EQ(file[0].order_no, "7");
    EXPECT_EQ(file[0].title, "x");
    EXPECT_EQ(file[0].price, 100);
    EXPECT_EQ(file.info.ignored_columns, std::vector<std::string>{"colour"});
}

TEST(Native, AMissingOrDoubledHeadingStopsTheImportWithWhatWasFound) {
    const ReadFile missing = read_rows("order_nr,price\n1,2\n", as_format("native"));
    EXPECT_EQ(missing.error, "header.missing_column");
    EXPECT_NE(missing.error_detail.find("is it 'order_nr'?"), std::string::npos) << missing.error_detail;
    const ReadFile doubled = read_rows("order_no,price,Price\n1,2,3\n");
    EXPECT_EQ(doubled.error, "header.duplicate_column");
    EXPECT_EQ(read_rows("order_no,remark,remark\n1,2,3\n").rows.size(), 1u);  // nobody reads these
}

TEST(Native, JsonLinesSayTheSameAsCsv) {
    const ReadFile csv =
        read_rows("order_no,created_at,title,price,quantity,name\n001,2024-03-01,\"a\"\"b\",2.50,2,安\n2,,c,1,,\n");
    const ReadFile json = read_rows(
        "{\"order_no\":\"001\",\"created_at\":\"2024-03-01\",\"title\":\"a\\\"b\",\"price\":2.50,\"quantity\":2,"
        "\"name\":\"\\u5b89\"}\n\n"
        "{\"order_no\":2,\"title\":\"c\",\"price\":\"1\",\"name\":null,\"unknown\":true}\n");
    ASSERT_EQ(json.rows.size(), 2u) << json.error_detail;
    EXPECT_EQ(json.info.delimiter, '\0');
    for (std::size_t i = 0; i < 2; ++i) {
        OrderRow a = csv[i];
        OrderRow b = json[i];
        a.raw = b.raw = "";
        a.line_number = b.line_number = 0;
        EXPECT_EQ(describe(a), describe(b));
    }
    EXPECT_EQ(json[1].line_number, 3u);
}

TEST(Native, AWrongLineOfJsonIsRejectedAndTheNextIsRead) {
    const ReadFile file = read_rows(
        "{\"order_no\":\"1\"}\n{\"order_no\":\"2\"\n[1]\n7\n{\"order_no\":\"3\",\"lines\":[{}]}\n{\"order_no\":\"4\","
        "\"order_no\":\"5\"}\n"
        "{\"order_no\":\"6\\u0000\"}\n{\"price\":1}\n{\"order_no\":\"9\"}\n");
    EXPECT_EQ(file.rejections(), (Rejections{"line 2 : json.invalid", "line 3 : json.not_flat", "line 4 : json.invalid",
                                             "line 5 lines: json.not_flat", "line 6 order_no: json.duplicate_name",
                                             "line 7 order_no: text.nul", "line 8 order_no: order_no.missing"}));
    EXPECT_EQ(file.rows.size(), 2u);
}

TEST(Native, AHugeCellIsRejectedWithItsColumn) {
    const ReadFile file = read_rows("order_no,title\n1," + std::string(10 << 20, 'x') + "\n2,y\n");
    EXPECT_EQ(file.rejections(), (Rejections{"line 2 title: cell.too_large"}));
    EXPECT_EQ(file.rows.size(), 1u);
}

TEST(Native, ABatchOfHugeRowsStaysSmall) {
    std::string csv = "order_no,remark\n";
    for (int i = 0; i < 12; ++i) csv += std::to_string(i) + "," + std::string(5 << 20, 'x') + "\n";
    const ReadFile file = read_rows(csv);
    EXPECT_EQ(file.rows.size(), 12u);
    for (const RowBatch& batch : file.batches) EXPECT_LE(batch.rows_read, 7u);
}

TEST(Native, TheSameBytesInAnyPiecesGiveTheSameRows) {
    std::string csv = "order_no,created_at,title,price\r\n";
    for (int i = 0; csv.size() < kSampleBytes + 10'000; ++i) {  // the head is one piece
        csv += std::to_string(i) + ",2024-03-" + std::to_string(i % 28 + 1) +
               (i % 7 == 0 ? ",\"a\"\"b\nc\"" : ",熟客 title") + "," + (i % 11 == 0 ? "x" : "12.345") + "\r\n";
    }
    const std::string whole = describe(read_rows(csv));
    for (std::size_t chunk : {16, 17, 23, 64, 200}) {
        for (const std::size_t most : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
            EXPECT_EQ(describe(read_rows(csv, {}, chunk, most)), whole) << chunk << " " << most;
        }
    }
    EXPECT_EQ(describe(read_rows(gzip(csv))), whole);
    EXPECT_EQ(describe(read_rows(zstd(csv))), whole);
}

TEST(Native, ReadingGoesOnWithTheRowsBeforeATruncation) {
    std::string csv = "order_no,price\n";
    for (unsigned i = 0; i < 20'000; ++i) csv += std::to_string(i * 2654435761u) + ",1.00\n";
    const std::string packed = gzip(csv);
    const ReadFile file = read_rows(packed.substr(0, packed.size() / 2));
    EXPECT_EQ(file.error, "file.truncated");
    EXPECT_GT(file.rows.size(), 5'000u);
    EXPECT_TRUE(file.rejected.empty());
}

}  // namespace
}  // namespace shuke::ingest
