#include "audience/engine/metric_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "audience/engine/kernels.h"
#include "audience/engine/reader.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();
constexpr std::int64_t kSecondsPerDay = 86'400;

void scale_up(SlotNumbers& values, double factor) {
    if (factor == 1) return;
    for (double& value : values) value *= factor;
}

template <class Visit>
void for_each_selected(const Word* selected, const std::uint32_t* offsets, std::size_t slot, Visit visit) {
    for_each_bit(selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) { return visit(row), true; });
}

// ---- sums ----

struct Sum {
    std::uint64_t total = 0;  // wraps rather than overflows
    std::uint64_t count = 0;
};

double total_of(const MetricPlan& plan, const Sum& sum) {
    const double total = static_cast<double>(static_cast<std::int64_t>(sum.total)) * plan.factor;
    if (plan.aggregate == Aggregate::kSum) return total;
    return sum.count == 0 ? kNaN : total / static_cast<double>(sum.count);
}

template <class Reader>
Sum sum_of(const Reader& read, const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    Sum sum;
    for_each_selected(selected, offsets, slot, [&](std::size_t row) {
        const std::int64_t value = read(row);
        const bool known = value != kMissing;
        sum.total += known ? static_cast<std::uint64_t>(value) : 0;
        sum.count += known ? 1 : 0;
    });
    return sum;
}

std::size_t count_bits(const Word* words, std::size_t count) {
    std::size_t ones = 0;
    for (std::size_t i = 0; i < count; ++i) ones += static_cast<std::size_t>(std::popcount(words[i]));
    return ones;
}

// All slots at once by prefix sums, where many rows count and most slots are asked about; else it is not done.
bool add_up_all_slots(const MetricPlan& plan, BlockRun& run, const Word* selected, const SlotBits& who,
                      SlotNumbers& out) {
    const Level level = plan.facts.level;
    const std::size_t rows = run.rows(level);
    const std::size_t words = words_for(rows);
    if (level_of(plan.field) != level || count_bits(selected, words) * 8 < rows ||
        count_bits(who.words.data(), who.words.size()) < 256)
        return false;
    const Column& column = run.column(plan.field);
    const Scratch::Rewind rewind(run.temporary());
    std::array<std::uint32_t, kBlockSlots> sums;
    if (!sum_by_slot(column, rows, selected, run.offsets(level), kBlockSlots,
                     run.temporary().take<std::uint32_t>(rows + 65), sums.data()))
        return false;
    SlotNumbers counts{};
    const double base_minus_one = static_cast<double>(column.base) - 1;
    if (base_minus_one != 0 || plan.aggregate == Aggregate::kAvg) {
        Word* known = run.take_bits(level);
        std::copy_n(selected, words, known);
        known[words] = 0;
        keep_known(column, rows, known);
        count_by_slot(known, rows, run.offsets(level), kBlockSlots, run.temporary().take<Word>(words + 1),
                      counts.data());
    }
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const double total = (sums[slot] + base_minus_one * counts[slot]) * plan.factor;
        out[slot] = plan.aggregate == Aggregate::kSum ? total : counts[slot] == 0 ? kNaN : total / counts[slot];
    }
    return true;
}

// Only the selected rows are visited, where they are few; each finds its slot.
bool add_up_few_rows(const MetricPlan& plan, BlockRun& run, const Word* selected, SlotNumbers& out) {
    constexpr std::size_t kFew = 256;
    const Level level = plan.facts.level;
    if (count_bits(selected, words_for(run.rows(level))) > kFew) return false;
    const std::uint32_t* offsets = run.offsets(level);
    const FieldReader read(run, level, plan.field);
    std::array<Sum, kBlockSlots> sums{};
    for_each_bit(selected, 0, run.rows(level), [&](std::size_t row) {
        const auto slot =
            static_cast<std::size_t>(std::upper_bound(offsets, offsets + kBlockSlots + 1, row) - offsets) - 1;
        const std::int64_t value = read(row);
        if (value == kMissing) return true;
        sums[slot].total += static_cast<std::uint64_t>(value);
        ++sums[slot].count;
        return true;
    });
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) out[slot] = total_of(plan, sums[slot]);
    return true;
}

