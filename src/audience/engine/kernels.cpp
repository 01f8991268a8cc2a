#include "audience/engine/kernels.h"

#include <algorithm>

#include "audience/engine/avx2.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

// Two bodies of each loop, for AVX2 and for any x86-64, chosen when the program starts. Sanitizers run before that
// choice can be made, so there one body must do.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SHUKE_SANITIZED 1
#endif
#endif
#if defined(__x86_64__) && !defined(SHUKE_SANITIZED) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SHUKE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SHUKE_CLONES
#endif
#define SHUKE_BODY inline __attribute__((always_inline))

namespace shuke::audience {
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kBlockSlots = 1024;

// 64 bytes of 0 or 1 → 64 bits. On x86-64 one instruction gathers the highest bits of 16 bytes; elsewhere a product
// gathers the lowest bits of eight in its highest byte.
SHUKE_BODY Word pack(const std::uint8_t* bytes) {
    Word bits = 0;
#if defined(__x86_64__)
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i sixteen = _mm_load_si128(reinterpret_cast<const __m128i*>(bytes + i * 16));
        const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_slli_epi16(sixteen, 7)));
        bits |= Word{mask} << (i * 16);
    }
    return bits;
#endif
    for (unsigned i = 0; i < 8; ++i) {
        Word eight = 0;
        __builtin_memcpy(&eight, bytes + i * 8, 8);
        bits |= (eight * 0x0102'0408'1020'4080ull) >> 56 << (i * 8);
    }
    return bits;
}

// low ≤ stored ≤ low + span, or the opposite. One comparison a row: what lies below low wraps around to far above.
template <class T>
SHUKE_BODY void range_body(const T* rows, std::size_t words, T low, T span, Word flip, Word* keep) {
    alignas(64) std::uint8_t passes[kGroup];
    for (std::size_t word = 0; word < words; ++word) {
        if (keep[word] == 0) continue;
        const T* group = rows + word * kGroup;
        for (std::size_t i = 0; i < kGroup; ++i) passes[i] = static_cast<T>(group[i] - low) <= span;
        keep[word] &= pack(passes) ^ flip;
    }
}

template <class T>
SHUKE_BODY void table_body(const T* rows, std::size_t words, const std::uint8_t* table, Word* keep) {
    alignas(64) std::uint8_t passes[kGroup];
    for (std::size_t word = 0; word < words; ++word) {
        if (keep[word] == 0) continue;
        const T* group = rows + word * kGroup;
        for (std::size_t i = 0; i < kGroup; ++i) passes[i] = table[group[i]];
        keep[word] &= pack(passes);
    }
}

SHUKE_CLONES void range(const std::uint8_t* rows, std::size_t words, std::uint8_t low, std::uint8_t span, Word flip,
                        Word* keep) {
    range_body(rows, words, low, span, flip, keep);
}
SHUKE_CLONES void range(const std::uint16_t* rows, std::size_t words, std::uint16_t low, std::uint16_t span, Word flip,
                        Word* keep) {
    range_body(rows, words, low, span, flip, keep);
}
SHUKE_CLONES void range(const std::uint32_t* rows, std::size_t words, std::uint32_t low, std::uint32_t span, Word flip,
                        Word* keep) {
    range_body(rows, words, low, span, flip, keep);
}
SHUKE_CLONES void range(const std::uint64_t* rows, std::size_t words, std::uint64_t low, std::uint64_t span, Word flip,
                        Word* keep) {
    range_body(rows, words, low, span, flip, keep);
}

template <class Predicate>
SHUKE_BODY SlotBits compare_body(const double* left, const double* right, Predicate predicate) {
    SlotBits bits;
    alignas(64) std::uint8_t passes[kGroup];
    for (std::size_t word = 0; word < bits.words.size(); ++word) {
        for (std::size_t i = 0; i < kGroup; ++i) {
            passes[i] = static_cast<std::uint8_t>(predicate(left[word * kGroup + i], right[word * kGroup + i]));
        }
        bits.words[word] = pack(passes);
    }
    return bits;
}

SHUKE_CLONES std::size_t ones_in(const Word* bits, std::size_t words) {
    std::size_t ones = 0;
    for (std::size_t word = 0; word < words; ++word) ones += static_cast<std::size_t>(std::popcount(bits[word]));
    return ones;
}

SHUKE_CLONES void prefix_counts(const Word* keep, std::size_t words, Word* prefix) {
    Word sum = 0;
    for (std::size_t word = 0; word < words; ++word) {
        prefix[word] = sum;
        sum += static_cast<Word>(std::popcount(keep[word]));
    }
    prefix[words] = sum;
}

