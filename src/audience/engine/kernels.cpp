#include "audience/engine/kernels.h"

#include <algorithm>

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

// 64 bytes of 0 or 1 → 64 bits: the product gathers eight bytes' lowest bits in its highest byte.
SHUKE_BODY Word pack(const std::uint8_t* bytes) {
    Word bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        Word eight;
        __builtin_memcpy(&eight, bytes + i * 8, 8);
        bits |= (eight * 0x0102'0408'1020'4080ull) >> 56 << (i * 8);
    }
    return bits;
}

// What passes, each 1 or 0.
struct Pass {
    std::uint8_t inside, outside, missing;
};

template <class T>
SHUKE_BODY void range_body(const T* rows, std::size_t words, T low, T span, Pass pass, Word* keep) {
    alignas(64) std::uint8_t passes[kGroup];
    for (std::size_t word = 0; word < words; ++word) {
        if (keep[word] == 0) continue;
        const T* group = rows + word * kGroup;
        for (std::size_t i = 0; i < kGroup; ++i) {
            const bool inside = static_cast<T>(group[i] - low) <= span;
            const std::uint8_t known_passes = inside ? pass.inside : pass.outside;
            passes[i] = group[i] != 0 ? known_passes : pass.missing;
        }
        keep[word] &= pack(passes);
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

SHUKE_CLONES void range(const std::uint8_t* rows, std::size_t words, std::uint8_t low, std::uint8_t span, Pass pass, Word* keep) {
    range_body(rows, words, low, span, pass, keep);
}
SHUKE_CLONES void range(const std::uint16_t* rows, std::size_t words, std::uint16_t low, std::uint16_t span, Pass pass, Word* keep) {
    range_body(rows, words, low, span, pass, keep);
}
SHUKE_CLONES void range(const std::uint32_t* rows, std::size_t words, std::uint32_t low, std::uint32_t span, Pass pass, Word* keep) {
    range_body(rows, words, low, span, pass, keep);
}
SHUKE_CLONES void range(const std::uint64_t* rows, std::size_t words, std::uint64_t low, std::uint64_t span, Pass pass, Word* keep) {
    range_body(rows, words, low, span, pass, keep);
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

SHUKE_CLONES void prefix_counts(const Word* keep, std::size_t words, Word* prefix) {
    Word sum = 0;
    for (std::size_t word = 0; word < words; ++word) {
        prefix[word] = sum;
        sum += static_cast<Word>(std::popcount(keep[word]));
    }
    prefix[words] = sum;
}

SHUKE_CLONES void slot_counts(const Word* keep, const Word* prefix, const std::uint32_t* offsets, std::size_t slots, double* counts) {
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

void keep_none(std::size_t rows, Word* keep) { std::fill_n(keep, words_for(rows), Word{0}); }

// All rows have the same stored number.
void keep_constant(bool passes, std::size_t rows, Word* keep) {
    if (!passes) keep_none(rows, keep);
}

}  // namespace

void keep_in_range(const Column& column, std::size_t rows, std::int64_t low, std::int64_t high, Keep mode, Word* keep) {
    Pass pass{mode != Keep::kOutside, mode == Keep::kOutside, mode == Keep::kInsideOrMissing};
    const bool none_inside = column.all_missing() || low > high || high < column.min || low > column.max;
    const bool all_inside = !none_inside && low <= column.min && high >= column.max;
    if (none_inside) pass.inside = pass.outside;
    if (all_inside) pass.outside = pass.inside;
    if (column.width == 0) return keep_constant((column.constant == 0 ? pass.missing : pass.inside) != 0, rows, keep);
    if (pass.inside == pass.outside && (!column.has_missing || pass.missing == pass.inside)) {
        return keep_constant(pass.inside != 0, rows, keep);
    }
    const std::uint64_t first = none_inside ? 1 : column.encode(std::max(low, column.min));
    const std::uint64_t last = none_inside ? 1 : column.encode(std::min(high, column.max));
    visit_rows(column, [&]<class T>(const T* data) {
        range(data, words_for(rows), static_cast<T>(first), static_cast<T>(last - first), pass, keep);
    });
}

void keep_in_table(const Column& codes, std::size_t rows, const std::uint8_t* table, Word* keep) {
    const std::size_t words = words_for(rows);
    const auto look_up = [&]<class T>(const T* data) { table_body(data, words, table, keep); };
    if (!visit_rows(codes, look_up)) keep_constant(table[codes.constant] != 0, rows, keep);
}

void bytes_of_bits(const Word* bits, std::size_t rows, std::uint8_t* bytes) {
    for (std::size_t word = 0; word < words_for(rows); ++word) {
        const Word group = bits[word];
        const std::size_t count = std::min(kGroup, rows - word * kGroup);
        for (std::size_t i = 0; i < count; ++i) bytes[word * kGroup + i] = static_cast<std::uint8_t>(group >> i & 1);
    }
}

void count_by_slot(const Word* keep, std::size_t rows, const std::uint32_t* offsets, std::size_t slots,
                   Word* prefix_scratch, double* counts) {
    prefix_counts(keep, words_for(rows), prefix_scratch);
    slot_counts(keep, prefix_scratch, offsets, slots, counts);
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
