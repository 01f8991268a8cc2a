#include "audience/engine/predicate_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "audience/engine/counters.h"
#include "audience/engine/kernels.h"
#include "audience/engine/predicate_key.h"
#include "audience/engine/selection.h"
#include "audience/predicate_cache.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

using Kind = PredicatePlan::Kind;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Which kind of values a metric of this type gives.
enum class Values { kNumbers, kCodes, kTimes };
Values values_of(Type type) {
    if (type == Type::kText || type == Type::kChoice) return Values::kCodes;
    return type == Type::kTime ? Values::kTimes : Values::kNumbers;
}

SlotNumbers no_numbers() {
    SlotNumbers values;
    values.fill(kNaN);
    return values;
}

// Values as plan.left gives them: worked out by evaluate(asked, values), tested by pass(values).
template <class SlotValues, class Evaluate, class Pass>
SlotBits passing_values(const PredicatePlan& plan, BlockRun& run, const SlotBits& who, SlotValues& values,
                        const Evaluate& evaluate, const Pass& pass) {
    if (plan.cached_metric == nullptr) {
        evaluate(who, values);
        return pass(values);
    }
    const auto answer = plan.cached_metric->usable(run, *plan.metric_expiry);
    const CachedMetric::Values* kept = answer.content.get();
    const SlotBits unknown = kept == nullptr ? who : who.without(kept->known);
    SlotBits result;
    if (kept != nullptr) {
        result = plan.test.kept_that_pass(*kept);
        if (!unknown.any()) return result;
    }
    evaluate(unknown, values);
    result = result.without(unknown);
    SlotBits newly = pass(values);
    result |= newly &= unknown;
    plan.cached_metric->keep(run, answer, unknown, values);
    return result;
}

SlotBits passing_numbers(const PredicatePlan& plan, BlockRun& run, const SlotBits& who) {
    SlotNumbers numbers = no_numbers();
    const auto evaluate = [&](const SlotBits& asked, SlotNumbers& out) { plan.left.numbers(run, asked, out); };
    const auto pass = [&](const SlotNumbers& values) { return plan.test.numbers_that_pass(values); };
    return passing_values(plan, run, who, numbers, evaluate, pass);
}

SlotBits passing_codes(const PredicatePlan& plan, BlockRun& run, const SlotBits& who) {
    SlotCodes codes{};
    const auto evaluate = [&](const SlotBits& asked, SlotCodes& out) { plan.left.codes(run, asked, out); };
    const auto pass = [&](const SlotCodes& values) {
        std::array<std::uint8_t, kBlockSlots> passes;
        for (std::size_t slot = 0; slot < kBlockSlots; ++slot) passes[slot] = plan.test.codes[values[slot]];
        return bits_of_bytes(passes);
    };
    return passing_values(plan, run, who, codes, evaluate, pass);
}

SlotBits passing_times(const PredicatePlan& plan, BlockRun& run, const SlotBits& who) {
    SlotTimes times;
    plan.left.times(run, who, times);
    SlotBits result;
    who.for_each([&](std::size_t slot) {
        if (plan.test.time_passes(times.seconds[slot], times.zone[slot])) result.set(slot);
    });
    return result;
}

SlotBits passing(const PredicatePlan& plan, BlockRun& run, const SlotBits& who) {
    switch (values_of(plan.left.type)) {
        case Values::kNumbers: return passing_numbers(plan, run, who);
        case Values::kCodes: return passing_codes(plan, run, who);
        case Values::kTimes: break;
    }
    return passing_times(plan, run, who);
}

void compare_numbers(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    SlotNumbers left = no_numbers();
    SlotNumbers right = no_numbers();
    plan.left.numbers(run, who, left);
    plan.right.numbers(run, who, right);
    who &= compare(left.data(), to_order(plan.op), right.data());
}

void compare_texts(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    SlotCodes left;
    SlotCodes right;
    plan.left.codes(run, who, left);
    plan.right.codes(run, who, right);
    const Dictionary& left_texts = run.shared().dictionary(plan.left.domain);
    const Dictionary& right_texts = run.shared().dictionary(plan.right.domain);
    SlotBits result;
    who.for_each([&](std::size_t slot) {
        if (left[slot] == 0 || right[slot] == 0) return;
        const bool equal = left_texts.text(left[slot]) == right_texts.text(right[slot]);
        if (equal == (plan.op == Op::kEqual)) result.set(slot);
    });
    who = result;
}

