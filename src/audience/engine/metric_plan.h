// src/audience/engine/metric_plan.h
//
// A metric or attribute, compiled: one value for each slot of a block. Three kinds of results, by the metric's type:
//   numbers   numbers, money, pieces, dates (days since 1970): NaN = missing; sums are exact up to 2^53
//   codes     texts (codes of domain) and choices (1 = the first): 0 = missing
//   times     seconds since 1970 and the zone of the shop they belong to: kMissing = missing
// The slots of `who` are written; others may be, with what they would have been.
//
// Threads  immutable; one BlockRun a worker.
#pragma once

#include <array>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "audience/engine/aggregate.h"
#include "audience/engine/facts_plan.h"

namespace shuke::audience {

using SlotCodes = std::array<std::uint32_t, kBlockSlots>;
struct SlotTimes {
    std::array<std::int64_t, kBlockSlots> seconds;
    std::array<std::uint32_t, kBlockSlots> zone{};  // index into SharedTables::zones; kConfiguredZone
};
inline constexpr std::uint32_t kConfiguredZone = 0xFFFF'FFFF;

struct MetricPlan {
    enum class Kind : std::uint8_t { kConstant, kAttribute, kAggregate, kArithmetic };
    Kind kind = Kind::kConstant;
    Type type = Type::kNumber;
    int scale = 0;
    double constant = 0;
    double factor = 1;  // a power of ten: the unit in which two metrics are compared; applied before any division
    AttributeKey attribute{};
    std::uint32_t trait = 0;             // code of a trait; 0 = nobody has it
    std::vector<std::uint32_t> choices;  // of a trait that is one of a few words: the code of each word's text
    TextDomain domain{};                 // of codes
    Aggregate aggregate = Aggregate::kCount;
    FieldKey field{};
    double enough = std::numeric_limits<double>::infinity();  // of distinct: more makes no difference
    bool net = false;                                         // sum of orders: less their refunds
    FactsPlan facts;
    LifecycleEdges lifecycle;
    Day as_of_day{};
    std::string signs;                                         // of arithmetic, between its parts
    std::shared_ptr<const std::vector<SlotNumbers>> measured;  // by block, where it is known already
    std::vector<MetricPlan> parts;                             // their factors bring the terms of a sum to one unit

    void numbers(BlockRun& run, const SlotBits& who, SlotNumbers& out) const;
    void codes(BlockRun& run, const SlotBits& who, SlotCodes& out) const;
    // The profile's column behind an attribute of codes; null for other metrics. Slots it misses may still have a code.
    const Column* profile_column(const Block& block) const;
    void times(BlockRun& run, const SlotBits& who, SlotTimes& out) const;
    int cost() const;
};

MetricPlan compile_metric(const bound::Metric& metric, const PlanContext& context);

}  // namespace shuke::audience
