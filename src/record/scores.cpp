#include "record/scores.h"

#include <algorithm>

#include "record/changes.h"
#include "record/statement_batch.h"
#include "record/survivors.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;

// By ScoreName.
constexpr ScoreInfo kScores[] = {
    {.name = "rfm.r", .type = TraitType::kNumber},
    {.name = "rfm.f", .type = TraitType::kNumber},
    {.name = "rfm.m", .type = TraitType::kNumber},
    {.name = "rfm.class", .type = TraitType::kText},
    {.name = "next_order_expected_at", .type = TraitType::kTime},
    {.name = "churn_risk", .type = TraitType::kNumber},
    {.name = "clv", .type = TraitType::kMoney},
    {.name = "influence", .type = TraitType::kNumber},
};

}  // namespace

const ScoreInfo& info(ScoreName name) { return kScores[static_cast<std::size_t>(name)]; }

const ScoreInfo* find_score(std::string_view name) {
    const auto found = std::ranges::find(kScores, name, &ScoreInfo::name);
    return found == std::end(kScores) ? nullptr : found;
}

void put_scores(soci::session& session, const std::vector<Score>& scores) {
    StatementBatch remove(session, "DELETE FROM scores WHERE customer_id = :customer AND name = :name AND at = :at",
                          {kInt, kText, kInt});
    StatementBatch insert(session, insert_into("scores", {"customer_id", "name", "at", "value", "text"}),
                          {kInt, kText, kInt, kInt, kText});
    const Survivors survivors(session);
    std::vector<CustomerId> changed;
    for (const Score& score : scores) {
        const std::string_view name = info(score.name).name;
        remove.integer(score.customer.value).text(name).integer(score.at.us_since_epoch);
        insert.integer(score.customer.value).text(name).integer(score.at.us_since_epoch);
        insert.nullable(score.value, kMissingAmount).nullable_text(score.text);
        changed.push_back(survivors.of(score.customer));
    }
    remove.flush();
    insert.flush();
    std::ranges::sort(changed);
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
    append_changes(session, changed);
}

}  // namespace shuke::record
