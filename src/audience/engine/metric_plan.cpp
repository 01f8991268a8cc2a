#include "audience/engine/metric_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "audience/engine/metric_values.h"
#include "audience/engine/predicate_key.h"
#include "audience/engine/reader.h"
#include "audience/engine/trait_values.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSecondsPerDay = 86'400;

// ---- aggregates ----

bool is_zero_over_nothing(Aggregate aggregate) {
    return aggregate == Aggregate::kCount || aggregate == Aggregate::kSum || aggregate == Aggregate::kDistinct;
}

void scale_up(SlotNumbers& values, double factor) {
    if (factor == 1) return;
    for (double& value : values) value *= factor;
}

void aggregate_numbers(const MetricPlan& plan, const RowsBySlot& over, SlotNumbers& out) {
    const bool average = plan.aggregate == Aggregate::kAvg;
    switch (plan.aggregate) {
        case Aggregate::kCount: count_rows(over, out); return scale_up(out, plan.factor);
        case Aggregate::kDistinct:
            count_distinct(over, plan.field, plan.enough, out);
            return scale_up(out, plan.factor);
        case Aggregate::kSum:
        case Aggregate::kAvg:
            add_up(over, {plan.field, average, plan.factor}, out);
            return plan.net ? subtract_refunds(over, plan.factor, out) : void();
        default: break;
    }
    SlotRows rows;
    pick_rows(over, plan.aggregate, plan.field, rows);
    with_reader(over.run, over.level, plan.field, [&](const auto& read) {
        over.who.for_each([&](std::size_t slot) {
            const std::int64_t value = rows[slot] == kNoRow ? kMissing : read(rows[slot]);
            out[slot] = value == kMissing ? kNaN : static_cast<double>(value) * plan.factor;
        });
    });
}

// ---- attributes ----

// 29 February counts as 28 February in other years, so on that day an as-of 28 February is late enough.
double age_at(std::int64_t birthday, Day as_of_day) {
    const CivilDate date = to_civil(as_of_day);
    const bool stands_for_29 = date.month == 2 && date.day == 28 && days_in_month(date.year, 2) == 28;
    const std::int64_t today = pack_date(date);
    if (birthday > today) return kNaN;
    const std::int64_t whole_years = (today + (stands_for_29 ? 1 : 0) - birthday) / kPackedYear;
    return static_cast<double>(whole_years);
}

Day unpack_date(std::int64_t packed) {
    const std::int64_t month = packed / 31;
    return to_day({static_cast<std::int32_t>(month / 12), static_cast<std::uint8_t>(month % 12 + 1),
                   static_cast<std::uint8_t>(packed % 31 + 1)});
}

void trait_numbers(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotNumbers& out) {
    const double unit = plan.type == Type::kNumber ? kTraitUnit : 1;
    for_each_trait(run, plan.trait, who, [&](std::size_t slot, std::int64_t value) {
        out[slot] = value == kMissing ? kNaN : static_cast<double>(value) * plan.factor / unit;
    });
}

void trait_codes(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotCodes& out) {
    for_each_trait(run, plan.trait, who, [&](std::size_t slot, std::int64_t value) {
        out[slot] = value == kMissing ? 0 : static_cast<std::uint32_t>(value);
        if (plan.type == Type::kText || out[slot] == 0) return;
        const auto choice = std::ranges::find(plan.choices, out[slot]);
        out[slot] = choice == plan.choices.end() ? 0 : static_cast<std::uint32_t>(choice - plan.choices.begin()) + 1;
    });
}

void attribute_numbers(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotNumbers& out) {
    const CustomerColumns& customers = run.block().customers;
    const Column& column = plan.attribute == AttributeKey::kId ? customers.id : customers.birthday;
    who.for_each([&](std::size_t slot) {
        const std::int64_t value = column.value_at(slot);
        if (value == kMissing) {
            out[slot] = kNaN;
        } else if (plan.attribute == AttributeKey::kAge) {
            out[slot] = age_at(value, plan.as_of_day) * plan.factor;
        } else {
            const bool is_id = plan.attribute == AttributeKey::kId;
            out[slot] = static_cast<double>(is_id ? value : unpack_date(value).days_since_epoch) * plan.factor;
        }
    });
}

void average_order_value(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotNumbers& out) {
    MetricPlan part = plan;
    part.measured = nullptr;  // that is the quotient
    part.kind = MetricPlan::Kind::kAggregate;
    SlotNumbers count;
    part.aggregate = Aggregate::kCount;
    part.factor = 1;
    part.numbers(run, who, count);
    part.aggregate = Aggregate::kSum;
    part.factor = plan.factor;
    part.field = FieldKey::kAmount;
    part.net = true;
    part.numbers(run, who, out);
    who.for_each([&](std::size_t slot) { out[slot] = count[slot] == 0 ? kNaN : out[slot] / count[slot]; });
}

