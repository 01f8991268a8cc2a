// Aim: the real Online Retail file is understood to the row and the penny; each kind of row is told apart.
// Method: single rows; the whole bundled file against the published totals.
#include "ingest/format/online_retail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "ingest/format/read_for_test.h"

namespace shuke::ingest {
namespace {

const std::string kHeading = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
constexpr std::string_view kLondon = "Europe/London";

TEST(OnlineRetail, APurchaseIsALineOfAnOrderPaidWhenItWasMade) {
    const ReadFile file =
        read_rows(kHeading + "536365,85123A,\"HEART, T-LIGHT\",6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n");
    const OrderRow& row = file[0];
    EXPECT_EQ(row.kind, RowKind::kLine);
    EXPECT_EQ(row.order_no, "536365");
    EXPECT_EQ(row.product, "85123A");
    EXPECT_EQ(row.title, "HEART, T-LIGHT");
    EXPECT_EQ(row.quantity_milli, 6000);
    EXPECT_EQ(row.price, 255);
    EXPECT_EQ(row.line_amount, 1530);
    EXPECT_EQ(row.buyer.external_id, "17850");
    EXPECT_EQ(row.buyer.province, "United Kingdom");
    EXPECT_EQ(row.status, OrderStatus::kPaid);
    EXPECT_EQ(row.created_at, local("2010-12-01 08:26", kLondon));
    EXPECT_EQ(row.paid_at, row.created_at);
    EXPECT_TRUE(file.info.settles_cancellations);
}

TEST(OnlineRetail, ACancelledInvoiceIsPositiveAndIsNoPurchase) {
    const ReadFile file = read_rows(kHeading +
                                    "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom\n"
                                    "c536380,D,Discount,-2,2010-12-01 09:41:00,1.25,,United Kingdom\n");
    EXPECT_EQ(file[0].kind, RowKind::kCancelledLine);
    EXPECT_EQ(file[0].order_no, "C536379");
    EXPECT_EQ(file[0].quantity_milli, 1000);
    EXPECT_EQ(file[0].line_amount, 2750);
    EXPECT_EQ(file[0].paid_at, kNever);
    EXPECT_EQ(file[0].status, std::nullopt);
    EXPECT_EQ(file[1].kind, RowKind::kCancelledLine);
    EXPECT_EQ(file[1].line_amount, 250);
    EXPECT_EQ(file[1].buyer.external_id, "");
}

TEST(OnlineRetail, StockCorrectionsAndBadDebtAreKeptApartAndGiftsAreLines) {
    const ReadFile file = read_rows(kHeading +
                                    "536589,21777,,-10,2010-12-01 16:50:00,0,,United Kingdom\n"
                                    "A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom\n"
                                    "537197,22841,ROUND TIN,1,2010-12-05 14:02:00,0.0,12647,Germany\n"
                                    "537198,22841,ROUND TIN,0,2010-12-05 14:02:00,1.0,12647,Germany\n");
    EXPECT_EQ(file[0].kind, RowKind::kAdjustment);
    EXPECT_EQ(file[0].quantity_milli, -10'000);
    EXPECT_EQ(file[1].kind, RowKind::kAdjustment);
    EXPECT_EQ(file[1].line_amount, -1106206);
    EXPECT_EQ(file[2].kind, RowKind::kLine);
    EXPECT_EQ(file[2].line_amount, 0);
    EXPECT_EQ(file[3].kind, RowKind::kAdjustment);
}

TEST(OnlineRetail, SignsThatContradictTheInvoiceAreRejected) {
    const ReadFile file = read_rows(kHeading +
                                    "C1,D,x,1,2010-12-01 09:41:00,27.50,1,UK\n"
                                    "2,D,x,1,2010-12-01 09:41:00,-1,1,UK\n"
                                    "3,D,x,,2010-12-01 09:41:00,1,1,UK\n"
                                    "4,D,x,1,,1,1,UK\n"
                                    "5,D,x,1,2010-12-01 09:41:00,,1,UK\n");
    EXPECT_EQ(file.rejections(),
              (std::vector<std::string>{"line 2 Quantity: quantity.sign", "line 3 UnitPrice: price.negative",
                                        "line 4 Quantity: quantity.missing", "line 5 InvoiceDate: time.missing",
                                        "line 6 UnitPrice: price.missing"}));
}

TEST(OnlineRetail, TheAmericanEditionAndTheSecondReleaseAreReadToo) {
    const ReadFile file = read_rows(
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        "489434,85048,LIGHTS,12,12/1/2009 7:45,6.95,13085.0,United Kingdom\n"
        "489435,85048,LIGHTS,12,13/1/2009 7:45,6.95,13085,United Kingdom\n");
    EXPECT_EQ(file[0].created_at, local("2009-12-01 07:45", kLondon));
    EXPECT_EQ(file[0].buyer.external_id, "13085");
    EXPECT_EQ(file.rejections(), std::vector<std::string>{"line 3 InvoiceDate: time.invalid"});
}

class WholeOnlineRetail : public testing::Test {
protected:
    static void SetUpTestSuite() {
        for (const std::filesystem::path& path : {std::filesystem::path("examples/online-retail/online_retail.csv.zst"),
                                                  shared_file("data/online_retail/online_retail.csv.zst")}) {
            if (file == nullptr && std::filesystem::exists(path)) file = new ReadFile(read_path(path));
        }
    }
    static void TearDownTestSuite() {
        delete file;
        file = nullptr;
    }
    void SetUp() override {
        if (file == nullptr) GTEST_SKIP() << "examples/online-retail is not here; tests run from the top of a checkout";
        ASSERT_EQ(file->error, "") << file->error_detail;
    }
    static ReadFile* file;
};
ReadFile* WholeOnlineRetail::file = nullptr;

// Price 0 in the file; four rows cost 0.001, which is 0 pence but no gift.
bool is_gift(const OrderRow& row) { return row.price == 0 && row.line_amount == 0 && std::abs(row.rounding) < 1e-9; }

TEST_F(WholeOnlineRetail, EveryRowIsOfItsKind) {
    std::map<RowKind, int> kinds;
    std::map<std::pair<bool, bool>, int> lines;  // has a customer, is a gift
    for (const OrderRow& row : file->rows) {
        ++kinds[row.kind];
        if (row.kind == RowKind::kLine) ++lines[{!row.buyer.external_id.empty(), is_gift(row)}];
    }
    EXPECT_EQ(file->rows_read, 541'909u);
    EXPECT_TRUE(file->rejected.empty());
    EXPECT_EQ(kinds[RowKind::kLine], 531'282);
    EXPECT_EQ(kinds[RowKind::kCancelledLine], 9'288);
    EXPECT_EQ(kinds[RowKind::kAdjustment], 1'339);
    EXPECT_EQ((lines[{true, false}]), 397'884);
    EXPECT_EQ((lines[{true, true}]), 40);
    EXPECT_EQ((lines[{false, false}]), 132'219);
    EXPECT_EQ((lines[{false, true}]), 1'139);
}

TEST_F(WholeOnlineRetail, CustomersInvoicesAndTimesAreAsPublished) {
    std::set<std::string_view> customers, invoices, clean_customers, clean_invoices, countries;
    Instant first = local("2100-01-01", "UTC"), last = kNever;
    for (const OrderRow& row : file->rows) {
        invoices.insert(row.order_no);
        countries.insert(row.buyer.province);
        first = std::min(first, row.created_at);
        last = std::max(last, row.created_at);
        if (!row.buyer.external_id.empty()) customers.insert(row.buyer.external_id);
        if (row.buyer.external_id.empty() || row.kind != RowKind::kLine || is_gift(row)) continue;
        clean_customers.insert(row.buyer.external_id);
        clean_invoices.insert(row.order_no);
    }
    EXPECT_EQ(customers.size(), 4'372u);
    EXPECT_EQ(invoices.size(), 25'900u);
    EXPECT_EQ(countries.size(), 38u);
    EXPECT_EQ(clean_customers.size(), 4'338u);
    EXPECT_EQ(clean_invoices.size(), 18'532u);
    EXPECT_EQ(first, local("2010-12-01 08:26", kLondon));
    EXPECT_EQ(last, local("2011-12-09 12:50", kLondon));
}

TEST_F(WholeOnlineRetail, AmountsAndTheirRoundingAddUpToThePublishedRevenue) {
    std::int64_t pence = 0, pieces = 0, signed_pence = 0;
    double rounding = 0, signed_rounding = 0;
    for (const OrderRow& row : file->rows) {
        const int sign = row.kind == RowKind::kCancelledLine ? -1 : 1;
        signed_pence += sign * row.line_amount;
        signed_rounding += sign * row.rounding;
        if (row.buyer.external_id.empty() || row.kind != RowKind::kLine || is_gift(row)) continue;
        pence += row.line_amount;
        rounding += row.rounding;
        pieces += row.quantity_milli;
    }
    EXPECT_NEAR((static_cast<double>(pence) - rounding) / 100, 8'911'407.904, 1e-5);
    EXPECT_NEAR((static_cast<double>(signed_pence) - signed_rounding) / 100, 9'747'747.934, 1e-5);
    EXPECT_EQ(pieces, 5'167'812'000);
}

}  // namespace
}  // namespace shuke::ingest
