// src/audience/clickhouse/sql_text.h: values as literals of ClickHouse's SQL, and the few shapes the translation is
// made of. Texts come from users: whatever stands in one, quote() keeps it a text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shuke::audience::clickhouse {

inline constexpr std::string_view kMissingNumber = "-9223372036854775808";

std::string quote(std::string_view text);
std::string literal(std::int64_t number);
std::string literal(double number);  // comes back to the last bit; not a number: nan

std::string join(const std::vector<std::string>& parts, std::string_view between);
// Conditions joined, in brackets; none: whatever holds (and) or nothing does (or).
std::string all_of(const std::vector<std::string>& conditions);
std::string any_of(const std::vector<std::string>& conditions);
std::string negation(const std::string& condition);
// function(a, b, …)
std::string call(std::string_view function, const std::vector<std::string>& arguments);
// "x IN (1, 2)"; no values: nothing.
std::string is_among(const std::string& value, std::span<const std::int64_t> numbers);
std::string is_among(const std::string& value, std::span<const std::string> texts);

}  // namespace shuke::audience::clickhouse
