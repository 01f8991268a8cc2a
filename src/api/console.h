// src/api/console.h: the web console's files, compiled in when web/dist was there; else a page that says how to build it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/http/message.h"

namespace shuke::api {

struct ConsoleFile {
    std::string_view path;  // "assets/index-Bx3kq9.js"
    std::string_view plain, gzip, brotli;
};
std::span<const ConsoleFile> console_files();

// The file of this path below the base path; of pages that only the console knows, its first page.
http::Response console_file(const http::Request& request, const std::string& path, const std::string& base_path);

}  // namespace shuke::api
