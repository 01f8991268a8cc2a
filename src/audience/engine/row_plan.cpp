#include "audience/engine/row_plan.h"

#include <algorithm>
#include <cstring>

#include "audience/engine/kernels.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

using Kind = RowPlan::Kind;

RowPlan leaf(Kind kind, FieldKey field) {
    RowPlan plan;
    plan.kind = kind;
    plan.field = field;
    plan.level = level_of(field);
    return plan;
}

RowPlan range(FieldKey field, WindowRange values, Keep mode) {
    RowPlan plan = leaf(Kind::kRange, field);
    plan.ranges = {values};
    plan.mode = mode;
    plan.when_missing = mode == Keep::kInsideOrMissing;
    return plan;
}

// A table of passing stored codes; cheaper as a range where they are neighbours, as the labels of a category are.
RowPlan table(FieldKey field, std::vector<std::uint8_t> passes) {
    const auto first = std::ranges::find(passes, 1);
    if (first == passes.end()) return leaf(Kind::kNone, field);
    const auto behind = std::find(first, passes.end(), 0);
    if (std::find(behind, passes.end(), 1) == passes.end()) {
        return range(field, {first - passes.begin(), behind - passes.begin() - 1}, Keep::kInside);
    }
    RowPlan plan = leaf(Kind::kTable, field);
    plan.table = std::move(passes);
    return plan;
}

struct CompileTest {
    FieldKey field;
    const PlanContext& context;

    RowPlan operator()(const bound::NumberTest& test) const {
        return range(field, {test.low, test.high}, test.negated ? Keep::kOutside : Keep::kInside);
    }
    RowPlan operator()(const bound::NumberSetTest& test) const {
        if (test.values.empty()) return leaf(Kind::kNone, field);
        RowPlan plan = leaf(Kind::kSet, field);
        plan.set = test.values;
        return plan;
    }
    RowPlan operator()(const bound::TextTest& test) const {
        std::vector<std::uint8_t> texts = passing_texts(context.shared(), domain_of(field), test);
        const std::vector<std::uint32_t>* text_of = text_of_stored(context.shared(), field);
        if (text_of == nullptr) return table(field, std::move(texts));
        std::vector<std::uint8_t> stored(text_of->size(), 0);
        for (std::size_t code = 1; code < stored.size(); ++code) stored[code] = texts[(*text_of)[code]];
        return table(field, std::move(stored));
    }
    RowPlan operator()(const bound::ChoiceTest& test) const {
        std::vector<std::uint8_t> passes(33, 0);
        for (std::size_t choice = 0; choice < 32; ++choice) passes[choice + 1] = test.allowed >> choice & 1;
        return table(field, std::move(passes));
    }
    RowPlan operator()(const bound::KnownTest& test) const {
        if (is_past_time(field)) return known_time(test.known);
        if (is_text_field(field) && text_of_stored(context.shared(), field) != nullptr) return known_text(test.known);
        return test.known ? range(field, {kMissing + 1, kLatest}, Keep::kInside)
                          : range(field, {1, 0}, Keep::kInsideOrMissing);
    }
    RowPlan operator()(const bound::WindowTest& test) const {
        return compile_window(field, test.window, test.negated, context);
    }
    RowPlan operator()(const bound::FlagTest&) const { return leaf(Kind::kFlag, field); }

private:
    // What lies after the instant is not known yet.
    RowPlan known_time(bool known) const {
        if (known) return range(field, {kEarliest, context.now()}, Keep::kInside);
        return range(field, {context.now() + 1, kLatest}, Keep::kInsideOrMissing);
    }
    // A line may have a label that has no brand.
    RowPlan known_text(bool known) const {
        const std::vector<std::uint32_t>& text_of = *text_of_stored(context.shared(), field);
        std::vector<std::uint8_t> passes;
        passes.reserve(text_of.size());
        for (const std::uint32_t text : text_of) passes.push_back((text != 0) == known ? 1 : 0);
        RowPlan plan = leaf(Kind::kTable, field);
        plan.table = std::move(passes);
        plan.when_missing = !known;
        return plan;
    }
};

