#include "audience/profile.h"

#include <algorithm>
#include <chrono>

#include "audience/engine/counters.h"
#include "audience/engine/predicate_plan.h"
#include "audience/engine/selection.h"
#include "audience/expression/printer.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kLongestText = 300;

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

const std::vector<Predicate>* parts_of(const Predicate& node) {
    if (const auto* joined = std::get_if<And>(&node.node)) return &joined->parts;
    if (const auto* joined = std::get_if<Or>(&node.node)) return &joined->parts;
    if (const auto* negated = std::get_if<Not>(&node.node)) return &negated->part;
    return nullptr;
}

class Report {
public:
    Report(Counters& counters, std::uint64_t blocks) : counters_(counters), blocks_(blocks) {}

    ConditionProfile of(const Predicate& node, const bound::Predicate& bound) {
        // A segment is evaluated as its definition.
        const bool is_segment = bound.kind == bound::Predicate::Kind::kSegment && bound.segment->is_plain();
        const ConditionCounters& counted = counters_.of(is_segment ? bound.segment->root : bound);
        ConditionProfile profile;
        profile.text = print(node);
        if (profile.text.size() > kLongestText) profile.text = profile.text.substr(0, kLongestText) + "…";
        profile.read = counted.read;
        profile.cached = counted.cached;
        profile.skipped = blocks_ - profile.read - profile.cached;
        profile.asked = counted.asked;
        profile.kept = counted.kept;
        profile.milliseconds = static_cast<double>(counted.nanoseconds) / 1e6;
        if (const auto* parts = parts_of(node)) add_parts(profile, *parts, bound);
        return profile;
    }

private:
    void add_parts(ConditionProfile& profile, const std::vector<Predicate>& parts, const bound::Predicate& bound) {
        std::vector<std::size_t> order(parts.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return counters_.of(bound.parts[i]).cost; });
        for (const std::size_t i : order) profile.parts.push_back(of(parts[i], bound.parts[i]));
    }

    Counters& counters_;
    std::uint64_t blocks_;
};

}  // namespace

Profile profile(const Version& version, const BoundExpression& expression, Instant as_of, WorkerPool* pool,
                PredicateCache* cache) {
    Counters counters;
    Profile profile;
    PlanContext context{version, as_of, pool, cache};
    const auto start = Clock::now();
    compile_predicate(expression.root(), context);  // once more within select(): only for its time
    profile.plan_milliseconds = milliseconds_since(start);
    context.counters = &counters;
    for (const SlotBits& chosen : select(context, expression.selection())) profile.chosen += chosen.count();
    profile.evaluate_milliseconds = std::max(0.0, milliseconds_since(start) - 2 * profile.plan_milliseconds);
    profile.customers = version.customers();
    profile.blocks = version.blocks().size();
    profile.threads = workers(pool);
    profile.root = Report(counters, profile.blocks).of(expression.expression().root, expression.root());
    return profile;
}

}  // namespace shuke::audience
