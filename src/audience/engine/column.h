// src/audience/engine/column.h
//
// One immutable column of a block in the narrowest unsigned integers that hold it. A stored 0 is "missing"; a stored s
// is the value base + s − 1, so that times and amounts of a narrow range take one or two bytes. A column of one value
// (or of none) takes no bytes at all. min and max are the zone map.
//
// Data is padded with zeros to a multiple of 64 rows, so that kernels read whole groups. A column that misses some
// values has a bitmap of the known ones behind its data: "was it ever paid?" then reads one bit a row.
//
// Threads  immutable after encoding.
// Cost     encode: two passes over the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace shuke::audience {

inline constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();

struct Column {
    const std::byte* data = nullptr;
    const std::uint64_t* known =
        nullptr;             // one bit a row, 0 = missing; null where none or all are, and in scratch memory
    std::uint8_t width = 0;  // bytes a row: 0, 1, 2, 4, 8
    bool has_missing = false;
    std::uint64_t constant = 0;  // what every row has stored, when width is 0
    std::int64_t base = 1;       // the value that is stored as 1
    std::int64_t min = 0;        // over known values; min > max: every value is missing
    std::int64_t max = -1;

    bool all_missing() const { return min > max; }
    std::int64_t decode(std::uint64_t stored) const {
        return stored == 0 ? kMissing : static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + stored - 1);
    }
    std::uint64_t encode(std::int64_t value) const {  // value within [base, …]
        return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base) + 1;
    }
    std::uint64_t stored_at(std::size_t row) const;
    std::int64_t value_at(std::size_t row) const { return decode(stored_at(row)); }
};

template <class T>
const T* rows_of(const Column& column) {
    return reinterpret_cast<const T*>(column.data);
}

inline std::uint64_t Column::stored_at(std::size_t row) const {
    switch (width) {
        case 1: return rows_of<std::uint8_t>(*this)[row];
        case 2: return rows_of<std::uint16_t>(*this)[row];
        case 4: return rows_of<std::uint32_t>(*this)[row];
        case 8: return rows_of<std::uint64_t>(*this)[row];
        default: return constant;
    }
}

// Calls visit(pointer to the narrow rows); for a constant column visit is not called and false is returned.
template <class Visit>
bool visit_rows(const Column& column, Visit visit) {
    switch (column.width) {
        case 1: visit(rows_of<std::uint8_t>(column)); return true;
        case 2: visit(rows_of<std::uint16_t>(column)); return true;
        case 4: visit(rows_of<std::uint32_t>(column)); return true;
        case 8: visit(rows_of<std::uint64_t>(column)); return true;
        default: return false;
    }
}

// Owns the bytes of a block's columns, or keeps alive what they were lent from.
class ColumnStore {
public:
    // Values with kMissing among them.
    Column add(std::span<const std::int64_t> values);
    // Dictionary codes: stored as they are, 0 = missing.
    Column add_codes(std::span<const std::int64_t> codes);
    void lend(std::shared_ptr<const std::byte[]> owner, std::uint64_t bytes) {
        owner_ = std::move(owner);
        bytes_ += bytes;
    }
    std::uint64_t bytes() const { return bytes_; }

private:
    Column write(std::span<const std::int64_t> values, Column column, std::uint64_t max_stored);
    std::vector<std::unique_ptr<std::byte[]>> buffers_;
    std::shared_ptr<const std::byte[]> owner_;
    std::uint64_t bytes_ = 0;
};

// A column of 64-bit values that lies in scratch memory: the values are turned into stored form in place. The zone
// map says nothing about it.
Column scratch_column(std::int64_t* values, std::size_t rows);

}  // namespace shuke::audience
