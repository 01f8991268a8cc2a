#include "audience/evaluate.h"

#include "audience/engine/predicate_plan.h"
#include "audience/worker_pool.h"

namespace shuke::audience {

Selection evaluate(const Version& version, const BoundExpression& expression, Instant as_of, WorkerPool* pool) {
    const PlanContext context{version, as_of};
    const PredicatePlan plan = compile_predicate(expression.root(), context);
    std::vector<SlotBits> chosen(version.blocks().size());
    std::vector<Workspace> workspaces(workers(pool));
    run_tasks(pool, chosen.size(), [&](std::size_t block, unsigned worker) {
        workspaces[worker].reset();
        BlockRun run(version.shared(), *version.blocks()[block], context.now(), workspaces[worker]);
        chosen[block] = run.existing_customers();
        plan.refine(run, chosen[block]);
    });

    Selection selection;
    std::vector<std::uint32_t> slots;
    for (std::size_t block = 0; block < chosen.size(); ++block) {
        slots.clear();
        chosen[block].for_each([&](std::size_t slot) { slots.push_back(static_cast<std::uint32_t>(block * kBlockSlots + slot)); });
        if (slots.size() == kBlockSlots) {
            selection.slots.addRange(slots.front(), std::uint64_t{slots.back()} + 1);
        } else if (!slots.empty()) {
            selection.slots.addMany(slots.size(), slots.data());
        }
    }
    return selection;
}

std::vector<CustomerId> customers(const Version& version, const Selection& selection) {
    std::vector<CustomerId> ids;
    ids.reserve(selection.count());
    for (const Slot slot : selection.slots) ids.push_back(version.customer_at(slot));
    return ids;
}

}  // namespace shuke::audience