SHUKE_CLONES void slot_counts(const Word* keep, const Word* prefix, const std::uint32_t* offsets, std::size_t slots,
                              double* counts) {
    const auto ones_before = [&](std::uint32_t row) {
        const Word below = keep[row / 64] & ((Word{1} << (row % 64)) - 1);
        return prefix[row / 64] + static_cast<Word>(std::popcount(below));
    };
    Word before = ones_before(offsets[0]);
    for (std::size_t slot = 0; slot < slots; ++slot) {
        const Word after = ones_before(offsets[slot + 1]);
        counts[slot] = static_cast<double>(after - before);
        before = after;
    }
}

SHUKE_CLONES bool store_whole_values(const double* values, std::uint32_t* stored) {
    constexpr double kMost = 2'147'483'647;
    std::uint32_t broken = 0;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const double value = values[slot];
        const bool known = value == value;  // NOLINT(misc-redundant-expression): not so for NaN
        const double within = value > kMost ? kMost : value < -kMost ? -kMost : known ? value : 0;
        const auto whole = static_cast<std::int32_t>(within);
        broken |= static_cast<std::uint32_t>(known && static_cast<double>(whole) != value);
        stored[slot] = known ? static_cast<std::uint32_t>(whole) + 0x8000'0000u : 0u;
    }
    return broken == 0;
}

// prefix[row]: sum of what is stored in the kept rows before it.
template <class T, class Total>
SHUKE_BODY void prefix_body(const T* rows, std::size_t words, const Word* keep, Total* prefix) {
    alignas(64) Total values[kGroup];
    Total sum = 0;
    for (std::size_t word = 0; word < words; ++word) {
        const T* group = rows + word * kGroup;
        Total* out = prefix + word * kGroup;
        if (keep[word] == 0) {
            for (std::size_t i = 0; i < kGroup; ++i) out[i] = sum;
            continue;
        }
        const auto low = static_cast<std::uint32_t>(keep[word]);
        const auto high = static_cast<std::uint32_t>(keep[word] >> 32);
        for (std::uint32_t i = 0; i < 32; ++i) values[i] = (low >> i & 1) != 0 ? Total{group[i]} : Total{0};
        for (std::uint32_t i = 0; i < 32; ++i) values[i + 32] = (high >> i & 1) != 0 ? Total{group[i + 32]} : Total{0};
        for (std::size_t i = 0; i < kGroup; ++i) {
            out[i] = sum;
            sum += values[i];
        }
    }
    prefix[words * kGroup] = sum;
}

SHUKE_CLONES void prefix_sums(const std::uint8_t* rows, std::size_t words, const Word* keep, std::uint32_t* prefix) {
    prefix_body(rows, words, keep, prefix);
}
SHUKE_CLONES void prefix_sums(const std::uint16_t* rows, std::size_t words, const Word* keep, std::uint32_t* prefix) {
    prefix_body(rows, words, keep, prefix);
}
SHUKE_CLONES void prefix_sums(const std::uint32_t* rows, std::size_t words, const Word* keep, std::uint32_t* prefix) {
    prefix_body(rows, words, keep, prefix);
}

void keep_none(std::size_t rows, Word* keep) { std::fill_n(keep, words_for(rows), Word{0}); }

// All rows have the same stored number.
void keep_constant(bool passes, std::size_t rows, Word* keep) {
    if (!passes) keep_none(rows, keep);
}

// Stored numbers within [first, last], or outside of it. An empty range (first > last) holds nothing.
void keep_stored(const Column& column, std::size_t rows, std::uint64_t first, std::uint64_t last, bool inside,
                 Word* keep) {
    if (first > last) return keep_constant(!inside, rows, keep);
    const Word flip = inside ? 0 : ~Word{0};
    visit_rows(column, [&]<class T>(const T* data) {
        range(data, words_for(rows), static_cast<T>(first), static_cast<T>(last - first), flip, keep);
    });
}

void keep_known_stored(const Column& column, std::size_t rows, Word* keep) {
    if (column.known == nullptr) return keep_stored(column, rows, 0, 0, false, keep);
    for (std::size_t word = 0; word < words_for(rows); ++word) keep[word] &= column.known[word];
}

}  // namespace

void keep_in_range(const Column& column, std::size_t rows, std::int64_t low, std::int64_t high, Keep mode, Word* keep) {
    const bool none_inside = column.all_missing() || low > high || high < column.min || low > column.max;
    const bool all_inside = !none_inside && low <= column.min && high >= column.max;
    const bool missing_passes = mode == Keep::kInsideOrMissing;
    const bool wanted = mode != Keep::kOutside;
    if (column.width == 0)
        return keep_constant(column.constant == 0 ? missing_passes : all_inside == wanted, rows, keep);
    const bool all_known_pass = wanted ? all_inside : none_inside;
    const bool no_known_passes = wanted ? none_inside : all_inside;
    if (no_known_passes) {
        if (!missing_passes || !column.has_missing) return keep_none(rows, keep);
        return keep_stored(column, rows, 0, 0, true, keep);
    }
    const std::uint64_t greatest = column.encode(column.max);
    if (all_known_pass) {
        if (missing_passes || !column.has_missing) return;
        return keep_known_stored(column, rows, keep);
    }
    const std::uint64_t first = column.encode(std::max(low, column.min));
    const std::uint64_t last = column.encode(std::min(high, column.max));
    if (mode == Keep::kInside) return keep_stored(column, rows, first, last, true, keep);
    if (mode == Keep::kOutside) {
        if (column.has_missing) keep_known_stored(column, rows, keep);
        return keep_stored(column, rows, first, last, false, keep);
    }
    if (first == 1) return keep_stored(column, rows, 0, last, true, keep);
    keep_stored(column, rows, 1, first - 1, false, keep);
    if (last < greatest) keep_stored(column, rows, last + 1, greatest, false, keep);
}

