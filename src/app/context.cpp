#include "app/context.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace shuke::app {

Result<std::unique_ptr<record::Database>> Context::open(bool create) const {
    return record::Database::open({.url = "", .folder = data, .create = create}, clock);
}

int report(const Error& error) {
    std::fprintf(stderr, "shuke: %s [%s]\n", error.detail.c_str(), error.key.c_str());
    return kFailed;
}

void print_json(const nlohmann::ordered_json& document) {
    const std::string text = document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

Result<Instant> parse_as_of(const std::string& text, const TimeZone& zone, const Clock& clock) {
    if (text.empty()) return clock.now();
    const auto parsed = parse_time(text);
    if (!parsed) return std::unexpected(parsed.error());
    return to_instant(*parsed, zone);
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number < 0 ? -number : number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return (number < 0 ? "-" : "") + digits;
}

std::string csv_field(std::string_view value) {
    std::string text(value);
    const bool formula = !text.empty() && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@' ||
                                           text[0] == '\t' || text[0] == '\r');
    const bool number = !text.empty() && text.find_first_not_of("+-0123456789.eE") == std::string::npos;
    if (formula && !number) text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80) continue;
        width += byte >= 0xE3 && byte < 0xF8 ? 2 : 1;  // U+3000 and above
    }
    return width;
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    const std::size_t own = display_width(text);
    if (own < width) out.append(width - own, ' ');
    return out;
}

std::string actor_name() {
    const auto* user = ::getpwuid(::geteuid());
    return "cli:" + (user != nullptr ? std::string(user->pw_name) : std::to_string(::geteuid()));
}

}  // namespace shuke::app
