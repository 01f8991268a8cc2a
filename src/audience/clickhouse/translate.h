// src/audience/clickhouse/translate.h
//
// A bound expression as one SELECT over the mirror's tables (tables.h): the customers that the engine would choose,
// their ids ascending. For ClickHouse 18.16 and everything newer.
//
//   picture   which copies are to be seen; without it the query looks itself, and sees half a change if a copy is
//             published in the very moment it begins
//
// A customer is one row with all facts as arrays, so every condition is an expression over that row: no join, nothing
// to group, and each shard answers for its own customers. Medians, averages and tops of all customers are subqueries
// over all shards.
//
// Errors   clickhouse.not_mirrored: a field or attribute that the mirror does not hold yet
// Threads  pure
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audience/config.h"
#include "audience/expression.h"
#include "base/error.h"
#include "base/instant.h"

namespace shuke::audience::clickhouse {

// The newest whole copy and the partial ones published after it, by generation.
struct Picture {
    std::int64_t base = 0;
    std::vector<std::int64_t> later;
    bool operator==(const Picture&) const = default;
};

enum class Want : std::uint8_t { kIds, kCount };

Result<std::string> translate(const BoundExpression& expression, const Config& config, Instant as_of,
                              const std::optional<Picture>& picture, Want want = Want::kIds);

}  // namespace shuke::audience::clickhouse