// Where the profile has none, the latest order's.
void add_latest_orders_place(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotCodes& out) {
    SlotBits without;
    who.for_each([&](std::size_t slot) {
        if (out[slot] == 0) without.set(slot);
    });
    if (!without.any()) return;
    const Scratch::Rewind rewind(run.temporary());
    const Word* orders = all_rows_plan(Level::kOrder).select(run, without);
    if (orders == nullptr) return;
    const Column& column =
        plan.attribute == AttributeKey::kProvince ? run.block().orders.province : run.block().orders.city;
    without.for_each([&](std::size_t slot) {
        const std::uint32_t row = last_row(orders, run.offsets(Level::kOrder), slot);
        if (row != kNoRow) out[slot] = static_cast<std::uint32_t>(column.stored_at(row));
    });
}

std::uint32_t lifecycle_at(std::int64_t last_order_at, std::int64_t now, const LifecycleEdges& edges) {
    if (last_order_at == kMissing) return 0;
    const std::int64_t passed = now - last_order_at;
    if (passed <= edges.silent_after_days * kSecondsPerDay) return 1;
    if (passed <= edges.sleeping_after_days * kSecondsPerDay) return 2;
    return passed <= edges.lost_after_days * kSecondsPerDay ? 3 : 4;
}

void lifecycle_codes(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotCodes& out) {
    MetricPlan last = plan;
    last.kind = MetricPlan::Kind::kAggregate;
    last.aggregate = Aggregate::kMax;
    last.field = FieldKey::kAt;
    SlotTimes times;
    last.times(run, who, times);
    who.for_each([&](std::size_t slot) { out[slot] = lifecycle_at(times.seconds[slot], run.as_of(), plan.lifecycle); });
}

// Attributes that are a metric over orders or purchases.
void become_aggregate(MetricPlan& plan, Aggregate aggregate, FieldKey field, FactsPlan facts) {
    plan.kind = MetricPlan::Kind::kAggregate;
    plan.aggregate = aggregate;
    plan.field = field;
    plan.facts = std::move(facts);
}

TraitType trait_type(Type type) {
    switch (type) {
        case Type::kMoney: return TraitType::kMoney;
        case Type::kTime: return TraitType::kTime;
        case Type::kDate: return TraitType::kDate;
        case Type::kText:
        case Type::kChoice: return TraitType::kText;
        default: return TraitType::kNumber;
    }
}

void compile_trait(MetricPlan& plan, const bound::Metric& metric, const PlanContext& context) {
    plan.trait = trait_code(context.shared(), trait_type(plan.type), metric.trait);
    plan.domain = TextDomain::kTraitText;
    if (plan.type != Type::kChoice) return;
    for (const Choice& choice : metric.attribute->choices) {
        const std::uint32_t code = context.shared().dictionary(plan.domain).find(choice.key);
        plan.choices.push_back(code == 0 ? std::numeric_limits<std::uint32_t>::max() : code);
    }
}

void compile_attribute(MetricPlan& plan, const bound::Metric& metric, const PlanContext& context) {
    plan.attribute = metric.attribute->key;
    plan.lifecycle = context.version.config().lifecycle;
    plan.as_of_day = context.version.config().zone.day_of(context.as_of);
    if (is_trait(plan.attribute)) return compile_trait(plan, metric, context);
    switch (plan.attribute) {
        case AttributeKey::kPoints:
            return become_aggregate(plan, Aggregate::kSum, key_of({EventKind::kPoints, EventPlace::kLeft}),
                                    all_rows_plan(Level::kPoints));
        case AttributeKey::kOrderCount: return become_aggregate(plan, Aggregate::kCount, {}, kept_orders_plan());
        case AttributeKey::kPurchaseCount:
            return become_aggregate(plan, Aggregate::kCount, {}, all_rows_plan(Level::kPurchase));
        case AttributeKey::kTotalSpent:
            plan.net = true;
            return become_aggregate(plan, Aggregate::kSum, FieldKey::kAmount, kept_orders_plan());
        case AttributeKey::kFirstOrderAt:
            return become_aggregate(plan, Aggregate::kMin, FieldKey::kAt, kept_orders_plan());
        case AttributeKey::kLastOrderAt:
            return become_aggregate(plan, Aggregate::kMax, FieldKey::kAt, kept_orders_plan());
        case AttributeKey::kAvgOrderValue:
        case AttributeKey::kLifecycle: plan.facts = kept_orders_plan(); break;
        default:
            if (plan.type == Type::kText) plan.domain = domain_of(plan.attribute);
    }
}

