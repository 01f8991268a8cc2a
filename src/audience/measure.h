// src/audience/measure.h
//
// Metrics of many customers at once: one pass over the blocks, for analyses and for ranking.
//
//   in   the metrics, and who (a Selection; all customers that exist as of the instant when null)
//   out  slots [n] ascending; values [metric][n] in the metric's own unit: money in minor units of the base
//        currency, quantities in thousandths, times in seconds and days in days since 1970-01-01; NaN = missing
//
// Errors   none. A metric of text is a bug: bind_metric refuses it.
// Threads  pure; blocks are shared out over the pool.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::audience {

struct Measurements {
    std::vector<Slot> slots;
    std::vector<std::vector<double>> values;
};

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who = nullptr, WorkerPool* pool = nullptr);

// The same without the tables, block by block on the pool's threads, several at once: use(block, slots, values), where
// values[metric] lie beside slots. Blocks of nobody are left out; there are Version::blocks().size().
using UseMeasured = std::function<void(std::size_t block, std::span<const Slot> slots,
                                       std::span<const std::span<const double>> values)>;
void measure_by_block(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                      const Selection* who, WorkerPool* pool, const UseMeasured& use);

}  // namespace shuke::audience
