#include "insight/rfm.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "audience/measure.h"
#include "base/check.h"

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

// The k-th of n-quantiles, linear between neighbours; its place is computed in whole numbers, so that it never slips
// beside the value it should be.
double quantile_of_sorted(const std::vector<double>& sorted, std::size_t k, std::size_t n) {
    const std::size_t place = k * (sorted.size() - 1);
    const std::size_t low = place / n;
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + static_cast<double>(place % n) / static_cast<double>(n) * (sorted[high] - sorted[low]);
}

double mean_of(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Distribution describe(const std::vector<double>& sorted) {
    if (sorted.empty()) return {};
    Distribution result;
    result.mean = mean_of(sorted);
    double squares = 0;
    for (const double value : sorted) squares += (value - result.mean) * (value - result.mean);
    if (sorted.size() > 1) result.standard_deviation = std::sqrt(squares / static_cast<double>(sorted.size() - 1));
    result.min = sorted.front();
    result.q25 = quantile_of_sorted(sorted, 1, 4);
    result.median = quantile_of_sorted(sorted, 1, 2);
    result.q75 = quantile_of_sorted(sorted, 3, 4);
    result.max = sorted.back();
    return result;
}

// A value's score is 1 + the number of cuts it beats.
class Scorer {
public:
    enum class Best { kHigh, kLow };

    // At the k/n quantiles. A value equal to a cut lies below it: worse where high is best, better where low is.
    static Scorer quantiles(const std::vector<double>& sorted, std::size_t scores, Best best) {
        Scorer result(best);
        for (std::size_t k = 1; k < scores && !sorted.empty(); ++k)
            result.cuts_.push_back(quantile_of_sorted(sorted, k, scores));
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

// Days and numbers of orders are whole and mostly small: counted rather than compared.
void sort_small(std::vector<double>& values) {
    constexpr double kLargest = 65'535;
    const bool small = std::ranges::all_of(
        values, [](double value) { return value >= 0 && value <= kLargest && value == std::floor(value); });
    if (!small) return std::ranges::sort(values), void();
    std::vector<std::size_t> counts(static_cast<std::size_t>(kLargest) + 1, 0);
    for (const double value : values) ++counts[static_cast<std::size_t>(value)];
    auto out = values.begin();
    for (std::size_t value = 0; value < counts.size(); ++value)
        out = std::fill_n(out, counts[value], static_cast<double>(value));
}

struct Table {
    std::vector<audience::Slot> slots;
    std::vector<double> recency_days, frequency, monetary;
};

Table measure_rfm(const audience::Version& version, Instant as_of, Basis basis, const audience::Selection* who,
                  audience::WorkerPool* pool) {
    const audience::BindOptions bind{version.config().base_currency, nullptr};
    const bool net = basis == Basis::kNet;
    const std::string orders = net ? "orders where kept" : "orders where paid and amount > 0";
    const auto metric = [&](const std::string& text) {
        auto bound = audience::bind_metric(text, bind);
        SHUKE_CHECK(bound.has_value(), text);
        return *bound;
    };
    const std::string last_day =
        "max(" + (net ? "orders.day where kept)" : std::string("orders.day where paid and amount > 0)"));
    const std::string spent = net ? "total_spent" : "sum(orders.amount where paid and amount > 0)";
    const auto measured = audience::measure(version, {metric(last_day), metric("count(" + orders + ")"), metric(spent)},
                                            as_of, who, pool);
    const double today = version.config().zone.day_of(as_of).days_since_epoch;
    Table table;
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

void classify(RfmResult& result) {
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
    double money = 0;
    for (RfmRow& row : result.rows) {
        row.rfm_class = class_of(row.r * count > r_sum, row.f * count > f_sum, row.m * count > m_sum);
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

Result<RfmResult> rfm(const audience::Version& version, Instant as_of, const RfmOptions& options,
                      const audience::BoundExpression* where, audience::WorkerPool* pool) {
    if (const auto checked = check(options); !checked) return std::unexpected(checked.error());
    audience::Selection chosen;
    if (where != nullptr) chosen = audience::evaluate(version, *where, as_of, pool);
    const Table table = measure_rfm(version, as_of, options.basis, where == nullptr ? nullptr : &chosen, pool);

    std::vector<double> recency = table.recency_days;
    std::vector<double> frequency = table.frequency;
    std::vector<double> monetary = table.monetary;
    sort_small(recency);
    sort_small(frequency);
    std::ranges::sort(monetary);
    const auto scorer = [&](const std::vector<double>& values, const std::vector<std::int64_t> ThresholdScores::* edges,
                            Scorer::Best best) {
        if (const auto* quantiles = std::get_if<QuantileScores>(&options.scoring))
            return Scorer::quantiles(values, static_cast<std::size_t>(quantiles->scores), best);
        return Scorer::edges(std::get<ThresholdScores>(options.scoring).*edges, best);
    };
    const Scorer r = scorer(recency, &ThresholdScores::recency_days, Scorer::Best::kLow);
    const Scorer f = scorer(frequency, &ThresholdScores::frequency, Scorer::Best::kHigh);
    const Scorer m = scorer(monetary, &ThresholdScores::monetary, Scorer::Best::kHigh);

    RfmResult result;
    result.rows.reserve(table.slots.size());
    for (std::size_t i = 0; i < table.slots.size(); ++i) {
        RfmRow row;
        row.customer = version.customer_at(table.slots[i]);
        row.recency_days = static_cast<std::int32_t>(table.recency_days[i]);
        row.frequency = static_cast<std::int64_t>(table.frequency[i]);
        row.monetary = static_cast<std::int64_t>(table.monetary[i]);
        row.r = r.score(table.recency_days[i]);
        row.f = f.score(table.frequency[i]);
        row.m = m.score(table.monetary[i]);
        result.rows.push_back(row);
    }
    result.recency_days = describe(recency);
    result.frequency = describe(frequency);
    result.monetary = describe(monetary);
    classify(result);
    return result;
}

}  // namespace shuke::insight