void refine_zoned(const RowPlan& plan, BlockRun& run, Word* keep) {
    const Column& column = run.column(plan.field);
    const Column& shops = run.shop_column(plan.level);
    const std::vector<std::uint32_t>& zones = run.shared().shop_zones;
    const std::size_t rows = run.rows(plan.level);
    if (rows == 0) return;
    const Keep mode = plan.negated ? Keep::kOutside : Keep::kInside;
    if (plan.negated) {
        keep_in_range(column, rows, kEarliest, is_past_time(plan.field) ? run.as_of() : kLatest, Keep::kInside, keep);
    }
    if (shops.width == 0) {
        const WindowRange& range = plan.ranges[zones[shops.constant]];
        return keep_in_range(column, rows, range.low, range.high, mode, keep);
    }
    const Scratch::Rewind rewind(run.temporary());
    const std::size_t words = words_for(rows);
    Word* result = run.take_bits(plan.level);
    Word* of_zone = run.take_bits(plan.level);
    std::fill_n(result, words, Word{0});
    std::vector<std::uint8_t> shop_is_there(zones.size());
    for (std::size_t zone = 0; zone < plan.ranges.size(); ++zone) {
        for (std::size_t shop = 0; shop < zones.size(); ++shop) shop_is_there[shop] = zones[shop] == zone ? 1 : 0;
        std::memcpy(of_zone, keep, words * sizeof(Word));
        keep_in_table(shops, rows, shop_is_there.data(), of_zone);
        keep_in_range(column, rows, plan.ranges[zone].low, plan.ranges[zone].high, mode, of_zone);
        for (std::size_t word = 0; word < words; ++word) result[word] |= of_zone[word];
    }
    std::memcpy(keep, result, words * sizeof(Word));
}

void refine_set(const RowPlan& plan, BlockRun& run, Word* keep) {
    const Column& column = run.column(plan.field);
    for_each_bit(keep, 0, run.rows(plan.level), [&](std::size_t row) {
        if (!std::ranges::binary_search(plan.set, column.value_at(row))) keep[row / 64] &= ~(Word{1} << (row % 64));
        return true;
    });
}

void refine_or(const RowPlan& plan, BlockRun& run, Word* keep) {
    const Scratch::Rewind rewind(run.temporary());
    const std::size_t words = words_for(run.rows(plan.level));
    Word* passed = run.take_bits(plan.level);
    Word* part_bits = run.take_bits(plan.level);
    std::fill_n(passed, words, Word{0});
    for (const RowPlan& part : plan.parts) {
        for (std::size_t word = 0; word < words; ++word) part_bits[word] = keep[word] & ~passed[word];
        part.refine(run, part_bits);
        for (std::size_t word = 0; word < words; ++word) passed[word] |= part_bits[word];
    }
    std::memcpy(keep, passed, words * sizeof(Word));
}

void refine_not(const RowPlan& plan, BlockRun& run, Word* keep) {
    const Scratch::Rewind rewind(run.temporary());
    const std::size_t words = words_for(run.rows(plan.level));
    Word* passed = run.take_bits(plan.level);
    std::memcpy(passed, keep, words * sizeof(Word));
    plan.parts.front().refine(run, passed);
    for (std::size_t word = 0; word < words; ++word) keep[word] &= ~passed[word];
}

void refine_on_order(const RowPlan& plan, BlockRun& run, Word* keep) {
    const Scratch::Rewind rewind(run.temporary());
    Word* order_bits = run.take_bits(Level::kOrder);
    fill_ones(order_bits, run.rows(Level::kOrder));
    plan.parts.front().refine(run, order_bits);
    keep_by_order(run, plan.level, order_bits, plan.when_missing, keep);
}

// nth and gap_days take long to compute for all rows; for a range of them it need not be done.
bool refine_sequence(const RowPlan& plan, BlockRun& run, Word* keep) {
    constexpr std::size_t kFewRows = 3;  // one in so many
    const bool is_nth = plan.field == FieldKey::kNth;
    if (plan.mode != Keep::kInside || run.has_numbers() || !(is_nth || plan.field == FieldKey::kGapDays)) return false;
    const auto [low, high] = plan.ranges.front();
    if (is_nth) return keep_nth(run.kept_sequence(), low, high, keep);
    const std::size_t rows = run.rows(Level::kOrder);
    if (count_ones(keep, words_for(rows)) * kFewRows > rows) return false;
    keep_gap(run.kept_sequence(), low, high, keep);
    return true;
}

bool missing_result(Kind kind, const std::vector<RowPlan>& parts) {
    const auto holds = [](const RowPlan& part) { return part.when_missing; };
    if (kind == Kind::kNot) return !parts.front().when_missing;
    return kind == Kind::kAnd ? std::ranges::all_of(parts, holds) : std::ranges::any_of(parts, holds);
}

RowPlan on_order(RowPlan plan, Level level) {
    RowPlan wrapped;
    wrapped.kind = Kind::kOnOrder;
    wrapped.level = level;
    wrapped.when_missing = plan.when_missing;
    wrapped.parts.push_back(std::move(plan));
    return wrapped;
}

RowPlan compile_joined(const bound::Row& row, Kind kind, Level level, const PlanContext& context) {
    std::vector<RowPlan> on_orders;
    std::vector<RowPlan> own;
    for (const bound::Row& part : row.parts) {
        RowPlan plan = compile_row(part, level, context);
        if (level != Level::kOrder && plan.kind == Kind::kOnOrder) {
            on_orders.push_back(std::move(plan.parts.front()));
        } else {
            own.push_back(std::move(plan));
        }
    }
    if (!on_orders.empty()) own.push_back(on_order(join(kind, Level::kOrder, std::move(on_orders)), level));
    if (own.size() == 1 && own.front().kind == Kind::kOnOrder && kind == Kind::kNot) return std::move(own.front());
    return join(kind, level, std::move(own));
}

}  // namespace