void keep_in_table(const Column& codes, std::size_t rows, const std::uint8_t* table, Word* keep) {
    const std::size_t words = words_for(rows);
    if (codes.width == 1 && has_avx2()) {
        const std::size_t count = codes.all_missing() ? 1 : static_cast<std::size_t>(codes.encode(codes.max)) + 1;
        if (count <= kBitTableCodes) return avx2_keep_in_table(rows_of<std::uint8_t>(codes), words, table, count, keep);
    }
    const auto look_up = [&]<class T>(const T* data) { table_body(data, words, table, keep); };
    if (!visit_rows(codes, look_up)) keep_constant(table[codes.constant] != 0, rows, keep);
}

void bytes_of_bits(const Word* bits, std::size_t rows, std::uint8_t* bytes) {
    constexpr Word kEveryByte = 0x0101'0101'0101'0101ull;
    for (std::size_t eight = 0; eight < words_for(rows) * 8; ++eight) {
        // A copy of the eight bits in every byte, of which byte i keeps bit i; then any bit at all becomes a 1.
        const Word spread = (bits[eight / 8] >> (eight % 8 * 8) & 0xFF) * kEveryByte & 0x8040'2010'0804'0201ull;
        const Word ones = (spread + 0x7F7F'7F7F'7F7F'7F7Full) >> 7 & kEveryByte;
        __builtin_memcpy(bytes + eight * 8, &ones, 8);
    }
}

SlotBits bits_of_bytes(const std::array<std::uint8_t, 1024>& bytes) {
    SlotBits bits;
    for (std::size_t word = 0; word < bits.words.size(); ++word) {
        alignas(64) std::uint8_t group[kGroup];
        __builtin_memcpy(group, bytes.data() + word * kGroup, kGroup);
        bits.words[word] = pack(group);
    }
    return bits;
}

std::size_t count_ones(const Word* bits, std::size_t words) { return ones_in(bits, words); }

void count_by_slot(const Word* keep, std::size_t rows, const std::uint32_t* offsets, std::size_t slots,
                   Word* prefix_scratch, double* counts) {
    prefix_counts(keep, words_for(rows), prefix_scratch);
    slot_counts(keep, prefix_scratch, offsets, slots, counts);
}

bool sum_by_slot(const Column& column, std::size_t rows, const Word* keep, const std::uint32_t* offsets,
                 std::size_t slots, std::uint32_t* prefix_scratch, std::uint32_t* sums) {
    const bool fits = column.width > 0 && column.width <= 4 && column.encode(column.max) <= 0xFFFF'FFFFull / (rows + 1);
    if (!fits) return false;
    visit_rows(column, [&]<class T>(const T* data) {
        if constexpr (sizeof(T) <= 4) {
            if (has_avx2()) return avx2_prefix_sums(data, words_for(rows), keep, prefix_scratch);
            prefix_sums(data, words_for(rows), keep, prefix_scratch);
        }
    });
    for (std::size_t slot = 0; slot < slots; ++slot)
        sums[slot] = prefix_scratch[offsets[slot + 1]] - prefix_scratch[offsets[slot]];
    return true;
}

bool store_whole(const std::array<double, kBlockSlots>& values, std::array<std::uint32_t, kBlockSlots>& stored) {
    return store_whole_values(values.data(), stored.data());
}

SlotBits compare(const double* left, Order order, const double* right) {
    switch (order) {
        case Order::kEqual: return compare_body(left, right, [](double a, double b) { return a == b; });
        case Order::kNotEqual: return compare_body(left, right, [](double a, double b) { return a < b || a > b; });
        case Order::kLess: return compare_body(left, right, [](double a, double b) { return a < b; });
        case Order::kLessEqual: return compare_body(left, right, [](double a, double b) { return a <= b; });
        case Order::kGreater: return compare_body(left, right, [](double a, double b) { return a > b; });
        case Order::kGreaterEqual: return compare_body(left, right, [](double a, double b) { return a >= b; });
    }
    return {};
}

}  // namespace shuke::audience
