// Aim     the order exports of Taobao's seller centre, in all generations, become orders and customers; what masks or lends
//         an identity unites nobody.
// Method  the shared samples where present, and small GB18030 files written here with headings as each generation has them.

#include <algorithm>

#include "shuke_program.h"

namespace {

using namespace product;
using Ids = std::vector<std::string>;

// Headings as exported, blanks at their ends included.
const Ids kGenerationA{"订单编号",         "买家会员名",   "买家支付宝账号", "买家应付货款",     "买家应付邮费",
                       "买家支付积分",     "总金额",       "返点积分",       "买家实际支付金额", "买家实际支付积分",
                       "订单状态",         "买家留言",     "收货人姓名",     "收货地址 ",        "运送方式",
                       "联系电话 ",        "联系手机",     "订单创建时间",   "订单付款时间 ",    "宝贝标题 ",
                       "宝贝种类 ",        "物流单号 ",    "物流公司",       "订单备注",         "宝贝总数量",
                       "店铺Id",           "店铺名称",     "订单关闭原因",   "卖家服务费",       "买家服务费",
                       "发票抬头",         "是否手机订单", "分阶段订单信息", "定金排名",         "修改后的sku",
                       "修改后的收货地址", "异常信息",     "天猫卡券抵扣",   "集分宝抵扣",       "是否是O2O交易"};

Ids inserted(Ids headings, const std::string& after, const Ids& more) {
    const auto at = std::find(headings.begin(), headings.end(), after);
    headings.insert(at == headings.end() ? at : at + 1, more.begin(), more.end());
    return headings;
}

Ids generation(char name) {
    Ids headings = kGenerationA;
    if (name >= 'B') {
        headings =
            inserted(headings, "分阶段订单信息", {"特权订金订单id", "是否上传合同照片", "是否上传小票", "是否代付"});
        headings = inserted(
            headings, "是否是O2O交易",
            {"新零售交易类型", "新零售导购门店名称", "新零售导购门店id", "新零售发货门店名称", "新零售发货门店id",
             "退款金额", "预约门店", "确认收货时间", "打款商家金额", "含应开票给个人的个人红包"});
    }
    if (name >= 'C') {
        headings = inserted(headings, "买家支付宝账号", {"支付单号", "支付详情"});
        headings = inserted(headings, "含应开票给个人的个人红包",
                            {"是否信用购", "体验期结束时间", "前N有礼", "配送类型", "主订单编号"});
    }
    if (name >= 'D')
        headings = inserted(
            headings, "主订单编号",
            {"满返红包金额", "直播返现状态", "返现金额", "新零售成交门店昵称", "预售订单", "发货时间", "商家备忘"});
    return headings;
}

using Cells = std::map<std::string, std::string>;  // by trimmed heading

// One order, as told in `own`; the rest of its cells are what an ordinary paid order has.
std::string exported(const Ids& headings, const std::vector<Cells>& orders) {
    std::string text;
    const auto add_row = [&](const Ids& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            text += (i > 0 ? ",\"" : "\"") + replaced(cells[i], "\"", "\"\"") + "\"";
        text += "\r\n";
    };
    add_row(headings);
    for (const Cells& own : orders) {
        Cells order{{"总金额", "100.00"},
                    {"买家应付货款", "100.00"},
                    {"买家应付邮费", "0.00"},
                    {"买家实际支付金额", "100.00"},
                    {"订单状态", "买家已付款，等待卖家发货"},
                    {"收货人姓名", "张示例"},
                    {"收货地址", "浙江省 杭州市 西湖区 示例路1号(310000)"},
                    {"联系电话", "'"},
                    {"联系手机", "'13912345670"},
                    {"订单创建时间", "2021-06-18 00:00:03"},
                    {"订单付款时间", "2021-06-18 00:00:45"},
                    {"店铺名称", "示例旗舰店"},
                    {"退款金额", "无退款申请"},
                    {"打款商家金额", "0.00元"},
                    {"订单备注", "'"}};
        for (const auto& [heading, cell] : own) order[heading] = cell;
        Ids cells;
        for (const auto& heading : headings)
            cells.push_back(order[heading.ends_with(' ') ? heading.substr(0, heading.size() - 1) : heading]);
        add_row(cells);
    }
    return encode(text, "GB18030");
}

std::string no(const std::string& digits) { return "=\"" + digits + "\""; }

const std::vector<Cells> kFourOrders{
    {{"订单编号", no("1900000000000000001")},
     {"买家会员名", "示例买家𠮷"},
     {"订单状态", "交易成功"},
     {"确认收货时间", "2021-06-25 11:00:00"},
     {"打款商家金额", "100.00元"},
     {"订单备注", "'老客户，送小样"}},
    {{"订单编号", no("1900000000000000002")},
     {"买家会员名", "demo_buyer_02"},
     {"订单状态", "等待买家付款"},
     {"买家实际支付金额", "0.00"},
     {"订单付款时间", ""},
     {"收货人姓名", "李示例"},
     {"联系手机", "'13912345671"},
     {"买家留言", "发票抬头“示例”,请包好\n谢谢"}},
    {{"订单编号", no("1900000000000000003")},
     {"买家会员名", "Demo_Buyer_03"},
     {"订单状态", "交易关闭"},
     {"买家实际支付金额", "0.00"},
     {"订单付款时间", ""},
     {"收货人姓名", "王示例"},
     {"联系手机", "'13912345672"},
     {"收货地址", "上海 上海市 浦东新区 示例弄4号(200120)"}},
    {{"订单编号", no("1900000000000000004")},
     {"买家会员名", "示例买家04"},
     {"订单状态", "卖家已发货，等待买家确认"},
     {"收货人姓名", "赵示例"},
     {"联系手机", "'13912345673"},
     {"退款金额", "30.00"}},
};

TEST(Taobao, EveryGenerationOfTheOrderListIsReadByItsTrimmedHeadings) {
    for (const char name : {'A', 'B', 'C', 'D'}) {
        SCOPED_TRACE(std::string("generation ") + name);
        Shuke shuke;
        const Json report = shuke.import(exported(generation(name), kFourOrders));
        EXPECT_EQ(report["files"][0]["format"], "taobao");
        EXPECT_EQ(report["files"][0]["encoding"], "GB18030");
        EXPECT_EQ(report["orders"], 4);
        EXPECT_EQ(report["customers"], 4);
        EXPECT_EQ(shuke.count("any(orders where paid)"), 2);
        EXPECT_EQ(shuke.count("any(orders where shop = \"示例旗舰店\")"), 4);
        const Json first = shuke.customer("示例买家𠮷");
        EXPECT_EQ(first["province"], "浙江");
        EXPECT_EQ(first["city"], "杭州市");
        EXPECT_EQ(first["district"], "西湖区");
        EXPECT_EQ(first["street"], "示例路1号");
        EXPECT_EQ(first["postcode"], "310000");
        EXPECT_EQ(first["timeline"][0]["number"], "1900000000000000001") << "all 19 digits";
        EXPECT_EQ(first["timeline"][0]["status"], "finished");
        EXPECT_EQ(first["timeline"][0]["at"], "2021-06-17T16:00:03Z");
        if (name >= 'B') {
            EXPECT_EQ(first["timeline"][0]["finished_at"], "2021-06-25T03:00:00Z");
        }
        EXPECT_EQ(shuke.customer("demo_buyer_02")["timeline"][0]["status"], "created");
        EXPECT_EQ(shuke.customer("demo_buyer_03")["timeline"][0]["status"], "closed") << "account names know no case";
        EXPECT_EQ(shuke.customer("demo_buyer_03")["province"], "上海");
        EXPECT_EQ(shuke.count("any(refunds where amount = 30)"), name == 'A' ? 0 : 1);
    }
}

const std::string kDetails =
    "\"订单编号\",\"标题\",\"价格\",\"购买数量\",\"外部系统编号\",\"商品属性\",\"套餐信息\",\"备注\",\"订单状态\","
    "\"商家编码\"\r\n"
    "=\"1900000000000000001\",\"示例连衣裙 "
    "夏季新款\",\"60.00\",\"1\",\"DRS-001-RED-M\",\"颜色分类:红色;尺码:M\",\"\",\"'\",\"交易成功\",\"DRS-001\"\r\n"
    "=\"1900000000000000001\",\"示例T恤\",\"20.00\",\"2\",\"TEE-002-WHT\",\"颜色分类:白色\",\"\",\"'\",\"交易成功\","
    "\"TEE-002\"\r\n"
    "=\"1900000000000000004\",\"示例T恤\",\"20.00\",\"5\",\"TEE-002-WHT\",\"颜色分类:白色\",\"\",\"'\","
    "\"卖家已发货，等待买家确认\",\"TEE-002\"\r\n";

TEST(Taobao, TwoFilesAreJoinedByTheOrderNumberInEitherOrder) {
    const std::string orders = exported(generation('C'), kFourOrders);
    const std::string details = encode(kDetails, "GB18030");
    Json first;
    for (const bool details_first : {false, true}) {
        Shuke shuke;
        const auto a = shuke.write_file("ExportOrderList202106271200.csv", orders).string();
        const auto b = shuke.write_file("ExportOrderDetailList202106271200.csv", details).string();
        // Without a shop in the detail file both need the same one.
        const Json report = shuke.json(details_first ? Arguments{"import", b, a, "--shop", "示例旗舰店"}
                                                     : Arguments{"import", a, b, "--shop", "示例旗舰店"});
        EXPECT_EQ(report["rejected"], 0);
        EXPECT_EQ(report["rows"], 7);
        EXPECT_EQ(shuke.json({"shop", "list"}).size(), 1u);
        EXPECT_EQ(shuke.count("any(lines where product = \"TEE-002\")"), 2);
        EXPECT_EQ(shuke.count("count(orders) = 1"), 4);
        const Json customer = without_ids(shuke.customer("示例买家𠮷"));
        EXPECT_EQ(customer["timeline"][0]["amount"], "100.00");
        EXPECT_EQ(customer["timeline"][0]["status"], "finished");
        ASSERT_EQ(customer["timeline"][0]["lines"].size(), 2u);
        EXPECT_EQ(customer["timeline"][0]["lines"][1]["amount"], "40.00");
        if (first.is_null()) first = customer;
        EXPECT_EQ(customer, first);
        for (const auto& file : {a, b})
            EXPECT_EQ(shuke.json({"import", file, "--shop", "示例旗舰店"})["imported"], 0) << "nothing is new";
    }
}

TEST(Taobao, MaskedAndLentIdentitiesUniteNobody) {
    Shuke shuke;
    const auto order = [](int number, const std::string& nick, const std::string& name, const std::string& phone,
                          const std::string& payer) {
        return Cells{{"订单编号", no("19000000000000000" + std::to_string(10 + number))},
                     {"买家会员名", nick},
                     {"收货人姓名", name},
                     {"联系手机", phone},
                     {"买家支付宝账号", payer}};
    };
    const Json report = shuke.import(exported(
        generation('C'), {
                             order(1, "masked one", "李**", "'130****0002", "payer@example.com"),
                             order(2, "masked two", "李**", "'130****0002", "payer@example.com"),
                             order(3, "virtual one", "王一", "18000000000-1234", "'13912345699"),
                             order(4, "virtual two", "王二", "18000000000-1234", "'13912345699"),
                             order(5, "virtual three", "王三", "18000000000", "other@example.com"),
                             order(6, "示***1", "~DEMOxCIPHERx==~1~", "~DEMOxCIPHERx==~1~", "mask@example.com"),
                             order(7, "示***1", "~DEMOxCIPHERx==~1~", "~DEMOxCIPHERx==~1~", "mask@example.com"),
                             order(8, "~CIPHERNICK==~1~", "赵**", "'130****0003", "mask@example.com"),
                             order(9, "owner", "张示例", "'13912345699", "own@example.com"),
                         }));
    EXPECT_EQ(report["orders"], 9);
    EXPECT_EQ(report["customers"], 6) << "6, 7 and 8 have no identity and stay guests";
    EXPECT_EQ(shuke.list("all customers", "id").size(), 6u);
    for (const char* who : {"masked one", "masked two", "virtual one", "virtual two", "virtual three", "owner"}) {
        EXPECT_EQ(shuke.customer(who)["timeline"].size(), 1u) << who;
        EXPECT_TRUE(shuke.customer(who)["merges"].empty()) << who;
    }
    EXPECT_EQ(shuke.run({"customer", "show", "示***1"}).exit_code, 1);
    EXPECT_EQ(shuke.customer("phone:13912345699")["timeline"][0]["number"], "1900000000000000019")
        << "a payer's number is not the buyer's";
}

TEST(Taobao, TheSameNickInTwoShopsIsOnePerson) {
    Shuke shuke;
    shuke.import(exported(generation('C'), {
                                               {{"订单编号", no("1900000000000000021")},
                                                {"买家会员名", "tb_Someone"},
                                                {"联系手机", "'"},
                                                {"店铺名称", "一店"}},
                                               {{"订单编号", no("1900000000000000022")},
                                                {"买家会员名", "TB_someone:子账号"},
                                                {"联系手机", "'"},
                                                {"店铺名称", "二店"}},
                                           }));
    EXPECT_EQ(shuke.count("all customers"), 1) << "account names are the platform's, without case and sub-account";
    EXPECT_EQ(shuke.customer("tb_someone")["timeline"].size(), 2u);
}

TEST(Taobao, ADigitsLostInASpreadsheetAreRefused) {
    Shuke shuke;
    const Json report =
        shuke.import(exported(generation('A'), {{{"订单编号", "1.9E+18"}, {"买家会员名", "x"}},
                                                {{"订单编号", no("1900000000000000031")}, {"买家会员名", "y"}}}),
                     {}, 3);
    EXPECT_EQ(report["files"][0]["first_rejected"][0]["problem"], "order_no.scientific");
    EXPECT_EQ(report["imported"], 1);
}

TEST(Taobao, SharedSamplesAreReadAsTheyAre) {
    const fs::path samples = shared_file("reference/samples/taobao");
    if (samples.empty()) GTEST_SKIP() << "the shared samples are not beside this source tree";
    Shuke shuke;
    const auto sample = [&](const char* name) { return (samples / name).string(); };
    const Json old = shuke.json({"import", sample("ExportOrderList201305011200.csv"),
                                 sample("ExportOrderDetailList201305011200.csv"), "--shop", "示例旗舰店"});
    EXPECT_EQ(old["rows"], 7);
    EXPECT_EQ(old["imported"], 7);
    EXPECT_EQ(old["orders"], 6) << "three orders, and each once more as its lines come";
    EXPECT_EQ(old["lines"], 4);
    EXPECT_EQ(old["customers"].get<int>() >= 3, true);
    EXPECT_EQ(shuke.count("all customers"), 3);
    EXPECT_EQ(shuke.customer("示例买家01")["timeline"][0]["lines"][0]["product"], "DRS-001");
    EXPECT_EQ(shuke.customer("13000000002")["timeline"][0]["amount"], "98.50");
    EXPECT_EQ(shuke.count("any(orders where paid)"), 1);

    const Json recent = shuke.json({"import", sample("ExportOrderList202106271200.csv")});
    EXPECT_EQ(recent["orders"], 3);
    EXPECT_EQ(shuke.customer("示例买家𠮷")["timeline"].size(), 2u) << "the phone is that of 示例买家01";
    EXPECT_EQ(shuke.count("any(refunds where amount = 50)"), 1);
    EXPECT_EQ(shuke.count("all customers"), 3) << "𠮷 is 示例买家01, demo_buyer_02 is known, tb** has no identity";
}

}  // namespace
