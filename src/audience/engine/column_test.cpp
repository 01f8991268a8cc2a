// Aim: a column gives back exactly what was put into it, in as few bytes as it can.
// Method: random values of every width with and without missing ones; sizes by hand.
#include "audience/engine/column.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shuke::audience {
namespace {

std::vector<std::int64_t> read(const Column& column, std::size_t rows) {
    std::vector<std::int64_t> values(rows);
    for (std::size_t row = 0; row < rows; ++row) values[row] = column.value_at(row);
    return values;
}

RC_GTEST_PROP(ColumnModel, GivesBackEveryValue, ()) {
    const auto bits = *rc::gen::inRange(0, 64);
    const std::int64_t most = static_cast<std::int64_t>(~std::uint64_t{0} >> 1 >> bits);
    const auto base = *rc::gen::element<std::int64_t>(0, 1, -1, 1'700'000'000, kMissing + 2);
    const auto value = rc::gen::map(rc::gen::inRange<std::int64_t>(0, most), [=](std::int64_t x) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                         static_cast<std::uint64_t>(base > 0 ? x / 2 : x));
    });
    const auto values = *rc::gen::container<std::vector<std::int64_t>>(
        rc::gen::weightedOneOf<std::int64_t>({{4, value}, {1, rc::gen::just(kMissing)}}));
    ColumnStore store;
    const Column column = store.add(values);
    RC_ASSERT(read(column, values.size()) == values);
    for (const std::int64_t known : values) {
        if (known != kMissing) RC_ASSERT(known >= column.min && known <= column.max);
    }
    for (std::size_t row = 0; column.known != nullptr && row < values.size(); ++row) {
        RC_ASSERT((column.known[row / 64] >> (row % 64) & 1) == (values[row] != kMissing ? 1u : 0u));
    }
}

TEST(Column, OneValueTakesNoBytes) {
    ColumnStore store;
    const Column same = store.add(std::vector<std::int64_t>(1000, 1'700'000'000));
    const Column none = store.add(std::vector<std::int64_t>(1000, kMissing));
    EXPECT_EQ(store.bytes(), 0u);
    EXPECT_EQ(same.value_at(999), 1'700'000'000);
    EXPECT_EQ(none.value_at(999), kMissing);
    EXPECT_TRUE(none.all_missing());
}

TEST(Column, ANarrowRangeOfLargeNumbersTakesNarrowRows) {
    ColumnStore store;
    std::vector<std::int64_t> values(64, 1'700'000'000);
    values[3] = 1'700'000'254;
    EXPECT_EQ(store.add(values).width, 1);
    values[4] = 1'700'000'255;
    EXPECT_EQ(store.add(values).width, 2);
    values[5] = 1'700'070'000;
    EXPECT_EQ(store.add(values).width, 4);
    values[6] = 17'000'000'000'000;
    EXPECT_EQ(store.add(values).width, 8);
}

TEST(Column, TheWholeRangeOfNumbersFits) {
    ColumnStore store;
    const std::vector<std::int64_t> values = {kMissing + 1, std::numeric_limits<std::int64_t>::max(), kMissing, 0};
    EXPECT_EQ(read(store.add(values), 4), values);
}

TEST(Column, CodesAreStoredAsTheyAre) {
    ColumnStore store;
    const Column column = store.add_codes(std::vector<std::int64_t>{0, 7, 255});
    EXPECT_EQ(column.width, 1);
    EXPECT_EQ(column.stored_at(1), 7u);
    EXPECT_EQ(column.value_at(0), kMissing);
    EXPECT_EQ(store.add_codes(std::vector<std::int64_t>{7, 7}).stored_at(1), 7u);
}

TEST(Column, ScratchValuesReadLikeStoredOnes) {
    std::vector<std::int64_t> values = {kMissing, -5, 0, 7, std::numeric_limits<std::int64_t>::max()};
    const std::vector<std::int64_t> copy = values;
    const Column column = scratch_column(values.data(), values.size());
    EXPECT_EQ(read(column, 5), copy);
}

}  // namespace
}  // namespace shuke::audience
