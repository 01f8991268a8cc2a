// src/api/problem.h: what went wrong, as HTTP says it (RFC 9457).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"
#include "base/error.h"

namespace shuke::api {

using Json = nlohmann::ordered_json;

struct Fault {
    std::string pointer;  // "/lines/0/quantity"; of parameters "query/limit"
    std::string detail;
};

int status_of(const Error& error);

// `expression`: the text that an expression.* error speaks of, for its place in UTF-16 units.
http::Response problem(const Error& error, const http::Request& request,
                       const std::optional<std::string>& expression = {});
http::Response problem(int status, std::string_view key, std::string_view detail, const http::Request& request,
                       const std::vector<Fault>& faults = {});

}  // namespace shuke::api
