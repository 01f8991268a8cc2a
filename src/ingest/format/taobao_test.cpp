// Aim: the seller centre's exports of every generation become orders and lines with the right state, money and buyer.
// Method: the sample files; single cells; the real monthly report of 28,010 orders against its totals.
#include "ingest/format/taobao.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "ingest/format/read_for_test.h"

namespace shuke::ingest {
namespace {

constexpr std::string_view kShanghai = "Asia/Shanghai";

std::filesystem::path sample(std::string_view name) { return shared_file("reference/samples/taobao") / name; }

TEST(Taobao, TheOrderListOf2013IsRead) {
    const auto path = sample("ExportOrderList201305011200.csv");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    ASSERT_EQ(file.rows.size(), 3u) << file.error_detail;
    EXPECT_EQ(file.info.format, "taobao");
    EXPECT_EQ(file.info.platform, "taobao");
    EXPECT_EQ(file.info.encoding, "GB18030");
    const OrderRow& finished = file[0];
    EXPECT_EQ(finished.kind, RowKind::kOrder);
    EXPECT_EQ(finished.order_no, "900000000000000001");
    EXPECT_EQ(finished.status, OrderStatus::kFinished);
    EXPECT_EQ(finished.created_at, local("2013-05-01 09:12:33", kShanghai));
    EXPECT_EQ(finished.paid_at, local("2013-05-01 09:13:05", kShanghai));
    EXPECT_EQ(finished.amount, 19900);
    EXPECT_EQ(finished.shop, "示例旗舰店");
    EXPECT_EQ(finished.note, "老客户，送小样");
    EXPECT_EQ(finished.channel, "手机订单");
    EXPECT_EQ(finished.buyer.nick, "示例买家01");
    EXPECT_EQ(finished.buyer.payer_account, "buyer01@example.com");
    EXPECT_EQ(finished.buyer.name, "张示例");
    EXPECT_EQ(finished.buyer.phone, "13000000001");
    EXPECT_EQ(finished.buyer.telephone, "");
    EXPECT_EQ(finished.buyer.province, "浙江");
    EXPECT_EQ(finished.buyer.city, "杭州市");
    EXPECT_EQ(finished.buyer.district, "西湖区");
    EXPECT_EQ(finished.buyer.street, "示例路1号");
    EXPECT_EQ(finished.buyer.postcode, "310000");
    const OrderRow& unpaid = file[1];
    EXPECT_EQ(unpaid.status, OrderStatus::kCreated);
    EXPECT_EQ(unpaid.paid_at, kNever);
    EXPECT_EQ(unpaid.amount, 9850);  // what is asked for
    EXPECT_EQ(unpaid.note, "发票抬头“示例公司”,请包好\n谢谢");
    const OrderRow& closed = file[2];
    EXPECT_EQ(closed.status, OrderStatus::kClosed);
    EXPECT_EQ(closed.paid_at, kNever);
    EXPECT_EQ(closed.buyer.telephone, "021-10000003");
    EXPECT_EQ(closed.line_number, 5u);
}

TEST(Taobao, TheOrderListOf2021IsReadWithItsMaskedBuyers) {
    const auto path = sample("ExportOrderList202106271200.csv");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    ASSERT_EQ(file.rows.size(), 3u) << file.error_detail;
    EXPECT_EQ(file[0].buyer.nick, "示例买家𠮷");
    EXPECT_EQ(file[0].finished_at, local("2021-06-25 11:00:00", kShanghai));
    EXPECT_EQ(file[0].refunded, 0);
    EXPECT_EQ(file[1].status, OrderStatus::kShipped);
    EXPECT_EQ(file[1].amount, 19900);
    EXPECT_EQ(file[1].refunded, 5000);
    EXPECT_EQ(file[1].buyer.name, "李**");
    EXPECT_EQ(file[1].buyer.phone, "130****0002");
    EXPECT_EQ(file[1].buyer.street, "***");
    EXPECT_EQ(file[2].status, OrderStatus::kPaid);
    EXPECT_EQ(file[2].buyer.name, "~DEMOxCIPHERx==~1~");
    EXPECT_EQ(file[2].buyer.phone, "18000000000-1234");
}

TEST(Taobao, TheDetailListGivesTheLinesOfTheOrders) {
    const auto path = sample("ExportOrderDetailList201305011200.csv");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    ASSERT_EQ(file.rows.size(), 4u) << file.error_detail;
    const OrderRow& line = file[2];
    EXPECT_EQ(line.kind, RowKind::kLine);
    EXPECT_EQ(line.order_no, "900000000000000002");
    EXPECT_EQ(line.title, "示例短裤 黑色 L");
    EXPECT_EQ(line.product, "SHT-003");
    EXPECT_EQ(line.sku, "SHT-003-BLK-L");
    EXPECT_EQ(line.quantity_milli, 1000);
    EXPECT_EQ(line.price, 4950);
    EXPECT_EQ(line.line_amount, 4950);
    EXPECT_EQ(line.status, OrderStatus::kCreated);
    EXPECT_EQ(line.created_at, kNever);
    EXPECT_EQ(file[0].status, OrderStatus::kFinished);
    EXPECT_EQ(file[3].status, std::nullopt);  // 交易关闭 may be of this line alone
}

TEST(Taobao, TheRealMonthlyReportAddsUp) {
    const auto path = shared_file("data/tmall_orders/tmall_order_report.csv.zst");
    SKIP_WITHOUT(path);
    const ReadFile file = read_path(path);
    ASSERT_EQ(file.rows.size(), 28'010u) << file.error_detail;
    EXPECT_TRUE(file.rejected.empty());
    std::int64_t paid = 0, unpaid = 0, refunded = 0;
    int paid_orders = 0, refunds = 0;
    std::map<std::string_view, int> provinces;
    for (const OrderRow& row : file.rows) {
        const bool is_paid = row.status == OrderStatus::kPaid;
        EXPECT_EQ(is_paid, row.paid_at != kNever);
        paid_orders += is_paid ? 1 : 0;
        (is_paid ? paid : unpaid) += row.amount;
        refunded += row.refunded;
        refunds += row.refunded > 0 ? 1 : 0;
        ++provinces[row.buyer.province];
    }
    EXPECT_EQ(paid_orders, 24'087);
    EXPECT_EQ(paid, 247'482'307);
    EXPECT_EQ(paid + unpaid, 299'576'061);
    EXPECT_EQ(refunded, 57'233'592);
    EXPECT_EQ(paid - refunded, 190'248'715);
    EXPECT_EQ(refunds, 5'646);
    EXPECT_EQ(provinces.size(), 31u);
    EXPECT_EQ(provinces["上海"], 3'353);
    EXPECT_EQ(provinces["广东"], 2'463);
    EXPECT_EQ(provinces["广西"], 436);
}

TEST(Taobao, WhatWasPaidIsFoundWhetherTheExportNetsRefundsOrNot) {
    const ReadFile file = read_rows(
        "订单编号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,订单付款时间,退款金额\n"
        "1,190,9,199,199,交易成功,2021-01-01 10:00:00,50\n"          // paid 199, 50 back
        "2,190,9,199,149,交易成功,2021-01-01 10:00:00,50\n"          // what is left after 50 back
        "3,190,9,199,0.00,交易关闭,2021-01-01 10:00:00,199\n"        // all back
        "4,190,9,199,180,交易成功,2021-01-01 10:00:00,无退款申请\n"  // a voucher of 19
        "5,190,9,199,0,交易关闭,,无退款申请\n"                       // never paid
        "6,190,9,,,等待买家付款,,\n"
        "7,190,9,199,50,交易成功,2021-01-01 10:00:00,130\n");  // a voucher of 19 and 130 back
    ASSERT_EQ(file.rows.size(), 7u) << file.error_detail;
    const std::vector<std::int64_t> expected{19900, 19900, 19900, 18000, 19900, 19900, 18000};
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(file[i].amount, expected[i]) << "order " << i + 1;
    EXPECT_EQ(file[2].refunded, 19900);
    EXPECT_EQ(file[5].refunded, kMissingAmount);
}

TEST(Taobao, NewerDetailColumnsGiveTheLinesOwnMoneyAndNumber) {
    const ReadFile file = read_rows(
        "子订单编号,主订单编号,标题,价格,购买数量,商品属性,订单状态,买家应付货款,买家实际支付金额,退款状态,退款金额\n"
        "='11','=\"\"1\"\"','T恤',39.00,2,颜色分类:白色,交易成功,70.00,70.00,没有申请退款,无退款申请\n"
        "12,1,短裤,49.50,1,,交易成功,,45.00,,5.00\n"
        "13,1,赠品,9.90,1,,交易成功,0.00,0.00,,\n");
    ASSERT_EQ(file.rows.size(), 3u) << file.error_detail;
    EXPECT_EQ(file[0].line_amount, 7000);
    EXPECT_EQ(file[0].line_discount, 800);
    EXPECT_EQ(file[0].sku, "颜色分类:白色");
    EXPECT_EQ(file[0].line_refunded, 0);
    EXPECT_EQ(file[1].source_line_id, "12");
    EXPECT_EQ(file[1].order_no, "1");
    EXPECT_EQ(file[1].line_amount, 4500);
    EXPECT_EQ(file[1].line_refunded, 500);
    EXPECT_EQ(file[2].line_amount, 0);
    EXPECT_EQ(file[2].line_discount, 990);
}

TEST(Taobao, WrongCellsAreRejectedWithTheirChineseHeading) {
    const ReadFile file = read_rows(
        "订单编号,总金额,订单状态,订单付款时间 \n"
        "1.23457E+17,199,交易成功,\n"
        "'9,199,某种新状态,\n"
        "=\"9\",一百,交易成功,\n"
        "9,199,交易成功,2021/13/1\n"
        "\"=\"\"\"\"\",199,交易成功,\n"
        "9,199,交易成功,2021/6/1 9:05\n");
    EXPECT_EQ(file.rejections(),
              (std::vector<std::string>{"line 2 订单编号: order_no.scientific", "line 3 订单状态: status.unknown",
                                        "line 4 总金额: number.invalid", "line 5 订单付款时间: time.invalid",
                                        "line 6 订单编号: order_no.missing"}));
    EXPECT_EQ(file[0].paid_at, local("2021-06-01 09:05", kShanghai));
}

TEST(Taobao, HeadingsOfAllGenerationsAndTheirSynonymsAreKnown) {
    const ReadFile file = read_rows(
        "订单编号,买家昵称,买家实付金额,买家下单时间,商家备忘,买家留言,发票抬头\n1,小明,5,2021-01-01,甲,乙,无\n");
    EXPECT_EQ(file[0].buyer.nick, "小明");
    EXPECT_EQ(file[0].created_at, local("2021-01-01", kShanghai));
    EXPECT_EQ(file[0].note, "甲 / 乙");
    EXPECT_EQ(file.info.ignored_columns, std::vector<std::string>{"发票抬头"});
}

TEST(Taobao, OfTwoHeadingsForOneThingTheFirstKnownOneCounts) {
    const ReadFile file = read_rows("订单编号,支付金额,买家实际支付金额,订单付款时间\n1,7,5,2021-01-01\n");
    EXPECT_EQ(file[0].amount, 500);
    EXPECT_EQ(file.info.ignored_columns, std::vector<std::string>{"支付金额"});
}

TEST(Taobao, TheColumnListOfPublicShopSoftwareIsRecognised) {
    const auto path = shared_file("data/taobao_export_columns/taobao_export_columns.csv");
    SKIP_WITHOUT(path);
    std::ifstream list(path);
    std::string heading, line;
    std::getline(list, line);
    while (std::getline(list, line)) heading += (heading.empty() ? "" : ",") + line.substr(line.find(',') + 1);
    const ReadFile file = read_rows(heading + "\n");
    EXPECT_EQ(file.error, "") << file.error_detail;
    EXPECT_EQ(file.info.format, "taobao");
}

}  // namespace
}  // namespace shuke::ingest
