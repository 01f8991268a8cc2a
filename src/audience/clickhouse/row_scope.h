// src/audience/clickhouse/row_scope.h
//
// The rows of one fact while something is written about each of them: an expression over parameters, one for each array
// of the customer's row that it needs. array_of() and call() make the higher-order function of it.
//
//   RowScope scope(query, Level::kOrder);
//   scope.call("arrayCount", scope.column("orders.amount") + " > 100")
//       → arrayCount((orders_amount) -> orders_amount > 100, `orders.amount`)
//
// What belongs to a line's or refund's order is computed for the orders and spread: see spread().
//
// Threads  one
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/clickhouse/query.h"
#include "audience/schema.h"

namespace shuke::audience::clickhouse {

class RowScope {
public:
    RowScope(Query& query, Level level) : query_(query), level_(level) {}
    Query& query() { return query_; }
    Level level() const { return level_; }
    std::int64_t now() const { return query_.now(); }

    // The parameter for a stored column such as "orders.at"; for any other array.
    std::string column(std::string_view name);
    std::string parameter(const std::string& name, const std::string& array);

    // The values of an expression as an array.
    std::string array_of(const std::string& expression) const;
    // function((parameters) -> expression, arrays)
    std::string call(std::string_view function, const std::string& expression);
    // Those of the values, in their order, for which the condition holds.
    std::string filtered(const std::string& values, const std::string& condition);

private:
    std::string parameters(std::string_view first) const;
    std::vector<std::string> arrays() const;

    Query& query_;
    Level level_;
    std::vector<std::pair<std::string, std::string>> columns_;  // parameter, array
};

// An array with one value an order as one with a value a line or refund: the row's order's; `missing` without one.
std::string spread(Query& query, Level level, const std::string& of_orders, std::string_view missing);

}  // namespace shuke::audience::clickhouse
