// src/audience/engine/predicate_key.h: by what a condition is known in the predicate cache.
#pragma once

#include <optional>
#include <string>

#include "audience/expression/bound.h"

namespace shuke::audience {

// Equal keys mean equal conditions, under one Config. Nothing for those whose answer depends on more than the block:
// combinations, segments, and whatever is measured against all customers.
std::optional<std::string> predicate_key(const bound::Predicate& leaf);
// The same for a metric alone. No predicate has the same key.
std::optional<std::string> metric_key(const bound::Metric& metric);

}  // namespace shuke::audience
