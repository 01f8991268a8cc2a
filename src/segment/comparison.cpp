#include "segment/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace shuke::segment {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// What the value adds to the distance between segment and whole (a term of the symmetric Kullback-Leibler divergence):
// a large lift of a large share counts most. Half a customer more on each side, so that nobody is not infinitely few.
double weight(const ValueLift& value, const Comparison& of) {
    const auto smoothed = [](std::uint64_t part, std::uint64_t whole) {
        return (static_cast<double>(part) + 0.5) / (static_cast<double>(whole) + 1);
    };
    const double here = smoothed(value.in_segment, of.segment);
    const double all = smoothed(value.in_all, of.all);
    return (here - all) * std::log(here / all);
}

}  // namespace

Result<Comparison> compare(const audience::Version& version, const audience::Selection& segment,
                           const std::vector<AttributeValue>& values, Instant as_of, const ComparisonOptions& options,
                           audience::WorkerPool* pool) {
    const audience::BindOptions bind{version.config().base_currency, nullptr};
    const auto selected = [&](const std::string& expression) -> Result<audience::Selection> {
        auto bound = audience::parse_and_bind(expression, bind);
        if (!bound) return std::unexpected(bound.error());
        return audience::evaluate(version, *bound, as_of, pool);
    };
    const auto everybody = selected("all customers");
    if (!everybody) return std::unexpected(everybody.error());
    Comparison result;
    result.segment = segment.count();
    result.all = everybody->count();
    for (const AttributeValue& value : values) {
        const auto having = selected(value.expression);
        if (!having) return std::unexpected(having.error());
        ValueLift one;
        one.value = value;
        one.in_all = having->count();
        if (one.in_all < std::max<std::uint64_t>(options.min_support, 1)) {
            if (one.in_all > 0) ++result.left_out;
            continue;
        }
        one.in_segment = having->slots.and_cardinality(segment.slots);
        one.segment_share = share(one.in_segment, result.segment);
        one.all_share = share(one.in_all, result.all);
        one.lift = one.segment_share / one.all_share;
        result.values.push_back(std::move(one));
    }
    return result;
}

std::vector<ValueLift> outstanding(const Comparison& comparison, std::size_t most) {
    std::vector<ValueLift> values = comparison.values;
    std::ranges::stable_sort(values, std::greater{}, [&](const ValueLift& value) { return weight(value, comparison); });
    if (values.size() > most) values.resize(most);
    return values;
}

}  // namespace shuke::segment
