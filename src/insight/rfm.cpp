#include "insight/rfm.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "audience/measure.h"
#include "audience/worker_pool.h"
#include "base/check.h"
#include "base/time_zone.h"

namespace shuke::insight {
namespace {

constexpr RfmClassInfo kClasses[] = {
    {"important_value", "important: value", "重要价值"}, {"important_develop", "important: develop", "重要发展"},
    {"important_keep", "important: keep", "重要保持"},   {"important_retain", "important: retain", "重要挽留"},
    {"general_value", "general: value", "一般价值"},     {"general_develop", "general: develop", "一般发展"},
    {"general_keep", "general: keep", "一般保持"},       {"general_retain", "general: retain", "一般挽留"},
};

constexpr int kFewestScores = 2;
constexpr int kMostScores = 10;

Result<void> check(const RfmOptions& options) {
    const auto wrong = [](const std::string& what) { return fail(Code::kInvalid, "insight.rfm_scores", what); };
    if (options.high_from < 0 || options.high_from == 1 || options.high_from > options.scores())
        return wrong("high begins at score " + std::to_string(options.high_from) + ", expected 2 to " +
                     std::to_string(options.scores()));
    if (const auto* quantiles = std::get_if<QuantileScores>(&options.scoring)) {
        if (quantiles->scores >= kFewestScores && quantiles->scores <= kMostScores) return {};
        return wrong("found " + std::to_string(quantiles->scores) + " scores, expected 2 to 10");
    }
    const auto& edges = std::get<ThresholdScores>(options.scoring);
    for (const auto* list : {&edges.recency_days, &edges.frequency, &edges.monetary}) {
        if (list->empty() || list->size() >= kMostScores)
            return wrong("found " + std::to_string(list->size()) + " edges, expected 1 to 9");
        if (std::ranges::adjacent_find(*list, std::greater_equal{}) != list->end()) return wrong("edges must ascend");
    }
    return {};
}

// A value's score is 1 + the number of cuts it beats.
class Scorer {
public:
    enum class Best { kHigh, kLow };

    // At the k/n quantiles. A value equal to a cut lies below it: worse where high is best, better where low is.
    static Scorer quantiles(const Quantiles& of, std::size_t scores, Best best) {
        Scorer result(best);
        for (std::size_t k = 1; k < scores && !of.empty(); ++k) result.cuts_.push_back(of.at(k, scores));
        result.strict_ = best == Best::kHigh;
        return result;
    }
    static Scorer edges(const std::vector<std::int64_t>& edges, Best best) {
        Scorer result(best);
        for (const std::int64_t edge : edges) result.cuts_.push_back(static_cast<double>(edge));
        return result;
    }

    std::uint8_t score(double value) const {
        std::uint8_t score = 1;
        for (const double cut : cuts_) score = static_cast<std::uint8_t>(score + (beats(value, cut) ? 1 : 0));
        return score;
    }

private:
    explicit Scorer(Best best) : best_(best) {}
    bool beats(double value, double cut) const {
        if (best_ == Best::kLow) return value <= cut;
        return strict_ ? value > cut : value >= cut;
    }

    Best best_;
    bool strict_ = false;
    std::vector<double> cuts_;
};

// What was measured, block by block: only the first `counts[block]` places of each block's room are used.
struct Table {
    std::vector<std::size_t> counts;
    std::unique_ptr<audience::Slot[]> slots;
    std::unique_ptr<double[]> recency_days, frequency, monetary;

    explicit Table(std::size_t blocks)
        : counts(blocks, 0),
          slots(std::make_unique_for_overwrite<audience::Slot[]>(blocks * audience::kBlockSlots)),
          recency_days(std::make_unique_for_overwrite<double[]>(blocks * audience::kBlockSlots)),
          frequency(std::make_unique_for_overwrite<double[]>(blocks * audience::kBlockSlots)),
          monetary(std::make_unique_for_overwrite<double[]>(blocks * audience::kBlockSlots)) {}

