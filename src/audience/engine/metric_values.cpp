#include "audience/engine/metric_values.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "audience/engine/metric_plan.h"
#include "audience/engine/predicate_key.h"
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

std::vector<SlotBits> chosen_customers(const PlanContext& context, const Selection* who) {
    std::vector<SlotBits> chosen = existing_customers(context);
    if (who == nullptr) return chosen;
    std::vector<SlotBits> wanted(chosen.size());
    for (const Slot slot : who->slots) wanted[slot / kBlockSlots].set(slot % kBlockSlots);
    for (std::size_t block = 0; block < chosen.size(); ++block) chosen[block] &= wanted[block];
    return chosen;
}

std::vector<std::vector<double>> metric_values(const PlanContext& context,
                                               const std::vector<const bound::Metric*>& metrics,
                                               const std::vector<SlotBits>& who) {
    std::vector<std::size_t> begins(who.size() + 1, 0);
    for (std::size_t block = 0; block < who.size(); ++block) begins[block + 1] = begins[block] + who[block].count();
    std::vector<std::vector<double>> result(metrics.size(), std::vector<double>(begins.back()));
    measure_blocks(context, metrics, who, [&](std::size_t block, std::span<const SlotNumbers> values, unsigned) {
        for (std::size_t metric = 0; metric < metrics.size(); ++metric) {
            double* out = result[metric].data() + begins[block];
            who[block].for_each([&](std::size_t slot) { *out++ = values[metric][slot]; });
        }
    });
    return result;
}

void measure_blocks(const PlanContext& context, const std::vector<const bound::Metric*>& metrics,
                    const std::vector<SlotBits>& who, const UseBlock& use) {
    std::vector<MetricPlan> plans;
    plans.reserve(metrics.size());
    for (const bound::Metric* metric : metrics) plans.push_back(compile_measure(*metric, context));
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, who.size(), [&](std::size_t block, unsigned worker) {
        if (!who[block].any()) return;
        workspaces[worker].reset();
        BlockRun run(context.version, block, context.now(), workspaces[worker]);
        const std::span values(workspaces[worker].kept.take<SlotNumbers>(plans.size()), plans.size());
        for (std::size_t metric = 0; metric < plans.size(); ++metric)
            measure_block(plans[metric], run, who[block], values[metric]);
        use(block, values, worker);
    });
}

double population_value(const PlanContext& context, const bound::Metric& metric) {
    const bound::Metric& measured = metric.parts.front();
    const std::vector<SlotBits> everybody = existing_customers(context);
    auto by_block = std::make_shared<std::vector<SlotNumbers>>(everybody.size());
    measure_blocks(
        context, {&measured}, everybody,
        [&](std::size_t block, std::span<const SlotNumbers> values, unsigned) { (*by_block)[block] = values.front(); });
    std::vector<double> values;
    for (std::size_t block = 0; block < everybody.size(); ++block) {
        everybody[block].for_each([&](std::size_t slot) {
            if (const double value = (*by_block)[block][slot]; !std::isnan(value)) values.push_back(value);
        });
    }
    if (const auto key = metric_key(measured)) (*context.measured)[*key] = std::move(by_block);
    if (values.empty()) return kNaN;
    switch (metric.population) {
        case Population::Kind::kAverage: return average(values);
        case Population::Kind::kMedian: return percentile(values, 50);
        case Population::Kind::kPercentile: break;
    }
    return percentile(values, metric.percent);
}

}  // namespace shuke::audience
