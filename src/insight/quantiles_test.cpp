// Aim: quantiles and moments are those of the sorted values, however they lie in parts and on threads.
// Method: random tables of few and of many different numbers, against sorting; figures of a known table.
#include "insight/quantiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "audience/worker_pool.h"

namespace shuke::insight {
namespace {

double of_sorted(const std::vector<double>& sorted, std::size_t k, std::size_t n) {
    const std::size_t place = k * (sorted.size() - 1);
    const double low = sorted[place / n];
    if (place % n == 0) return low;
    return low + static_cast<double>(place % n) / static_cast<double>(n) * (sorted[place / n + 1] - low);
}

// Parts of any length, empty ones among them.
Parts parts_of(const std::vector<double>& values, std::mt19937_64& random) {
    Parts parts;
    for (std::size_t begin = 0; begin < values.size();) {
        const std::size_t length = std::min<std::size_t>(random() % 60, values.size() - begin);
        parts.emplace_back(values.data() + begin, length);
        begin += length;
    }
    return parts;
}

TEST(Quantiles, AreThoseOfTheSortedValues) {
    std::mt19937_64 random(7);
    audience::WorkerPool pool(3);
    const double scales[] = {1, 0.25, -3, 1e7};
    for (int table = 0; table < 200; ++table) {
        std::vector<double> values(1 + random() % 300);
        const double scale = scales[random() % std::size(scales)];
        const std::uint64_t different = random() % 2 == 0 ? 90 : 1'000'000;
        for (double& value : values) value = (static_cast<double>(random() % different) - 20) * scale;
        const std::size_t n = 1 + random() % 10;
        const Quantiles quantiles(parts_of(values, random), n, table % 2 == 0 ? &pool : nullptr);
        double squares = 0;
        double sum = 0;
        for (const double value : values) sum += value;
        const double mean = sum / static_cast<double>(values.size());
        for (const double value : values) squares += (value - mean) * (value - mean);
        std::ranges::sort(values);
        for (const std::size_t of : {n, std::size_t{4}}) {
            for (std::size_t k = 0; k <= of; ++k)
                ASSERT_EQ(quantiles.at(k, of), of_sorted(values, k, of)) << k << "/" << of << " of " << values.size();
        }
        const Distribution described = quantiles.describe();
        ASSERT_NEAR(described.mean, mean, std::abs(mean) * 1e-12);
        if (values.size() == 1) continue;
        const double deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
        ASSERT_NEAR(described.standard_deviation, deviation, deviation * 1e-9);
    }
}

TEST(Quantiles, DescribeATable) {
    const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
    const Distribution of = Quantiles({values}, 4).describe();
    EXPECT_EQ(of.mean, 5);
    EXPECT_NEAR(of.standard_deviation, 2.13809, 1e-5);
    EXPECT_EQ(of.min, 2);
    EXPECT_EQ(of.q25, 4);
    EXPECT_EQ(of.median, 4.5);
    EXPECT_EQ(of.q75, 5.5);
    EXPECT_EQ(of.max, 9);
    EXPECT_EQ(Quantiles({}, 4).describe().max, 0);
    const std::vector<double> one = {3};
    EXPECT_EQ(Quantiles({one}, 5).describe().standard_deviation, 0);
}

}  // namespace
}  // namespace shuke::insight
