// src/insight/quantiles.h
//
// Quantiles and moments of many numbers, without sorting all of them: small whole numbers are counted, others are
// partitioned around the places that are asked for.
//
// Cost     one pass for small whole numbers; else about three passes for the first few quantiles.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

namespace shuke::insight {

struct Distribution {
    double mean = 0, standard_deviation = 0;  // of the sample (n − 1)
    double min = 0, q25 = 0, median = 0, q75 = 0, max = 0;
};

class Quantiles {
public:
    explicit Quantiles(std::vector<double> values);  // none NaN

    bool empty() const { return count_ == 0; }
    // The k-th of n-quantiles, linear between neighbours (Hyndman & Fan 1996, type 7). Not of an empty table.
    double at(std::size_t k, std::size_t n);
    Distribution describe();  // zeros for an empty table

private:
    double value_at(std::size_t place);  // of the sorted values

    std::size_t count_;
    std::vector<double> values_;       // in the order in which they were partitioned so far
    std::set<std::size_t> in_place_;   // places that hold what they would hold in the sorted order
    std::vector<std::size_t> counts_;  // of the values 0, 1, 2 …, where all are small and whole; else empty
    double sum_ = 0, squares_from_mean_ = 0;
};

}  // namespace shuke::insight
