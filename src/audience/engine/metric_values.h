// src/audience/engine/metric_values.h
//
// One or more metrics of many customers, in the metrics' own units (see measure.h), and what a population metric
// makes of them.
//
//   average      the mean of all who have the metric, added up in the order of their slots (sums of whole numbers are exact in any order)
//   percentile   between the two values nearest to rank P/100 · (n − 1), linearly (Hyndman & Fan 1996, type 7, as
//                percentile_cont in SQL and PERCENTILE.INC in spreadsheets); median: P = 50
//
// Threads  pure; blocks are shared out over the context's pool.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "audience/engine/aggregate.h"
#include "audience/engine/bits.h"
#include "audience/engine/plan_context.h"
#include "audience/evaluate.h"

namespace shuke::audience {

// By block: who exists as of the instant.
std::vector<SlotBits> existing_customers(const PlanContext& context);
// Of them the selected ones; all where null.
std::vector<SlotBits> chosen_customers(const PlanContext& context, const Selection* who);

// values [metric][customer], in the order of the slots of `who`; NaN = missing.
std::vector<std::vector<double>> metric_values(const PlanContext& context,
                                               const std::vector<const bound::Metric*>& metrics,
                                               const std::vector<SlotBits>& who);

// The same block by block as they are done: use(block, values by metric and slot, worker), where only the slots of `who`
// mean something. Blocks of nobody are left out. Calls for one worker come one after the other.
using UseBlock = std::function<void(std::size_t block, std::span<const SlotNumbers> values, unsigned worker)>;
void measure_blocks(const PlanContext& context, const std::vector<const bound::Metric*>& metrics,
                    const std::vector<SlotBits>& who, const UseBlock& use);

// Of a metric of kind kPopulation; NaN when nobody has it.
double population_value(const PlanContext& context, const bound::Metric& metric);

}  // namespace shuke::audience
