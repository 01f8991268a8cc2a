#include "audience/clickhouse/query.h"

#include <algorithm>

#include "audience/clickhouse/sql_text.h"
#include "audience/clickhouse/tables.h"

namespace shuke::audience::clickhouse {

std::string Query::define(std::string_view name, std::string expression) {
    const auto known = std::ranges::find(definitions_, expression, &decltype(definitions_)::value_type::second);
    if (known != definitions_.end()) return known->first;
    // No parameter of a lambda and no column begins so: 18.16 would take one for the other.
    const std::string own = "its_" + std::string(name);
    std::string unique = own;
    for (int i = 2;
         std::ranges::find(definitions_, unique, &decltype(definitions_)::value_type::first) != definitions_.end(); ++i)
        unique = own + "_" + std::to_string(i);
    definitions_.emplace_back(unique, std::move(expression));
    return unique;
}

std::string Query::select(std::string_view what, const std::string& condition, const std::string& rest) const {
    std::string sql;
    for (std::size_t i = 0; i < definitions_.size(); ++i) {
        sql += i == 0 ? "WITH\n  " : ",\n  ";
        sql += definitions_[i].second + " AS " + definitions_[i].first;
    }
    if (!sql.empty()) sql += "\n";
    sql += "SELECT " + std::string(what) + "\nFROM " + std::string(kCustomers) + "\nWHERE " +
           is_visible(asked_.picture) + "\n  AND exists_from <= " + literal(now());
    if (condition != "1") sql += "\n  AND " + condition;
    return rest.empty() ? sql : sql + "\n" + rest;
}

// The rows of the newest whole copy, but of customers who have come again since, only their newest row.
std::string is_visible(const std::optional<Picture>& picture) {
    const std::string publications(kPublications);
    const std::string base =
        picture ? literal(picture->base) : "(SELECT max(generation) FROM " + publications + " WHERE whole = 1)";
    if (picture && picture->later.empty()) return "generation = " + base;
    const std::string later =
        picture ? is_among("generation", picture->later)
                : "generation GLOBAL IN (SELECT generation FROM " + publications + " WHERE generation > " + base + ")";
    const std::string customers(kCustomers);
    return "(generation = " + base + " AND customer GLOBAL NOT IN (SELECT customer FROM " + customers + " WHERE " +
           later + ")\n    OR (customer, generation) GLOBAL IN (SELECT customer, max(generation) FROM " + customers +
           " WHERE " + later + " GROUP BY customer))";
}

}  // namespace shuke::audience::clickhouse
