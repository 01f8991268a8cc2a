// src/audience/engine/edge_row.h
//
// "The last (or first) of these orders lies between two moments", answered without looking for that order: some
// selected order lies in the range and none beyond it. Two range tests over a narrow column instead of a search in
// every slot; conditions on the life cycle, which is where the last kept order lies, are of this kind too.
//
// Threads  immutable; one BlockRun a worker.
#pragma once

#include <optional>

#include "audience/engine/metric_plan.h"
#include "audience/engine/window_range.h"

namespace shuke::audience {

struct EdgeRow {
    FactsPlan facts;  // of orders
    bool last = true;
    WindowRange range;

    // Nothing when the test is of another kind, or when shops in different zones have different ranges.
    static std::optional<EdgeRow> of_window(const MetricPlan& metric, const std::vector<WindowRange>& ranges);
    static std::optional<EdgeRow> of_lifecycle(const MetricPlan& metric, std::uint32_t allowed, std::int64_t now);

    // False, and nothing done, in a block whose first order may have no time.
    bool refine(BlockRun& run, SlotBits& who) const;
};

}  // namespace shuke::audience
