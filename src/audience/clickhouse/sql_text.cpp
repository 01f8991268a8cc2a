#include "audience/clickhouse/sql_text.h"

#include <charconv>
#include <cmath>
#include <iterator>

namespace shuke::audience::clickhouse {
namespace {

std::string joined(const std::vector<std::string>& conditions, std::string_view between, std::string_view of_none) {
    if (conditions.empty()) return std::string(of_none);
    if (conditions.size() == 1) return conditions.front();
    return "(" + join(conditions, between) + ")";
}

std::string among(const std::string& value, const std::vector<std::string>& literals) {
    if (literals.empty()) return "0";
    if (literals.size() == 1) return "(" + value + " = " + literals.front() + ")";
    return "(" + value + " IN (" + join(literals, ", ") + "))";
}

}  // namespace

std::string quote(std::string_view text) {
    std::string quoted = "'";
    for (const char byte : text) {
        switch (byte) {
            case '\'':
            case '\\': (quoted += '\\') += byte; break;
            case '\0': quoted += "\\0"; break;
            case '\n': quoted += "\\n"; break;
            case '\r': quoted += "\\r"; break;
            case '\t': quoted += "\\t"; break;
            default: quoted += byte;
        }
    }
    return quoted + "'";
}

std::string literal(std::int64_t number) { return std::to_string(number); }

std::string literal(double number) {
    if (std::isnan(number)) return "nan";
    char text[64];
    return {text, std::to_chars(text, std::end(text), number).ptr};
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) (text += i == 0 ? "" : between) += parts[i];
    return text;
}

std::string all_of(const std::vector<std::string>& conditions) { return joined(conditions, " AND ", "1"); }
std::string any_of(const std::vector<std::string>& conditions) { return joined(conditions, " OR ", "0"); }
std::string negation(const std::string& condition) { return "(NOT " + condition + ")"; }

std::string call(std::string_view function, const std::vector<std::string>& arguments) {
    return std::string(function) + "(" + join(arguments, ", ") + ")";
}

std::string is_among(const std::string& value, std::span<const std::int64_t> numbers) {
    std::vector<std::string> literals;
    for (const std::int64_t number : numbers) literals.push_back(literal(number));
    return among(value, literals);
}

std::string is_among(const std::string& value, std::span<const std::string> texts) {
    std::vector<std::string> literals;
    for (const std::string& text : texts) {
        if (!text.empty()) literals.push_back(quote(text));  // '' is a missing text, which equals none
    }
    return among(value, literals);
}

}  // namespace shuke::audience::clickhouse
