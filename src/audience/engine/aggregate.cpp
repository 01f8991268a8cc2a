#include "audience/engine/aggregate.h"

#include <algorithm>
#include <limits>

#include "audience/engine/kernels.h"
#include "audience/engine/reader.h"
#include "audience/engine/row_plan.h"

namespace shuke::audience {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class Visit>
void for_each_row(const RowsBySlot& over, std::size_t slot, Visit visit) {
    const std::uint32_t* offsets = over.offsets();
    for_each_bit(over.selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) { return visit(row), true; });
}

// ---- sums ----

struct Sum {
    std::uint64_t total = 0;  // wraps rather than overflows
    std::uint64_t count = 0;

    void add(std::int64_t value) {
        const bool known = value != kMissing;
        total += known ? static_cast<std::uint64_t>(value) : 0;
        count += known ? 1 : 0;
    }
    double result(const AddUp& what) const {
        const double sum = static_cast<double>(static_cast<std::int64_t>(total)) * what.factor;
        if (!what.average) return sum;
        return count == 0 ? kNaN : sum / static_cast<double>(count);
    }
};

// Only the selected rows are visited, where they are few; each finds its slot.
bool add_up_few_rows(const RowsBySlot& over, const AddUp& what, SlotNumbers& out) {
    constexpr std::size_t kFew = 256;
    if (over.who.count() < kFew || count_ones(over.selected, words_for(over.rows())) > kFew) return false;
    SlotOfRow slots(over.offsets());
    const FieldReader read(over.run, over.level, what.field);
    std::array<Sum, kBlockSlots> sums{};
    for_each_bit(over.selected, 0, over.rows(),
                 [&](std::size_t row) { return sums[slots.slot(row)].add(read(row)), true; });
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) out[slot] = sums[slot].result(what);
    return true;
}

// All slots at once by prefix sums, where many rows count and most slots are asked about; else it is not done.
bool add_up_all_slots(const RowsBySlot& over, const AddUp& what, SlotNumbers& out) {
    constexpr std::size_t kManySlots = 256;
    const std::size_t rows = over.rows();
    const std::size_t words = words_for(rows);
    if (level_of(what.field) != over.level || count_ones(over.selected, words) * 8 < rows) return false;
    if (count_ones(over.who.words.data(), over.who.words.size()) < kManySlots) return false;
    const Column& column = over.run.column(what.field);
    Scratch& temporary = over.run.temporary();
    const Scratch::Rewind rewind(temporary);
    std::array<std::uint32_t, kBlockSlots> sums;
    auto* prefix = temporary.take<std::uint32_t>(rows + 65);
    if (!sum_by_slot(column, rows, over.selected, over.offsets(), kBlockSlots, prefix, sums.data())) return false;
    SlotNumbers counts{};
    const double base_minus_one = static_cast<double>(column.base) - 1;
    if (base_minus_one != 0 || what.average) {
        Word* known = over.run.take_bits(over.level);
        std::copy_n(over.selected, words, known);
        known[words] = 0;
        keep_known(column, rows, known);
        count_by_slot(known, rows, over.offsets(), kBlockSlots, temporary.take<Word>(words + 1), counts.data());
    }
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const double total = (sums[slot] + base_minus_one * counts[slot]) * what.factor;
        out[slot] = !what.average ? total : counts[slot] == 0 ? kNaN : total / counts[slot];
    }
    return true;
}

// ---- rows ----

template <class Reader>
std::uint32_t extreme_row(const RowsBySlot& over, const Reader& read, bool greatest, std::size_t slot) {
    std::uint32_t best_row = kNoRow;
    std::int64_t best = kMissing;
    for_each_row(over, slot, [&](std::size_t row) {
        const std::int64_t value = read(row);
        if (value == kMissing) return;
        if (best_row != kNoRow && !(greatest ? value > best : value < best)) return;
        best_row = static_cast<std::uint32_t>(row);
        best = value;
    });
    return best_row;
}

// Mostly the first of all.
std::uint32_t first_row(const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    const std::uint32_t begin = offsets[slot];
    const std::uint32_t end = offsets[slot + 1];
    if (begin < end && test_bit(selected, begin)) return begin;
    std::uint32_t first = kNoRow;
    for_each_bit(selected, begin, end, [&](std::size_t row) { return first = static_cast<std::uint32_t>(row), false; });
    return first;
}

