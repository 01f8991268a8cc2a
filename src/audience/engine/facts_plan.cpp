#include "audience/engine/facts_plan.h"

#include <algorithm>

#include "audience/engine/kernels.h"

namespace shuke::audience {
namespace {

using Kind = RowPlan::Kind;

// Fewer orders than this pass: spreading them over the lines first lets the lines' own conditions skip most groups.
constexpr double kFewOrders = 0.2;

RowPlan flag(FieldKey field) {
    RowPlan plan;
    plan.kind = Kind::kFlag;
    plan.field = field;
    return plan;
}

void add_condition(RowPlan& where, Level level, RowPlan condition) {
    std::vector<RowPlan> parts;
    if (where.kind != Kind::kAll) parts.push_back(std::move(where));
    parts.push_back(std::move(condition));
    where = join(Kind::kAnd, level, std::move(parts));
}

// Of a line's condition, what is about its order alone: the one kOnOrder among the parts of the outermost `and`.
void split_order_part(FactsPlan& plan) {
    RowPlan& own = plan.own;
    if (own.kind == Kind::kOnOrder) {
        RowPlan inner = std::move(own.parts.front());
        plan.of_order = std::move(inner);
        own = RowPlan{};
        own.level = plan.level;
        return;
    }
    if (own.kind != Kind::kAnd) return;
    const auto found = std::ranges::find(own.parts, Kind::kOnOrder, &RowPlan::kind);
    if (found == own.parts.end()) return;
    RowPlan inner = std::move(found->parts.front());
    plan.of_order = std::move(inner);
    own.parts.erase(found);
}

const Word* select_orders(const FactsPlan& plan, BlockRun& run, Word* keep) {
    if (!plan.windowed) run.keep_existing_orders(keep);
    plan.own.refine(run, keep);
    return keep;
}

const Word* select_lines(const FactsPlan& plan, BlockRun& run, const SlotBits& who, Word* keep) {
    const std::size_t words = words_for(run.rows(Level::kOrder));
    Word* of_order = run.take_bits(Level::kOrder);
    run.fill_rows_of(who, Level::kOrder, of_order);
    const std::size_t orders = count_ones(of_order, words);
    if (!plan.windowed) run.keep_existing_orders(of_order);
    plan.of_order.refine(run, of_order);
    const std::size_t passing = count_ones(of_order, words);
    if (passing == 0) return nullptr;
    const bool every_order = passing == orders;
    const bool orders_first =
        static_cast<double>(passing) < kFewOrders * static_cast<double>(orders) && plan.own.cost() > 1;
    if (orders_first) keep_by_order(run, Level::kLine, of_order, false, keep);
    plan.own.refine(run, keep);
    if (!orders_first && !every_order && any(keep, words_for(run.rows(Level::kLine)))) {
        keep_by_order(run, Level::kLine, of_order, false, keep);
    }
    return keep;
}

const Word* select_purchases(const FactsPlan& plan, BlockRun& run, Word* keep) {
    const Word* purchases = run.purchases();
    for (std::size_t word = 0; word < words_for(run.rows(Level::kPurchase)); ++word) keep[word] &= purchases[word];
    plan.own.refine(run, keep);
    return keep;
}

// A refund exists from its own time on, but not before its order.
const Word* select_refunds(const FactsPlan& plan, BlockRun& run, Word* keep) {
    const RefundColumns& refunds = run.block().refunds;
    if (!plan.windowed) keep_in_range(refunds.at, refunds.rows, kEarliest, run.as_of(), Keep::kInsideOrMissing, keep);
    if (run.block().orders.at.max > run.as_of()) {
        Word* existing = run.take_bits(Level::kOrder);
        fill_ones(existing, run.rows(Level::kOrder));
        run.keep_existing_orders(existing);
        keep_by_order(run, Level::kRefund, existing, true, keep);
    }
    plan.own.refine(run, keep);
    return keep;
}

const Word* select_events(const FactsPlan& plan, BlockRun& run, Word* keep) {
    const EventColumns& events = run.block().events[static_cast<std::size_t>(event_of(plan.level))];
    if (!plan.windowed) keep_in_range(events.at, events.rows, kEarliest, run.as_of(), Keep::kInside, keep);
    plan.own.refine(run, keep);
    return keep;
}

}  // namespace

// Both list the same in one order.
Level level_of(FactKind fact) { return static_cast<Level>(fact); }

const Word* FactsPlan::select(BlockRun& run, const SlotBits& who) const {
    const Word* selected = select_rows(run, who);
    if (selected == nullptr) run.count_empty_selection();
    return selected;
}

const Word* FactsPlan::select_rows(BlockRun& run, const SlotBits& who) const {
    const std::size_t rows = run.rows(level);
    if (rows == 0) return nullptr;
    Word* keep = run.take_bits(level);
    keep[words_for(rows)] = 0;
    run.fill_rows_of(who, level, keep);
    const Word* selected = keep;
    switch (level) {
        case Level::kOrder: selected = select_orders(*this, run, keep); break;
        case Level::kLine: selected = select_lines(*this, run, who, keep); break;
        case Level::kRefund: selected = select_refunds(*this, run, keep); break;
        case Level::kPurchase: selected = select_purchases(*this, run, keep); break;
        default: selected = select_events(*this, run, keep); break;
    }
    return selected != nullptr && any(selected, words_for(rows)) ? selected : nullptr;
}

int FactsPlan::cost() const {
    const int conditions = 1 + own.cost() + of_order.cost();
    switch (level) {
        case Level::kOrder: return 4 * conditions;
        case Level::kLine: return 10 * conditions;
        case Level::kRefund: return 2 * conditions;
        case Level::kPurchase: return 6 + 4 * conditions;
        default: return 2 * conditions;
    }
}

FactsPlan all_rows_plan(Level level) {
    FactsPlan plan;
    plan.level = plan.own.level = level;
    return plan;
}

FactsPlan kept_orders_plan() {
    FactsPlan plan;
    plan.own = flag(FieldKey::kKept);
    return plan;
}

FactsPlan compile_facts(const bound::Facts& facts, const PlanContext& context) {
    FactsPlan plan = all_rows_plan(level_of(facts.fact->kind));
    if (facts.where) plan.own = compile_row(*facts.where, plan.level, context);
    if (plan.level == Level::kLine) split_order_part(plan);
    if (facts.window) {
        RowPlan window = compile_window(facts.fact->at, *facts.window, false, context);
        RowPlan& where = plan.level == Level::kLine ? plan.of_order : plan.own;
        add_condition(where, plan.level == Level::kLine ? Level::kOrder : plan.level, std::move(window));
        plan.windowed = true;
    }
    return plan;
}

void require_known(FactsPlan& plan, FieldKey field, const PlanContext& context) {
    bound::Row row;
    Field known{field, "", Type::kNumber, {}};
    row.field = &known;
    row.test = bound::KnownTest{true};
    add_condition(plan.own, plan.level, compile_row(row, plan.level, context));
}

}  // namespace shuke::audience
