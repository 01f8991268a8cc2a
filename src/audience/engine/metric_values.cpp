#include "audience/engine/metric_values.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "audience/engine/metric_plan.h"
#include "audience/worker_pool.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void measure_block(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotNumbers& values) {
    values.fill(kNaN);
    if (plan.type != Type::kTime) return plan.numbers(run, who, values);
    SlotTimes times;
    plan.times(run, who, times);
    who.for_each([&](std::size_t slot) {
        if (times.seconds[slot] != kMissing) values[slot] = static_cast<double>(times.seconds[slot]);
    });
}

MetricPlan compile_measure(const bound::Metric& metric, const PlanContext& context) {
    SHUKE_CHECK(metric.type != Type::kText && metric.type != Type::kChoice, "text has no measure");
    return compile_metric(metric, context);
}

double average(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double percentile(std::vector<double>& values, double percent) {
    const double rank = percent * static_cast<double>(values.size() - 1) / 100;
    const auto below = static_cast<std::size_t>(std::floor(rank));
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), place, values.end());
    const double low = *place;
    const double share = rank - static_cast<double>(below);
    if (share == 0) return low;
    const double high = *std::min_element(place + 1, values.end());
    return low + (high - low) * share;
}

}  // namespace

std::vector<SlotBits> existing_customers(const PlanContext& context) {
    std::vector<SlotBits> who(context.version.blocks().size());
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, who.size(), [&](std::size_t block, unsigned worker) {
        who[block] = BlockRun(context.version, block, context.now(), workspaces[worker]).existing_customers();
    });
    return who;
}

std::vector<std::vector<double>> metric_values(const PlanContext& context,
                                               const std::vector<const bound::Metric*>& metrics,
                                               const std::vector<SlotBits>& who) {
    std::vector<MetricPlan> plans;
    plans.reserve(metrics.size());
    for (const bound::Metric* metric : metrics) plans.push_back(compile_measure(*metric, context));
    std::vector<std::size_t> begins(who.size() + 1, 0);
    for (std::size_t block = 0; block < who.size(); ++block) begins[block + 1] = begins[block] + who[block].count();
    std::vector<std::vector<double>> result(plans.size(), std::vector<double>(begins.back()));
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, who.size(), [&](std::size_t block, unsigned worker) {
        if (begins[block] == begins[block + 1]) return;
        workspaces[worker].reset();
        BlockRun run(context.version, block, context.now(), workspaces[worker]);
        SlotNumbers values;
        for (std::size_t metric = 0; metric < plans.size(); ++metric) {
            measure_block(plans[metric], run, who[block], values);
            double* out = result[metric].data() + begins[block];
            who[block].for_each([&](std::size_t slot) { *out++ = values[slot]; });
        }
    });
    return result;
}

void measure_blocks(const PlanContext& context, const bound::Metric& metric, const std::vector<SlotBits>& who,
                    const UseBlock& use) {
    const MetricPlan plan = compile_measure(metric, context);
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, who.size(), [&](std::size_t block, unsigned worker) {
        if (!who[block].any()) return;
        workspaces[worker].reset();
        BlockRun run(context.version, block, context.now(), workspaces[worker]);
        SlotNumbers values;
        measure_block(plan, run, who[block], values);
        use(block, values, worker);
    });
}

double population_value(const PlanContext& context, const bound::Metric& metric) {
    auto values = std::move(metric_values(context, {&metric.parts.front()}, existing_customers(context)).front());
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return kNaN;
    switch (metric.population) {
        case Population::Kind::kAverage: return average(values);
        case Population::Kind::kMedian: return percentile(values, 50);
        case Population::Kind::kPercentile: break;
    }
    return percentile(values, metric.percent);
}

}  // namespace shuke::audience
