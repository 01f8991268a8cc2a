// src/audience/expression/problem.h
//
// What is wrong with an expression, and where, told so that its author can repair it:
//
//   line 1, column 7: found 'ordrs', expected a fact: orders, lines, refunds … or tickets; did you mean 'orders'?
//     count(ordrs where paid) >= 2
//           ^
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/expression/ast.h"
#include "base/error.h"

namespace shuke::audience {

struct Problem {
    std::string key;
    Place place;
    std::string message;
    Code code = Code::kInvalid;
};

// Without a source the place is left out. Columns count characters; a wide character takes two cells of the caret line.
Error to_error(const Problem& problem, std::string_view source);

// Leaves the parser or binder as a Failure; never crosses parse() or bind().
[[noreturn]] void raise(const Problem& problem, std::string_view source);

// "; did you mean 'orders'?" or nothing.
std::string suggestion(std::string_view found, const std::vector<std::string_view>& candidates);
// "orders, lines or refunds"
std::string either(const std::vector<std::string_view>& names);
// "'ordrs'", cut at 40 bytes
std::string quoted(std::string_view found);

}  // namespace shuke::audience
