#include "audience/measure.h"

#include "audience/engine/metric_values.h"

namespace shuke::audience {

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who, WorkerPool* pool) {
    const PlanContext context{version, as_of, pool};
    std::vector<SlotBits> chosen = existing_customers(context);
    if (who != nullptr) {
        std::vector<SlotBits> wanted(chosen.size());
        for (const Slot slot : who->slots) wanted[slot / kBlockSlots].set(slot % kBlockSlots);
        for (std::size_t block = 0; block < chosen.size(); ++block) chosen[block] &= wanted[block];
    }
    Measurements result;
    for (std::size_t block = 0; block < chosen.size(); ++block) {
        chosen[block].for_each(
            [&](std::size_t slot) { result.slots.push_back(static_cast<Slot>(block * kBlockSlots + slot)); });
    }
    std::vector<const bound::Metric*> plain;
    plain.reserve(metrics.size());
    for (const BoundMetric& metric : metrics) plain.push_back(metric.get());
    result.values = metric_values(context, plain, chosen);
    return result;
}

}  // namespace shuke::audience
