#include "segment/composition.h"

#include <algorithm>
#include <cmath>

#include "audience/expression/lexer.h"
#include "audience/measure.h"
#include "audience/schema.h"
#include "record/bulk_select.h"
#include "record/tiers.h"

namespace shuke::segment {
namespace {

constexpr std::size_t kMostRegions = 40;

std::vector<std::string> texts(soci::session& session, const std::string& sql) {
    std::vector<std::string> found;
    record::BulkSelect select(session, sql, {record::Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            if (!select.text(0, i).empty()) found.emplace_back(select.text(0, i));
        }
    }
    return found;
}

class Composer {
public:
    Composer(const audience::Version& version, const audience::Selection& selection, Instant as_of,
             audience::WorkerPool* pool)
        : version_(version), selection_(selection), as_of_(as_of), pool_(pool) {
        bind_.base_currency = version.config().base_currency;
    }

    Bucket bucket(std::string value, std::string zh, std::string en, std::string expression) {
        const auto bound = or_throw(audience::parse_and_bind(expression, bind_));
        Bucket one{std::move(value), std::move(zh), std::move(en), 0, 0, std::move(expression)};
        one.customers = audience::evaluate(version_, bound, as_of_, pool_).slots.and_cardinality(selection_.slots);
        if (selection_.count() > 0)
            one.share = static_cast<double>(one.customers) / static_cast<double>(selection_.count());
        return one;
    }

    // The attribute's values, then those in whom it is missing.
    std::vector<Bucket> of_texts(const std::string& attribute, const std::vector<std::string>& values) {
        std::vector<Bucket> buckets;
        for (const auto& value : values) {
            const std::string word = audience::is_bare_word(value) ? value : audience::quote(value);
            buckets.push_back(bucket(value, value, value, attribute + " = " + word));
        }
        return with_missing(std::move(buckets), attribute);
    }

    std::vector<Bucket> of_choices(const std::string& attribute) {
        std::vector<Bucket> buckets;
        for (const auto& choice : audience::find_attribute(attribute)->choices) {
            const std::string key(choice.key);
            buckets.push_back(
                bucket(key, std::string(choice.words.zh), std::string(choice.words.en), attribute + " = " + key));
        }
        return with_missing(std::move(buckets), attribute);
    }

    // Edges in whole units, 1 2 5 10 …, as many as the selection's spend needs.
    std::vector<Bucket> of_spend() {
        const auto metric = or_throw(audience::bind_metric("total_spent", bind_));
        const auto measured = audience::measure(version_, {metric}, as_of_, &selection_, pool_);
        double most = 0;
        for (const double one : measured.values[0]) most = std::isnan(one) ? most : std::max(most, one);
        const double unit = std::pow(10.0, info(bind_.base_currency).digits);
        std::vector<std::int64_t> edges{0};
        constexpr std::int64_t kSteps[] = {1, 2, 5};
        for (std::int64_t ten = 10; static_cast<double>(edges.back()) * unit <= most && ten < 1'000'000'000;
             ten *= 10) {
            for (const auto step : kSteps) {
                if (static_cast<double>(edges.back()) * unit <= most) edges.push_back(step * ten);
            }
        }
        std::vector<Bucket> buckets;
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            const std::string from = std::to_string(edges[i]), to = std::to_string(edges[i + 1]);
            buckets.push_back(
                bucket(from, from + "–" + to, from + "–" + to,
                       "total_spent " + std::string(i == 0 ? "> " : ">= ") + from + " and total_spent < " + to));
        }
        auto none = bucket("none", "未消费", "nothing spent", "not total_spent > 0");
        buckets.insert(buckets.begin(), std::move(none));
        return buckets;
    }

private:
    std::vector<Bucket> with_missing(std::vector<Bucket> buckets, const std::string& attribute) {
        std::erase_if(buckets, [](const Bucket& one) { return one.customers == 0; });
        std::ranges::stable_sort(buckets, std::greater(), &Bucket::customers);
        auto missing = bucket("", "未知", "not known", attribute + " is missing");
        if (missing.customers > 0) buckets.push_back(std::move(missing));
        return buckets;
    }

    const audience::Version& version_;
    const audience::Selection& selection_;
    Instant as_of_;
    audience::WorkerPool* pool_;
    audience::BindOptions bind_;
};

}  // namespace

Result<Composition> composition(record::Database& database, const audience::Version& version,
                                const audience::Selection& selection, Instant as_of, audience::WorkerPool* pool) {
    std::vector<std::string> provinces, platforms, tiers;
    auto read = database.read([&](soci::session& session) {
        // Of profiles first, else of orders, as the attribute itself.
        provinces =
            texts(session,
                  "SELECT province FROM (SELECT province, count(*) AS n FROM accounts WHERE province IS NOT NULL "
                  "GROUP BY province UNION ALL SELECT province, count(*) AS n FROM orders WHERE province IS NOT "
                  "NULL GROUP BY province) p GROUP BY province ORDER BY sum(n) DESC, province LIMIT " +
                      std::to_string(kMostRegions));
        platforms = texts(session, "SELECT DISTINCT platform FROM shops ORDER BY platform");
        for (const auto& tier : record::all_tiers(session)) tiers.push_back(tier.name);
    });
    if (!read) return std::unexpected(read.error());
    Composition all;
    auto composed = record::guarded([&] {
        Composer compose(version, selection, as_of, pool);
        all.emplace_back("region", compose.of_texts("province", provinces));
        all.emplace_back("lifecycle", compose.of_choices("lifecycle"));
        all.emplace_back("rfm_class", compose.of_choices("rfm.class"));
        all.emplace_back("tier", compose.of_texts("tier", tiers));
        all.emplace_back("spend_histogram", compose.of_spend());
        all.emplace_back("gender", compose.of_choices("gender"));
        all.emplace_back("platform", compose.of_texts("platform", platforms));
    });
    if (!composed) return std::unexpected(composed.error());
    return all;
}

}  // namespace shuke::segment
