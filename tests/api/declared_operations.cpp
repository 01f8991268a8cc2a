#include "api/declared_operations.h"

#include "api/openapi_document.h"

namespace shuke::tests {

const Json& document() { return api::openapi_document(); }

const Json& resolved(const Json& one) {
    return one.contains("$ref")
               ? resolved(document().at(Json::json_pointer(one.at("$ref").get<std::string>().substr(1))))
               : one;
}

std::vector<Asked> operations() {
    std::vector<Asked> all;
    for (const auto& [path, methods] : document().at("paths").items()) {
        for (const auto& [method, operation] : methods.items()) {
            std::string verb;
            for (const char c : method) verb += static_cast<char>(std::toupper(c));
            all.push_back({operation.at("operationId"), verb, path, operation.at("x-permission"), &operation});
        }
    }
    return all;
}

std::string address(const Asked& one, const std::string& value) {
    std::string path = "/api/v1" + one.path;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
        path.replace(open, path.find('}') - open + 1, value);
    std::string query;
    for (const auto& given : one.operation->value("parameters", Json::array())) {
        const Json& parameter = resolved(given);
        if (parameter.at("in") == "query" && parameter.value("required", false))
            query += (query.empty() ? "?" : "&") + parameter.at("name").get<std::string>() + "=2026-01-01";
    }
    return path + query;
}

std::vector<std::string> headers_of(const Asked& one, const std::string& key, const std::string& type) {
    std::vector<std::string> headers;
    if (!key.empty()) headers.push_back("Authorization: Bearer " + key);
    if (!type.empty()) headers.push_back("Content-Type: " + type);
    for (const auto& given : one.operation->value("parameters", Json::array())) {
        const Json& parameter = resolved(given);
        if (parameter.at("in") != "header") continue;
        const std::string name = parameter.at("name");
        if (name == "If-Match") headers.emplace_back("If-Match: \"v1\"");
        if (parameter.value("required", false)) headers.push_back(name + ": " + (name == "Upload-Offset" ? "0" : "a"));
    }
    return headers;
}

}  // namespace shuke::tests
