// src/ingest/format/cells.h
//
// One row's cells by column, read as texts, numbers, amounts and times. The first cell that cannot be read becomes
// the row's fault, and the readers go on with missing values: a format asks for what it needs and looks at fault()
// once, at the end.
//
// Threads  one row, one reader.
// Cost     plain spellings ("12.50", "2024-03-01 10:00:00") are read without a copy, about 10 ns each.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "base/time_zone.h"
#include "ingest/format/columns.h"

namespace shuke::ingest {

// Why a row is rejected.
struct RowFault {
    std::string column;  // heading as in the file; empty: the row as a whole
    std::string key;
    std::string reason;
};

// Local times → instants; a day's offset is looked up once.
class LocalClock {
public:
    explicit LocalClock(TimeZone zone) : zone_(zone) {}
    // Any form of base/time_zone.h's parse_time; kNever for an empty text and MySQL's "0000-00-00".
    Result<Instant> read(std::string_view text);
    Instant at(Day day, std::int64_t us_of_day);

private:
    struct KnownDay {
        Day day = kNoDay;
        Instant start;
        bool whole = false;  // 24 hours long: no clock change
    };
    TimeZone zone_;
    std::array<KnownDay, 1024> days_;
};

// A decimal as parse_decimal reads it.
Result<Decimal> read_decimal(std::string_view text);

// to_minor for what a row says: at most 10^15 minor units, so that amounts of one order can be added without fear.
Result<Rounded> to_amount(Decimal value, int digits);
Result<Rounded> to_amount(Decimal quantity, Decimal price, int digits);

class Cells {
public:
    static constexpr std::size_t kMostBytes = 131'072;  // of one cell; spreadsheets hold 32,767 characters

    Cells(const ColumnMap& columns, const std::vector<std::string_view>& cells) : columns_(columns), cells_(cells) {}

    // Trimmed; empty = missing.
    std::string_view text(int column) {
        const auto cell = static_cast<std::size_t>(columns_.cell_of(column));  // -1 lies beyond all cells
        if (cell >= cells_.size() || cells_[cell].empty()) return {};
        const std::string_view text = cells_[cell];
        const bool is_plain =
            is_visible_ascii(text.front()) && is_visible_ascii(text.back()) && text.size() <= kMostBytes;
        return is_plain ? text : tidy(column, text);
    }
    Instant time(int column, LocalClock& clock);
    Day date(int column);
    std::optional<Decimal> number(int column);
    // In minor units; a negative amount is a fault.
    std::int64_t amount(int column, int digits);
    std::int64_t amount(int column, std::optional<Decimal> value, int digits);

    void reject(int column, std::string key, std::string reason);
    void reject(int column, const Error& error) { reject(column, error.key, error.detail); }
    const std::optional<RowFault>& fault() const { return fault_; }

private:
    static bool is_visible_ascii(char c) { return c > ' ' && c < 0x7F; }
    std::string_view tidy(int column, std::string_view text);  // trimmed, and refused if it is too large

    const ColumnMap& columns_;
    const std::vector<std::string_view>& cells_;
    std::optional<RowFault> fault_;
};

// A number that a spreadsheet has turned into "1.23457E+17": its digits are lost.
bool is_scientific(std::string_view text);
// The order number, or a fault order_no.missing, order_no.scientific.
std::string_view read_order_no(Cells& cells, int column, std::string_view text);

}  // namespace shuke::ingest
