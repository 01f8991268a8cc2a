#include "api/http/message.h"

#include <fstream>
#include <iterator>

namespace shuke::api::http {

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

std::string Request::body_text() const {
    if (spooled.empty()) return body;
    std::ifstream in(spooled, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace shuke::api::http
