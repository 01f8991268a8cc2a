#include "segment/backtest.h"

#include <cmath>
#include <string>

#include "audience/measure.h"
#include "base/check.h"
#include "base/time_zone.h"

namespace shuke::segment {
namespace {

constexpr int kMostDays = 3650;
constexpr std::int64_t kDaySeconds = 86'400;

std::vector<audience::BoundMetric> metrics_of(int days, Currency currency) {
    const std::string window = "within last " + std::to_string(days) + " days";
    const std::string in_time = "(paid_at " + window + " or paid_at is missing and at " + window + ")";
    std::vector<audience::BoundMetric> metrics;
    for (const std::string& text :
         {"count(orders where paid and " + in_time + ")", "sum(orders.amount where paid and " + in_time + ")",
          "sum(refunds.amount where dated and paid and " + in_time + ")",
          "sum(refunds.amount where not dated and paid_at " + window + ")",
          "sum(refunds.amount where dated and not paid " + window + ")"}) {
        const auto bound = audience::bind_metric(text, {currency, nullptr});
        SHUKE_CHECK(bound.has_value(), bound ? "" : bound.error().detail);
        metrics.push_back(*bound);
    }
    return metrics;
}

std::int64_t whole(double amount) { return std::isnan(amount) ? 0 : std::llround(amount); }

GroupOutcome outcome_of(const audience::Version& version, const std::vector<audience::BoundMetric>& metrics,
                        const audience::Selection& group, Instant until, audience::WorkerPool* pool) {
    const auto measured = audience::measure(version, metrics, until, &group, pool);
    GroupOutcome outcome;
    outcome.customers = group.count();
    for (std::size_t i = 0; i < measured.slots.size(); ++i) {
        const std::int64_t orders = whole(measured.values[0][i]);
        outcome.buyers += orders > 0 ? 1 : 0;
        outcome.orders += static_cast<std::uint64_t>(orders);
        outcome.revenue += whole(measured.values[1][i]);
        outcome.refunds += whole(measured.values[2][i]);
        outcome.undated_refunds += whole(measured.values[3][i]);
        outcome.stray_refunds += whole(measured.values[4][i]);
    }
    return outcome;
}

}  // namespace

Result<BackTest> back_test(const audience::Version& version, const audience::BoundExpression& segment,
                           const BackTestOptions& options, audience::WorkerPool* pool) {
    if (options.days < 1 || options.days > kMostDays) {
        return fail(Code::kInvalid, "segment.back_test_days",
                    "found " + std::to_string(options.days) + " days, expected 1 to " + std::to_string(kMostDays));
    }
    const std::int64_t day = options.as_of.seconds();
    BackTest result;
    result.from = Instant::from_seconds(day + 1);
    result.until = Instant::from_seconds(day + 1 + options.days * kDaySeconds);
    if (options.now <= result.from) {
        return fail(Code::kInvalid, "segment.back_test_future",
                    "nothing has happened after " + format_iso(options.as_of) + " yet; expected a day in the past");
    }
    result.is_complete = result.until <= options.now;

    const auto everybody = audience::parse_and_bind("all customers", {version.config().base_currency, nullptr});
    SHUKE_CHECK(everybody.has_value(), "all customers");
    const audience::Selection members = audience::evaluate(version, segment, options.as_of, pool);
    audience::Selection rest = audience::evaluate(version, *everybody, options.as_of, pool);
    rest.slots -= members.slots;
    const auto metrics = metrics_of(options.days, version.config().base_currency);
    result.members = outcome_of(version, metrics, members, result.until, pool);
    result.rest = outcome_of(version, metrics, rest, result.until, pool);
    return result;
}

}  // namespace shuke::segment