// What has been given back of the selected orders, as far as their amount is known.
void subtract_refunds(const MetricPlan& plan, BlockRun& run, const Word* selected, SlotNumbers& out) {
    const RefundColumns& refunds = run.block().refunds;
    const Column& order_amounts = run.block().orders.amount;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        for (std::uint32_t row = refunds.offsets[slot]; row < refunds.offsets[slot + 1]; ++row) {
            const std::uint64_t order = refunds.order.stored_at(row);
            const std::int64_t amount = refunds.amount.value_at(row);
            const bool counts = order != 0 && amount > 0 && refunds.at.value_at(row) <= run.as_of();
            if (!counts || !test_bit(selected, order - 1) || order_amounts.stored_at(order - 1) == 0) continue;
            out[slot] -= static_cast<double>(amount) * plan.factor;
        }
    }
}

void add_up(const MetricPlan& plan, BlockRun& run, const Word* selected, const SlotBits& who, SlotNumbers& out) {
    if (add_up_few_rows(plan, run, selected, out) || add_up_all_slots(plan, run, selected, who, out)) return;
    const std::uint32_t* offsets = run.offsets(plan.facts.level);
    with_reader(run, plan.facts.level, plan.field, [&](const auto& read) {
        who.for_each([&](std::size_t slot) { out[slot] = total_of(plan, sum_of(read, selected, offsets, slot)); });
    });
}

// ---- the row that first, last, min or max takes ----

template <class Reader>
std::size_t extreme_row(const Reader& read, bool greatest, const Word* selected, const std::uint32_t* offsets,
                        std::size_t slot) {
    std::size_t best_row = kNoRow;
    std::int64_t best = kMissing;
    for_each_selected(selected, offsets, slot, [&](std::size_t row) {
        const std::int64_t value = read(row);
        if (value == kMissing) return;
        if (best_row != kNoRow && !(greatest ? value > best : value < best)) return;
        best_row = row;
        best = value;
    });
    return best_row;
}

std::size_t first_row(const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    std::size_t first = kNoRow;
    for_each_bit(selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) { return first = row, false; });
    return first;
}

std::size_t last_row(const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    const std::size_t row = last_bit(selected, offsets[slot], offsets[slot + 1]);
    return row == offsets[slot + 1] ? kNoRow : row;
}

// Rows ascend in the fact's own time, those without one first: its extremes are at the ends. Of equal times the first
// row is taken.
std::size_t earliest_row(const FieldReader& read, const Word* selected, const std::uint32_t* offsets,
                         std::size_t slot) {
    std::size_t found = kNoRow;
    for_each_bit(selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) {
        if (read(row) == kMissing) return true;
        return found = row, false;
    });
    return found;
}
std::size_t latest_row(const FieldReader& read, const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    std::size_t found = last_row(selected, offsets, slot);
    if (found == kNoRow || read(found) == kMissing) return kNoRow;
    for (std::size_t before;
         (before = last_bit(selected, offsets[slot], found)) != found && read(before) == read(found);)
        found = before;
    return found;
}
bool is_own_time(FieldKey field) {
    return field == FieldKey::kAt || field == FieldKey::kRefundAt || field == FieldKey::kPurchaseAt;
}

// Calls take(slot, row) for every slot of who; kNoRow where there is none.
template <class Take>
void take_rows(const MetricPlan& plan, BlockRun& run, const Word* selected, const SlotBits& who, Take take) {
    if (selected == nullptr) return who.for_each([&](std::size_t slot) { take(slot, kNoRow); });
    const std::uint32_t* offsets = run.offsets(plan.facts.level);
    if (plan.aggregate == Aggregate::kFirst || plan.aggregate == Aggregate::kLast) {
        const bool first = plan.aggregate == Aggregate::kFirst;
        return who.for_each([&](std::size_t slot) {
            take(slot, first ? first_row(selected, offsets, slot) : last_row(selected, offsets, slot));
        });
    }
    if (is_own_time(plan.field) && plan.facts.level != Level::kRefund) {
        const FieldReader read(run, plan.facts.level, plan.field);
        const bool earliest = plan.aggregate == Aggregate::kMin;
        return who.for_each([&](std::size_t slot) {
            take(slot,
                 earliest ? earliest_row(read, selected, offsets, slot) : latest_row(read, selected, offsets, slot));
        });
    }
    with_reader(run, plan.facts.level, plan.field, [&](const auto& read) {
        who.for_each([&](std::size_t slot) {
            take(slot, extreme_row(read, plan.aggregate == Aggregate::kMax, selected, offsets, slot));
        });
    });
}

