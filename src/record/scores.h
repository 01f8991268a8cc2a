// src/record/scores.h: what analyses say of a customer, dated: the newest row not later than an instant holds.
//
// Errors   driver exceptions
#pragma once

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "domain/facts.h"

namespace shuke::record {

enum class ScoreName : std::uint8_t {
    kRfmR,
    kRfmF,
    kRfmM,
    kRfmClass,
    kNextOrderExpectedAt,
    kChurnRisk,
    kClv,
    kInfluence,
};
struct ScoreInfo {
    std::string_view name;  // of the attribute
    TraitType type;
};
const ScoreInfo& info(ScoreName name);
const ScoreInfo* find_score(std::string_view name);  // null: there is none of that name

struct Score {
    CustomerId customer = {};
    ScoreName name = ScoreName::kRfmR;
    Instant at = kNever;
    std::int64_t value = kMissingAmount;  // as in TraitFact: millionths, minor units of the base currency, microseconds
    std::string text = {};                // of rfm.class: its key
};
// One row for each customer, name and moment; a second one replaces the first. Stamps them.
void put_scores(soci::session& session, const std::vector<Score>& scores);

}  // namespace shuke::record
