#include "insight/rfm.h"

#include <algorithm>
#include <cmath>

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
    static Scorer quantiles(Quantiles& of, std::size_t scores, Best best) {
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

struct Table {
    std::vector<audience::Slot> slots;
    std::vector<double> recency_days, frequency, monetary;
};

Table measure_rfm(const audience::Version& version, Instant as_of, const RfmOptions& options,
                  const audience::Selection* who, audience::WorkerPool* pool) {
    const audience::BindOptions bind{version.config().base_currency, nullptr};
    const auto metric = [&](const std::string& text) {
        auto bound = audience::bind_metric(text, bind);
        SHUKE_CHECK(bound.has_value(), text);
        return *bound;
    };
    const RfmMetrics metrics = rfm_metrics(options, version.config().zone.day_of(as_of));
    const auto measured = audience::measure(
        version, {metric(metrics.last_day), metric(metrics.frequency), metric(metrics.monetary)}, as_of, who, pool);
    const double today = version.config().zone.day_of(as_of).days_since_epoch;
    Table table;
    for (auto* column : {&table.recency_days, &table.frequency, &table.monetary})
        column->reserve(measured.slots.size());
    table.slots.reserve(measured.slots.size());
    for (std::size_t i = 0; i < measured.slots.size(); ++i) {
        if (std::isnan(measured.values[0][i])) continue;  // no order, or none with a time
        table.slots.push_back(measured.slots[i]);
        table.recency_days.push_back(std::max(0.0, today - measured.values[0][i]));
        table.frequency.push_back(measured.values[1][i]);
        table.monetary.push_back(measured.values[2][i]);
    }
    return table;
}

RfmClass class_of(bool r, bool f, bool m) {
    const RfmClass important[2][2] = {{RfmClass::kImportantRetain, RfmClass::kImportantKeep},
                                      {RfmClass::kImportantDevelop, RfmClass::kImportantValue}};
    const RfmClass general[2][2] = {{RfmClass::kGeneralRetain, RfmClass::kGeneralKeep},
                                    {RfmClass::kGeneralDevelop, RfmClass::kGeneralValue}};
    return (m ? important : general)[r ? 1 : 0][f ? 1 : 0];
}

void classify(RfmResult& result, int high_from) {
    if (result.rows.empty()) return;
    const std::size_t count = result.rows.size();
    std::size_t r_sum = 0;
    std::size_t f_sum = 0;
    std::size_t m_sum = 0;
    for (const RfmRow& row : result.rows) {
        r_sum += row.r;
        f_sum += row.f;
        m_sum += row.m;
    }
    const auto n = static_cast<double>(count);
    result.r_mean = static_cast<double>(r_sum) / n;
    result.f_mean = static_cast<double>(f_sum) / n;
    result.m_mean = static_cast<double>(m_sum) / n;
    // Whole scores above the mean are those from the next whole number on.
    const auto least_high = [&](std::size_t sum) {
        return high_from > 0 ? high_from : static_cast<int>(sum / count) + 1;
    };
    result.r_high = least_high(r_sum);
    result.f_high = least_high(f_sum);
    result.m_high = least_high(m_sum);
    double money = 0;
    for (RfmRow& row : result.rows) {
        row.rfm_class = class_of(row.r >= result.r_high, row.f >= result.f_high, row.m >= result.m_high);
        RfmClassSummary& summary = result.classes[static_cast<std::size_t>(row.rfm_class)];
        ++summary.customers;
        summary.recency_days_mean += row.recency_days;
        summary.frequency_mean += static_cast<double>(row.frequency);
        summary.monetary_mean += static_cast<double>(row.monetary);
        money += static_cast<double>(row.monetary);
    }
    for (RfmClassSummary& summary : result.classes) {
        if (summary.customers == 0) continue;
        const auto customers = static_cast<double>(summary.customers);
        summary.customer_share = customers / n;
        summary.monetary_share = money == 0 ? 0 : summary.monetary_mean / money;
        summary.recency_days_mean /= customers;
        summary.frequency_mean /= customers;
        summary.monetary_mean /= customers;
    }
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
    const auto measure = [&](const std::vector<double>& values, Distribution& distribution,
                             const std::vector<std::int64_t> ThresholdScores::* edges, Scorer::Best best) {
        Quantiles quantiles(values);
        distribution = quantiles.describe();
        if (const auto* scores = std::get_if<QuantileScores>(&options.scoring))
            return Scorer::quantiles(quantiles, static_cast<std::size_t>(scores->scores), best);
        return Scorer::edges(std::get<ThresholdScores>(options.scoring).*edges, best);
    };
    const Scorer r =
        measure(table.recency_days, result.recency_days, &ThresholdScores::recency_days, Scorer::Best::kLow);
    const Scorer f = measure(table.frequency, result.frequency, &ThresholdScores::frequency, Scorer::Best::kHigh);
    const Scorer m = measure(table.monetary, result.monetary, &ThresholdScores::monetary, Scorer::Best::kHigh);

    result.rows.resize(table.slots.size());
    constexpr std::size_t kRowsATask = 8'192;
    audience::run_tasks(pool, (table.slots.size() + kRowsATask - 1) / kRowsATask, [&](std::size_t task, unsigned) {
        const std::size_t end = std::min((task + 1) * kRowsATask, table.slots.size());
        for (std::size_t i = task * kRowsATask; i < end; ++i) {
            RfmRow& row = result.rows[i];
            row.customer = version.customer_at(table.slots[i]);
            row.recency_days = static_cast<std::int32_t>(table.recency_days[i]);
            row.frequency = static_cast<std::int64_t>(table.frequency[i]);
            row.monetary = static_cast<std::int64_t>(table.monetary[i]);
            row.r = r.score(table.recency_days[i]);
            row.f = f.score(table.frequency[i]);
            row.m = m.score(table.monetary[i]);
        }
    });
    if (!version.slots_ascend()) std::ranges::sort(result.rows, {}, &RfmRow::customer);
    classify(result, options.high_from);
    return result;
}

}  // namespace shuke::insight
