#include "audience/expression/problem.h"

#include <algorithm>

#include "base/text.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kExcerptBytes = 60;  // shown on each side of the place

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

// Chinese, Japanese, Korean and full-width characters (U+1100 …, three and four bytes from E1 84 on) take two cells.
std::string blanks_for(std::string_view text) {
    std::string blanks;
    for (const char c : text) {
        if (!begins_character(c)) continue;
        const bool wide = static_cast<unsigned char>(c) >= 0xE3;
        blanks += c == '\t' ? "\t" : wide ? "  " : " ";
    }
    return blanks;
}

std::string excerpt(std::string_view line, std::size_t at) {
    std::size_t begin = at > kExcerptBytes ? at - kExcerptBytes : 0;
    while (begin < at && !begins_character(line[begin])) ++begin;
    std::size_t end = std::min(line.size(), at + kExcerptBytes);
    while (end < line.size() && !begins_character(line[end])) ++end;
    const std::string_view before = begin > 0 ? "…" : "";
    const std::string_view after = end < line.size() ? "…" : "";
    std::string text = "\n  ";
    text.append(before).append(line.substr(begin, end - begin)).append(after);
    text.append("\n  ")
        .append(before.empty() ? "" : " ")
        .append(blanks_for(line.substr(begin, at - begin)))
        .append("^");
    return text;
}

}  // namespace

Error to_error(const Problem& problem, std::string_view source) {
    if (source.empty()) return Error{problem.code, problem.key, problem.message};
    const std::size_t offset = std::min<std::size_t>(problem.place.offset, source.size());
    const std::string_view before = source.substr(0, offset);
    const std::size_t line_begin = before.find_last_of('\n') == before.npos ? 0 : before.find_last_of('\n') + 1;
    const std::string_view line = source.substr(line_begin, source.find_first_of("\r\n", offset) - line_begin);
    const auto line_number = std::ranges::count(before, '\n') + 1;
    const std::size_t column = count_characters(source.substr(line_begin, offset - line_begin)) + 1;
    return Error{problem.code, problem.key,
                 "line " + std::to_string(line_number) + ", column " + std::to_string(column) + ": " + problem.message +
                     excerpt(line, offset - line_begin)};
}

void raise(const Problem& problem, std::string_view source) { throw Failure{to_error(problem, source)}; }

std::string suggestion(std::string_view found, const std::vector<std::string_view>& candidates) {
    const std::string_view near = nearest(found, candidates);
    return near.empty() || near == found ? "" : "; did you mean '" + std::string(near) + "'?";
}

std::string either(const std::vector<std::string_view>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string quoted(std::string_view found) {
    const std::string_view shown = cut(found, 40);
    return "'" + std::string(shown) + (shown.size() < found.size() ? "…'" : "'");
}

}  // namespace shuke::audience
