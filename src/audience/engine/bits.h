// src/audience/engine/bits.h
//
// One bit a row, in 64-bit words; bits behind the last row are 0. SlotBits are the 1,024 slots of a block.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace shuke::audience {

using Word = std::uint64_t;

constexpr std::size_t words_for(std::size_t rows) { return (rows + 63) / 64; }

inline void fill_ones(Word* bits, std::size_t rows) {
    std::fill_n(bits, rows / 64, ~Word{0});
    if (rows % 64 != 0) bits[rows / 64] = (Word{1} << (rows % 64)) - 1;
}
inline void set_range(Word* bits, std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    const std::size_t last = (end - 1) / 64;
    const Word from_begin = ~Word{0} << (begin % 64);
    const Word to_end = ~Word{0} >> (63 - (end - 1) % 64);
    if (begin / 64 == last) {
        bits[last] |= from_begin & to_end;
        return;
    }
    bits[begin / 64] |= from_begin;
    std::fill(bits + begin / 64 + 1, bits + last, ~Word{0});
    bits[last] |= to_end;
}
inline bool any(const Word* bits, std::size_t words) {
    Word all = 0;
    for (std::size_t i = 0; i < words; ++i) all |= bits[i];
    return all != 0;
}
inline bool test_bit(const Word* bits, std::size_t row) { return (bits[row / 64] >> (row % 64) & 1) != 0; }

// Calls visit(row) for every 1 in [begin, end), ascending; visit returns false to stop.
template <class Visit>
void for_each_bit(const Word* bits, std::size_t begin, std::size_t end, Visit visit) {
    if (begin >= end) return;
    const std::size_t last = (end - 1) / 64;
    for (std::size_t i = begin / 64; i <= last; ++i) {
        Word word = bits[i];
        if (i == begin / 64) word &= ~Word{0} << (begin % 64);
        if (i == last && end % 64 != 0) word &= (Word{1} << (end % 64)) - 1;
        for (; word != 0; word &= word - 1) {
            if (!visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)))) return;
        }
    }
}

// The last 1 in [begin, end); end if there is none.
inline std::size_t last_bit(const Word* bits, std::size_t begin, std::size_t end) {
    if (begin >= end) return end;
    for (std::size_t i = (end - 1) / 64 + 1; i-- > begin / 64;) {
        Word word = bits[i];
        if (i == begin / 64) word &= ~Word{0} << (begin % 64);
        if (i == (end - 1) / 64 && end % 64 != 0) word &= (Word{1} << (end % 64)) - 1;
        if (word != 0) return i * 64 + 63 - static_cast<std::size_t>(std::countl_zero(word));
    }
    return end;
}

struct SlotBits {
    std::array<Word, 16> words{};

    static SlotBits first(std::size_t slots) {
        SlotBits bits;
        fill_ones(bits.words.data(), slots);
        return bits;
    }
    bool any() const { return shuke::audience::any(words.data(), words.size()); }
    bool test(std::size_t slot) const { return test_bit(words.data(), slot); }
    bool operator==(const SlotBits&) const = default;
    void reset(std::size_t slot) { words[slot / 64] &= ~(Word{1} << (slot % 64)); }
    void set(std::size_t slot) { words[slot / 64] |= Word{1} << (slot % 64); }
    std::size_t count() const {
        std::size_t bits = 0;
        for (const Word word : words) bits += static_cast<std::size_t>(std::popcount(word));
        return bits;
    }
    template <class Visit>
    void for_each(Visit visit) const {
        for_each_bit(words.data(), 0, 1024, [&](std::size_t slot) { return visit(slot), true; });
    }
    SlotBits& operator&=(const SlotBits& other) {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
        return *this;
    }
    SlotBits& operator|=(const SlotBits& other) {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] |= other.words[i];
        return *this;
    }
    SlotBits without(const SlotBits& other) const {
        SlotBits result = *this;
        for (std::size_t i = 0; i < words.size(); ++i) result.words[i] &= ~other.words[i];
        return result;
    }
};

// The slot of each row in turn, from the offsets of the slots' rows.
class SlotOfRow {
public:
    explicit SlotOfRow(const std::uint32_t* offsets) : offsets_(offsets) {}
    // Rows ascend from call to call.
    std::size_t slot(std::size_t row) {
        while (offsets_[slot_ + 1] <= row) ++slot_;
        return slot_;
    }
    std::uint32_t begin(std::size_t row) { return offsets_[slot(row)]; }  // where its slot's rows begin

private:
    const std::uint32_t* offsets_;
    std::size_t slot_ = 0;
};

// Calls visit(slot) for the slots of `who`, and, where they are most of the block, for the others too: a plain loop.
template <class Visit>
void for_slots(const SlotBits& who, Visit visit) {
    constexpr std::size_t kSlots = 1024;
    if (who.count() * 2 < kSlots) return who.for_each(visit);
    for (std::size_t slot = 0; slot < kSlots; ++slot) visit(slot);
}

}  // namespace shuke::audience
