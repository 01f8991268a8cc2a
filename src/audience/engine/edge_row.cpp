#include "audience/engine/edge_row.h"

#include <algorithm>
#include <cstring>

#include "audience/engine/kernels.h"

namespace shuke::audience {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

SlotBits slots_with_rows(BlockRun& run, const Word* rows) {
    const std::size_t count = run.rows(Level::kOrder);
    SlotNumbers counts;
    count_by_slot(rows, count, run.offsets(Level::kOrder), kBlockSlots,
                  run.temporary().take<Word>(words_for(count) + 1), counts.data());
    static constexpr SlotNumbers kZeros{};
    return compare(counts.data(), Order::kGreater, kZeros.data());
}

// Of the selected orders those in the range; nothing when there are none.
std::optional<SlotBits> slots_within(BlockRun& run, const Word* selected, WindowRange range) {
    const Column& at = run.block().orders.at;
    if (range.low > range.high || at.max < range.low || at.min > range.high) return std::nullopt;
    const std::size_t rows = run.rows(Level::kOrder);
    Word* keep = run.take_bits(Level::kOrder);
    std::memcpy(keep, selected, (words_for(rows) + 1) * sizeof(Word));
    keep_in_range(at, rows, range.low, range.high, Keep::kInside, keep);
    if (!any(keep, words_for(rows))) return std::nullopt;
    return slots_with_rows(run, keep);
}

}  // namespace

std::optional<EdgeRow> EdgeRow::of_window(const MetricPlan& metric, const std::vector<WindowRange>& ranges) {
    using enum Aggregate;
    const bool last = metric.aggregate == kLast || metric.aggregate == kMax;
    const bool first = metric.aggregate == kFirst || metric.aggregate == kMin;
    if (metric.kind != MetricPlan::Kind::kAggregate || metric.field != FieldKey::kAt ||
        metric.facts.level != Level::kOrder || !(last || first) || ranges.size() < 2) {
        return std::nullopt;
    }
    // The configured zone's range is behind those of the shops' zones.
    if (!std::equal(ranges.begin() + 1, ranges.end() - 1, ranges.begin())) return std::nullopt;
    return EdgeRow{metric.facts, last, ranges.front()};
}

std::optional<EdgeRow> EdgeRow::of_lifecycle(const MetricPlan& metric, std::uint32_t allowed, std::int64_t now) {
    if (metric.kind != MetricPlan::Kind::kAttribute || metric.attribute != AttributeKey::kLifecycle)
        return std::nullopt;
    const std::int64_t edges[] = {-1, metric.lifecycle.silent_after_days * kSecondsPerDay,
                                  metric.lifecycle.sleeping_after_days * kSecondsPerDay,
                                  metric.lifecycle.lost_after_days * kSecondsPerDay};
    if (!std::ranges::is_sorted(edges)) return std::nullopt;
    unsigned from = 0;  // active, silent, sleeping, lost: neighbours only
    while (from < 4 && (allowed >> from & 1) == 0) ++from;
    unsigned to = from;
    while (to < 4 && (allowed >> to & 1) != 0) ++to;
    if (from == to || (allowed & 0xF) >> to != 0) return std::nullopt;
    EdgeRow edge{metric.facts, true, {}};
    edge.range.high = now - edges[from] - 1;
    edge.range.low = to == 4 ? kEarliest : now - edges[to];
    return edge;
}

bool EdgeRow::refine(BlockRun& run, SlotBits& who) const {
    if (!last && run.block().orders.at.has_missing) return false;
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run, who);
    std::optional<SlotBits> inside;
    if (selected != nullptr) inside = slots_within(run, selected, range);
    if (!inside) {
        if (selected != nullptr) run.count_empty_selection();
        who = SlotBits{};
        return true;
    }
    who &= *inside;
    const WindowRange beyond = last ? WindowRange{range.high == kLatest ? kLatest : range.high + 1, kLatest}
                                    : WindowRange{kEarliest, range.low == kEarliest ? kEarliest : range.low - 1};
    const bool nothing_beyond = last ? range.high == kLatest : range.low == kEarliest;
    if (!nothing_beyond && who.any()) {
        if (const auto outside = slots_within(run, selected, beyond)) who = who.without(*outside);
    }
    return true;
}

}  // namespace shuke::audience
