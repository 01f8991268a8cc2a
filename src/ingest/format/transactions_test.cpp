// Aim: a basket is an order, an item is a line; one file is one file however it is packed.
// Method: small baskets; the whole Groceries and FIMI files against their published counts.
#include "ingest/format/transactions.h"

#include <gtest/gtest.h>

#include <set>

#include "ingest/format/read_for_test.h"
#include "ingest/source/packed_for_test.h"

namespace shuke::ingest {
namespace {

ReadFile read_baskets(const std::string& bytes, std::size_t chunk_bytes = TextWindow::kChunkBytes) {
    return read_rows(bytes, as_format("transactions"), chunk_bytes);
}

TEST(Transactions, ABasketIsAGuestsOrderWithoutATimeAndEachItemALine) {
    const ReadFile file = read_baskets("citrus fruit,margarine\nwhole milk\n");
    ASSERT_EQ(file.rows.size(), 3u) << file.error_detail;
    EXPECT_EQ(file.rows_read, 2u);
    EXPECT_EQ(file[0].product, "citrus fruit");
    EXPECT_EQ(file[1].title, "margarine");
    EXPECT_EQ(file[0].order_no, file[1].order_no);
    EXPECT_NE(file[0].order_no, file[2].order_no);
    EXPECT_EQ(file[0].row_number, 1u);
    EXPECT_EQ(file[1].row_number, 1u);
    EXPECT_EQ(file[2].row_number, 2u);
    EXPECT_EQ(file[0].quantity_milli, 1000);
    EXPECT_EQ(file[0].line_amount, kMissingAmount);
    EXPECT_EQ(file[0].created_at, kNever);
    EXPECT_EQ(file[0].status, std::nullopt);
    EXPECT_EQ(file[2].order_no.size(), 16 + 2u);
    EXPECT_TRUE(file[2].order_no.ends_with("-2"));
}

TEST(Transactions, OneCommaAnywhereMakesItCommas) {
    EXPECT_EQ(read_baskets("whole milk\nyogurt\nrolls/buns,soda\n").rows.size(), 4u);
    EXPECT_EQ(read_baskets("0 1 2 \n30 31\n").rows.size(), 5u);
    std::string late = "whole milk\n";
    while (late.size() < 400'000) late += "whole milk\n";
    EXPECT_EQ(read_baskets(late + "a,b\n").rows[0].product, "whole milk");
    EXPECT_EQ(read_baskets("a,b\n" + late).rows[2].product, "whole milk");
}

TEST(Transactions, QuotedItemsBlanksEmptyItemsAndRepeatsAreUnderstood) {
    const ReadFile file = read_baskets("\"a, b\", c ,,c\n\n , \nd\n");
    ASSERT_EQ(file.rows.size(), 3u);
    EXPECT_EQ(file[0].product, "a, b");
    EXPECT_EQ(file[1].product, "c");
    EXPECT_EQ(file[1].quantity_milli, 2000);
    EXPECT_EQ(file[2].row_number, 2u);
    EXPECT_TRUE(file[2].order_no.ends_with("-2"));
    EXPECT_EQ(file[2].line_number, 4u);
}

TEST(Transactions, TheSameFileGivesTheSameNumbersPackedOrNotAndAnotherFileOthers) {
    const std::string baskets = "a,b\nc\n";
    const ReadFile plain = read_baskets(baskets);
    EXPECT_EQ(describe(read_baskets(gzip(baskets))), describe(plain));
    EXPECT_EQ(describe(read_baskets(zstd(baskets), 16)), describe(plain));
    EXPECT_NE(read_baskets("a,b\nd\n")[0].order_no, plain[0].order_no);
}

TEST(Transactions, ATruncatedFileIsRefusedAsAWholeForItsNumbersWouldBeOthers) {
    std::string baskets;
    for (unsigned i = 0; i < 20'000; ++i) baskets += std::to_string(i * 2654435761u) + ",b\n";
    const std::string packed = gzip(baskets);
    const ReadFile file = read_baskets(packed.substr(0, packed.size() - 5));
    EXPECT_EQ(file.error, "file.truncated");
    EXPECT_TRUE(file.rows.empty());
}

struct Counts {
    std::size_t baskets, lines, items, longest;
    bool operator==(const Counts&) const = default;
};

Counts counts_of(const ReadFile& file) {
    Counts counts{file.rows_read, file.rows.size(), 0, 0};
    std::set<std::string_view> items;
    std::size_t length = 0;
    std::uint64_t basket = 0;
    for (const OrderRow& row : file.rows) {
        items.insert(row.product);
        length = row.row_number == basket ? length + 1 : 1;
        basket = row.row_number;
        counts.longest = std::max(counts.longest, length);
    }
    counts.items = items.size();
    return counts;
}

TEST(Transactions, GroceriesHas9835BasketsOf169Products) {
    const auto path = shared_file("data/groceries/groceries.csv.zst");
    SKIP_WITHOUT(path);
    EXPECT_EQ(counts_of(read_path(path, as_format("transactions"))), (Counts{9'835, 43'367, 169, 32}));
}

TEST(Transactions, FimiRetailHas88162BasketsOf16470Items) {
    const auto path = shared_file("data/fimi_retail/retail.dat.zst");
    SKIP_WITHOUT(path);
    EXPECT_EQ(counts_of(read_path(path, as_format("transactions"))), (Counts{88'162, 908'576, 16'470, 76}));
}

}  // namespace
}  // namespace shuke::ingest
