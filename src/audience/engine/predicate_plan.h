// src/audience/engine/predicate_plan.h
//
// A condition about customers, compiled: which slots of a block satisfy it. Parts of `and` and `or` run cheapest
// first, on the slots that are still undecided, and stop when there are none.
//
// Threads  immutable; one BlockRun a worker.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "audience/engine/cached_predicate.h"
#include "audience/engine/edge_row.h"
#include "audience/engine/value_check.h"

namespace shuke::audience {

struct ConditionCounters;

struct PredicatePlan {
    enum class Kind : std::uint8_t {
        kAll,
        kAnd,
        kOr,
        kNot,
        kAny,
        kTest,
        kBirthdayWindow,
        kCompare,
        kIds,
        kSlots,
        kSpan
    };
    Kind kind = Kind::kAll;
    std::vector<PredicatePlan> parts;
    FactsPlan facts;         // of any
    MetricPlan left, right;  // of test and compare
    ValueTest test;
    std::optional<EdgeRow> edge;  // of test, where it can be asked so
    Op op = Op::kEqual;
    std::vector<std::int64_t> ids;
    std::shared_ptr<const std::vector<SlotBits>> slots;  // of slots, by block
    std::uint32_t span = 0;                              // of span: its code; 0: nobody has one of that name
    std::uint32_t refused = 0;                           // of reachable: the span that rules it out
    std::shared_ptr<CachedPredicate> cached;             // of conditions that are worth it
    std::shared_ptr<const Expiry> expiry;                // of these
    std::shared_ptr<CachedMetric> cached_metric;         // of the test's left side, where it is worth it
    std::shared_ptr<const Expiry> metric_expiry;         // of this
    ConditionCounters* counters = nullptr;               // for a profile
    int cost = 0;

    // Slots of `who` that satisfy it stay.
    void refine(BlockRun& run, SlotBits& who) const;

private:
    bool look_up_or_evaluate(BlockRun& run, SlotBits& who) const;  // true: all was known
    void drop_known_failures(BlockRun& run, SlotBits& who) const;
    void evaluate(BlockRun& run, SlotBits& who) const;
    void refine_and_count(BlockRun& run, SlotBits& who) const;
};

PredicatePlan compile_predicate(const bound::Predicate& predicate, const PlanContext& context);

}  // namespace shuke::audience
