#include "ingest/format/columns.h"

#include <algorithm>

#include "base/text.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kShownBytes = 300;

std::size_t column_count(std::span<const ColumnName> names) {
    int most = -1;
    for (const ColumnName& name : names) most = std::max(most, name.column);
    return static_cast<std::size_t>(most + 1);
}

std::string_view first_name(std::span<const ColumnName> names, int column) {
    return std::ranges::find(names, column, &ColumnName::column)->name;
}

std::unexpected<Error> missing(const Heading& heading, std::string_view name) {
    const std::vector<std::string_view> headings(heading.names().begin(), heading.names().end());
    const std::string_view near = nearest(name, headings);
    std::string detail = "the column '" + std::string(name) + "' is missing; the file has " + heading.shown();
    if (!near.empty()) detail += "; is it '" + std::string(near) + "'?";
    return fail(Code::kInvalid, "header.missing_column", std::move(detail));
}

}  // namespace

Heading::Heading(const std::vector<std::string_view>& cells) {
    for (const std::string_view cell : cells) names_.emplace_back(trim(cell));
    while (!names_.empty() && names_.back().empty()) names_.pop_back();
    for (const std::string& name : names_) folded_.push_back(fold(name));
}

int Heading::find(std::string_view name) const {
    const auto found = std::ranges::find(folded_, fold(name));
    return found == folded_.end() ? -1 : static_cast<int>(found - folded_.begin());
}

bool Heading::has(std::string_view name) const { return find(name) >= 0; }

int Heading::count(std::string_view name) const { return static_cast<int>(std::ranges::count(folded_, fold(name))); }

std::string Heading::shown() const {
    std::string text;
    for (const std::string& name : names_) text += (text.empty() ? "'" : ", '") + name + "'";
    if (text.size() <= kShownBytes) return text;
    return std::string(cut(text, kShownBytes)) + "… (" + std::to_string(names_.size()) + " columns)";
}

Result<ColumnMap> ColumnMap::bind(const Heading& heading, std::span<const ColumnName> names,
                                  std::span<const int> required) {
    ColumnMap map;
    map.cells_.assign(column_count(names), -1);
    map.headings_.resize(map.cells_.size());
    std::vector<bool> used(heading.width());
    for (const ColumnName& known : names) {
        int& cell = map.cells_[static_cast<std::size_t>(known.column)];
        const int found = heading.find(known.name);
        if (cell >= 0 || found < 0) continue;
        if (heading.count(known.name) > 1) {
            return fail(Code::kInvalid, "header.duplicate_column",
                        "the heading '" + heading.names()[static_cast<std::size_t>(found)] +
                            "' stands over more than one column; rename or remove the others");
        }
        cell = found;
        used[static_cast<std::size_t>(found)] = true;
        map.headings_[static_cast<std::size_t>(known.column)] = heading.names()[static_cast<std::size_t>(found)];
    }
    for (const int column : required) {
        if (map.cell_of(column) < 0) return missing(heading, first_name(names, column));
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (!used[i] && !heading.names()[i].empty()) map.ignored_.push_back(heading.names()[i]);
    }
    return map;
}

ColumnMap ColumnMap::by_position(std::span<const ColumnName> names) {
    ColumnMap map;
    map.cells_.resize(column_count(names));
    map.headings_.resize(map.cells_.size());
    for (const ColumnName& known : names) {
        map.cells_[static_cast<std::size_t>(known.column)] = known.column;
        map.headings_[static_cast<std::size_t>(known.column)] = known.name;
    }
    return map;
}

}  // namespace shuke::ingest
