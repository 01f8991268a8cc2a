// src/audience/clickhouse/predicates.h: conditions on customers, and whole selections, as SQL.
#pragma once

#include <string>

#include "audience/clickhouse/query.h"
#include "audience/expression/bound.h"

namespace shuke::audience::clickhouse {

// A condition on a row of shuke_customers.
std::string condition(const bound::Predicate& predicate, Query& query);
// SELECT customer …, in no order.
std::string selection(const bound::Selection& selection, const Asked& asked);

}  // namespace shuke::audience::clickhouse
