// src/insight/quantiles.h
//
// Quantiles and moments of many numbers, without sorting all of them: one pass counts them by their leading bits, a
// second one picks those that share them with a wanted place, and only these are put in order.
//
// Threads  pure; the passes are shared out over the pool.
// Cost     two passes, and what lies in the buckets of the wanted places: a few percent of the values mostly.
// Source   moments of parts put together as in Chan, Golub, LeVeque (1979), Updating formulae.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace shuke::audience {
class WorkerPool;
}

namespace shuke::insight {

struct Distribution {
    double mean = 0, standard_deviation = 0;  // of the sample (n − 1)
    double min = 0, q25 = 0, median = 0, q75 = 0, max = 0;
};

// The numbers, none NaN, in as many parts as it pleases: what one thread reads at a time.
using Parts = std::vector<std::span<const double>>;

class Quantiles {
public:
    // n: which n-quantiles will be asked for, beside quartiles.
    Quantiles(const Parts& parts, std::size_t n, audience::WorkerPool* pool = nullptr);

    bool empty() const { return count_ == 0; }
    // The k-th of n-quantiles, linear between neighbours (Hyndman & Fan 1996, type 7). Not of an empty table.
    double at(std::size_t k, std::size_t n) const;
    Distribution describe() const;  // zeros for an empty table

private:
    void add_moments(const Parts& parts, audience::WorkerPool* pool);

    std::size_t count_ = 0;
    double sum_ = 0, squares_from_mean_ = 0;
    std::map<std::size_t, double> at_place_;  // of the sorted values: the wanted ones
};

}  // namespace shuke::insight