// ---- arithmetic ----

// Each part's factor brings it to the unit in which it meets what stands before it: terms to the finest of all, a
// divisor and what it divides to the finer of the two.
void compile_arithmetic(MetricPlan& plan, const bound::Metric& metric, const PlanContext& context) {
    plan.kind = MetricPlan::Kind::kArithmetic;
    plan.signs = metric.signs;
    for (const bound::Metric& part : metric.parts) {
        plan.parts.push_back(compile_metric(part, context));
        const bool sum = metric.signs.front() == '+' || metric.signs.front() == '-';
        if (sum) plan.parts.back().factor = std::pow(10.0, metric.scale - part.scale);
    }
}

void multiply(SlotNumbers& values, const SlotNumbers& by) {
    for (std::size_t slot = 0; slot < values.size(); ++slot) values[slot] *= by[slot];
}

void divide(SlotNumbers& values, const SlotNumbers& by) {
    for (std::size_t slot = 0; slot < values.size(); ++slot)
        values[slot] = by[slot] == 0 ? kNaN : values[slot] / by[slot];
}

void calculate(const MetricPlan& plan, BlockRun& run, const SlotBits& who, SlotNumbers& out) {
    out.fill(kNaN);
    plan.parts.front().numbers(run, who, out);
    int scale = plan.parts.front().scale;
    for (std::size_t i = 1; i < plan.parts.size(); ++i) {
        const MetricPlan& part = plan.parts[i];
        SlotNumbers next;
        next.fill(kNaN);
        part.numbers(run, who, next);
        switch (plan.signs[i - 1]) {
            case '+':
                for (std::size_t slot = 0; slot < out.size(); ++slot) out[slot] += next[slot];
                break;
            case '-':
                for (std::size_t slot = 0; slot < out.size(); ++slot) out[slot] -= next[slot];
                break;
            case '*':
                multiply(out, next);
                scale += part.scale;
                break;
            default:
                scale_up(scale < part.scale ? out : next, std::pow(10.0, std::abs(scale - part.scale)));
                divide(out, next);
                scale = 0;
        }
    }
    scale_up(out, plan.factor);
}

}  // namespace

MetricPlan compile_metric(const bound::Metric& metric, const PlanContext& context) {
    MetricPlan plan;
    plan.type = metric.type;
    plan.scale = metric.scale;
    plan.constant = metric.constant;
    if (const auto key = context.measured->empty() ? std::nullopt : metric_key(metric)) {
        if (const auto known = context.measured->find(*key); known != context.measured->end())
            plan.measured = known->second;
    }
    switch (metric.kind) {
        case bound::Metric::Kind::kConstant: return plan;
        case bound::Metric::Kind::kPopulation: plan.constant = population_value(context, metric); return plan;
        case bound::Metric::Kind::kArithmetic: compile_arithmetic(plan, metric, context); return plan;
        case bound::Metric::Kind::kAttribute:
            plan.kind = MetricPlan::Kind::kAttribute;
            compile_attribute(plan, metric, context);
            return plan;
        case bound::Metric::Kind::kAggregate: break;
    }
    plan.kind = MetricPlan::Kind::kAggregate;
    plan.aggregate = metric.aggregate;
    plan.facts = compile_facts(metric.facts, context);
    if (metric.field == nullptr) return plan;
    plan.field = metric.field->key;
    if (metric.aggregate == Aggregate::kCount) require_known(plan.facts, plan.field, context);
    if (metric.field->type == Type::kText) plan.domain = domain_of(plan.field);
    return plan;
}

void MetricPlan::numbers(BlockRun& run, const SlotBits& who, SlotNumbers& out) const {
    if (measured != nullptr && factor == 1) {
        out = (*measured)[run.number()];
        return;
    }
    if (kind == Kind::kConstant) return out.fill(constant * factor);
    if (kind == Kind::kAttribute && attribute == AttributeKey::kAvgOrderValue)
        return average_order_value(*this, run, who, out);
    if (kind == Kind::kArithmetic) return calculate(*this, run, who, out);
    if (kind == Kind::kAttribute && is_trait(attribute)) return trait_numbers(*this, run, who, out);
    if (kind == Kind::kAttribute) return attribute_numbers(*this, run, who, out);
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run, who);
    if (selected == nullptr) return out.fill(is_zero_over_nothing(aggregate) ? 0.0 : kNaN);
    aggregate_numbers(*this, {run, facts.level, selected, who}, out);
}

