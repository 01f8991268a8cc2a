#include "api/router.h"

#include <charconv>

#include "base/check.h"
#include "base/text.h"

namespace shuke::api {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::string parameter_name;
    std::map<std::string, const Operation*, std::less<>> methods;
};

namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    return split(path, '/');
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// A number stays text where it is not one: the check then says so.
Json typed(const Parameter& parameter, const std::string& text) {
    if (!parameter.is_number) return text;
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc() && end == text.data() + text.size()) return number;
    return text;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
        }
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

Router::Router(const Json& document) : schemas_(document), document_(document), root_(std::make_unique<Node>()) {
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, said] : methods.items()) add(read(path, method, said));
    }
}

Router::~Router() = default;

std::unique_ptr<Operation> Router::read(const std::string& path, const std::string& method, const Json& said) {
    auto operation = std::make_unique<Operation>();
    operation->id = said.at("operationId");
    operation->path = path;
    for (const char c : method) operation->method += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    const std::string permission = said.at("x-permission");
    if (permission == "public") {
        operation->access = Operation::Access::kPublic;
    } else if (permission == "signed-in") {
        operation->access = Operation::Access::kSignedIn;
    } else {
        const auto known = auth::find_permission(permission);
        SHUKE_CHECK(known, operation->id + " asks for a permission that does not exist: " + permission);
        operation->permission = *known;
    }
    operation->takes_raw_body = said.value("x-raw-body", false);
    operation->streams = said.value("x-stream", false);
    for (const auto& given : said.value("parameters", Json::array())) {
        const Json& about = given.contains("$ref")
                                ? document_.at(Json::json_pointer(given.at("$ref").get<std::string>().substr(1)))
                                : given;
        Parameter parameter;
        parameter.name = about.at("name");
        parameter.required = about.value("required", false);
        parameter.is_number = about.at("schema").value("type", Json()) == "integer";
        parameter.initial = about.at("schema").value("default", Json());
        parameter.schema = &schemas_.compile(about.at("schema"));
        if (parameter.name == "If-Match") operation->needs_if_match = true;
        if (parameter.name == "Idempotency-Key") operation->takes_idempotency_key = true;
        const std::string where = about.at("in");
        (where == "path"    ? operation->path_parameters
         : where == "query" ? operation->query
                            : operation->headers)
            .push_back(std::move(parameter));
    }
    if (said.contains("requestBody")) {
        operation->has_body = true;
        operation->body_required = said.at("requestBody").value("required", false);
        for (const auto& [type, content] : said.at("requestBody").at("content").items())
            operation->body[type] = &schemas_.compile(content.at("schema"));
    }
    if (said.contains("x-rows"))
        operation->row = &schemas_.compile({{"$ref", "#/components/schemas/" + said.at("x-rows").get<std::string>()}});
    return operation;
}

void Router::add(std::unique_ptr<Operation> operation) {
    Node* node = root_.get();
    for (const auto segment : segments_of(operation->path)) {
        if (segment.starts_with('{')) {
            if (!node->parameter) node->parameter = std::make_unique<Node>();
            node = node->parameter.get();
        } else {
            auto& next = node->fixed[std::string(segment)];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
        }
    }
    SHUKE_CHECK(node->methods.emplace(operation->method, operation.get()).second, operation->id + " is declared twice");
    operations_.push_back(std::move(operation));
}

Match Router::match(std::string_view method, std::string_view path, std::vector<std::string>& allowed) const {
    const Node* node = root_.get();
    std::vector<std::string> values;
    for (const auto segment : segments_of(path)) {
        const auto decoded = percent_decoded(segment, false);
        if (!decoded || decoded->empty()) return {};
        if (const auto fixed = node->fixed.find(*decoded); fixed != node->fixed.end()) {
            node = fixed->second.get();
        } else if (node->parameter) {
            node = node->parameter.get();
            values.push_back(*decoded);
        } else {
            return {};
        }
    }
    auto found = node->methods.find(method);
    if (found == node->methods.end() && method == "HEAD") found = node->methods.find("GET");
    if (found == node->methods.end()) {
        for (const auto& [name, unused] : node->methods) allowed.push_back(name);
        return {};
    }
    Match match{found->second, {}};
    std::size_t i = 0;
    for (const auto segment : segments_of(match.operation->path)) {
        if (segment.starts_with('{')) match.path[std::string(segment.substr(1, segment.size() - 2))] = values[i++];
    }
    return match;
}

Json read_query(const Operation& operation, std::string_view query, std::vector<Fault>& faults) {
    Json values = Json::object();
    for (const auto part : split(query, '&')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto name = percent_decoded(part.substr(0, equals), true);
        const auto value = percent_decoded(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!name || !value) {
            faults.push_back({"query", "is not well-formed"});
            continue;
        }
        const Parameter* parameter = nullptr;
        for (const auto& one : operation.query) {
            if (one.name == *name) parameter = &one;
        }
        const std::string pointer = "query/" + std::string(cut(*name, 60));
        if (parameter == nullptr)
            faults.push_back({pointer, "is not a parameter of this"});
        else if (values.contains(*name))
            faults.push_back({pointer, "is given twice"});
        else
            check(*parameter->schema, values[*name] = typed(*parameter, *value), pointer, faults);
    }
    for (const auto& parameter : operation.query) {
        if (values.contains(parameter.name)) continue;
        if (parameter.required) faults.push_back({"query/" + parameter.name, "is missing"});
        if (!parameter.initial.is_null()) values[parameter.name] = parameter.initial;
    }
    return values;
}

Json read_path(const Operation& operation, const Match& match, std::vector<Fault>& faults) {
    Json values = Json::object();
    for (const auto& parameter : operation.path_parameters) {
        const auto found = match.path.find(parameter.name);
        if (found == match.path.end()) continue;
        check(*parameter.schema, values[parameter.name] = typed(parameter, found->second), "path/" + parameter.name,
              faults);
    }
    return values;
}

void check_headers(const Operation& operation, const http::Request& request, std::vector<Fault>& faults) {
    for (const auto& parameter : operation.headers) {
        std::string name;
        for (const char c : parameter.name) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        const auto value = request.header(name);
        if (!value.empty())
            check(*parameter.schema, typed(parameter, std::string(value)), "header/" + parameter.name, faults);
        else if (parameter.required)
            faults.push_back({"header/" + parameter.name, "is missing"});
    }
}

}  // namespace shuke::api
