#include "audience/engine/column.h"

#include <algorithm>
#include <cstring>

namespace shuke::audience {
namespace {

constexpr std::size_t kGroupRows = 64;

std::uint8_t width_for(std::uint64_t max_stored) {
    if (max_stored <= 0xFF) return 1;
    if (max_stored <= 0xFFFF) return 2;
    return max_stored <= 0xFFFF'FFFF ? 4 : 8;
}

template <class T>
void narrow(std::span<const std::int64_t> values, std::uint64_t base_minus_one, std::byte* out) {
    T* rows = reinterpret_cast<T*>(out);
    for (std::size_t row = 0; row < values.size(); ++row) {
        const std::uint64_t stored = static_cast<std::uint64_t>(values[row]) - base_minus_one;
        rows[row] = static_cast<T>(values[row] == kMissing ? 0 : stored);
    }
}

struct Range {
    std::int64_t min = std::numeric_limits<std::int64_t>::max();
    std::int64_t max = kMissing;
    std::size_t missing = 0;
};
Range range_of(std::span<const std::int64_t> values) {
    Range range;
    for (const std::int64_t value : values) {
        range.missing += value == kMissing ? 1 : 0;
        range.min = std::min(range.min, value == kMissing ? range.min : value);
        range.max = std::max(range.max, value);
    }
    return range;
}

}  // namespace

Column ColumnStore::add(std::span<const std::int64_t> values) {
    const Range range = range_of(values);
    Column column;
    column.has_missing = range.missing > 0;
    if (range.missing == values.size()) return column;
    column.min = range.min;
    column.max = range.max;
    // Counted from the least value; but from 1, plain, where that is as narrow: sums of such a column need no correction.
    const std::uint64_t spread = static_cast<std::uint64_t>(range.max) - static_cast<std::uint64_t>(range.min) + 1;
    const bool plain = range.min >= 1 && width_for(static_cast<std::uint64_t>(range.max)) == width_for(spread);
    column.base = plain ? 1 : range.min;
    return write(values, column, column.encode(range.max));
}

Column ColumnStore::add_codes(std::span<const std::int64_t> codes) {
    std::int64_t min = std::numeric_limits<std::int64_t>::max();
    std::int64_t max = 0;
    for (const std::int64_t code : codes) {
        max = std::max(max, code);
        min = std::min(min, code == 0 ? min : code);
    }
    Column column;
    column.has_missing = std::ranges::find(codes, 0) != codes.end();
    if (max == 0) return column;
    column.min = min;
    column.max = max;
    return write(codes, column, static_cast<std::uint64_t>(max));
}

// `values` with kMissing, or codes with base 1, of which a 0 becomes a stored 0 all the same.
Column ColumnStore::write(std::span<const std::int64_t> values, Column column, std::uint64_t max_stored) {
    if (column.min == column.max && !column.has_missing) {
        column.constant = max_stored;
        return column;
    }
    column.width = width_for(max_stored);
    const std::size_t padded_rows = (values.size() + kGroupRows - 1) / kGroupRows * kGroupRows;
    const std::size_t known_bytes = column.has_missing ? padded_rows / 8 : 0;
    const std::size_t bytes = padded_rows * column.width + known_bytes;
    auto buffer = std::make_unique<std::byte[]>(bytes);
    const std::uint64_t base_minus_one = static_cast<std::uint64_t>(column.base) - 1;
    switch (column.width) {
        case 1: narrow<std::uint8_t>(values, base_minus_one, buffer.get()); break;
        case 2: narrow<std::uint16_t>(values, base_minus_one, buffer.get()); break;
        case 4: narrow<std::uint32_t>(values, base_minus_one, buffer.get()); break;
        default: narrow<std::uint64_t>(values, base_minus_one, buffer.get());
    }
    column.data = buffer.get();
    if (column.has_missing) {
        auto* known = reinterpret_cast<std::uint64_t*>(buffer.get() + padded_rows * column.width);
        for (std::size_t row = 0; row < values.size(); ++row) {
            const bool is_known = values[row] != kMissing && static_cast<std::uint64_t>(values[row]) != base_minus_one;
            known[row / 64] |= std::uint64_t{is_known} << (row % 64);
        }
        column.known = known;
    }
    buffers_.push_back(std::move(buffer));
    bytes_ += bytes;
    return column;
}

Column scratch_column(std::int64_t* values, std::size_t rows) {
    constexpr std::int64_t kLeast = kMissing + 1;
    for (std::size_t row = 0; row < rows; ++row) values[row] ^= kMissing;  // value − kMissing, modulo 2^64
    Column column;
    column.data = reinterpret_cast<const std::byte*>(values);
    column.width = 8;
    column.has_missing = true;
    column.base = kLeast;
    column.min = kLeast;
    column.max = std::numeric_limits<std::int64_t>::max();
    return column;
}

}  // namespace shuke::audience
