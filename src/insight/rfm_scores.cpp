#include "insight/rfm_scores.h"

#include <unordered_map>

#include "insight/rfm_definition.h"
#include "record/bulk_select.h"
#include "record/scores.h"
#include "record/survivors.h"

namespace shuke::insight {
namespace {

using record::ScoreName;
using record::Type;

constexpr std::size_t kCustomersATransaction = 2'000;
constexpr std::int64_t kMillion = 1'000'000;

// What is kept of one customer. rfm_class: its number + 1; 0 everywhere: nothing.
struct Kept {
    std::int8_t r = 0, f = 0, m = 0, rfm_class = 0;
    bool operator==(const Kept&) const = default;
};
using KeptOf = std::unordered_map<std::int64_t, Kept>;

KeptOf newest_kept(soci::session& session) {
    KeptOf kept;
    const record::Survivors survivors(session);
    record::BulkSelect select(session,
                              "SELECT customer_id, name, value, text FROM scores WHERE name IN ('rfm.r', 'rfm.f', "
                              "'rfm.m', 'rfm.class') ORDER BY customer_id, name, at",
                              {Type::kInteger, Type::kText, Type::kInteger, Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            Kept& one = kept[survivors.of(CustomerId{select.integer(0, i)}).value];
            const auto score = static_cast<std::int8_t>(select.integer(2, i) / kMillion);
            const auto name = select.text(1, i);
            if (name == "rfm.class") {
                const auto known = find_class(select.text(3, i));
                one.rfm_class = known ? static_cast<std::int8_t>(static_cast<int>(*known) + 1) : std::int8_t{0};
            } else {
                (name == "rfm.r" ? one.r : name == "rfm.f" ? one.f : one.m) = score;
            }
        }
    }
    return kept;
}

Kept kept_of(const RfmRow& row) {
    return {static_cast<std::int8_t>(row.r), static_cast<std::int8_t>(row.f), static_cast<std::int8_t>(row.m),
            static_cast<std::int8_t>(static_cast<int>(row.rfm_class) + 1)};
}

struct Change {
    CustomerId customer;
    Kept before, now;
};

// Whoever is scored anew, and whoever is scored no longer.
std::vector<Change> changes_between(KeptOf& before, const std::vector<RfmRow>& rows) {
    std::vector<Change> changes;
    for (const RfmRow& row : rows) {
        const Kept now = kept_of(row);
        const auto known = before.find(row.customer.value);
        const Kept was = known == before.end() ? Kept{} : known->second;
        if (was != now) changes.push_back({row.customer, was, now});
        if (known != before.end()) before.erase(known);
    }
    for (const auto& [customer, kept] : before) {
        if (kept != Kept{}) changes.push_back({CustomerId{customer}, kept, {}});
    }
    return changes;
}

// Only what differs: history grows by it.
void add_scores(std::vector<record::Score>& scores, const Change& change, Instant at) {
    const auto add = [&](ScoreName name, std::int8_t before, std::int8_t now) {
        if (before == now) return;
        record::Score score;
        score.customer = change.customer;
        score.name = name;
        score.at = at;
        if (name == ScoreName::kRfmClass) {
            if (now > 0) score.text = info(static_cast<RfmClass>(now - 1)).key;
        } else if (now > 0) {
            score.value = now * kMillion;
        }
        scores.push_back(score);
    };
    add(ScoreName::kRfmR, change.before.r, change.now.r);
    add(ScoreName::kRfmF, change.before.f, change.now.f);
    add(ScoreName::kRfmM, change.before.m, change.now.m);
    add(ScoreName::kRfmClass, change.before.rfm_class, change.now.rfm_class);
}

}  // namespace

Result<KeptScores> keep_rfm_scores(record::Database& database, const audience::Version& version, Instant as_of,
                                   audience::WorkerPool* pool,
                                   const std::function<bool(std::int64_t done, std::int64_t total)>& go_on) {
    RfmOptions options;
    KeptOf before;
    auto read = database.read([&](soci::session& session) {
        options = rfm_definition(session);
        before = newest_kept(session);
    });
    if (!read) return std::unexpected(read.error());
    const auto table = rfm(version, as_of, options, nullptr, pool);
    if (!table) return std::unexpected(table.error());
    const auto changes = changes_between(before, table->rows);
    KeptScores result;
    result.customers = static_cast<std::int64_t>(table->rows.size());
    const auto total = static_cast<std::int64_t>(changes.size());
    for (std::size_t from = 0; from < changes.size(); from += kCustomersATransaction) {
        if (go_on && !go_on(result.changed, total)) break;
        const std::size_t to = std::min(changes.size(), from + kCustomersATransaction);
        std::vector<record::Score> scores;
        for (std::size_t i = from; i < to; ++i) add_scores(scores, changes[i], as_of);
        auto written =
            database.write("scores.rfm", [&](soci::session& session) { record::put_scores(session, scores); });
        if (!written) return std::unexpected(written.error());
        result.changed = static_cast<std::int64_t>(to);
    }
    return result;
}

}  // namespace shuke::insight
