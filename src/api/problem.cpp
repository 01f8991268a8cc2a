#include "api/problem.h"

#include <array>
#include <charconv>

#include "api/http/response_head.h"
#include "api/problem_words.h"
#include "base/text.h"

namespace shuke::api {
namespace {

struct KeyStatus {
    std::string_view key;
    int status;
};
// Keys whose status their code does not tell.
constexpr std::array kStatusOfKey = {
    KeyStatus{"auth.wrong_credentials", 401},
    KeyStatus{"auth.wrong_code", 401},
    KeyStatus{"auth.signed_out", 401},
    KeyStatus{"token.invalid", 401},
    KeyStatus{"request.body_too_large", 413},
    KeyStatus{"request.json", 400},
    KeyStatus{"webhook.signature", 401},
    KeyStatus{"auth.throttled", 429},
    KeyStatus{"record.changed_meanwhile", 412},
    KeyStatus{"segment.changed", 412},
    KeyStatus{"record.disk_full", 503},
    KeyStatus{"record.read_only", 503},
    KeyStatus{"expression.customer_unknown", 404},
};

Json body_of(int status, std::string_view key, std::string_view detail, const http::Request& request) {
    return {{"type", "about:blank#" + std::string(key)},
            {"title", std::string(http::reason_of(status))},
            {"status", status},
            {"detail", std::string(detail)},
            {"instance", "urn:request:" + request.id},
            {"key", std::string(key)}};
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before);
    if (begin == std::string_view::npos) return "";
    const auto from = begin + before.size();
    const auto end = text.find(after, from);
    return end == std::string_view::npos ? "" : std::string(text.substr(from, end - from));
}

// In the language of who asked.
void translate(Json& body, const http::Request& request) {
    if (!asks_for_chinese(request)) return;
    body["title"] = chinese_title(body["status"].get<int>(), body["title"].get<std::string>());
    if (!body.contains("errors")) {
        body["detail"] = chinese_detail(body["key"].get<std::string>(), body["detail"].get<std::string>());
        return;
    }
    std::string all;
    for (auto& fault : body["errors"]) {
        fault["detail"] = chinese_fault(fault["detail"].get<std::string>());
        all +=
            (all.empty() ? "" : "；") + fault["pointer"].get<std::string>() + " " + fault["detail"].get<std::string>();
    }
    body["detail"] = "提交的内容有误：" + all;
}

http::Response response_of(Json body, const http::Request& request) {
    const std::string after = between(body["detail"].get_ref<const std::string&>(), "try again in ", " second");
    translate(body, request);
    const int status = body["status"].get<int>();
    const std::string seconds_to_wait = after.empty() || after == "a" ? "1" : after;
    http::Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    response.set("Cache-Control", "no-store");
    if (status == 429 || status == 503) response.set("Retry-After", seconds_to_wait);
    return response;
}

// "line 1, column 7: found 'ordrs', expected …; did you mean 'orders'?"
struct Place {
    int line = 0, column = 0;
    std::string message, found, suggestion;
};

std::optional<Place> place_of(std::string_view detail) {
    Place place;
    const auto first = detail.substr(0, detail.find('\n'));
    const std::string line = between(first, "line ", ", column "), column = between(first, ", column ", ": ");
    if (line.empty() || column.empty() || !first.starts_with("line ")) return std::nullopt;
    std::from_chars(line.data(), line.data() + line.size(), place.line);
    std::from_chars(column.data(), column.data() + column.size(), place.column);
    place.message = first.substr(first.find(": ") + 2);
    place.found = between(place.message, "found '", "'");
    place.suggestion = between(place.message, "did you mean '", "'");
    return place;
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

// Where line and column (in characters, from 1) lie in the text.
std::size_t byte_at(std::string_view text, int line, int column) {
    std::size_t at = 0;
    for (int i = 1; i < line && at < text.size(); ++i) {
        const auto end = text.find('\n', at);
        at = end == std::string_view::npos ? text.size() : end + 1;
    }
    for (int i = 1; i < column && at < text.size(); ++i) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
}

void add_place(Json& body, const Place& place, std::string_view expression) {
    const std::size_t at = byte_at(expression, place.line, place.column);
    body["detail"] = place.message;
    body["line"] = place.line;
    body["column"] = place.column;
    body["offset"] = utf16_units(expression.substr(0, at));
    const bool here = expression.substr(at).starts_with(place.found);
    const std::size_t length = here && !place.found.empty() ? utf16_units(place.found) : at < expression.size() ? 1 : 0;
    body["length"] = length;
    if (!place.suggestion.empty()) body["suggestion"] = place.suggestion;
}

}  // namespace

int status_of(const Error& error) {
    for (const auto& [key, status] : kStatusOfKey) {
        if (error.key == key) return status;
    }
    switch (error.code) {
        case Code::kInvalid: return 422;
        case Code::kNotFound: return 404;
        case Code::kConflict: return 409;
        case Code::kForbidden: return 403;
        case Code::kExhausted: return 429;
        case Code::kUnavailable: return 503;
        case Code::kInternal: break;
    }
    return 500;
}

http::Response problem(const Error& error, const http::Request& request, const std::optional<std::string>& expression) {
    const int status = status_of(error);
    Json body = body_of(status, error.key, error.detail, request);
    if (error.key.starts_with("expression.") && expression) {
        if (const auto place = place_of(error.detail)) add_place(body, *place, *expression);
    }
    return response_of(std::move(body), request);
}

http::Response problem(int status, std::string_view key, std::string_view detail, const http::Request& request,
                       const std::vector<Fault>& faults) {
    Json body = body_of(status, key, detail, request);
    for (const auto& [pointer, what] : faults) body["errors"].push_back({{"pointer", pointer}, {"detail", what}});
    return response_of(std::move(body), request);
}

}  // namespace shuke::api
