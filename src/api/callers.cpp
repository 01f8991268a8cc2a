#include "api/callers.h"

#include "base/text.h"

namespace shuke::api {
namespace {

constexpr auto kMoment = std::chrono::seconds(1);
constexpr std::size_t kMost = 10'000;

}  // namespace

std::string cookie_of(const http::Request& request, std::string_view name) {
    for (const auto part : split(request.header("cookie"), ';')) {
        const auto pair = trim(part);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return std::string(pair.substr(name.size() + 1));
    }
    return "";
}

Result<Caller> CallerCache::find(const http::Request& request) {
    std::string key;
    const auto authorization = request.header("authorization");
    if (authorization.size() > 7 && fold(authorization.substr(0, 7)) == "bearer") key = trim(authorization.substr(7));
    const std::string token = key.empty() ? cookie_of(request, kSessionCookie) : "";
    Caller caller;
    if (!key.empty() || !token.empty()) {
        const std::string name = key.empty() ? "s" + token : "k" + key;
        const auto now = std::chrono::steady_clock::now();
        bool known = false;
        {
            const std::lock_guard lock(mutex_);
            if (const auto found = remembered_.find(name); found != remembered_.end() && found->second.until > now) {
                caller = found->second.caller;
                known = true;
            }
        }
        if (!known) {
            auto looked_up = look_up(token, key);
            if (!looked_up) return looked_up;
            caller = std::move(*looked_up);
            const std::lock_guard lock(mutex_);
            if (remembered_.size() >= kMost) remembered_.clear();
            remembered_[name] = {caller, now + kMoment};
        }
    }
    caller.client = {request.peer, std::string(cut(request.header("user-agent"), 200))};
    const auto language = request.header("accept-language");
    caller.speaks_chinese = language.empty() || !fold(cut(language, 20)).starts_with("en");
    return caller;
}

Result<Caller> CallerCache::look_up(const std::string& token, const std::string& key) {
    Caller caller;
    const Instant now = database_.clock().now();
    bool touch = false;
    std::optional<auth::ApiKeyId> used;
    auto read = database_.read([&](soci::session& session) {
        if (!key.empty()) {
            auto current = auth::find_api_key(session, database_.keys(), key, now);
            if (!current) return;
            caller.principal = current->principal;
            caller.known = true;
            if (auth::should_touch(current->key, now)) used = current->key.id;
        } else if (auto current = auth::find_session(session, database_.keys(), token, now)) {
            caller.principal = current->principal;
            caller.known = !current->session.awaits_second_factor;
            caller.token = token;
            touch = auth::should_touch(current->session, now);
            caller.session = std::move(*current);
        }
    });
    if (!read) return std::unexpected(read.error());
    if (used || touch) {
        // A use that cannot be noted is no reason to refuse it.
        [[maybe_unused]] const auto noted = database_.write("access.touch", [&](soci::session& session) {
            if (used) auth::touch_api_key(session, *used, now);
            if (touch) auth::touch_session(session, caller.session->session.id, now);
        });
    }
    return caller;
}

void CallerCache::forget() {
    const std::lock_guard lock(mutex_);
    remembered_.clear();
}

}  // namespace shuke::api