// ---- distinct ----

// Codes: a mark per code says for which slot it was last seen.
void count_distinct_codes(const MetricPlan& plan, BlockRun& run, const FieldReader& read, const Word* selected,
                          const SlotBits& who, SlotNumbers& out) {
    const std::uint32_t* offsets = run.offsets(plan.facts.level);
    const Scratch::Rewind rewind(run.temporary());
    const std::size_t codes = run.shared().dictionary(domain_of(plan.field)).max_code() + std::size_t{1};
    auto* seen_by = run.temporary().take<std::uint16_t>(codes);
    std::fill_n(seen_by, codes, std::uint16_t{0xFFFF});
    who.for_each([&](std::size_t slot) {
        std::uint32_t different = 0;
        for_each_selected(selected, offsets, slot, [&](std::size_t row) {
            const std::int64_t code = read(row);
            if (code == kMissing) return;
            std::uint16_t& mark = seen_by[code];
            different += mark == slot ? 0 : 1;
            mark = static_cast<std::uint16_t>(slot);
        });
        out[slot] = different;
    });
}

void count_distinct(const MetricPlan& plan, BlockRun& run, const Word* selected, const SlotBits& who,
                    SlotNumbers& out) {
    const std::uint32_t* offsets = run.offsets(plan.facts.level);
    const FieldReader read(run, plan.facts.level, plan.field);
    if (is_text_field(plan.field)) return count_distinct_codes(plan, run, read, selected, who, out);
    std::vector<std::int64_t> values;
    who.for_each([&](std::size_t slot) {
        values.clear();
        for_each_selected(selected, offsets, slot, [&](std::size_t row) {
            const std::int64_t value = read(row);
            if (value != kMissing) values.push_back(value);
        });
        std::ranges::sort(values);
        out[slot] = static_cast<double>(std::ranges::unique(values).begin() - values.begin());
    });
}

// ---- attributes ----

// 29 February counts as 28 February in other years, so on that day an as-of 28 February is late enough.
double age_at(std::int64_t birthday, Day as_of_day) {
    const CivilDate date = to_civil(as_of_day);
    const bool stands_for_29 = date.month == 2 && date.day == 28 && days_in_month(date.year, 2) == 28;
    const std::int64_t today = pack_date(date);
    if (birthday > today) return kNaN;
    return static_cast<double>((today + (stands_for_29 ? 1 : 0) - birthday) / kPackedYear);
}

