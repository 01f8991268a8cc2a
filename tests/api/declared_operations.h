// tests/api/declared_operations.h: the operations of the OpenAPI document, and requests for them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace shuke::tests {

using Json = nlohmann::ordered_json;

const Json& document();
const Json& resolved(const Json& one);  // what a $ref refers to

struct Asked {
    std::string id, method, path, permission;
    const Json* operation;
};
std::vector<Asked> operations();

// "/api/v1/customers/999999": `value` for each {name}; required query parameters are days.
std::string address(const Asked& one, const std::string& value);
// The declared headers that are required, If-Match, and a key's where one is given.
std::vector<std::string> headers_of(const Asked& one, const std::string& key, const std::string& type);

}  // namespace shuke::tests
