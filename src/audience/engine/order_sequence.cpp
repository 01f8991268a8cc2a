#include "audience/engine/order_sequence.h"

#include <algorithm>

namespace shuke::audience {
namespace {

// Up to 64 of the bits from `begin` on; the word behind must be there. A shift in two steps may be one of 64.
Word bits_from(const Word* bits, std::uint32_t begin, std::uint32_t count) {
    const unsigned shift = begin % 64;
    const Word word = bits[begin / 64] >> shift | bits[begin / 64 + 1] << 1 << (63 - shift);
    return count == 64 ? word : word & ((Word{1} << count) - 1);
}
void and_bits(Word* bits, std::uint32_t begin, std::uint32_t count, Word with) {
    const unsigned shift = begin % 64;
    const Word out = count == 64 ? ~with : ~with & ((Word{1} << count) - 1);
    bits[begin / 64] &= ~(out << shift);
    bits[begin / 64 + 1] &= ~(out >> 1 >> (63 - shift));
}

Word without_first(Word bits, std::int64_t count) {
    for (; count > 0; --count) bits &= bits - 1;
    return bits;
}

// Slots with more orders than a word has bits.
void keep_nth_of_many(const Word* members, std::uint32_t begin, std::uint32_t end, std::int64_t low, std::int64_t high,
                      Word* keep) {
    std::int64_t number = 0;
    for (std::uint32_t row = begin; row < end; ++row) {
        const bool is_member = test_bit(members, row);
        number += is_member ? 1 : 0;
        if (!is_member || number < low || number > high) keep[row / 64] &= ~(Word{1} << (row % 64));
    }
}

bool same_purchase(const OrderColumns& orders, std::size_t a, std::size_t b) {
    return orders.day.stored_at(a) == orders.day.stored_at(b) && orders.shop.stored_at(a) == orders.shop.stored_at(b);
}

// An earlier row, of a day so long before that the rows before it are not of the same day either: orders ascend in
// time, and zones are at most two days apart. Stored days compare like days, a missing one is the lowest.
bool is_long_before(const OrderColumns& orders, std::size_t earlier, std::size_t row) {
    return orders.day.stored_at(earlier) + 2 < orders.day.stored_at(row);
}

}  // namespace

// Without branches: most orders are members, but which are not cannot be foretold.
void number_orders(const OrderSequence& sequence, const std::int32_t* days, std::uint32_t* nth, std::uint32_t* gap) {
    const std::uint32_t* offsets = sequence.orders.offsets.data();
    const auto mask = [](bool condition) { return 0u - static_cast<std::uint32_t>(condition); };
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        std::uint32_t number = 0;
        std::int32_t before = kNoLocalDay;
        for (std::uint32_t row = offsets[slot]; row < offsets[slot + 1]; ++row) {
            const std::uint32_t member = mask(test_bit(sequence.members, row));
            const std::int32_t day = days[row];
            const std::uint32_t passed = static_cast<std::uint32_t>(day) - static_cast<std::uint32_t>(before);
            number += member & 1;
            nth[row] = number & member;
            gap[row] =
                ((passed & mask(day > before)) + 1) & member & mask(before != kNoLocalDay) & mask(day != kNoLocalDay);
            before = static_cast<std::int32_t>((static_cast<std::uint32_t>(day) & member) |
                                               (static_cast<std::uint32_t>(before) & ~member));
        }
    }
}

bool keep_nth(const OrderSequence& sequence, std::int64_t low, std::int64_t high, Word* keep) {
    constexpr std::int64_t kFew = 16;
    const std::uint32_t* offsets = sequence.orders.offsets.data();
    low = std::max<std::int64_t>(low, 1);
    const bool open = high >= sequence.orders.rows;
    if (low > kFew || (!open && high - low >= kFew)) return false;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const std::uint32_t begin = offsets[slot];
        const std::uint32_t count = offsets[slot + 1] - begin;
        if (count > 64) {
            keep_nth_of_many(sequence.members, begin, begin + count, low, high, keep);
            continue;
        }
        const Word from_low = without_first(bits_from(sequence.members, begin, count), low - 1);
        const Word beyond = open ? 0 : without_first(from_low, high - low + 1);
        and_bits(keep, begin, count, from_low ^ beyond);
    }
    return true;
}

