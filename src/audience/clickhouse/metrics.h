// src/audience/clickhouse/metrics.h
//
// Metrics as expressions over a customer's row, in the units and with the steps of the engine (engine/metric_plan.h), so
// that the same doubles come out: nan is missing. Times are seconds (kMissingNumber is missing) with their local day,
// texts are '' and choices 0 where missing.
//
// Errors   Failure clickhouse.not_mirrored
// Threads  one
#pragma once

#include <string>

#include "audience/clickhouse/conditions.h"
#include "audience/clickhouse/query.h"
#include "audience/expression/bound.h"

namespace shuke::audience::clickhouse {

std::string any_row(const ChosenRows& rows, Query& query);

std::string number(const bound::Metric& metric, double factor, Query& query);
// The day is empty for a time that belongs to no shop.
TimeForms time(const bound::Metric& metric, Query& query);
TextForms text(const bound::Metric& metric, Query& query);
std::string choice(const bound::Metric& metric, Query& query);
// Of a number or a time: what customers are ranked and measured by.
std::string measure(const bound::Metric& metric, Query& query);

}  // namespace shuke::audience::clickhouse