// Rows ascend in the fact's own time, those without one first: its extremes are at the ends.
std::uint32_t earliest_row(const RowsBySlot& over, const FieldReader& read, std::size_t slot) {
    const std::uint32_t* offsets = over.offsets();
    std::uint32_t found = kNoRow;
    for_each_bit(over.selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) {
        if (read(row) == kMissing) return true;
        return found = static_cast<std::uint32_t>(row), false;
    });
    return found;
}
std::uint32_t latest_row(const RowsBySlot& over, const FieldReader& read, std::size_t slot) {
    std::uint32_t found = last_row(over.selected, over.offsets(), slot);
    if (found == kNoRow || read(found) == kMissing) return kNoRow;
    for (;;) {  // the first of equal times
        const std::size_t before = last_bit(over.selected, over.offsets()[slot], found);
        if (before == found || read(before) != read(found)) return found;
        found = static_cast<std::uint32_t>(before);
    }
}
// The greatest local day is near the last row: rows ascend in time, and zones are at most two days apart.
std::uint32_t latest_day_row(const Word* selected, const std::uint32_t* offsets, const Column& days, std::size_t slot) {
    const std::uint32_t begin = offsets[slot];
    std::uint32_t best = last_row(selected, offsets, slot);
    if (best == kNoRow || days.stored_at(best) == 0) return kNoRow;  // rows without a time are the first ones
    for (std::size_t row = best; row > begin;) {
        const std::size_t before = last_bit(selected, begin, row);
        if (before == row || days.stored_at(before) == 0) break;
        if (days.stored_at(before) + 2 < days.stored_at(best)) break;
        if (days.stored_at(before) >= days.stored_at(best)) best = static_cast<std::uint32_t>(before);
        row = before;
    }
    return best;
}

bool is_own_time(Level level, FieldKey field) {
    if (is_event_field(field)) return event_field(field).place == EventPlace::kAt;
    return (field == FieldKey::kAt && level != Level::kRefund) || field == FieldKey::kPurchaseAt;
}

// Codes: a mark per code says for which slot it was last seen.
template <class CodeAt>
void count_codes(const RowsBySlot& over, std::size_t codes, double enough, const CodeAt& code_at, SlotNumbers& out) {
    const Scratch::Rewind rewind(over.run.temporary());
    auto* seen_by = over.run.temporary().take<std::uint16_t>(codes);
    std::fill_n(seen_by, codes, std::uint16_t{0xFFFF});
    const auto limit = static_cast<std::uint32_t>(std::clamp(enough, 0.0, double{kNoRow}));
    const std::uint32_t* offsets = over.offsets();
    over.who.for_each([&](std::size_t slot) {
        std::uint32_t different = 0;
        for_each_bit(over.selected, offsets[slot], offsets[slot + 1], [&](std::size_t row) {
            const std::size_t code = code_at(row);
            std::uint16_t& mark = seen_by[code];
            different += mark == slot || code == 0 ? 0 : 1;
            mark = static_cast<std::uint16_t>(slot);
            return different < limit;
        });
        out[slot] = different;
    });
}

void count_distinct_codes(const RowsBySlot& over, FieldKey field, double enough, const FieldReader& read,
                          SlotNumbers& out) {
    const std::size_t codes = over.run.shared().dictionary(domain_of(field)).max_code() + std::size_t{1};
    const std::vector<std::uint32_t>* text_of = text_of_stored(over.run.shared(), field);
    const bool direct =
        level_of(field) == over.level && visit_rows(over.run.column(field), [&](const auto* stored) {
            if (text_of == nullptr)
                return count_codes(over, codes, enough, [&](std::size_t row) { return std::size_t{stored[row]}; }, out);
            count_codes(
                over, codes, enough, [&](std::size_t row) { return std::size_t{(*text_of)[stored[row]]}; }, out);
        });
    if (direct) return;
    const auto code_at = [&](std::size_t row) {
        const std::int64_t code = read(row);
        return code == kMissing ? std::size_t{0} : static_cast<std::size_t>(code);
    };
    count_codes(over, codes, enough, code_at, out);
}

}  // namespace

void count_rows(const RowsBySlot& over, SlotNumbers& out) {
    const Scratch::Rewind rewind(over.run.temporary());
    auto* prefix = over.run.temporary().take<Word>(words_for(over.rows()) + 1);
    count_by_slot(over.selected, over.rows(), over.offsets(), kBlockSlots, prefix, out.data());
}

