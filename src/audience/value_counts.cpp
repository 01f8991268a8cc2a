#include "audience/value_counts.h"

#include <algorithm>
#include <array>

#include "audience/engine/metric_plan.h"
#include "audience/engine/metric_values.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using Counts = std::vector<std::uint64_t>;  // by code; 0 = missing

Counts count_codes(const PlanContext& context, const MetricPlan& plan, const std::vector<SlotBits>& who) {
    constexpr std::size_t kMostChoices = 32;
    const bool is_choice = plan.type == Type::kChoice;
    const std::size_t codes = 1 + (is_choice ? kMostChoices : context.shared().dictionary(plan.domain).max_code());
    std::vector<Counts> by_worker(workers(context.pool), Counts(codes, 0));
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, who.size(), [&](std::size_t block, unsigned worker) {
        if (!who[block].any()) return;
        workspaces[worker].reset();
        BlockRun run(context.version, block, context.now(), workspaces[worker]);
        SlotCodes codes_of;
        plan.codes(run, who[block], codes_of);
        who[block].for_each([&](std::size_t slot) { ++by_worker[worker][codes_of[slot]]; });
    });
    Counts& all = by_worker.front();
    for (std::size_t worker = 1; worker < by_worker.size(); ++worker)
        for (std::size_t code = 0; code < codes; ++code) all[code] += by_worker[worker][code];
    return all;
}

}  // namespace

Result<std::vector<ValueCount>> count_by_value(const Version& version, std::string_view attribute, Instant as_of,
                                               const Selection* who, WorkerPool* pool) {
    const auto known = parse_and_bind(std::string(attribute) + " is known", {version.config().base_currency, nullptr});
    if (!known) return std::unexpected(known.error());
    const bound::Metric& metric = known->root().left;
    if (metric.type != Type::kText && metric.type != Type::kChoice)
        return fail(Code::kInvalid, "expression.type",
                    std::string(attribute) + " is not a text; expected one, such as province or tier");
    const PlanContext context{version, as_of, pool};
    const MetricPlan plan = compile_metric(metric, context);
    const Counts counts = count_codes(context, plan, chosen_customers(context, who));
    std::vector<ValueCount> found;
    for (std::uint32_t code = 1; code < counts.size(); ++code) {
        if (counts[code] == 0) continue;
        const bool is_choice = metric.type == Type::kChoice;
        found.push_back({std::string(is_choice ? metric.attribute->choices[code - 1].key
                                               : context.shared().dictionary(plan.domain).text(code)),
                         counts[code]});
    }
    std::ranges::sort(found, [](const ValueCount& a, const ValueCount& b) {
        return a.customers != b.customers ? a.customers > b.customers : a.value < b.value;
    });
    if (counts[0] > 0) found.push_back({"", counts[0]});
    return found;
}

}  // namespace shuke::audience
