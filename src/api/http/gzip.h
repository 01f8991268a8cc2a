// src/api/http/gzip.h
#pragma once

#include <string>
#include <string_view>

namespace shuke::api::http {

std::string gzip(std::string_view text);
// Does an Accept-Encoding header take this coding? "gzip;q=0" does not.
bool accepts(std::string_view accept_encoding, std::string_view coding);

}  // namespace shuke::api::http