int RowPlan::cost() const {
    int sum = 0;
    switch (kind) {
        case Kind::kAll:
        case Kind::kNone: return 0;
        case Kind::kRange: return field == FieldKey::kNth ? 5 : field == FieldKey::kGapDays ? 6 : 1;
        case Kind::kFlag: return 1;
        case Kind::kZoned: return 2;
        case Kind::kTable: return 3;
        case Kind::kSet: return 8;
        default: break;
    }
    for (const RowPlan& part : parts) sum += part.cost();
    return sum + (kind == Kind::kOnOrder ? 4 : 1);
}

RowPlan join(Kind kind, Level level, std::vector<RowPlan> parts) {
    if (kind != Kind::kNot && parts.size() == 1) return std::move(parts.front());
    RowPlan plan;
    plan.kind = parts.empty() ? Kind::kAll : kind;
    plan.level = level;
    std::ranges::sort(parts, {}, &RowPlan::cost);
    plan.when_missing = parts.empty() || missing_result(kind, parts);
    plan.parts = std::move(parts);
    return plan;
}

RowPlan compile_test(FieldKey field, const bound::Test& test, const PlanContext& context) {
    return std::visit(CompileTest{field, context}, test);
}

RowPlan compile_window(FieldKey field, const Window& window, bool negated, const PlanContext& context) {
    RowPlan plan = leaf(Kind::kZoned, field);
    plan.negated = negated;
    plan.ranges = window_ranges(window, context.as_of, context.version.config().zone, context.shared().zones);
    if (!negated) {
        if (is_past_time(field)) {
            for (WindowRange& range : plan.ranges) range.high = std::min(range.high, context.now());
        }
        if (std::ranges::adjacent_find(plan.ranges, std::ranges::not_equal_to{}) == plan.ranges.end()) {
            return range(field, plan.ranges.empty() ? WindowRange{1, 0} : plan.ranges.front(), Keep::kInside);
        }
    }
    return plan;
}

RowPlan compile_row(const bound::Row& row, Level level, const PlanContext& context) {
    switch (row.kind) {
        case bound::Row::Kind::kAnd: return compile_joined(row, Kind::kAnd, level, context);
        case bound::Row::Kind::kOr: return compile_joined(row, Kind::kOr, level, context);
        case bound::Row::Kind::kNot: return compile_joined(row, Kind::kNot, level, context);
        case bound::Row::Kind::kLeaf: break;
    }
    RowPlan plan = compile_test(row.field->key, row.test, context);
    return plan.level == level ? std::move(plan) : on_order(std::move(plan), level);
}

void keep_by_order(BlockRun& run, Level level, const Word* order_bits, bool when_missing, Word* keep) {
    const std::size_t orders = run.rows(Level::kOrder);
    const std::size_t rows = run.rows(level);
    if (count_ones(keep, words_for(rows)) < orders / 16) {  // fewer than a table of all orders is worth
        const Column& order_of = run.order_rows(level);
        for_each_bit(keep, 0, rows, [&](std::size_t row) {
            const std::uint64_t order = order_of.stored_at(row);
            const bool stays = order == 0 ? when_missing : test_bit(order_bits, order - 1);
            if (!stays) keep[row / 64] &= ~(Word{1} << (row % 64));
            return true;
        });
        return;
    }
    const Scratch::Rewind rewind(run.temporary());
    auto* table = run.temporary().take<std::uint8_t>(words_for(orders) * 64 + 1);
    table[0] = when_missing ? 1 : 0;
    bytes_of_bits(order_bits, orders, table + 1);
    keep_in_table(run.order_rows(level), rows, table, keep);
}

void RowPlan::refine(BlockRun& run, Word* keep) const {
    const std::size_t rows = run.rows(level);
    switch (kind) {
        case Kind::kAll: return;
        case Kind::kNone: std::fill_n(keep, words_for(rows), Word{0}); return;
        case Kind::kAnd:
            for (const RowPlan& part : parts) {
                if (!any(keep, words_for(rows))) return;
                part.refine(run, keep);
            }
            return;
        case Kind::kOr: return refine_or(*this, run, keep);
        case Kind::kNot: return refine_not(*this, run, keep);
        case Kind::kRange:
            if (refine_sequence(*this, run, keep)) return;
            return keep_in_range(run.column(field), rows, ranges.front().low, ranges.front().high, mode, keep);
        case Kind::kZoned: return refine_zoned(*this, run, keep);
        case Kind::kSet: return refine_set(*this, run, keep);
        case Kind::kTable: return keep_in_table(run.column(field), rows, table.data(), keep);
        case Kind::kFlag: return run.keep_flag(field, keep);
        case Kind::kOnOrder: return refine_on_order(*this, run, keep);
    }
}

}  // namespace shuke::audience
