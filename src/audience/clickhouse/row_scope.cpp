#include "audience/clickhouse/row_scope.h"

#include <algorithm>

#include "audience/clickhouse/sql_text.h"
#include "base/check.h"

namespace shuke::audience::clickhouse {

std::string RowScope::column(std::string_view name) {
    std::string plain(name);
    std::ranges::replace(plain, '.', '_');
    return parameter(plain, "`" + std::string(name) + "`");
}

std::string RowScope::parameter(const std::string& name, const std::string& array) {
    const auto known = std::ranges::find(columns_, array, &decltype(columns_)::value_type::second);
    if (known != columns_.end()) return known->first;
    std::string unique = name;
    for (int i = 2; std::ranges::find(columns_, unique, &decltype(columns_)::value_type::first) != columns_.end(); ++i)
        unique = name + "_" + std::to_string(i);
    columns_.emplace_back(unique, array);
    return unique;
}

std::string RowScope::parameters(std::string_view first) const {
    std::vector<std::string> names;
    if (!first.empty()) names.emplace_back(first);
    for (const auto& [parameter, array] : columns_) names.push_back(parameter);
    return "(" + join(names, ", ") + ") -> ";
}

std::vector<std::string> RowScope::arrays() const {
    std::vector<std::string> arrays;
    for (const auto& [parameter, array] : columns_) arrays.push_back(array);
    return arrays;
}

std::string RowScope::array_of(const std::string& expression) const {
    SHUKE_CHECK(!columns_.empty(), "an array of nothing");
    if (columns_.size() == 1 && expression == columns_.front().first) return columns_.front().second;
    return clickhouse::call("arrayMap", {parameters({}) + expression, join(arrays(), ", ")});
}

std::string RowScope::call(std::string_view function, const std::string& expression) {
    return clickhouse::call(function, {parameters({}) + expression, join(arrays(), ", ")});
}

std::string RowScope::filtered(const std::string& values, const std::string& condition) {
    return clickhouse::call("arrayFilter", {parameters("value") + condition, values, join(arrays(), ", ")});
}

std::string spread(Query& query, Level level, const std::string& of_orders, std::string_view missing) {
    if (level == Level::kLine) {
        return "arrayReduce('groupArrayArray', arrayMap((value, lines) -> arrayMap(line -> value, range(lines)), " +
               of_orders + ", `orders.lines`))";
    }
    // A column that stands inside a lambda alone is not read by 18.16, hence the name outside.
    const std::string with_none =
        query.define("or_missing", "arrayPushFront(" + of_orders + ", " + std::string(missing) + ")");
    return "arrayMap(order -> arrayElement(" + with_none + ", order + 1), `refunds.order`)";
}

}  // namespace shuke::audience::clickhouse
