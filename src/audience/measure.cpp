#include "audience/measure.h"

#include "audience/engine/metric_values.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

std::vector<Slot> slots_of(const std::vector<SlotBits>& chosen, WorkerPool* pool) {
    std::vector<std::size_t> begins(chosen.size() + 1, 0);
    for (std::size_t block = 0; block < chosen.size(); ++block)
        begins[block + 1] = begins[block] + chosen[block].count();
    std::vector<Slot> slots(begins.back());
    run_tasks(pool, chosen.size(), [&](std::size_t block, unsigned) {
        Slot* out = slots.data() + begins[block];
        chosen[block].for_each([&](std::size_t slot) { *out++ = static_cast<Slot>(block * kBlockSlots + slot); });
    });
    return slots;
}

}  // namespace

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who, WorkerPool* pool) {
    const PlanContext context{version, as_of, pool};
    std::vector<SlotBits> chosen = existing_customers(context);
    if (who != nullptr) {
        std::vector<SlotBits> wanted(chosen.size());
        for (const Slot slot : who->slots) wanted[slot / kBlockSlots].set(slot % kBlockSlots);
        for (std::size_t block = 0; block < chosen.size(); ++block) chosen[block] &= wanted[block];
    }
    std::vector<const bound::Metric*> plain;
    plain.reserve(metrics.size());
    for (const BoundMetric& metric : metrics) plain.push_back(metric.get());
    Measurements result;
    result.slots = slots_of(chosen, pool);
    result.values = metric_values(context, plain, chosen);
    return result;
}

}  // namespace shuke::audience
