// src/api/callers.h: who sends a request: a session's cookie or an API key, looked up in the record and remembered for a
// moment, since a page asks for ten things at once and a till thousands of times a minute.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "api/call.h"

namespace shuke::api {

inline constexpr std::string_view kSessionCookie = "shuke_session";

class CallerCache {
public:
    explicit CallerCache(record::Database& database) : database_(database) {}

    // Nobody, where there is neither cookie nor key, or it no longer holds. Errors of the record.
    Result<Caller> find(const http::Request& request);
    // What is remembered may no longer hold: users, roles, sessions or keys were changed.
    void forget();

private:
    struct Remembered {
        Caller caller;
        std::chrono::steady_clock::time_point until;
    };
    Result<Caller> look_up(const std::string& token, const std::string& key);

    record::Database& database_;
    std::mutex mutex_;
    std::unordered_map<std::string, Remembered> remembered_;
};

// The value of a cookie; "" when absent.
std::string cookie_of(const http::Request& request, std::string_view name);

}  // namespace shuke::api
