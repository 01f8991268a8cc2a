#include "audience/engine/value_check.h"

#include <algorithm>
#include <cmath>

#include "audience/engine/kernels.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kMostChoices = 32;

// By code: does it pass?
std::vector<std::uint8_t> codes_passing(const bound::Test& test, const MetricPlan& metric, const PlanContext& context) {
    if (const auto* text = std::get_if<bound::TextTest>(&test))
        return passing_texts(context.shared(), metric.domain, *text);
    const std::size_t codes = metric.type == Type::kText
                                  ? context.shared().dictionary(metric.domain).max_code() + std::size_t{1}
                                  : kMostChoices + 1;
    std::vector<std::uint8_t> passes(codes, 0);
    if (const auto* known = std::get_if<bound::KnownTest>(&test)) {
        std::ranges::fill(passes, known->known ? 1 : 0);
        passes[0] = known->known ? 0 : 1;
        return passes;
    }
    const std::uint32_t allowed = std::get<bound::ChoiceTest>(test).allowed;
    for (std::size_t choice = 0; choice < kMostChoices; ++choice) passes[choice + 1] = allowed >> choice & 1;
    return passes;
}

}  // namespace

Order to_order(Op op) {
    SHUKE_CHECK(op <= Op::kGreaterEqual, "not an order");
    return static_cast<Order>(op);
}

ValueTest compile_value_test(const bound::Test& test, const MetricPlan& metric, const PlanContext& context) {
    ValueTest result;
    result.test = test;
    if (metric.type == Type::kText || metric.type == Type::kChoice) result.codes = codes_passing(test, metric, context);
    const auto* window = std::get_if<bound::WindowTest>(&test);
    if (window == nullptr) return result;
    const TimeZone& zone = context.version.config().zone;
    if (metric.type == Type::kDate && metric.attribute != AttributeKey::kBirthday) {
        result.ranges = {day_range(window->window, context.as_of, zone)};
        return result;
    }
    if (metric.type == Type::kDate) {
        result.birthdays = birthdays_in(day_range(window->window, context.as_of, zone));
        return result;
    }
    result.ranges = window_ranges(window->window, context.as_of, zone, context.shared().zones);
    result.ranges.push_back(window_range(window->window, context.as_of, zone, zone));
    return result;
}

SlotBits ValueTest::numbers_that_pass(const SlotNumbers& values) const {
    SlotBits result;
    if (const auto* number = std::get_if<bound::NumberTest>(&test)) {
        SlotNumbers constants;
        constants.fill(number->constant);
        return compare(values.data(), to_order(number->op), constants.data());
    }
    if (const auto* window = std::get_if<bound::WindowTest>(&test)) {  // of a date
        for (std::size_t slot = 0; slot < values.size(); ++slot) {
            if (std::isnan(values[slot])) continue;
            if (ranges.front().contains(static_cast<std::int64_t>(values[slot])) != window->negated) result.set(slot);
        }
        return result;
    }
    const auto* set = std::get_if<bound::NumberSetTest>(&test);
    const auto* known = std::get_if<bound::KnownTest>(&test);
    SHUKE_CHECK(set != nullptr || known != nullptr, "a test that numbers do not have");
    for (std::size_t slot = 0; slot < values.size(); ++slot) {
        const double value = values[slot];
        const bool whole = value == std::floor(value) && std::abs(value) < 9e18;
        const bool passes = known != nullptr ? std::isnan(value) != known->known
                            : whole          ? std::ranges::binary_search(set->values, static_cast<std::int64_t>(value))
                                             : std::ranges::find(set->fractions, value) != set->fractions.end();
        if (passes) result.set(slot);
    }
    return result;
}

SlotBits ValueTest::kept_that_pass(const CachedMetric::Values& values) const {
    if (!codes.empty()) {
        std::array<std::uint8_t, kBlockSlots> passes;
        for (std::size_t slot = 0; slot < kBlockSlots; ++slot) passes[slot] = codes[values.stored[slot]];
        return bits_of_bytes(passes);
    }
    if (const auto* number = std::get_if<bound::NumberTest>(&test); number != nullptr && values.fractions == nullptr) {
        SlotBits result = SlotBits::first(kBlockSlots);
        const Keep mode = number->negated ? Keep::kOutside : Keep::kInside;
        keep_in_range(values.column(), kBlockSlots, number->low, number->high, mode, result.words.data());
        return result;
    }
    SlotNumbers numbers;
    values.numbers(numbers);
    return numbers_that_pass(numbers);
}

bool ValueTest::time_passes(std::int64_t seconds, std::uint32_t zone) const {
    if (const auto* known = std::get_if<bound::KnownTest>(&test)) return (seconds != kMissing) == known->known;
    if (seconds == kMissing) return false;
    const WindowRange& range = zone == kConfiguredZone ? ranges.back() : ranges[zone];
    return range.contains(seconds) != std::get<bound::WindowTest>(test).negated;
}

}  // namespace shuke::audience
