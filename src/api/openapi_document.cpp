#include "api/openapi_document.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/check.h"

namespace shuke::api {
namespace {

using nlohmann::ordered_json;

void take_over(ordered_json& into, const ordered_json& from, std::string_view file) {
    for (const auto& [name, value] : from.items()) {
        SHUKE_CHECK(!into.contains(name), std::string(file) + " repeats " + name);
        into[name] = value;
    }
}

// A path may be served by several files, each with methods of its own.
void take_paths(ordered_json& into, const ordered_json& from, std::string_view file) {
    for (const auto& [path, methods] : from.items()) take_over(into[path], methods, file);
}

ordered_json merge() {
    ordered_json document;
    for (const auto& file : openapi_files()) {
        if (file.name == "base.json") document = ordered_json::parse(file.text);
    }
    auto& paths = document["paths"] = ordered_json::object();
    auto& schemas = document["components"]["schemas"] = ordered_json::object();
    for (const auto& file : openapi_files()) {
        if (file.name == "base.json") continue;
        const auto part = ordered_json::parse(file.text);
        take_paths(paths, part.at("paths"), file.name);
        take_over(schemas, part.at("components").at("schemas"), file.name);
    }
    return document;
}

}  // namespace

const ordered_json& openapi_document() {
    static const ordered_json kDocument = merge();
    return kDocument;
}

}  // namespace shuke::api
