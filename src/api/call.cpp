#include "api/call.h"

#include "base/check.h"
#include "base/time_zone.h"

namespace shuke::api {

void Handlers::add(std::string operation, Handler handler) {
    SHUKE_CHECK(now_.emplace(operation, std::move(handler)).second, operation + " has two handlers");
}
void Handlers::add_later(std::string operation, LaterHandler handler) {
    SHUKE_CHECK(later_.emplace(operation, std::move(handler)).second, operation + " has two handlers");
}
const Handler* Handlers::find(const std::string& operation) const {
    const auto found = now_.find(operation);
    return found == now_.end() ? nullptr : &found->second;
}
const LaterHandler* Handlers::find_later(const std::string& operation) const {
    const auto found = later_.find(operation);
    return found == later_.end() ? nullptr : &found->second;
}

http::Response json(const Json& body, int status) {
    http::Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

http::Response with_version(http::Response response, std::int64_t version) {
    response.set("ETag", "\"v" + std::to_string(version) + "\"");
    return response;
}

Status check_version(const Call& call, std::int64_t version) {
    const auto wanted = call.request.header("if-match");
    const std::string own = "v" + std::to_string(version);
    if (wanted == "*" || wanted == "\"" + own + "\"" || wanted == "W/\"" + own + "\"" ||
        wanted == "W/\"" + own + "-gzip\"")
        return {};
    return fail(Code::kConflict, "record.changed_meanwhile",
                "this was changed meanwhile; read it again, look at the difference and save once more");
}

Json instant_json(Instant at) { return at == kNever ? Json() : Json(format_iso(at)); }
Json day_json(Day day) { return day == kNoDay ? Json() : Json(format_date(day)); }
Json money_json(std::int64_t minor, Currency currency) {
    if (minor == kMissingAmount || currency == Currency::kNone) return {};
    return {{"minor", minor}, {"currency", std::string(code(currency))}};
}
Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(std::string(text)); }

}  // namespace shuke::api