    Parts parts(const std::unique_ptr<double[]>& values) const {
        Parts parts;
        parts.reserve(counts.size());
        for (std::size_t block = 0; block < counts.size(); ++block)
            parts.emplace_back(values.get() + block * audience::kBlockSlots, counts[block]);
        return parts;
    }
};

Table measure_rfm(const audience::Version& version, Instant as_of, const RfmOptions& options,
                  const audience::Selection* who, audience::WorkerPool* pool) {
    const audience::BindOptions bind{version.config().base_currency, nullptr};
    const auto metric = [&](const std::string& text) {
        auto bound = audience::bind_metric(text, bind);
        SHUKE_CHECK(bound.has_value(), text);
        return *bound;
    };
    const RfmMetrics texts = rfm_metrics(options, version.config().zone.day_of(as_of));
    const std::vector metrics = {metric(texts.last_day), metric(texts.frequency), metric(texts.monetary)};
    const double today = version.config().zone.day_of(as_of).days_since_epoch;
    Table table(version.blocks().size());
    const auto note = [&](std::size_t block, std::span<const audience::Slot> slots,
                          std::span<const std::span<const double>> values) {
        std::size_t at = block * audience::kBlockSlots;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (std::isnan(values[0][i])) continue;  // no order, or none with a time
            table.slots[at] = slots[i];
            table.recency_days[at] = std::max(0.0, today - values[0][i]);
            table.frequency[at] = values[1][i];
            table.monetary[at++] = values[2][i];
        }
        table.counts[block] = at - block * audience::kBlockSlots;
    };
    audience::measure_by_block(version, metrics, as_of, who, pool, note);
    return table;
}

RfmClass class_of(bool r, bool f, bool m) {
    const RfmClass important[2][2] = {{RfmClass::kImportantRetain, RfmClass::kImportantKeep},
                                      {RfmClass::kImportantDevelop, RfmClass::kImportantValue}};
    const RfmClass general[2][2] = {{RfmClass::kGeneralRetain, RfmClass::kGeneralKeep},
                                    {RfmClass::kGeneralDevelop, RfmClass::kGeneralValue}};
    return (m ? important : general)[r ? 1 : 0][f ? 1 : 0];
}

// Sums where the finished summary has means and shares.
using ClassSums = std::array<RfmClassSummary, 8>;
using ScoreSums = std::array<std::uint64_t, 3>;  // r, f, m

// Begins of the blocks' rows in the result, and their end.
std::vector<std::size_t> begins_of(const Table& table) {
    std::vector<std::size_t> begins(table.counts.size() + 1, 0);
    std::partial_sum(table.counts.begin(), table.counts.end(), begins.begin() + 1);
    return begins;
}

struct Scorers {
    Scorer r, f, m;
};

ScoreSums score_rows(const audience::Version& version, const Table& table, const Scorers& scorers, RfmResult& result,
                     audience::WorkerPool* pool) {
    const std::vector<std::size_t> begins = begins_of(table);
    result.rows.resize(begins.back());
    std::vector<ScoreSums> by_block(table.counts.size());
    audience::run_tasks(pool, by_block.size(), [&](std::size_t block, unsigned) {
        ScoreSums& sums = by_block[block];
        std::size_t at = block * audience::kBlockSlots;
        for (std::size_t i = begins[block]; i < begins[block + 1]; ++i, ++at) {
            RfmRow& row = result.rows[i];
            row.customer = version.customer_at(table.slots[at]);
            row.recency_days = static_cast<std::int32_t>(table.recency_days[at]);
            row.frequency = static_cast<std::int64_t>(table.frequency[at]);
            row.monetary = static_cast<std::int64_t>(table.monetary[at]);
            sums[0] += row.r = scorers.r.score(table.recency_days[at]);
            sums[1] += row.f = scorers.f.score(table.frequency[at]);
            sums[2] += row.m = scorers.m.score(table.monetary[at]);
        }
    });
    ScoreSums all{};
    for (const ScoreSums& sums : by_block)
        for (std::size_t i = 0; i < all.size(); ++i) all[i] += sums[i];
    return all;
}

void classify(std::span<RfmRow> rows, const RfmResult& edges, ClassSums& sums) {
    for (RfmRow& row : rows) {
        row.rfm_class = class_of(row.r >= edges.r_high, row.f >= edges.f_high, row.m >= edges.m_high);
        RfmClassSummary& summary = sums[static_cast<std::size_t>(row.rfm_class)];
        ++summary.customers;
        summary.recency_days_mean += row.recency_days;
        summary.frequency_mean += static_cast<double>(row.frequency);
        summary.monetary_mean += static_cast<double>(row.monetary);
    }
}

void summarise(const std::vector<ClassSums>& by_block, RfmResult& result) {
    double money = 0;
    for (std::size_t one = 0; one < result.classes.size(); ++one) {
        RfmClassSummary& summary = result.classes[one];
        for (const ClassSums& sums : by_block) {
            summary.customers += sums[one].customers;
            summary.recency_days_mean += sums[one].recency_days_mean;
            summary.frequency_mean += sums[one].frequency_mean;
            summary.monetary_mean += sums[one].monetary_mean;
        }
        money += summary.monetary_mean;
    }
    for (RfmClassSummary& summary : result.classes) {
        if (summary.customers == 0) continue;
        const auto customers = static_cast<double>(summary.customers);
        summary.customer_share = customers / static_cast<double>(result.rows.size());
        summary.monetary_share = money == 0 ? 0 : summary.monetary_mean / money;
        summary.recency_days_mean /= customers;
        summary.frequency_mean /= customers;
        summary.monetary_mean /= customers;
    }
}

// Unless told, the mean scores decide which are high: whole scores above the mean are those from the next number on.
void classify_rows(const Table& table, const ScoreSums& scores, int high_from, RfmResult& result,
                   audience::WorkerPool* pool) {
    if (result.rows.empty()) return;
    const std::uint64_t count = result.rows.size();
    const auto mean = [&](std::uint64_t sum) { return static_cast<double>(sum) / static_cast<double>(count); };
    const auto least_high = [&](std::uint64_t sum) {
        return high_from > 0 ? high_from : static_cast<int>(sum / count) + 1;
    };
    result.r_mean = mean(scores[0]);
    result.f_mean = mean(scores[1]);
    result.m_mean = mean(scores[2]);
    result.r_high = least_high(scores[0]);
    result.f_high = least_high(scores[1]);
    result.m_high = least_high(scores[2]);
    const std::vector<std::size_t> begins = begins_of(table);
    std::vector<ClassSums> by_block(table.counts.size());
    audience::run_tasks(pool, by_block.size(), [&](std::size_t block, unsigned) {
        classify({result.rows.data() + begins[block], table.counts[block]}, result, by_block[block]);
    });
    summarise(by_block, result);
}

}  // namespace