void compare_times(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    SlotTimes left;
    SlotTimes right;
    plan.left.times(run, who, left);
    plan.right.times(run, who, right);
    SlotNumbers left_seconds = no_numbers();
    SlotNumbers right_seconds = no_numbers();
    who.for_each([&](std::size_t slot) {
        if (left.seconds[slot] != kMissing) left_seconds[slot] = static_cast<double>(left.seconds[slot]);
        if (right.seconds[slot] != kMissing) right_seconds[slot] = static_cast<double>(right.seconds[slot]);
    });
    who &= compare(left_seconds.data(), to_order(plan.op), right_seconds.data());
}

void refine_any(const FactsPlan& facts, BlockRun& run, SlotBits& who) {
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run, who);
    if (selected == nullptr) {
        who = SlotBits{};
        return;
    }
    const std::size_t rows = run.rows(facts.level);
    SlotNumbers counts;
    count_by_slot(selected, rows, run.offsets(facts.level), kBlockSlots,
                  run.temporary().take<Word>(words_for(rows) + 1), counts.data());
    static constexpr SlotNumbers kZeros{};
    who &= compare(counts.data(), Order::kGreater, kZeros.data());
}

void refine_or(const std::vector<PredicatePlan>& parts, BlockRun& run, SlotBits& who) {
    SlotBits passed;
    for (const PredicatePlan& part : parts) {
        SlotBits undecided = who.without(passed);
        if (!undecided.any()) break;
        part.refine(run, undecided);
        passed |= undecided;
    }
    who = passed;
}

void refine_birthday(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    const Column& birthdays = run.block().customers.birthday;
    SlotBits result;
    who.for_each([&](std::size_t slot) {
        const std::int64_t birthday = birthdays.value_at(slot);
        if (birthday != kMissing && plan.test.birthdays[static_cast<std::size_t>(birthday % kPackedYear)] != 0)
            result.set(slot);
    });
    who = result;
}

void refine_ids(const std::vector<std::int64_t>& ids, BlockRun& run, SlotBits& who) {
    const Column& column = run.block().customers.id;
    auto next = std::ranges::lower_bound(ids, column.min);
    SlotBits result;
    who.for_each([&](std::size_t slot) {  // ids ascend with the slots
        const std::int64_t id = column.value_at(slot);
        while (next != ids.end() && *next < id) ++next;
        if (next != ids.end() && *next == id) result.set(slot);
    });
    who = result;
}

void refine_spans(std::uint32_t span, std::uint32_t refused, BlockRun& run, SlotBits& who) {
    const SpanColumns& spans = run.block().spans;
    SlotBits result;
    if (span == 0 || spans.rows == 0) {
        who = result;
        return;
    }
    const auto lasts = [&](std::uint32_t code, std::size_t slot) {
        for (std::uint32_t row = spans.offsets[slot]; row < spans.offsets[slot + 1]; ++row) {
            if (spans.what.stored_at(row) != code) continue;
            const std::int64_t until = spans.until.value_at(row);
            if (spans.from.value_at(row) <= run.as_of() && (until == kMissing || until > run.as_of())) return true;
        }
        return false;
    };
    who.for_each([&](std::size_t slot) {
        if (lasts(span, slot) && (refused == 0 || !lasts(refused, slot))) result.set(slot);
    });
    who = result;
}

int cost_of(const PredicatePlan& plan) {
    switch (plan.kind) {
        case Kind::kAll: return 0;
        case Kind::kSlots: return 0;
        case Kind::kBirthdayWindow:
        case Kind::kIds:
        case Kind::kSpan: return 1;
        case Kind::kAny: return plan.facts.cost();
        case Kind::kTest: return plan.left.cost();
        case Kind::kCompare: return plan.left.cost() + plan.right.cost();
        default: break;
    }
    int sum = 0;
    for (const PredicatePlan& part : plan.parts) sum = std::min(sum + part.cost, 1'000'000);
    return sum;
}

// An attribute whose profile column says all: straight over the column.
bool refine_profile(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    const Column* column = plan.left.profile_column(run.block());
    if (column == nullptr) return false;
    const bool may_come_from_orders =
        plan.left.attribute == AttributeKey::kProvince || plan.left.attribute == AttributeKey::kCity;
    if (may_come_from_orders && (column->has_missing || column->all_missing())) return false;
    keep_in_table(*column, run.block().slots, plan.test.codes.data(), who.words.data());
    return true;
}

