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

#include <vector>

#include "audience/evaluate.h"

namespace shuke::audience {

struct Measurements {
    std::vector<Slot> slots;
    std::vector<std::vector<double>> values;
};

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who = nullptr, WorkerPool* pool = nullptr);

}  // namespace shuke::audience