const RfmClassInfo& info(RfmClass rfm_class) { return kClasses[static_cast<std::size_t>(rfm_class)]; }

int RfmOptions::scores() const {
    if (const auto* quantiles = std::get_if<QuantileScores>(&scoring)) return quantiles->scores;
    return static_cast<int>(std::get<ThresholdScores>(scoring).recency_days.size()) + 1;
}

RfmMetrics rfm_metrics(const RfmOptions& options, Day as_of) {
    const bool net = options.basis == Basis::kNet;
    const std::string which = net ? " where kept" : " where paid and amount > 0";
    std::string window;
    if (options.window_days > 0) {
        const auto from = static_cast<std::int32_t>(as_of.days_since_epoch - options.window_days);
        window = " since " + format_date(Day{from});
    }
    const auto over = [&](const char* aggregate, const char* field) {
        return std::string(aggregate) + "(orders" + field + which + window + ")";
    };
    RfmMetrics metrics{over("max", ".day"), over("count", ""), over("sum", ".amount")};
    if (net) metrics.monetary = window.empty() ? "total_spent" : metrics.monetary + " - " + over("sum", ".refunded");
    return metrics;
}

std::optional<RfmClass> find_class(std::string_view key) {
    const auto found = std::ranges::find(kClasses, key, &RfmClassInfo::key);
    if (found == std::end(kClasses)) return std::nullopt;
    return static_cast<RfmClass>(found - std::begin(kClasses));
}

Result<RfmResult> rfm(const audience::Version& version, Instant as_of, const RfmOptions& options,
                      const audience::BoundExpression* where, audience::WorkerPool* pool) {
    if (const auto checked = check(options); !checked) return std::unexpected(checked.error());
    audience::Selection chosen;
    if (where != nullptr) chosen = audience::evaluate(version, *where, as_of, pool);
    const Table table = measure_rfm(version, as_of, options, where == nullptr ? nullptr : &chosen, pool);

    RfmResult result;
    const auto* by_quantiles = std::get_if<QuantileScores>(&options.scoring);
    const std::size_t scores = by_quantiles == nullptr ? 4 : static_cast<std::size_t>(by_quantiles->scores);
    const auto scorer = [&](const std::unique_ptr<double[]>& values, Distribution& distribution,
                            const std::vector<std::int64_t> ThresholdScores::* edges, Scorer::Best best) {
        const Quantiles quantiles(table.parts(values), scores, pool);
        distribution = quantiles.describe();
        if (by_quantiles != nullptr) return Scorer::quantiles(quantiles, scores, best);
        return Scorer::edges(std::get<ThresholdScores>(options.scoring).*edges, best);
    };
    using enum Scorer::Best;
    const Scorers scorers = {
        scorer(table.recency_days, result.recency_days, &ThresholdScores::recency_days, kLow),
        scorer(table.frequency, result.frequency, &ThresholdScores::frequency, kHigh),
        scorer(table.monetary, result.monetary, &ThresholdScores::monetary, kHigh),
    };
    classify_rows(table, score_rows(version, table, scorers, result, pool), options.high_from, result, pool);
    if (!version.slots_ascend()) std::ranges::sort(result.rows, {}, &RfmRow::customer);
    return result;
}

}  // namespace shuke::insight
