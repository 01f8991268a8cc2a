// src/api/http/response_head.h: the status line and header of an answer as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/http/message.h"

namespace shuke::api::http {

struct HeadOptions {
    bool keep_alive = true;
    bool http_1_0 = false;
    std::optional<std::uint64_t> content_length;  // nothing: chunked
};
// Values are ours, but none may end a header line: control characters become blanks.
std::string response_head(const Response& response, const HeadOptions& options);
std::string_view reason_of(int status);

}  // namespace shuke::api::http
