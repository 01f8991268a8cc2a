#include "audience/measure.h"

#include <limits>

#include "audience/engine/metric_plan.h"
#include "audience/worker_pool.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Who is asked about in one block, and where their values begin in the result.
struct BlockPart {
    SlotBits who;
    std::size_t begin = 0;
    std::size_t count = 0;
};

std::vector<BlockPart> parts_of(const Version& version, std::int64_t now, const Selection* who) {
    std::vector<BlockPart> parts(version.blocks().size());
    if (who != nullptr) {
        for (const Slot slot : who->slots) parts[slot / kBlockSlots].who.set(slot % kBlockSlots);
    }
    Workspace workspace;
    std::size_t begin = 0;
    for (std::size_t block = 0; block < parts.size(); ++block) {
        const SlotBits existing =
            BlockRun(version.shared(), *version.blocks()[block], now, workspace).existing_customers();
        if (who == nullptr) parts[block].who = existing;
        parts[block].who &= existing;
        parts[block].begin = begin;
        parts[block].who.for_each([&](std::size_t) { ++parts[block].count; });
        begin += parts[block].count;
    }
    return parts;
}

void measure_block(const MetricPlan& plan, BlockRun& run, const SlotBits& who, double* out) {
    SlotNumbers values;
    values.fill(kNaN);
    if (plan.type == Type::kTime) {
        SlotTimes times;
        plan.times(run, who, times);
        who.for_each([&](std::size_t slot) {
            if (times.seconds[slot] != kMissing) values[slot] = static_cast<double>(times.seconds[slot]);
        });
    } else {
        plan.numbers(run, who, values);
    }
    who.for_each([&](std::size_t slot) { *out++ = values[slot]; });
}

}  // namespace

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who, WorkerPool* pool) {
    const PlanContext context{version, as_of};
    std::vector<MetricPlan> plans;
    for (const BoundMetric& metric : metrics) {
        SHUKE_CHECK(metric->type != Type::kText && metric->type != Type::kChoice, "text has no measure");
        plans.push_back(compile_metric(*metric, context));
    }
    const std::vector<BlockPart> parts = parts_of(version, context.now(), who);
    const std::size_t count = parts.empty() ? 0 : parts.back().begin + parts.back().count;
    Measurements result{std::vector<Slot>(count),
                        std::vector<std::vector<double>>(plans.size(), std::vector<double>(count))};
    std::vector<Workspace> workspaces(workers(pool));
    run_tasks(pool, parts.size(), [&](std::size_t block, unsigned worker) {
        const BlockPart& part = parts[block];
        if (part.count == 0) return;
        workspaces[worker].reset();
        BlockRun run(version.shared(), *version.blocks()[block], context.now(), workspaces[worker]);
        std::size_t next = part.begin;
        part.who.for_each(
            [&](std::size_t slot) { result.slots[next++] = static_cast<Slot>(block * kBlockSlots + slot); });
        for (std::size_t metric = 0; metric < plans.size(); ++metric) {
            measure_block(plans[metric], run, part.who, result.values[metric].data() + part.begin);
        }
    });
    return result;
}

}  // namespace shuke::audience
