// src/ingest/format/flat_json.h
//
// One line of JSON, an object of named values without depth → its values as texts, by column. Numbers keep their
// spelling's value; null is missing; true and false are "true" and "false"; names that are no column are ignored.
//
// Rejects  json.invalid, json.not_flat, json.duplicate_name
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/format/cells.h"

namespace shuke::ingest {

class FlatJson {
public:
    explicit FlatJson(std::span<const ColumnName> columns);
    // `values` gets one text a column, kept in `texts`.
    std::optional<RowFault> read(std::string_view line, std::vector<std::string_view>& values,
                                 std::deque<std::string>& texts) const;

private:
    std::unordered_map<std::string_view, int> columns_;
    std::size_t count_ = 0;
};

}  // namespace shuke::ingest
