// Aim: numbers, gaps and purchases are what counting one by one gives, for customers of a few orders and of hundreds.
// Method: random days and shops, some orders not kept, some without a time; days that come back, as where summer time
// ends just after midnight.
#include "audience/engine/order_sequence.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "audience/engine/kernels.h"

namespace shuke::audience {
namespace {

struct Made {
    OrderColumns orders;
    ColumnStore store;
    std::vector<std::int64_t> days, shops;
    std::vector<Word> kept;

    OrderSequence sequence() const { return {orders, kept.data()}; }
    bool is_kept(std::size_t row) const { return test_bit(kept.data(), row); }
};

Made make(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
    Made made;
    made.orders.offsets.assign(kBlockSlots + 1, 0);
    const std::int64_t shops = 1 + below(3);
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const std::int64_t count = slot < 40 ? (below(10) == 0 ? below(200) : below(9)) : 0;
        std::int64_t day = 19'000;
        bool timed = below(4) != 0;
        for (std::int64_t i = 0; i < count; ++i) {
            if (timed) day += below(3) == 0 ? below(40) : below(2);
            const std::int64_t back = below(20) == 0 ? 1 : 0;
            made.days.push_back(timed ? day - back : kMissing);
            made.shops.push_back(1 + below(static_cast<std::uint64_t>(shops)));
            timed = timed || below(2) == 0;
        }
        made.orders.offsets[slot + 1] = static_cast<std::uint32_t>(made.days.size());
    }
    made.orders.rows = static_cast<std::uint32_t>(made.days.size());
    made.orders.day = made.store.add(made.days);
    made.orders.shop = made.store.add_codes(made.shops);
    made.orders.repeats = find_repeats(made.orders);
    made.kept.assign(words_for(made.days.size()) + 1, 0);
    for (std::size_t row = 0; row < made.days.size(); ++row)
        if (below(5) != 0) made.kept[row / 64] |= Word{1} << (row % 64);
    return made;
}

std::vector<Word> all_rows(const Made& made) {
    std::vector<Word> rows(words_for(made.days.size()) + 1, 0);
    fill_ones(rows.data(), made.days.size());
    return rows;
}

TEST(OrderSequence, ARangeOfNumbersIsThatOfTheNumbers) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const Made made = make(seed);
        std::vector<std::int32_t> days;
        for (const std::int64_t day : made.days)
            days.push_back(day == kMissing ? kNoLocalDay : static_cast<std::int32_t>(day));
        std::vector<std::uint32_t> nth(days.size()), gap(days.size());
        number_orders(made.sequence(), days.data(), nth.data(), gap.data());
        const auto expect = [&](const std::vector<Word>& found, const auto& passes, const char* what) {
            for (std::size_t row = 0; row < days.size(); ++row)
                ASSERT_EQ(test_bit(found.data(), row), passes(row)) << what << ", seed " << seed << " row " << row;
        };
        constexpr std::int64_t kMany = 1'000'000;
        constexpr std::pair<std::int64_t, std::int64_t> kRanges[] = {{2, 2},     {1, 1}, {-5, 3},
                                                                     {3, kMany}, {7, 9}, {4, 1}};
        for (const auto& [low, high] : kRanges) {
            std::vector<Word> by_nth = all_rows(made);
            ASSERT_TRUE(keep_nth(made.sequence(), low, high, by_nth.data()));
            expect(
                by_nth, [&](std::size_t row) { return nth[row] != 0 && nth[row] >= low && nth[row] <= high; }, "nth");
            std::vector<Word> by_gap = all_rows(made);
            keep_gap(made.sequence(), low, high, by_gap.data());
            expect(
                by_gap,
                [&](std::size_t row) {
                    const std::int64_t days_between = std::int64_t{gap[row]} - 1;
                    return gap[row] != 0 && days_between >= low && days_between <= high;
                },
                "gap");
        }
        std::vector<Word> untouched = all_rows(made);
        EXPECT_FALSE(keep_nth(made.sequence(), 100, 100, untouched.data()));
        EXPECT_EQ(untouched, all_rows(made));
    }
}

TEST(OrderSequence, APurchaseIsTheKeptOrdersOfACustomerShopAndDay) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const Made made = make(seed);
        std::vector<Word> begins = made.kept;
        keep_known(made.orders.day, made.days.size(), begins.data());
        keep_purchases(made.sequence(), begins.data());
        std::vector<std::uint32_t> of_order(made.days.size());
        purchases_of_orders(made.sequence(), begins.data(), of_order.data());
        for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
            std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> first;
            for (std::uint32_t row = made.orders.offsets[slot]; row < made.orders.offsets[slot + 1]; ++row) {
                const bool counts = made.is_kept(row) && made.days[row] != kMissing;
                const auto place = std::pair(made.days[row], made.shops[row]);
                const bool is_first = counts && first.emplace(place, row).second;
                ASSERT_EQ(test_bit(begins.data(), row), is_first) << "seed " << seed << " row " << row;
                ASSERT_EQ(of_order[row], counts ? first.at(place) : kNoPurchase) << "seed " << seed << " row " << row;
            }
        }
    }
}

}  // namespace
}  // namespace shuke::audience