const Column* MetricPlan::profile_column(const Block& block) const {
    if (kind != Kind::kAttribute) return nullptr;
    const CustomerColumns& customers = block.customers;
    switch (attribute) {
        case AttributeKey::kGender: return &customers.gender;
        case AttributeKey::kProvince: return &customers.province;
        case AttributeKey::kCity: return &customers.city;
        case AttributeKey::kDistrict: return &customers.district;
        case AttributeKey::kShop: return &customers.shop;
        case AttributeKey::kPlatform: return &customers.platform;
        default: return nullptr;
    }
}

void MetricPlan::codes(BlockRun& run, const SlotBits& who, SlotCodes& out) const {
    if (kind == Kind::kAttribute) {
        if (attribute == AttributeKey::kLifecycle) return lifecycle_codes(*this, run, who, out);
        if (is_trait(attribute)) return trait_codes(*this, run, who, out);
        const Column* column = profile_column(run.block());
        SHUKE_CHECK(column != nullptr, "not an attribute of text");
        who.for_each([&](std::size_t slot) { out[slot] = static_cast<std::uint32_t>(column->stored_at(slot)); });
        const bool place = attribute == AttributeKey::kProvince || attribute == AttributeKey::kCity;
        return place ? add_latest_orders_place(*this, run, who, out) : void();
    }
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run, who);
    if (selected == nullptr) return out.fill(0);
    SlotRows rows;
    pick_rows({run, facts.level, selected, who}, aggregate, field, rows);
    const std::vector<std::uint32_t>* text_of = is_text_field(field) ? text_of_stored(run.shared(), field) : nullptr;
    const auto read_all = [&](const auto& code_at) {
        for_slots(who, [&](std::size_t slot) { out[slot] = rows[slot] == kNoRow ? 0 : code_at(rows[slot]); });
    };
    const bool plain = is_text_field(field) && level_of(field) == facts.level;
    if (plain && visit_rows(run.column(field), [&](const auto* stored) {
            if (text_of == nullptr)
                return read_all([&](std::uint32_t row) { return static_cast<std::uint32_t>(stored[row]); });
            const std::uint32_t* texts = text_of->data();
            read_all([&](std::uint32_t row) { return texts[stored[row]]; });
        }))
        return;
    const FieldReader read(run, facts.level, field);
    read_all([&](std::uint32_t row) {
        const std::int64_t code = read(row);
        return code == kMissing ? 0 : static_cast<std::uint32_t>(code);
    });
}

void MetricPlan::times(BlockRun& run, const SlotBits& who, SlotTimes& out) const {
    if (kind == Kind::kAttribute && is_trait(attribute)) {
        return for_each_trait(run, trait, who, [&](std::size_t slot, std::int64_t value) {
            out.seconds[slot] = value;
            out.zone[slot] = kConfiguredZone;
        });
    }
    if (kind == Kind::kAttribute) {
        const Column& column = run.block().customers.created_at;
        return who.for_each([&](std::size_t slot) {
            const std::int64_t at = column.value_at(slot);
            out.seconds[slot] = at > run.as_of() ? kMissing : at;
            out.zone[slot] = kConfiguredZone;
        });
    }
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run, who);
    if (selected == nullptr) return out.seconds.fill(kMissing);
    SlotRows rows;
    pick_rows({run, facts.level, selected, who}, aggregate, field, rows);
    const FieldReader read(run, facts.level, field);
    const bool by_order =
        facts.level == Level::kLine || (facts.level == Level::kRefund && level_of(field) == Level::kOrder);
    const Column& shops = by_order ? run.block().orders.shop : run.shop_column(facts.level);
    who.for_each([&](std::size_t slot) {
        out.seconds[slot] = rows[slot] == kNoRow ? kMissing : read(rows[slot]);
        if (out.seconds[slot] == kMissing) return;
        const std::size_t shop_row = by_order ? run.order_rows(facts.level).stored_at(rows[slot]) - 1 : rows[slot];
        out.zone[slot] = run.shared().shop_zones[shops.stored_at(shop_row)];
    });
}

int MetricPlan::cost() const {
    if (kind == Kind::kConstant) return 0;
    if (kind == Kind::kArithmetic) {
        int sum = 0;
        for (const MetricPlan& part : parts) sum = std::min(sum + part.cost(), 1'000'000);
        return sum;
    }
    if (kind == Kind::kAttribute && is_trait(attribute)) return 3;
    if (kind == Kind::kAttribute) return 1 + (facts.own.kind == RowPlan::Kind::kFlag ? 10 : 0);
    return facts.cost() + (aggregate == Aggregate::kCount ? 1 : aggregate == Aggregate::kDistinct ? 8 : 4);
}

}  // namespace shuke::audience
