// src/api/openapi_document.h
//
// The declaration of the HTTP API: src/api/openapi/*.json, one file a resource, compiled in and merged into one OpenAPI 3.1
// document. Routes, permissions and all checks of what comes in are read from it, so it cannot differ from what is served.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

namespace shuke::api {

struct EmbeddedText {
    std::string_view name, text;
};
std::span<const EmbeddedText> openapi_files();

// Merged once; the same path or schema in two files is a bug.
const nlohmann::ordered_json& openapi_document();

}  // namespace shuke::api
