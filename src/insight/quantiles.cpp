#include "insight/quantiles.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "audience/worker_pool.h"

namespace shuke::insight {
namespace {

constexpr std::size_t kBuckets = std::size_t{1} << 16;

// Ascends with the value: the sign, the exponent and four bits of the fraction.
std::size_t bucket_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t ascending = (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
    return static_cast<std::size_t>(ascending >> 48);
}

std::vector<std::size_t> count_buckets(const Parts& parts, audience::WorkerPool* pool) {
    std::vector<std::vector<std::uint32_t>> by_worker(audience::workers(pool));
    audience::run_tasks(pool, parts.size(), [&](std::size_t part, unsigned worker) {
        auto& counts = by_worker[worker];
        if (counts.empty()) counts.resize(kBuckets);
        for (const double value : parts[part]) ++counts[bucket_of(value)];
    });
    std::vector<std::size_t> counts(kBuckets, 0);
    for (const auto& of_worker : by_worker)
        for (std::size_t bucket = 0; bucket < of_worker.size(); ++bucket) counts[bucket] += of_worker[bucket];
    return counts;
}

struct Bucket {
    std::size_t first;                // place of its least value
    std::vector<std::size_t> places;  // wanted, ascending
    std::vector<double> values;
};

// The buckets in which the places lie.
std::map<std::size_t, Bucket> buckets_of(const std::vector<std::size_t>& places,
                                         const std::vector<std::size_t>& counts) {
    std::map<std::size_t, Bucket> found;
    std::size_t bucket = 0;
    std::size_t first = 0;
    for (const std::size_t place : places) {
        while (first + counts[bucket] <= place) first += counts[bucket++];
        const auto [at, is_new] = found.try_emplace(bucket);
        at->second.first = first;
        at->second.places.push_back(place);
    }
    return found;
}

void collect(const Parts& parts, std::map<std::size_t, Bucket>& buckets, audience::WorkerPool* pool) {
    constexpr std::uint8_t kUnwanted = 0xFF;
    std::vector<std::uint8_t> number_of(kBuckets, kUnwanted);
    std::uint8_t number = 0;
    for (const auto& [bucket, content] : buckets) number_of[bucket] = number++;
    std::vector<std::vector<std::vector<double>>> by_worker(audience::workers(pool),
                                                            std::vector<std::vector<double>>(buckets.size()));
    audience::run_tasks(pool, parts.size(), [&](std::size_t part, unsigned worker) {
        for (const double value : parts[part]) {
            const std::uint8_t wanted = number_of[bucket_of(value)];
            if (wanted != kUnwanted) by_worker[worker][wanted].push_back(value);
        }
    });
    number = 0;
    for (auto& [bucket, content] : buckets) {
        for (const auto& of_worker : by_worker)
            content.values.insert(content.values.end(), of_worker[number].begin(), of_worker[number].end());
        ++number;
    }
}

// Places of the k-th n-quantile: one, or the two it lies between.
void add_places(std::size_t count, std::size_t n, std::vector<std::size_t>& places) {
    for (std::size_t k = 0; k <= n; ++k) {
        const std::size_t place = k * (count - 1);
        places.push_back(place / n);
        if (place % n != 0) places.push_back(place / n + 1);
    }
}

}  // namespace

Quantiles::Quantiles(const Parts& parts, std::size_t n, audience::WorkerPool* pool) {
    for (const auto& part : parts) count_ += part.size();
    if (count_ == 0) return;
    add_moments(parts, pool);
    std::vector<std::size_t> places;
    add_places(count_, 4, places);
    add_places(count_, n, places);
    std::ranges::sort(places);
    const auto repeated = std::ranges::unique(places);
    places.erase(repeated.begin(), repeated.end());
    auto buckets = buckets_of(places, count_buckets(parts, pool));
    collect(parts, buckets, pool);
    for (auto& [bucket, content] : buckets) {
        auto begin = content.values.begin();
        for (const std::size_t place : content.places) {
            const auto at = content.values.begin() + static_cast<std::ptrdiff_t>(place - content.first);
            std::nth_element(begin, at, content.values.end());
            at_place_[place] = *at;
            begin = at;
        }
    }
}

// Each part's own mean and squares, then put together in their order: the same whatever the threads.
void Quantiles::add_moments(const Parts& parts, audience::WorkerPool* pool) {
    struct Moments {
        double sum = 0, squares = 0;
    };
    std::vector<Moments> moments(parts.size());
    audience::run_tasks(pool, parts.size(), [&](std::size_t part, unsigned) {
        if (parts[part].empty()) return;
        Moments& of = moments[part];
        for (const double value : parts[part]) of.sum += value;
        const double mean = of.sum / static_cast<double>(parts[part].size());
        for (const double value : parts[part]) of.squares += (value - mean) * (value - mean);
    });
    double before = 0;  // how many
    for (std::size_t part = 0; part < parts.size(); ++part) {
        if (parts[part].empty()) continue;
        const auto here = static_cast<double>(parts[part].size());
        const double apart = before == 0 ? 0 : moments[part].sum / here - sum_ / before;
        squares_from_mean_ += moments[part].squares + apart * apart * before * here / (before + here);
        sum_ += moments[part].sum;
        before += here;
    }
}

// The place is computed in whole numbers, so that it never slips beside the value it should be.
double Quantiles::at(std::size_t k, std::size_t n) const {
    const std::size_t place = k * (count_ - 1);
    const double low = at_place_.at(place / n);
    if (place % n == 0) return low;
    const double high = at_place_.at(place / n + 1);
    return low + static_cast<double>(place % n) / static_cast<double>(n) * (high - low);
}

Distribution Quantiles::describe() const {
    if (count_ == 0) return {};
    const auto n = static_cast<double>(count_);
    return {sum_ / n, count_ > 1 ? std::sqrt(squares_from_mean_ / (n - 1)) : 0, at(0, 4), at(1, 4), at(1, 2), at(3, 4),
            at(4, 4)};
}

}  // namespace shuke::insight
