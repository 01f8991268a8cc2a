// src/audience/engine/kernels.h
//
// The loops over rows. Each refines `keep` (one bit a row): a row stays only if it was kept and passes. They decide
// once, from the zone map, whether every row or none passes; what is left is a branch-free loop over narrow integers
// that the compiler vectorises, 64 rows a step, skipping groups of which nothing is kept.
//
// Threads  pure.
// Cost     about 0.1 ns a row and byte of width; a table look-up about 0.5 ns a row.
#pragma once

#include <cstdint>

#include "audience/engine/bits.h"
#include "audience/engine/column.h"

namespace shuke::audience {

enum class Keep : std::uint8_t {
    kInside,   // known and low ≤ value ≤ high
    kOutside,  // known and not inside
    kInsideOrMissing,
};
void keep_in_range(const Column& column, std::size_t rows, std::int64_t low, std::int64_t high, Keep mode, Word* keep);

// table[stored] is 1 or 0; it covers every stored number the column may have, 0 (missing) included.
void keep_in_table(const Column& codes, std::size_t rows, const std::uint8_t* table, Word* keep);

inline void keep_known(const Column& column, std::size_t rows, Word* keep) {
    keep_in_range(column, rows, kMissing + 1, std::numeric_limits<std::int64_t>::max(), Keep::kInside, keep);
}

// One byte a row from one bit a row: bytes[row] = 0 or 1. Room for a multiple of 64 rows.
void bytes_of_bits(const Word* bits, std::size_t rows, std::uint8_t* bytes);

// The other way round, for the slots of a block.
SlotBits bits_of_bytes(const std::array<std::uint8_t, 1024>& bytes);

std::size_t count_ones(const Word* bits, std::size_t words);

// How many of each slot's rows are kept: counts[slot] for slot < slots.
void count_by_slot(const Word* keep, std::size_t rows, const std::uint32_t* offsets, std::size_t slots,
                   Word* prefix_scratch, double* counts);

// The sum of what is stored in each slot's kept rows; a missing value adds 0. False, and nothing done, where 32 bits
// might not hold it or the column has one value only. Fast where most rows are kept and most slots are asked about;
// prefix_scratch has rows + 64 places.
bool sum_by_slot(const Column& column, std::size_t rows, const Word* keep, const std::uint32_t* offsets,
                 std::size_t slots, std::uint32_t* prefix_scratch, std::uint32_t* sums);

enum class Order : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
// Bits of left OP right over 1,024 values; NaN is missing, and nothing compares with it.
SlotBits compare(const double* left, Order order, const double* right);

// Whole numbers as a column of 32 bits has them, its base −2^31 + 1: value + 2^31, or 0 for NaN. False where one is not
// whole or does not fit.
bool store_whole(const std::array<double, 1024>& values, std::array<std::uint32_t, 1024>& stored);

}  // namespace shuke::audience
