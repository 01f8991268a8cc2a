#include "segment/name.h"

#include <algorithm>

#include "audience/expression.h"
#include "base/text.h"

namespace shuke::segment {
namespace {

constexpr std::size_t kMostCharacters = 60;

bool is_control_or_quote(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '"' || c == '\'' || c == '\\';
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Result<std::string> checked_name(std::string_view text) {
    const auto invalid = [&](const std::string& expected) {
        return fail(Code::kInvalid, "name.invalid",
                    "'" + std::string(cut(text, 80)) + "' cannot be a name; expected " + expected);
    };
    if (!is_utf8(text)) return fail(Code::kInvalid, "name.invalid", "the name is not UTF-8 text");
    const std::string plain = nfkc(trim(text));
    if (plain.empty() || characters(plain) > kMostCharacters)
        return invalid("1 to " + std::to_string(kMostCharacters) + " characters");
    if (std::ranges::any_of(plain, is_control_or_quote)) return invalid("no quotes, backslashes or line ends");
    if (audience::parse(plain)) return invalid("words that are not themselves an expression");
    return plain;
}

}  // namespace shuke::segment
