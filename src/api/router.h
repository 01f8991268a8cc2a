// src/api/router.h
//
// The operations of the declaration, and which of them a request asks for. What is checked before a handler runs is read
// from the declaration too: permission, parameters, body.
//
// Threads  immutable once made
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/schema_check.h"
#include "auth/permissions.h"

namespace shuke::api {

struct Parameter {
    std::string name;
    bool required = false;
    bool is_number = false;
    Json initial;  // null: none
    const Schema* schema = nullptr;
};

struct Operation {
    enum class Access : std::uint8_t { kPublic, kSignedIn, kPermission };
    std::string id, method, path;  // "list_customers", "GET", "/customers/{id}"
    Access access = Access::kPermission;
    auth::Permission permission{};
    std::vector<Parameter> path_parameters, query, headers;
    bool has_body = false, body_required = false;
    std::map<std::string, const Schema*, std::less<>> body;  // by content type
    bool takes_raw_body = false;                             // x-raw-body: the handler reads it, whatever it is
    const Schema* row = nullptr;                             // x-rows: the body's rows are judged one by one
    bool needs_if_match = false, takes_idempotency_key = false, streams = false;
};

struct Match {
    const Operation* operation = nullptr;
    std::map<std::string, std::string, std::less<>> path;  // decoded
};

class Router {
public:
    explicit Router(const Json& document);
    ~Router();

    const std::vector<std::unique_ptr<Operation>>& operations() const { return operations_; }
    // `path` below /api/v1, as it came. Without an operation: `allowed` names the methods there are; empty: no such path.
    Match match(std::string_view method, std::string_view path, std::vector<std::string>& allowed) const;

private:
    struct Node;
    void add(std::unique_ptr<Operation> operation);
    std::unique_ptr<Operation> read(const std::string& path, const std::string& method, const Json& said);

    Schemas schemas_;
    const Json& document_;
    std::vector<std::unique_ptr<Operation>> operations_;
    std::unique_ptr<Node> root_;
};

// "%E6%B5%99" → "浙"; nullopt for a broken escape, NUL or what is not UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

// Query and path texts as the types that are declared; faults where they are not.
Json read_query(const Operation& operation, std::string_view query, std::vector<Fault>& faults);
Json read_path(const Operation& operation, const Match& match, std::vector<Fault>& faults);
void check_headers(const Operation& operation, const http::Request& request, std::vector<Fault>& faults);

}  // namespace shuke::api