void keep_gap(const OrderSequence& sequence, std::int64_t low, std::int64_t high, Word* keep) {
    const Column& days = sequence.orders.day;
    SlotOfRow slots(sequence.orders.offsets.data());
    const auto keep_by_days = [&](const auto& stored_at) {
        for_each_bit(keep, 0, sequence.orders.rows, [&](std::size_t row) {
            const std::uint32_t begin = slots.begin(row);
            const std::size_t before = test_bit(sequence.members, row) ? last_bit(sequence.members, begin, row) : row;
            const std::int64_t day = stored_at(row);
            const std::int64_t day_before = stored_at(before);
            const std::int64_t gap = std::max<std::int64_t>(0, day - day_before);
            const bool passes = before != row && day != 0 && day_before != 0 && gap >= low && gap <= high;
            keep[row / 64] &= ~(Word{!passes} << (row % 64));
            return true;
        });
    };
    if (visit_rows(days, [&](const auto* stored) {
            keep_by_days([&](std::size_t row) { return static_cast<std::int64_t>(stored[row]); });
        }))
        return;
    keep_by_days([&](std::size_t) { return static_cast<std::int64_t>(days.constant); });
}

std::vector<std::uint32_t> find_repeats(const OrderColumns& orders) {
    std::vector<std::uint32_t> repeats;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        for (std::uint32_t row = orders.offsets[slot]; row < orders.offsets[slot + 1]; ++row) {
            if (orders.day.stored_at(row) == 0) continue;
            for (std::uint32_t other = row; other-- > orders.offsets[slot];) {
                if (is_long_before(orders, other, row)) break;
                if (!same_purchase(orders, row, other)) continue;
                repeats.push_back(row);
                break;
            }
        }
    }
    return repeats;
}

bool days_ascend(const OrderColumns& orders) {
    bool ascend = true;
    visit_rows(orders.day, [&](const auto* stored) {
        for (std::size_t slot = 0; slot < kBlockSlots && ascend; ++slot)
            ascend = std::is_sorted(stored + orders.offsets[slot], stored + orders.offsets[slot + 1]);
    });
    return ascend;
}

void keep_purchases(const OrderSequence& kept, Word* begins) {
    const OrderColumns& orders = kept.orders;
    SlotOfRow slots(orders.offsets.data());
    for (const std::uint32_t row : orders.repeats) {
        if (!test_bit(begins, row)) continue;
        const std::uint32_t begin = slots.begin(row);
        for (std::uint32_t other = row; other-- > begin;) {
            if (is_long_before(orders, other, row)) break;
            if (!test_bit(kept.members, other) || !same_purchase(orders, row, other)) continue;
            begins[row / 64] &= ~(Word{1} << (row % 64));
            break;
        }
    }
}

void purchases_of_orders(const OrderSequence& kept, const Word* begins, std::uint32_t* of_order) {
    const OrderColumns& orders = kept.orders;
    std::fill_n(of_order, orders.rows, kNoPurchase);
    for_each_bit(begins, 0, orders.rows,
                 [&](std::size_t row) { return of_order[row] = static_cast<std::uint32_t>(row), true; });
    SlotOfRow slots(orders.offsets.data());
    for (const std::uint32_t row : orders.repeats) {
        if (!test_bit(kept.members, row) || test_bit(begins, row)) continue;
        const std::uint32_t begin = slots.begin(row);
        for (std::uint32_t other = row; other-- > begin;) {
            if (is_long_before(orders, other, row)) break;
            if (!test_bit(begins, other) || !same_purchase(orders, row, other)) continue;
            of_order[row] = other;
            break;
        }
    }
}

}  // namespace shuke::audience
