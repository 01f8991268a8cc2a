// src/audience/engine/value_check.h
//
// A test on one value a slot, compiled: of a metric's or an attribute's numbers, codes or times.
//
// Threads  immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "audience/engine/cached_predicate.h"
#include "audience/engine/metric_plan.h"

namespace shuke::audience {

// A test on one value a slot, with what it needs looked up.
struct ValueTest {
    bound::Test test;
    std::vector<std::uint8_t> codes;      // of texts and choices: 1 passes, by code, 0 (missing) first
    std::vector<WindowRange> ranges;      // of times, by zone of shops, the configured zone last
    std::vector<std::uint8_t> birthdays;  // of a birthday's window, by packed day of the year

    SlotBits numbers_that_pass(const SlotNumbers& values) const;
    // Of a metric's kept values, numbers or codes; of unknown slots it says nothing.
    SlotBits kept_that_pass(const CachedMetric::Values& values) const;
    bool time_passes(std::int64_t seconds, std::uint32_t zone) const;
};

ValueTest compile_value_test(const bound::Test& test, const MetricPlan& metric, const PlanContext& context);

// Of operators that are an order; others are a bug.
Order to_order(Op op);

}  // namespace shuke::audience
