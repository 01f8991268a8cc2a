// Aim: every kernel keeps exactly the rows that the plain loop keeps.
// Method: random columns of every width, ranges around their values, against the definition.
#include "audience/engine/kernels.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace shuke::audience {
namespace {

using Values = std::vector<std::int64_t>;

struct Made {
    Values values;
    ColumnStore store;
    Column column;
    std::vector<Word> keep;  // some rows are out already
};

Made any_column() {
    Made made;
    const auto spread = *rc::gen::element<std::int64_t>(1, 3, 200, 60'000, 3'000'000'000, 4'000'000'000'000);
    const auto base = *rc::gen::element<std::int64_t>(0, 1, -70, 1'300'000'000);
    const double missing = *rc::gen::element(0.0, 0.2, 1.0);
    const auto rows = *rc::gen::element<std::size_t>(0, 1, 63, 64, 65, 200);
    for (std::size_t row = 0; row < rows; ++row) {
        const bool none = *rc::gen::inRange(0, 100) < static_cast<int>(missing * 100);
        made.values.push_back(none ? kMissing : base + *rc::gen::inRange<std::int64_t>(0, spread));
    }
    made.column = made.store.add(made.values);
    made.keep.assign(words_for(rows) + 1, 0);
    fill_ones(made.keep.data(), rows);
    for (std::size_t row = 0; row < rows; row += 3) made.keep[row / 64] &= ~(Word{1} << (row % 64));
    return made;
}

std::int64_t near(const Values& values) {
    if (values.empty()) return 0;
    const std::int64_t value = values[*rc::gen::inRange<std::size_t>(0, values.size())];
    return value == kMissing ? *rc::gen::inRange<std::int64_t>(-5, 5) : value + *rc::gen::inRange<std::int64_t>(-1, 2);
}

RC_GTEST_PROP(KernelsModel, KeepInRangeIsTheDefinition, ()) {
    Made made = any_column();
    const std::int64_t low = *rc::gen::arbitrary<bool>() ? kMissing + 1 : near(made.values);
    const std::int64_t high =
        *rc::gen::inRange(0, 5) == 0 ? std::numeric_limits<std::int64_t>::max() : near(made.values);
    const auto mode = static_cast<Keep>(*rc::gen::inRange(0, 3));
    const std::vector<Word> before = made.keep;
    keep_in_range(made.column, made.values.size(), low, high, mode, made.keep.data());
    for (std::size_t row = 0; row < made.values.size(); ++row) {
        const std::int64_t value = made.values[row];
        const bool inside = value != kMissing && value >= low && value <= high;
        const bool passes = mode == Keep::kInside    ? inside
                            : mode == Keep::kOutside ? value != kMissing && !inside
                                                     : inside || value == kMissing;
        RC_ASSERT(test_bit(made.keep.data(), row) == (test_bit(before.data(), row) && passes));
    }
    RC_ASSERT(made.keep.back() == before.back());
}

RC_GTEST_PROP(KernelsModel, SumsAndCountsBySlotAreTheDefinition, ()) {
    Made made = any_column();
    // What the slots leave over is the last one's.
    std::vector<std::uint32_t> offsets = {0};
    const auto rows_of_slots =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::element<std::uint32_t>(0, 1, 5, 64, 90));
    const auto rows = static_cast<std::uint32_t>(made.values.size());
    for (const std::uint32_t count : rows_of_slots) offsets.push_back(std::min(offsets.back() + count, rows));
    offsets.push_back(rows);
    const std::size_t slots = offsets.size() - 1;
    std::vector<double> counts(slots);
    std::vector<Word> prefix(made.keep.size() + 1);
    count_by_slot(made.keep.data(), made.values.size(), offsets.data(), slots, prefix.data(), counts.data());
    std::vector<std::uint32_t> sums(slots);
    std::vector<std::uint32_t> prefix_sums(made.values.size() + 65);
    const bool summed = sum_by_slot(made.column, made.values.size(), made.keep.data(), offsets.data(), slots,
                                    prefix_sums.data(), sums.data());
    for (std::size_t slot = 0; slot < slots; ++slot) {
        std::uint64_t sum = 0;
        int count = 0;
        for (std::size_t row = offsets[slot]; row < offsets[slot + 1]; ++row) {
            if (!test_bit(made.keep.data(), row)) continue;
            ++count;
            sum += made.column.stored_at(row);
        }
        RC_ASSERT(counts[slot] == count);
        if (summed) RC_ASSERT(sums[slot] == sum);
    }
}

RC_GTEST_PROP(KernelsModel, BitsBecomeBytesAndFindTheirWayBack, (const std::vector<bool>& wanted)) {
    std::vector<Word> bits(words_for(wanted.size()) + 1, 0);
    for (std::size_t row = 0; row < wanted.size(); ++row) bits[row / 64] |= Word{wanted[row]} << (row % 64);
    std::vector<std::uint8_t> bytes(words_for(wanted.size()) * 64);
    bytes_of_bits(bits.data(), wanted.size(), bytes.data());
    std::size_t last = wanted.size();
    std::vector<std::size_t> visited;
    for (std::size_t row = 0; row < wanted.size(); ++row) {
        RC_ASSERT(bytes[row] == (wanted[row] ? 1 : 0));
        if (wanted[row]) last = row;
    }
    RC_ASSERT(last_bit(bits.data(), 0, wanted.size()) == last);
    const std::size_t begin = wanted.size() / 3;
    const std::size_t end = wanted.size() - wanted.size() / 4;
    for_each_bit(bits.data(), begin, end, [&](std::size_t row) { return visited.push_back(row), true; });
    std::vector<std::size_t> expected;
    for (std::size_t row = begin; row < end; ++row) {
        if (wanted[row]) expected.push_back(row);
    }
    RC_ASSERT(visited == expected);
}

TEST(Kernels, ATableDecidesByCodeTheMissingOneIncluded) {
    for (const std::size_t different : {1u, 3u, 17u, 127u, 128u, 129u, 256u, 300u}) {
        ColumnStore store;
        std::vector<std::int64_t> codes(500);
        for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::int64_t>(i * 7 % different);
        const Column column = store.add_codes(codes);
        std::vector<std::uint8_t> table(different, 0);
        for (std::size_t code = 0; code < different; code += 3) table[code] = 1;
        table[different - 1] = 1;
        std::vector<Word> keep(words_for(500) + 1);
        fill_ones(keep.data(), 500);
        keep[0] &= ~Word{1};
        keep_in_table(column, 500, table.data(), keep.data());
        for (std::size_t row = 0; row < 500; ++row) {
            const bool passes = row != 0 && table[static_cast<std::size_t>(codes[row])] == 1;
            EXPECT_EQ(test_bit(keep.data(), row), passes) << different << " codes, row " << row;
        }
    }
}

TEST(Kernels, NothingComparesWithAMissingNumber) {
    std::array<double, 1024> left{};
    std::array<double, 1024> right{};
    left[1] = std::nan("");
    right[2] = std::nan("");
    left[3] = -1;
    for (const Order order :
         {Order::kEqual, Order::kNotEqual, Order::kLess, Order::kLessEqual, Order::kGreater, Order::kGreaterEqual}) {
        const SlotBits bits = compare(left.data(), order, right.data());
        EXPECT_FALSE(bits.test(1));
        EXPECT_FALSE(bits.test(2));
        EXPECT_EQ(bits.test(0), order == Order::kEqual || order == Order::kLessEqual || order == Order::kGreaterEqual);
        EXPECT_EQ(bits.test(3), order == Order::kNotEqual || order == Order::kLess || order == Order::kLessEqual);
    }
}

}  // namespace
}  // namespace shuke::audience
