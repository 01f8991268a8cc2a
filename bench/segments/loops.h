// bench/segments/loops.h
//
// What a C++ programmer writes by hand for one question: a loop over the customers of plain arrays, stopping at the
// first row that decides. The frame here only shares the customers out over the pool and packs the answers as bits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "audience/worker_pool.h"
#include "segments/arrays.h"

namespace shuke::bench {

using Bits = std::vector<std::uint64_t>;  // one a customer
using Loop = std::function<Bits(const Arrays&, audience::WorkerPool&)>;

inline constexpr std::uint32_t kCustomersATask = 4096;

// work(begin, end) for ranges of customers.
void share_out(const Arrays& arrays, audience::WorkerPool& pool, const auto& work) {
    const std::uint32_t customers = arrays.size();
    pool.run((customers + kCustomersATask - 1) / kCustomersATask, [&](std::size_t task, unsigned) {
        const auto begin = static_cast<std::uint32_t>(task) * kCustomersATask;
        work(begin, std::min(begin + kCustomersATask, customers));
    });
}

// keep(arrays, customer) of every customer.
Loop each(auto keep) {
    return [keep](const Arrays& arrays, audience::WorkerPool& pool) {
        Bits bits((arrays.size() + 63) / 64);
        share_out(arrays, pool, [&](std::uint32_t begin, std::uint32_t end) {
            for (std::uint32_t customer = begin; customer < end; ++customer) {
                bits[customer / 64] |= std::uint64_t{keep(arrays, customer) ? 1u : 0u} << (customer % 64);
            }
        });
        return bits;
    };
}

std::vector<std::int64_t> measured(const Arrays& arrays, audience::WorkerPool& pool, const auto& metric) {
    std::vector<std::int64_t> values(arrays.size());
    share_out(arrays, pool, [&](std::uint32_t begin, std::uint32_t end) {
        for (std::uint32_t customer = begin; customer < end; ++customer) values[customer] = metric(arrays, customer);
    });
    return values;
}

// The n customers of the highest metric; the lower id first among equals.
Loop top(std::size_t n, auto metric) {
    return [n, metric](const Arrays& arrays, audience::WorkerPool& pool) {
        const auto values = measured(arrays, pool, metric);
        std::vector<std::uint32_t> order(values.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(n, order.size()));
        std::nth_element(order.begin(), end, order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return values[a] != values[b] ? values[a] > values[b] : a < b;
        });
        Bits bits((values.size() + 63) / 64);
        for (auto i = order.begin(); i != end; ++i) bits[*i / 64] |= std::uint64_t{1} << (*i % 64);
        return bits;
    };
}

Loop above_average(auto metric) {
    return [metric](const Arrays& arrays, audience::WorkerPool& pool) {
        const auto values = measured(arrays, pool, metric);
        std::int64_t sum = 0;
        for (const std::int64_t value : values) sum += value;
        Bits bits((values.size() + 63) / 64);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const bool above = values[i] * static_cast<std::int64_t>(values.size()) > sum;
            bits[i / 64] |= std::uint64_t{above ? 1u : 0u} << (i % 64);
        }
        return bits;
    };
}

// Rows of a customer in a table that ascends in time.
bool any_row(const auto& table, std::uint32_t customer, const auto& test) {
    for (std::uint32_t row = table.offsets[customer]; row < table.offsets[customer + 1]; ++row)
        if (test(row)) return true;
    return false;
}
// The same from a moment on, latest first.
bool any_row_since(const auto& table, std::uint32_t customer, std::uint32_t from, const auto& test) {
    for (std::uint32_t row = table.offsets[customer + 1]; row-- > table.offsets[customer] && table.at[row] >= from;)
        if (test(row)) return true;
    return false;
}
std::int64_t sum_rows(const auto& table, std::uint32_t customer, const auto& value) {
    std::int64_t sum = 0;
    for (std::uint32_t row = table.offsets[customer]; row < table.offsets[customer + 1]; ++row) sum += value(row);
    return sum;
}
std::int64_t sum_rows_since(const auto& table, std::uint32_t customer, std::uint32_t from, const auto& value) {
    std::int64_t sum = 0;
    for (std::uint32_t row = table.offsets[customer + 1]; row-- > table.offsets[customer] && table.at[row] >= from;)
        sum += value(row);
    return sum;
}

}  // namespace shuke::bench