// When the customer came to be known lies within a window: straight over the column.
bool refine_created_at(const PredicatePlan& plan, BlockRun& run, SlotBits& who) {
    const auto* window = std::get_if<bound::WindowTest>(&plan.test.test);
    if (window == nullptr || plan.left.kind != MetricPlan::Kind::kAttribute ||
        plan.left.attribute != AttributeKey::kCreatedAt)
        return false;
    const Column& created_at = run.block().customers.created_at;
    const WindowRange range = plan.test.ranges.back();  // the configured zone's
    Word* keep = who.words.data();
    if (window->negated) keep_in_range(created_at, run.block().slots, range.low, range.high, Keep::kOutside, keep);
    keep_in_range(created_at, run.block().slots, window->negated ? kEarliest : range.low,
                  window->negated ? run.as_of() : std::min(range.high, run.as_of()), Keep::kInside, keep);
    return true;
}

std::optional<EdgeRow> edge_row(const PredicatePlan& plan, const PlanContext& context) {
    if (const auto* window = std::get_if<bound::WindowTest>(&plan.test.test); window != nullptr && !window->negated)
        return EdgeRow::of_window(plan.left, plan.test.ranges);
    if (const auto* choice = std::get_if<bound::ChoiceTest>(&plan.test.test))
        return EdgeRow::of_lifecycle(plan.left, choice->allowed, context.now());
    return std::nullopt;
}

// Numbers of different units meet in the finer one.
void match_scales(MetricPlan& left, MetricPlan& right) {
    MetricPlan& coarse = left.scale < right.scale ? left : right;
    coarse.factor = std::pow(10.0, std::abs(left.scale - right.scale));
}

// Cheaper conditions are evaluated as fast as looked up.
constexpr int kWorthCaching = 4;

void look_up(PredicatePlan& plan, const bound::Predicate& predicate, const PlanContext& context) {
    if (context.cache == nullptr || plan.cost < kWorthCaching) return;
    const auto key = predicate_key(predicate);
    if (!key) return;
    plan.cached = context.cache->find_or_add(*key, context.version.blocks().size());
    plan.expiry = std::make_shared<const Expiry>(predicate, context.version.config());
    if (plan.kind != Kind::kTest || plan.edge || values_of(plan.left.type) == Values::kTimes) return;
    const auto metric = metric_key(predicate.left);
    if (!metric) return;
    plan.cached_metric = context.cache->find_or_add_metric(*metric, context.version.blocks().size());
    plan.metric_expiry = std::make_shared<const Expiry>(predicate.left, context.version.config());
    plan.left.enough = std::numeric_limits<double>::infinity();  // for other thresholds too
}

PredicatePlan negation_of(PredicatePlan plan) {
    PredicatePlan negation;
    negation.kind = Kind::kNot;
    negation.cost = plan.cost;
    negation.parts.push_back(std::move(plan));
    return negation;
}

}  // namespace

PredicatePlan compile_predicate(const bound::Predicate& predicate, const PlanContext& context) {
    PredicatePlan plan;
    for (const bound::Predicate& part : predicate.parts) plan.parts.push_back(compile_predicate(part, context));
    switch (predicate.kind) {
        case bound::Predicate::Kind::kAll: break;
        case bound::Predicate::Kind::kAnd: plan.kind = Kind::kAnd; break;
        case bound::Predicate::Kind::kOr: plan.kind = Kind::kOr; break;
        case bound::Predicate::Kind::kNot: plan.kind = Kind::kNot; break;
        case bound::Predicate::Kind::kAny:
            plan.kind = Kind::kAny;
            plan.facts = compile_facts(predicate.facts, context);
            break;
        case bound::Predicate::Kind::kTest:
            plan.left = compile_metric(predicate.left, context);
            plan.test = compile_value_test(predicate.test, plan.left, context);
            if (const auto* number = std::get_if<bound::NumberTest>(&predicate.test))
                plan.left.enough = std::floor(number->constant) + 1;  // beyond it every test says the same
            plan.kind = plan.test.birthdays.empty() ? Kind::kTest : Kind::kBirthdayWindow;
            plan.edge = edge_row(plan, context);
            break;
        case bound::Predicate::Kind::kCompare:
            plan.kind = Kind::kCompare;
            plan.right = compile_metric(predicate.right, context);  // first: an average may have measured the left side
            plan.left = compile_metric(predicate.left, context);
            plan.op = predicate.op;
            match_scales(plan.left, plan.right);
            break;
        case bound::Predicate::Kind::kIds:
            plan.kind = Kind::kIds;
            plan.ids = predicate.ids;
            break;
        case bound::Predicate::Kind::kSegment:
            if (predicate.segment->is_plain()) return compile_predicate(predicate.segment->root, context);
            plan.kind = Kind::kSlots;
            plan.slots = std::make_shared<const std::vector<SlotBits>>(select(context, *predicate.segment));
            break;
        case bound::Predicate::Kind::kSpan:
            plan.kind = Kind::kSpan;
            plan.span = span_code(context.shared(), predicate.span, predicate.name);
            if (predicate.span == SpanKind::kAddress)
                plan.refused = span_code(context.shared(), SpanKind::kRefused, predicate.name);
            break;
    }
    std::ranges::sort(plan.parts, {}, &PredicatePlan::cost);
    plan.cost = cost_of(plan);
    look_up(plan, predicate, context);
    if (context.counters != nullptr) {
        plan.counters = &context.counters->of(predicate);
        plan.counters->cost = plan.cost;
    }
    return predicate.negated ? negation_of(std::move(plan)) : plan;
}

