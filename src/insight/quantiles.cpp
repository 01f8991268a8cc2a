#include "insight/quantiles.h"

#include <algorithm>
#include <cmath>

namespace shuke::insight {
namespace {

constexpr double kLargestCounted = 65'535;

// Empty where a value is negative, broken or large.
std::vector<std::size_t> count_values(const std::vector<double>& values) {
    std::vector<std::size_t> counts(static_cast<std::size_t>(kLargestCounted) + 1, 0);
    for (const double value : values) {
        if (!(value >= 0 && value <= kLargestCounted) || value != std::floor(value)) return {};
        ++counts[static_cast<std::size_t>(value)];
    }
    return counts;
}

}  // namespace

Quantiles::Quantiles(std::vector<double> values) : count_(values.size()), values_(std::move(values)) {
    if (count_ == 0) return;
    for (const double value : values_) sum_ += value;
    const double mean = sum_ / static_cast<double>(count_);
    for (const double value : values_) squares_from_mean_ += (value - mean) * (value - mean);
    counts_ = count_values(values_);
}

double Quantiles::value_at(std::size_t place) {
    if (!counts_.empty()) {
        std::size_t below = 0;
        for (std::size_t value = 0;; ++value) {
            below += counts_[value];
            if (below > place) return static_cast<double>(value);
        }
    }
    // Partitioned within the neighbours that are in place already.
    const auto [found, is_new] = in_place_.insert(place);
    if (!is_new) return values_[place];
    const std::size_t begin = found == in_place_.begin() ? 0 : *std::prev(found) + 1;
    const std::size_t end = std::next(found) == in_place_.end() ? count_ : *std::next(found);
    const auto at = [&](std::size_t i) { return values_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::nth_element(at(begin), at(place), at(end));
    return values_[place];
}

// The place is computed in whole numbers, so that it never slips beside the value it should be.
double Quantiles::at(std::size_t k, std::size_t n) {
    const std::size_t place = k * (count_ - 1);
    const double low = value_at(place / n);
    if (place % n == 0) return low;
    const double high = value_at(place / n + 1);
    return low + static_cast<double>(place % n) / static_cast<double>(n) * (high - low);
}

Distribution Quantiles::describe() {
    if (count_ == 0) return {};
    const auto n = static_cast<double>(count_);
    return {sum_ / n, count_ > 1 ? std::sqrt(squares_from_mean_ / (n - 1)) : 0, at(0, 4), at(1, 4), at(1, 2), at(3, 4),
            at(4, 4)};
}

}  // namespace shuke::insight
