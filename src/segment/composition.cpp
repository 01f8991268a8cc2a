#include "segment/composition.h"

#include <algorithm>
#include <cmath>

#include "audience/expression/lexer.h"
#include "audience/measure.h"
#include "audience/schema.h"
#include "audience/value_counts.h"
#include "base/check.h"

namespace shuke::segment {
namespace {

constexpr std::size_t kMostTexts = 40;

class Composer {
public:
    Composer(const audience::Version& version, const audience::Selection& selection, Instant as_of,
             audience::WorkerPool* pool)
        : version_(version), selection_(selection), as_of_(as_of), pool_(pool) {}

    // The attribute's values, most frequent first, then those in whom it is missing.
    std::vector<Bucket> of_values(std::string_view attribute) const {
        const auto counts = audience::count_by_value(version_, attribute, as_of_, &selection_, pool_);
        SHUKE_CHECK(counts.has_value(), "an attribute of the schema");
        const auto& choices = audience::find_attribute(attribute)->choices;
        std::vector<Bucket> buckets;
        for (const auto& [value, customers] : *counts) {
            if (value.empty()) {
                buckets.push_back(bucket("", "未知", "not known", std::string(attribute) + " is missing", customers));
                continue;
            }
            if (buckets.size() == kMostTexts) continue;
            const auto choice = std::ranges::find(choices, value, &audience::Choice::key);
            const bool is_choice = choice != choices.end();
            const std::string word = is_choice || audience::is_bare_word(value) ? value : audience::quote(value);
            buckets.push_back(bucket(value, is_choice ? std::string(choice->words.zh) : value,
                                     is_choice ? std::string(choice->words.en) : value,
                                     std::string(attribute) + " = " + word, customers));
        }
        return buckets;
    }

    // Edges in whole units, 1 2 5 10 …, as many as the selection's spend needs.
    std::vector<Bucket> of_spend() const {
        const Currency currency = version_.config().base_currency;
        const auto metric = audience::bind_metric("total_spent", {currency, nullptr});
        SHUKE_CHECK(metric.has_value(), "an attribute of the schema");
        const auto spent = audience::measure(version_, {*metric}, as_of_, &selection_, pool_).values.front();
        const double unit = std::pow(10.0, info(currency).digits);
        const std::vector<std::int64_t> edges = edges_for(spent, unit);
        std::vector<std::uint64_t> counts(edges.size(), 0);  // the first: nothing spent
        for (const double amount : spent) {
            const auto above = std::ranges::upper_bound(edges, amount / unit, {}, as_double);
            ++counts[amount > 0 ? static_cast<std::size_t>(above - edges.begin()) : 0];
        }
        std::vector<Bucket> buckets{bucket("none", "未消费", "nothing spent", "not total_spent > 0", counts[0])};
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            const std::string from = std::to_string(edges[i]), to = std::to_string(edges[i + 1]);
            buckets.push_back(
                bucket(from, from + "–" + to, from + "–" + to,
                       "total_spent " + std::string(i == 0 ? "> " : ">= ") + from + " and total_spent < " + to,
                       counts[i + 1]));
        }
        return buckets;
    }

private:
    static double as_double(std::int64_t edge) { return static_cast<double>(edge); }

    // From 0 to beyond the most that anybody spent.
    static std::vector<std::int64_t> edges_for(const std::vector<double>& spent, double unit) {
        double most = 0;
        for (const double one : spent) most = std::isnan(one) ? most : std::max(most, one / unit);
        std::vector<std::int64_t> edges{0};
        constexpr std::int64_t kSteps[] = {1, 2, 5};
        for (std::int64_t ten = 10; as_double(edges.back()) <= most; ten *= 10) {
            for (const auto step : kSteps) {
                if (as_double(edges.back()) <= most) edges.push_back(step * ten);
            }
        }
        return edges;
    }

    Bucket bucket(std::string value, std::string zh, std::string en, std::string expression,
                  std::uint64_t customers) const {
        const auto all = static_cast<double>(selection_.count());
        const double share = all == 0 ? 0 : static_cast<double>(customers) / all;
        return {std::move(value), std::move(zh), std::move(en), customers, share, std::move(expression)};
    }

    const audience::Version& version_;
    const audience::Selection& selection_;
    Instant as_of_;
    audience::WorkerPool* pool_;
};

}  // namespace

Composition composition(const audience::Version& version, const audience::Selection& selection, Instant as_of,
                        audience::WorkerPool* pool) {
    const Composer compose(version, selection, as_of, pool);
    Composition all;
    all.emplace_back("region", compose.of_values("province"));
    all.emplace_back("lifecycle", compose.of_values("lifecycle"));
    all.emplace_back("rfm_class", compose.of_values("rfm.class"));
    all.emplace_back("tier", compose.of_values("tier"));
    all.emplace_back("spend_histogram", compose.of_spend());
    all.emplace_back("gender", compose.of_values("gender"));
    all.emplace_back("platform", compose.of_values("platform"));
    return all;
}

}  // namespace shuke::segment