void add_up(const RowsBySlot& over, const AddUp& what, SlotNumbers& out) {
    if (add_up_few_rows(over, what, out) || add_up_all_slots(over, what, out)) return;
    with_reader(over.run, over.level, what.field, [&](const auto& read) {
        over.who.for_each([&](std::size_t slot) {
            Sum sum;
            for_each_row(over, slot, [&](std::size_t row) { sum.add(read(row)); });
            out[slot] = sum.result(what);
        });
    });
}

void subtract_refunds(const RowsBySlot& orders, double factor, SlotNumbers& out) {
    BlockRun& run = orders.run;
    const RefundColumns& refunds = run.block().refunds;
    if (refunds.rows == 0) return;
    const Scratch::Rewind rewind(run.temporary());
    Word* counted = run.take_bits(Level::kRefund);
    counted[words_for(refunds.rows)] = 0;
    run.fill_rows_of(orders.who, Level::kRefund, counted);
    keep_in_range(refunds.at, refunds.rows, kEarliest, run.as_of(), Keep::kInsideOrMissing, counted);
    keep_in_range(refunds.amount, refunds.rows, 1, kLatest, Keep::kInside, counted);
    Word* of_known_amount = run.take_bits(Level::kOrder);
    std::copy_n(orders.selected, words_for(orders.rows()), of_known_amount);
    keep_known(run.block().orders.amount, orders.rows(), of_known_amount);
    keep_by_order(run, Level::kRefund, of_known_amount, false, counted);
    SlotNumbers given_back;
    add_up({run, Level::kRefund, counted, orders.who}, {FieldKey::kRefundAmount, false, factor}, given_back);
    orders.who.for_each([&](std::size_t slot) { out[slot] -= given_back[slot]; });
}

void count_distinct(const RowsBySlot& over, FieldKey field, double enough, SlotNumbers& out) {
    const FieldReader read(over.run, over.level, field);
    if (is_text_field(field)) return count_distinct_codes(over, field, enough, read, out);
    std::vector<std::int64_t> values;
    over.who.for_each([&](std::size_t slot) {
        values.clear();
        for_each_row(over, slot, [&](std::size_t row) {
            const std::int64_t value = read(row);
            if (value != kMissing) values.push_back(value);
        });
        std::ranges::sort(values);
        out[slot] = static_cast<double>(std::ranges::unique(values).begin() - values.begin());
    });
}

void pick_rows(const RowsBySlot& over, Aggregate aggregate, FieldKey field, SlotRows& out) {
    const auto for_each_slot = [&](auto pick) {
        for_slots(over.who, [&](std::size_t slot) { out[slot] = pick(slot); });
    };
    const bool least = aggregate == Aggregate::kMin;
    const std::uint32_t* offsets = over.offsets();
    if (aggregate == Aggregate::kFirst)
        return for_each_slot([&](std::size_t slot) { return first_row(over.selected, offsets, slot); });
    if (aggregate == Aggregate::kLast)
        return for_each_slot([&](std::size_t slot) { return last_row(over.selected, offsets, slot); });
    if (field == FieldKey::kDay && over.level == Level::kOrder && !least) {
        const Column& days = over.run.block().orders.day;
        if (over.run.block().orders.days_ascend) {
            const auto has_day = [&](std::uint32_t row) { return row != kNoRow && days.stored_at(row) != 0; };
            return for_each_slot([&](std::size_t slot) {
                const std::uint32_t row = last_row(over.selected, offsets, slot);
                return has_day(row) ? row : kNoRow;
            });
        }
        return for_each_slot([&](std::size_t slot) { return latest_day_row(over.selected, offsets, days, slot); });
    }
    if (is_own_time(over.level, field)) {
        const FieldReader read(over.run, over.level, field);
        return for_each_slot(
            [&](std::size_t slot) { return least ? earliest_row(over, read, slot) : latest_row(over, read, slot); });
    }
    with_reader(over.run, over.level, field, [&](const auto& read) {
        for_each_slot([&](std::size_t slot) { return extreme_row(over, read, !least, slot); });
    });
}

std::uint32_t last_row(const Word* selected, const std::uint32_t* offsets, std::size_t slot) {
    const std::uint32_t end = offsets[slot + 1];
    if (end > offsets[slot] && test_bit(selected, end - 1)) return end - 1;  // as mostly
    const std::size_t row = last_bit(selected, offsets[slot], end);
    return row == end ? kNoRow : static_cast<std::uint32_t>(row);
}

}  // namespace shuke::audience
