// Aim: quantiles are those of the sorted values, in whatever order they are asked for.
// Method: random tables of small whole numbers and of any numbers, against sorting; figures of a known table.
#include "insight/quantiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace shuke::insight {
namespace {

double of_sorted(const std::vector<double>& sorted, std::size_t k, std::size_t n) {
    const std::size_t place = k * (sorted.size() - 1);
    const double low = sorted[place / n];
    if (place % n == 0) return low;
    return low + static_cast<double>(place % n) / static_cast<double>(n) * (sorted[place / n + 1] - low);
}

TEST(Quantiles, AreThoseOfTheSortedValues) {
    std::mt19937_64 random(7);
    const double scales[] = {1, 0.25, -3, 1e7};
    for (int table = 0; table < 200; ++table) {
        std::vector<double> values(1 + random() % 300);
        const double scale = scales[random() % std::size(scales)];
        for (double& value : values) value = static_cast<double>(random() % 90) * scale;
        Quantiles quantiles(values);
        std::ranges::sort(values);
        for (int question = 0; question < 12; ++question) {
            const std::size_t n = 1 + random() % 10;
            const std::size_t k = random() % (n + 1);
            ASSERT_EQ(quantiles.at(k, n), of_sorted(values, k, n)) << k << "/" << n << " of " << values.size();
        }
    }
}

TEST(Quantiles, DescribeATable) {
    const Distribution of = Quantiles({2, 4, 4, 4, 5, 5, 7, 9}).describe();
    EXPECT_EQ(of.mean, 5);
    EXPECT_NEAR(of.standard_deviation, 2.13809, 1e-5);
    EXPECT_EQ(of.min, 2);
    EXPECT_EQ(of.q25, 4);
    EXPECT_EQ(of.median, 4.5);
    EXPECT_EQ(of.q75, 5.5);
    EXPECT_EQ(of.max, 9);
    EXPECT_EQ(Quantiles({}).describe().max, 0);
    EXPECT_EQ(Quantiles({3}).describe().standard_deviation, 0);
}

}  // namespace
}  // namespace shuke::insight