void PredicatePlan::refine(BlockRun& run, SlotBits& who) const {
    if (counters != nullptr) return refine_and_count(run, who);
    look_up_or_evaluate(run, who);
}

bool PredicatePlan::look_up_or_evaluate(BlockRun& run, SlotBits& who) const {
    if (cached != nullptr) {
        return cached->refine(run, *expiry, who, [this](BlockRun& block, SlotBits& asked) { evaluate(block, asked); });
    }
    evaluate(run, who);
    return false;
}

void PredicatePlan::refine_and_count(BlockRun& run, SlotBits& who) const {
    if (!who.any()) return;
    const std::uint32_t nothing_before = run.empty_selections();
    counters->asked += who.count();
    const auto start = std::chrono::steady_clock::now();
    const bool known = look_up_or_evaluate(run, who);
    const auto passed = std::chrono::steady_clock::now() - start;
    counters->nanoseconds += static_cast<std::uint64_t>(std::chrono::nanoseconds(passed).count());
    counters->kept += who.count();
    const bool joins = kind == Kind::kAnd || kind == Kind::kOr || kind == Kind::kNot;
    if (known) {
        ++counters->cached;
    } else if (joins || run.empty_selections() == nothing_before) {
        ++counters->read;
    }
}

// Whoever the cache knows not to satisfy a part need not be asked about the others.
void PredicatePlan::drop_known_failures(BlockRun& run, SlotBits& who) const {
    if (!who.any()) return;
    const bool negated = kind == Kind::kNot;
    const PredicatePlan& asked = negated ? parts.front() : *this;
    if (asked.cached != nullptr) {
        const CachedPredicate::Known known = asked.cached->known(run, *asked.expiry);
        who = who.without(negated ? known.passed : known.failed);
        if (asked.counters != nullptr && !who.any()) ++asked.counters->cached;  // none is left to ask about
    } else if (kind == Kind::kAnd) {
        for (const PredicatePlan& part : parts) part.drop_known_failures(run, who);
    }
}

void PredicatePlan::evaluate(BlockRun& run, SlotBits& who) const {
    switch (kind) {
        case Kind::kAll: return;
        case Kind::kAnd:
            drop_known_failures(run, who);
            for (const PredicatePlan& part : parts) {
                if (!who.any()) return;
                part.refine(run, who);
            }
            return;
        case Kind::kOr: return refine_or(parts, run, who);
        case Kind::kNot: {
            SlotBits passed = who;
            parts.front().refine(run, passed);
            who = who.without(passed);
            return;
        }
        case Kind::kAny: return refine_any(facts, run, who);
        case Kind::kTest:
            if (edge && edge->refine(run, who)) return;
            if (!refine_profile(*this, run, who) && !refine_created_at(*this, run, who))
                who &= passing(*this, run, who);
            return;
        case Kind::kBirthdayWindow: return refine_birthday(*this, run, who);
        case Kind::kIds: return refine_ids(ids, run, who);
        case Kind::kSlots: who &= (*slots)[run.number()]; return;
        case Kind::kSpan: return refine_spans(span, refused, run, who);
        case Kind::kCompare: break;
    }
    switch (values_of(left.type)) {
        case Values::kNumbers: return compare_numbers(*this, run, who);
        case Values::kCodes: return compare_texts(*this, run, who);
        case Values::kTimes: return compare_times(*this, run, who);
    }
}

}  // namespace shuke::audience
