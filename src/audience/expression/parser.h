// src/audience/expression/parser.h
//
// Tokens → syntax tree, by recursive descent; `not` binds tightest, then `and`, then `or`. The schema is asked one
// thing only: whether a field is a time, since `paid within last 7 days` windows the fact and `paid_at within …` the field.
//
// Errors   expression.syntax, expression.unknown_function, expression.too_deep, expression.too_long,
//          expression.not_available, as a Failure (problem.h).
// Cost     linear; recursion is bounded by kMaxDepth.
#pragma once

#include <string_view>

#include "audience/expression/ast.h"

namespace shuke::audience {

inline constexpr int kMaxDepth = 200;                    // of brackets and nots
inline constexpr std::size_t kMaxListItems = 1'000'000;  // of one [..]
inline constexpr std::size_t kMaxConditions = 10'000;    // of one expression
inline constexpr std::int64_t kMaxWindowUnits = 1'000'000;

Operand parse_metric(std::string_view source);

}  // namespace shuke::audience
