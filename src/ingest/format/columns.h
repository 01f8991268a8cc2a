// src/ingest/format/columns.h
//
// A table's heading, and where a format's columns stand in it: by name, never by position. Names are compared
// folded (NFKC, trimmed, any case).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace shuke::ingest {

// One way to write a column's heading; `column` is an enumerator of the format. A column may have several names,
// the first one found counts.
struct ColumnName {
    int column;
    std::string_view name;
};

class Heading {
public:
    Heading() = default;
    explicit Heading(const std::vector<std::string_view>& cells);

    std::size_t width() const { return names_.size(); }               // without empty cells at its end
    const std::vector<std::string>& names() const { return names_; }  // trimmed
    bool has(std::string_view name) const;
    int find(std::string_view name) const;   // -1: none
    int count(std::string_view name) const;  // more than 1: a heading that occurs twice
    std::string shown() const;               // "'a', 'b', 'c'", cut where it is long

private:
    std::vector<std::string> names_;
    std::vector<std::string> folded_;
};

class ColumnMap {
public:
    // Errors header.missing_column (a required column, with what was found and the nearest heading),
    // header.duplicate_column (a used heading that occurs twice).
    static Result<ColumnMap> bind(const Heading& heading, std::span<const ColumnName> names,
                                  std::span<const int> required);
    // Column i is cell i: for documents whose values carry their names.
    static ColumnMap by_position(std::span<const ColumnName> names);

    int cell_of(int column) const { return cells_[static_cast<std::size_t>(column)]; }  // -1: not in the file
    const std::string& heading_of(int column) const { return headings_[static_cast<std::size_t>(column)]; }
    const std::vector<std::string>& ignored() const { return ignored_; }

private:
    std::vector<int> cells_;
    std::vector<std::string> headings_;
    std::vector<std::string> ignored_;
};

}  // namespace shuke::ingest
