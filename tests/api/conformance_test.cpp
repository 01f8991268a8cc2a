// Aim: the server is what the declaration says. Method: every operation is asked with a valid request made from its schemas,
// and with invalid ones; every answer must be one that is declared, and its body as declared, to the field. (Who may ask:
// permission_matrix_test.cpp.)
#include <gtest/gtest.h>

#include "api/declared_operations.h"
#include "api/schema_check.h"
#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

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

}  // namespace
}  // namespace shuke::tests
