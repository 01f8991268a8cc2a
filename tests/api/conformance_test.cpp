// Aim: the server is what the declaration says. Method: every operation is asked with a valid request made from its schemas, with
// invalid ones, without a key, and with the permissions of every role; every answer must be one that is declared, and its body as
// declared, to the field.
#include <gtest/gtest.h>

#include "api/openapi_document.h"
#include "api/schema_check.h"
#include "api/server_for_test.h"
#include "auth/permissions.h"
#include "auth/roles.h"
#include "base/clock.h"
#include "record/database.h"

namespace shuke::tests {
namespace {

const Json& document() { return api::openapi_document(); }

const Json& resolved(const Json& one) {
    return one.contains("$ref")
               ? resolved(document().at(Json::json_pointer(one.at("$ref").get<std::string>().substr(1))))
               : one;
}

// Something that the schema takes. Optional members are left out, unless one is needed.
Json sample(const Json& given) {
    const Json& schema = resolved(given);
    if (schema.contains("enum")) return schema.at("enum").front();
    for (const char* choice : {"anyOf", "oneOf"}) {
        if (schema.contains(choice)) return sample(schema.at(choice).front());
    }
    if (!schema.contains("type")) return Json::object();
    const Json& said = schema.at("type");
    const std::string type = said.is_string() ? said.get<std::string>() : said.front().get<std::string>();
    if (type == "boolean") return false;
    if (type == "integer" || type == "number") return schema.value("minimum", 1);
    if (type == "array") {
        Json list = Json::array();
        for (std::size_t i = 0; i < schema.value("minItems", std::size_t{0}); ++i)
            list.push_back(sample(schema.at("items")));
        return list;
    }
    if (type == "string") {
        const std::string format = schema.value("format", "");
        if (format == "date") return "2026-11-01";
        if (format == "date-time") return "2027-11-01T00:00:00Z";
        return std::string(std::max<std::size_t>(schema.value("minLength", std::size_t{1}), 1), 'a');
    }
    Json object = Json::object();
    for (const auto& name : schema.value("required", Json::array()))
        object[name.get<std::string>()] = sample(schema.at("properties").at(name.get<std::string>()));
    if (schema.value("minProperties", std::size_t{0}) > object.size() && schema.contains("properties")) {
        const auto first = schema.at("properties").begin();
        object[first.key()] = sample(*first);
    }
    return object;
}

// What a person would send where any text will not do.
void make_sensible(Json& body) {
    for (auto& [name, value] : body.items()) {
        if (name == "expression" || name == "where" || name == "a" || name == "b") value = "all customers";
        if (name == "expressions") value = {"all customers", "order_count >= 2"};
        if (name == "as_of") value = "2026-11-01";
        if (name == "currency" || name == "from") value = "USD";
        if (name == "rate") value = "7.1";
    }
}

struct Asked {
    std::string id, method, path, permission;
    const Json* operation;
};

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

class Conformance : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server;
        return server;
    }
    static const std::string& all() {
        static const std::string key = server().key("admin");
        return key;
    }

    static void expect_declared(const Asked& one, const Answer& answer, const std::string& what) {
        SCOPED_TRACE(one.id + " " + what + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 400));
        ASSERT_GT(answer.status, 0);
        EXPECT_LT(answer.status, 500);
        const auto& responses = one.operation->at("responses");
        const auto found = responses.find(std::to_string(answer.status));
        if (found == responses.end()) {
            ADD_FAILURE() << "this status is not declared";
            return;
        }
        const Json& response = resolved(*found);
        if (!response.contains("content")) return;
        const auto type = answer.headers.count("content-type") > 0 ? answer.headers.at("content-type") : "";
        const std::string bare = type.substr(0, type.find(';'));
        if (!response.at("content").contains(bare)) {
            ADD_FAILURE() << "this content type is not declared: " << type;
            return;
        }
        if (bare != "application/json" && bare != "application/problem+json") return;
        static api::Schemas schemas(document());
        std::vector<api::Fault> faults;
        api::check(schemas.compile(response.at("content").at(bare).at("schema")), answer.json(), "", faults);
        for (const auto& fault : faults) ADD_FAILURE() << fault.pointer << " " << fault.detail;
    }

    static std::pair<std::string, std::string> body_of(const Asked& one) {
        if (!one.operation->contains("requestBody")) return {"", ""};
        const auto& content = one.operation->at("requestBody").at("content");
        const std::string type = content.begin().key();
        Json body = sample(content.begin()->at("schema"));
        if (body.is_object()) make_sensible(body);
        return {type == "application/octet-stream" ? "a,b\n" : body.dump(), type};
    }
};

TEST_F(Conformance, EveryOperationAnswersAValidRequestAsDeclared) {
    for (const auto& one : operations()) {
        const auto [body, type] = body_of(one);
        expect_declared(one, server().send(one.method, address(one, "1"), body, headers_of(one, all(), type)), "valid");
    }
}

TEST_F(Conformance, EveryOperationAnswersInvalidRequestsAsDeclared) {
    for (const auto& one : operations()) {
        const auto [body, type] = body_of(one);
        const std::string here = address(one, "999999");
        const auto with = [&](const std::string& sent, const std::string& content) {
            return server().send(one.method, here, sent, headers_of(one, all(), content));
        };
        expect_declared(
            one,
            server().send(one.method, here + (here.find('?') == std::string::npos ? "?" : "&") + "nonsense=1", body,
                          headers_of(one, all(), type)),
            "unknown parameter");
        expect_declared(one, server().send(one.method, address(one, "%00"), body, headers_of(one, all(), type)),
                        "broken path");
        if (body.empty()) continue;
        expect_declared(one, with("{", type), "broken JSON");
        expect_declared(one, with("{\"no_such_field\": 1}", type), "unknown field");
        expect_declared(one, with("[]", type), "list");
        expect_declared(one, with("null", type), "null");
        expect_declared(one, with(body, "text/plain"), "other type");
    }
}

// Keys stand for roles: what decides is the set of permissions. "till" is a role of the merchant's own.
TEST_F(Conformance, EveryOperationTimesEveryRole) {
    std::map<std::string, auth::PermissionSet> roles{{"till", {auth::Permission::kIngestWrite}}};
    {
        const SystemClock clock;
        auto database = record::Database::open({.url = "", .folder = server().folder(), .create = false}, clock);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->read([&](soci::session& session) {
            for (const auto& role : auth::all_roles(session)) roles[role.key] = role.permissions;
        }));
    }
    std::map<std::string, std::string> keys;
    for (const auto& [role, permissions] : roles)
        if (!permissions.names().empty()) keys[role] = server().key(permissions.names());
    for (const auto& one : operations()) {
        const std::string here = address(one, "999999");
        if (one.permission != "public") {
            EXPECT_EQ(server().send(one.method, here, "", headers_of(one, "", "")).status, 401) << one.id;
        }
        for (const auto& [role, key] : keys) {
            const auto answer = server().send(one.method, here, "", headers_of(one, key, ""));
            const bool refused = answer.status == 403;
            const std::string what =
                one.id + " as " + role + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 200);
            if (one.permission == "public") {
                EXPECT_EQ(answer.body.find("auth.forbidden"), std::string::npos) << what;
            } else if (one.permission == "signed-in") {
                EXPECT_TRUE(refused) << what;
            } else {
                EXPECT_EQ(refused, !roles.at(role).has(*auth::find_permission(one.permission))) << what;
            }
        }
    }
}

}  // namespace
}  // namespace shuke::tests