Day unpack_date(std::int64_t packed) {
    const std::int64_t month = packed / 31;
    return to_day({static_cast<std::int32_t>(month / 12), static_cast<std::uint8_t>(month % 12 + 1),
                   static_cast<std::uint8_t>(packed % 31 + 1)});
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
    const Word* orders = all_rows_plan(Level::kOrder).select(run);
    if (orders == nullptr) return;
    const Column& column =
        plan.attribute == AttributeKey::kProvince ? run.block().orders.province : run.block().orders.city;
    without.for_each([&](std::size_t slot) {
        const std::size_t row = last_row(orders, run.offsets(Level::kOrder), slot);
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

void compile_attribute(MetricPlan& plan, const bound::Metric& metric, const PlanContext& context) {
    plan.attribute = metric.attribute->key;
    plan.lifecycle = context.version.config().lifecycle;
    plan.as_of_day = context.version.config().zone.day_of(context.as_of);
    switch (plan.attribute) {
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

}  // namespace

MetricPlan compile_metric(const bound::Metric& metric, const PlanContext& context) {
    MetricPlan plan;
    plan.type = metric.type;
    plan.scale = metric.scale;
    plan.constant = metric.constant;
    plan.kind = static_cast<MetricPlan::Kind>(metric.kind);
    if (metric.kind == bound::Metric::Kind::kAttribute) compile_attribute(plan, metric, context);
    if (metric.kind != bound::Metric::Kind::kAggregate) return plan;
    plan.aggregate = metric.aggregate;
    plan.facts = compile_facts(metric.facts, context);
    if (metric.field == nullptr) return plan;
    plan.field = metric.field->key;
    if (metric.aggregate == Aggregate::kCount) require_known(plan.facts, plan.field, context);
    if (metric.field->type == Type::kText) plan.domain = domain_of(plan.field);
    return plan;
}

void MetricPlan::numbers(BlockRun& run, const SlotBits& who, SlotNumbers& out) const {
    if (kind == Kind::kConstant) return out.fill(constant * factor);
    if (kind == Kind::kAttribute && attribute == AttributeKey::kAvgOrderValue)
        return average_order_value(*this, run, who, out);
    if (kind == Kind::kAttribute) return attribute_numbers(*this, run, who, out);
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run);
    const bool zero_over_nothing =
        aggregate == Aggregate::kCount || aggregate == Aggregate::kSum || aggregate == Aggregate::kDistinct;
    if (selected == nullptr) return out.fill(zero_over_nothing ? 0.0 : kNaN);
    const std::size_t rows = run.rows(facts.level);
    switch (aggregate) {
        case Aggregate::kCount:
            count_by_slot(selected, rows, run.offsets(facts.level), kBlockSlots,
                          run.temporary().take<Word>(words_for(rows) + 1), out.data());
            return scale_up(out, factor);
        case Aggregate::kSum:
        case Aggregate::kAvg:
            add_up(*this, run, selected, who, out);
            return net ? subtract_refunds(*this, run, selected, out) : void();
        case Aggregate::kDistinct: count_distinct(*this, run, selected, who, out); return scale_up(out, factor);
        default: break;
    }
    const FieldReader read(run, facts.level, field);
    take_rows(*this, run, selected, who, [&](std::size_t slot, std::size_t row) {
        const std::int64_t value = row == kNoRow ? kMissing : read(row);
        out[slot] = value == kMissing ? kNaN : static_cast<double>(value) * factor;
    });
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
        const Column* column = profile_column(run.block());
        SHUKE_CHECK(column != nullptr, "not an attribute of text");
        who.for_each([&](std::size_t slot) { out[slot] = static_cast<std::uint32_t>(column->stored_at(slot)); });
        const bool place = attribute == AttributeKey::kProvince || attribute == AttributeKey::kCity;
        return place ? add_latest_orders_place(*this, run, who, out) : void();
    }
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run);
    const FieldReader read(run, facts.level, field);
    take_rows(*this, run, selected, who, [&](std::size_t slot, std::size_t row) {
        const std::int64_t value = row == kNoRow ? kMissing : read(row);
        out[slot] = value == kMissing ? 0 : static_cast<std::uint32_t>(value);
    });
}

void MetricPlan::times(BlockRun& run, const SlotBits& who, SlotTimes& out) const {
    if (kind == Kind::kAttribute) {
        const Column& column = run.block().customers.created_at;
        return who.for_each([&](std::size_t slot) {
            const std::int64_t at = column.value_at(slot);
            out.seconds[slot] = at > run.as_of() ? kMissing : at;
            out.zone[slot] = kConfiguredZone;
        });
    }
    const Scratch::Rewind rewind(run.temporary());
    const Word* selected = facts.select(run);
    const FieldReader read(run, facts.level, field);
    const bool by_order =
        facts.level == Level::kLine || (facts.level == Level::kRefund && level_of(field) == Level::kOrder);
    const Column& shops = by_order ? run.block().orders.shop : run.shop_column(facts.level);
    take_rows(*this, run, selected, who, [&](std::size_t slot, std::size_t row) {
        out.seconds[slot] = row == kNoRow ? kMissing : read(row);
        if (out.seconds[slot] == kMissing) return;
        const std::size_t shop_row = by_order ? run.order_rows(facts.level).stored_at(row) - 1 : row;
        out.zone[slot] = run.shared().shop_zones[shops.stored_at(shop_row)];
    });
}

int MetricPlan::cost() const {
    if (kind == Kind::kConstant) return 0;
    if (kind == Kind::kAttribute) return 1 + (facts.own.kind == RowPlan::Kind::kFlag ? 10 : 0);
    return facts.cost() + (aggregate == Aggregate::kCount ? 1 : aggregate == Aggregate::kDistinct ? 8 : 4);
}

}  // namespace shuke::audience
