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

std::vector<const bound::Metric*> plain(const std::vector<BoundMetric>& metrics) {
    std::vector<const bound::Metric*> plain;
    plain.reserve(metrics.size());
    for (const BoundMetric& metric : metrics) plain.push_back(metric.get());
    return plain;
}

}  // namespace

Measurements measure(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                     const Selection* who, WorkerPool* pool) {
    const PlanContext context{version, as_of, pool};
    const std::vector<SlotBits> chosen = chosen_customers(context, who);
    return {slots_of(chosen, pool), metric_values(context, plain(metrics), chosen)};
}

void measure_by_block(const Version& version, const std::vector<BoundMetric>& metrics, Instant as_of,
                      const Selection* who, WorkerPool* pool, const UseMeasured& use) {
    const PlanContext context{version, as_of, pool};
    const std::vector<SlotBits> chosen = chosen_customers(context, who);
    measure_blocks(context, plain(metrics), chosen,
                   [&](std::size_t block, std::span<const SlotNumbers> by_slot, unsigned) {
                       std::array<Slot, kBlockSlots> slots;
                       std::size_t count = 0;
                       chosen[block].for_each(
                           [&](std::size_t slot) { slots[count++] = static_cast<Slot>(block * kBlockSlots + slot); });
                       std::vector<SlotNumbers> packed(count == kBlockSlots ? 0 : metrics.size());
                       std::vector<std::span<const double>> values;
                       for (std::size_t metric = 0; metric < metrics.size(); ++metric) {
                           const double* source = by_slot[metric].data();
                           if (!packed.empty()) {
                               double* out = packed[metric].data();
                               chosen[block].for_each([&](std::size_t slot) { *out++ = by_slot[metric][slot]; });
                               source = packed[metric].data();
                           }
                           values.emplace_back(source, count);
                       }
                       use(block, {slots.data(), count}, values);
                   });
}

}  // namespace shuke::audience
