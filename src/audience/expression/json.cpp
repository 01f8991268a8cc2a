#include "audience/expression/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audience/expression/lexer.h"
#include "audience/expression/parser.h"
#include "audience/expression/printer.h"
#include "audience/expression/token_reader.h"
#include "base/time_zone.h"

namespace shuke::audience {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1;
constexpr int kMaxJsonDepth = 4 * kMaxDepth + 50;  // what one bracket of the text is at most, and the frame

// ---- out ----

Json out(const Predicate& predicate);
Json out(const Operand& operand);

void put_facts(Json& json, const FactSet& facts) {
    json["fact"] = facts.fact;
    if (!facts.field.empty()) json["field"] = facts.field;
    if (!facts.where.empty()) json["where"] = out(facts.where.front());
    if (!facts.window.empty()) json["window"] = print(facts.window.front());
}

struct OperandOut {
    Json operator()(const Name& name) const { return {{"name", name.text}}; }
    Json operator()(const Text& text) const { return {{"text", text.text}}; }
    Json operator()(const Number& number) const { return {{"number", print(number.value)}}; }
    Json operator()(const Date& date) const { return {{"date", format_date(date.day)}}; }
    Json operator()(const Call& call) const {
        Json json{{"call", word_of(call.aggregate)}};
        put_facts(json, call.facts);
        return json;
    }
    Json operator()(const Arithmetic& node) const {
        Json parts = Json::array();
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            if (i > 0) parts.push_back(std::string(1, node.signs[i - 1]));
            parts.push_back(out(node.parts[i].value));
        }
        return {{"calculate", std::move(parts)}};
    }
    Json operator()(const Population& node) const {
        Json json;
        json[std::string(word_of(node.kind))] = out(node.metric.front().value);
        if (node.kind == Population::Kind::kPercentile) json["percent"] = print(node.percent);
        return json;
    }
};

Json out(const Operand& operand) { return std::visit(OperandOut{}, operand); }

Json list_of(const std::vector<Predicate>& parts) {
    Json list = Json::array();
    for (const Predicate& part : parts) list.push_back(out(part));
    return list;
}

struct PredicateOut {
    Json operator()(const AllCustomers&) const { return {{"all", true}}; }
    Json operator()(const And& node) const { return {{"and", list_of(node.parts)}}; }
    Json operator()(const Or& node) const { return {{"or", list_of(node.parts)}}; }
    Json operator()(const Not& node) const { return {{"not", out(node.part.front())}}; }
    Json operator()(const Any& node) const {
        Json facts;
        put_facts(facts, node.facts);
        return {{"any", std::move(facts)}};
    }
    Json operator()(const Flag& node) const { return {{"flag", node.name.text}}; }
    Json operator()(const Compare& node) const {
        return {{"compare", Json::array({out(node.left), word_of(node.op), out(node.right)})}};
    }
    Json operator()(const In& node) const {
        Json values = Json::array();
        for (const Value& value : node.values) values.push_back(std::visit(OperandOut{}, value));
        return {{node.negated ? "not_in" : "in", Json::array({out(node.left), std::move(values)})}};
    }
    Json operator()(const IsMissing& node) const { return {{node.negated ? "known" : "missing", out(node.left)}}; }
    Json operator()(const InWindow& node) const {
        return {{"during", Json::array({out(node.left), print(node.window)})}};
    }
    Json operator()(const Membership& node) const {
        Json json;
        json[std::string(word_of(node.kind))] = node.name;
        return json;
    }
};

Json out(const Predicate& predicate) { return std::visit(PredicateOut{}, predicate.node); }

// ---- in ----

// One value of the document and where it stands.
class Member {
public:
    Member(const Json& json, std::string path, int depth) : json_(json), path_(std::move(path)), depth_(depth) {
        if (depth > kMaxJsonDepth)
            throw Failure{
                {Code::kInvalid, "expression.too_deep", "nested more than " + std::to_string(kMaxJsonDepth) + " deep"}};
    }

    [[noreturn]] void expected(const std::string& what) const {
        const std::string found = json_.is_structured() ? std::string(json_.type_name()) : json_.dump().substr(0, 60);
        throw Failure{{Code::kInvalid, "expression.json",
                       (path_.empty() ? "/" : path_) + ": found " + found + ", expected " + what}};
    }
    bool has(std::string_view key) const { return json_.is_object() && json_.contains(key); }
    Member at(std::string_view key) const {
        if (!has(key)) expected("an object with \"" + std::string(key) + "\"");
        return {json_.at(key), path_ + "/" + std::string(key), depth_ + 1};
    }
    Member at(std::size_t index) const { return {json_.at(index), path_ + "/" + std::to_string(index), depth_ + 1}; }
    std::size_t array(std::size_t least, const std::string& what) const {
        if (!json_.is_array() || json_.size() < least) expected(what);
        return json_.size();
    }
    std::string text(const std::string& what) const {
        if (!json_.is_string()) expected(what);
        return json_.get<std::string>();
    }
    bool yes_or_no() const {
        if (!json_.is_boolean()) expected("true or false");
        return json_.get<bool>();
    }
    std::int64_t whole() const {
        if (!json_.is_number_integer()) expected("a whole number");
        return json_.get<std::int64_t>();
    }
    // No other members than these.
    void only(std::initializer_list<std::string_view> keys) const {
        if (!json_.is_object()) expected("an object");
        for (const auto& [key, value] : json_.items()) {
            if (std::ranges::find(keys, key) == keys.end()) {
                throw Failure{
                    {Code::kInvalid, "expression.json", path_ + "/" + key + ": there is no such member here"}};
            }
        }
    }
    // The first of the object's members, which says what it is.
    std::string kind(const std::string& what) const {
        if (!json_.is_object() || json_.empty()) expected(what);
        return json_.begin().key();
    }

private:
    const Json& json_;
    std::string path_;
    int depth_;
};

// Texts of the language inside the document: the whole text must be one.
template <class Read>
auto read_text(const Member& member, const std::string& what, Read read) {
    const std::string text = member.text(what);
    try {
        TokenReader reader(text);
        auto result = read(reader);
        reader.expect_end("the end");
        return result;
    } catch (const Failure& failure) {
        member.expected(what + " (" + failure.error.detail + ")");
    }
}

Decimal number_in(const Member& member) {
    return read_text(member, "a number as text, such as \"2.50\"",
                     [](TokenReader& reader) { return reader.number().value; });
}

Window window_in(const Member& member) {
    return read_text(member, "a window as text, such as \"within last 90 days\"", [&](TokenReader& reader) {
        if (!reader.starts_window()) reader.expected("a window");
        return reader.window();
    });
}

Predicate predicate_in(const Member& member);
Operand operand_in(const Member& member);

FactSet facts_in(const Member& member) {
    FactSet facts;
    facts.fact = member.at("fact").text("the name of a fact");
    if (member.has("field")) facts.field = member.at("field").text("the name of a field");
    if (member.has("where")) facts.where.push_back(predicate_in(member.at("where")));
    if (member.has("window")) facts.window.push_back(window_in(member.at("window")));
    return facts;
}

std::string name_in(const Member& member) {
    std::string name = member.text("a name");
    if (name.empty()) member.expected("a name that is not empty");
    return name;
}

Value value_in(const Member& member) {
    const std::string what = "a value: {\"name\": …}, {\"text\": …}, {\"number\": …} or {\"date\": …}";
    const std::string kind = member.kind(what);
    member.only({kind});
    if (kind == "name") return Name{name_in(member.at(kind)), {}};
    if (kind == "text") return Text{member.at(kind).text("a text"), {}};
    if (kind == "number") return Number{number_in(member.at(kind)), {}};
    if (kind == "date") {
        return Date{read_text(member.at(kind), "a date as text, such as \"2024-03-01\"",
                              [](TokenReader& reader) { return reader.date(); }),
                    {}};
    }
    member.expected(what);
}

Call call_in(const Member& member) {
    member.only({"call", "fact", "field", "where", "window"});
    const std::string word = member.at("call").text("an aggregate");
    for (int i = 0; i <= static_cast<int>(Aggregate::kDistinct); ++i) {
        if (word_of(static_cast<Aggregate>(i)) == word) return {static_cast<Aggregate>(i), facts_in(member), {}};
    }
    member.at("call").expected("count, sum, avg, min, max, first, last or distinct");
}

Arithmetic arithmetic_in(const Member& parts) {
    const std::string what = "an array [METRIC, SIGN, METRIC, …]";
    const std::size_t size = parts.array(3, what);
    if (size % 2 == 0) parts.expected(what);
    Arithmetic node;
    for (std::size_t i = 0; i < size; ++i) {
        if (i % 2 == 0) {
            node.parts.push_back({operand_in(parts.at(i))});
            continue;
        }
        const std::string sign = parts.at(i).text("a sign");
        const bool sum = sign == "+" || sign == "-";
        if (!sum && sign != "*" && sign != "/") parts.at(i).expected("+, -, * or /");
        const bool sums = !node.signs.empty() && (node.signs.front() == '+' || node.signs.front() == '-');
        if (!node.signs.empty() && sums != sum) parts.at(i).expected("signs of one kind: all + and -, or all * and /");
        node.signs += sign;
    }
    return node;
}

Operand operand_in(const Member& member) {
    const std::string kind = member.kind("a metric or a value");
    if (kind == "call") return call_in(member);
    if (kind == "calculate") {
        member.only({kind});
        return arithmetic_in(member.at(kind));
    }
    for (const auto population :
         {Population::Kind::kAverage, Population::Kind::kMedian, Population::Kind::kPercentile}) {
        if (kind != word_of(population)) continue;
        Population node;
        node.kind = population;
        member.only(population == Population::Kind::kPercentile
                        ? std::initializer_list<std::string_view>{"percentile", "percent"}
                        : std::initializer_list<std::string_view>{kind});
        if (population == Population::Kind::kPercentile) node.percent = number_in(member.at("percent"));
        node.metric.push_back({operand_in(member.at(kind))});
        return node;
    }
    return std::visit([](auto& value) -> Operand { return std::move(value); },
                      *std::make_unique<Value>(value_in(member)));
}

std::vector<Predicate> parts_in(const Member& member) {
    const std::size_t size = member.array(2, "an array of two or more conditions");
    if (size > kMaxConditions) member.expected("at most " + std::to_string(kMaxConditions) + " conditions");
    std::vector<Predicate> parts;
    parts.reserve(size);
    for (std::size_t i = 0; i < size; ++i) parts.push_back(predicate_in(member.at(i)));
    return parts;
}

Compare compare_in(const Member& member) {
    if (member.array(3, "an array [METRIC, OP, METRIC]") != 3) member.expected("an array [METRIC, OP, METRIC]");
    const std::string word = member.at(1).text("an operator");
    for (int i = 0; i <= static_cast<int>(Op::kStartsWith); ++i) {
        const Op op = static_cast<Op>(i);
        if (word_of(op) == word) return {operand_in(member.at(0)), op, operand_in(member.at(2))};
    }
    member.at(1).expected("=, !=, <, <=, >, >=, contains or starts with");
}

In in_in(const Member& member, bool negated) {
    const std::string what = "an array [METRIC, [VALUE, …]]";
    if (member.array(2, what) != 2) member.expected(what);
    const Member list = member.at(1);
    const std::size_t size = list.array(1, "an array of values");
    if (size > kMaxListItems) list.expected("at most " + std::to_string(kMaxListItems) + " values");
    In node;
    node.left = operand_in(member.at(0));
    node.negated = negated;
    node.values.reserve(size);
    for (std::size_t i = 0; i < size; ++i) node.values.push_back(value_in(list.at(i)));
    return node;
}

Predicate predicate_in(const Member& member) {
    const std::string kind = member.kind("a condition");
    member.only({kind});
    const Member inside = member.at(kind);
    if (kind == "all") {
        if (!inside.yes_or_no()) inside.expected("true");
        return {AllCustomers{}, {}};
    }
    if (kind == "and") return {And{parts_in(inside)}, {}};
    if (kind == "or") return {Or{parts_in(inside)}, {}};
    if (kind == "not") {
        Not node;
        node.part.push_back(predicate_in(inside));
        return {std::move(node), {}};
    }
    if (kind == "any") {
        inside.only({"fact", "field", "where", "window"});
        return {Any{facts_in(inside)}, {}};
    }
    if (kind == "flag") return {Flag{Name{name_in(inside), {}}}, {}};
    if (kind == "compare") return {compare_in(inside), {}};
    if (kind == "in" || kind == "not_in") return {in_in(inside, kind == "not_in"), {}};
    if (kind == "missing" || kind == "known") return {IsMissing{operand_in(inside), kind == "known"}, {}};
    if (kind == "during") {
        if (inside.array(2, "an array [METRIC, WINDOW]") != 2) inside.expected("an array [METRIC, WINDOW]");
        return {InWindow{operand_in(inside.at(0)), window_in(inside.at(1))}, {}};
    }
    for (int i = 0; i <= static_cast<int>(Membership::Kind::kSubscribed); ++i) {
        const auto membership = static_cast<Membership::Kind>(i);
        if (word_of(membership) == kind) return {Membership{membership, name_in(inside), {}}, {}};
    }
    member.expected(
        "a condition: all, and, or, not, any, flag, compare, in, not_in, missing, known, during, segment, …");
}

Expression expression_in(const Member& document) {
    document.only({"version", "where", "top", "sample"});
    if (document.at("version").whole() != kJsonVersion)
        document.at("version").expected("version " + std::to_string(kJsonVersion));
    Expression result{predicate_in(document.at("where"))};
    if (document.has("top")) {
        const Member top = document.at("top");
        top.only({"amount", "percent", "by"});
        result.top = Top{number_in(top.at("amount")),
                         top.has("percent") && top.at("percent").yes_or_no(),
                         operand_in(top.at("by")),
                         {}};
    }
    if (document.has("sample")) {
        const Member sample = document.at("sample");
        sample.only({"percent", "seed"});
        result.sample = Sample{number_in(sample.at("percent")), {}, {}};
        if (sample.has("seed")) result.sample->seed = sample.at("seed").whole();
    }
    // What the text form refuses (a condition on a row outside of where, top 0) is refused here by the same rules.
    auto parsed = parse(print(result));
    if (!parsed) throw Failure{parsed.error()};
    if (!(*parsed == result))
        throw Failure{
            {Code::kInvalid, "expression.json", "the conditions do not stand where the language allows them"}};
    return std::move(*parsed);
}

}  // namespace

nlohmann::ordered_json to_json(const Expression& expression) {
    Json json{{"version", kJsonVersion}, {"where", out(expression.root)}};
    if (const auto& top = expression.top)
        json["top"] = {{"amount", print(top->amount)}, {"percent", top->percent}, {"by", out(top->metric)}};
    if (const auto& sample = expression.sample) {
        json["sample"] = {{"percent", print(sample->percent)}};
        if (sample->seed) json["sample"]["seed"] = *sample->seed;
    }
    return json;
}

Result<Expression> from_json(const nlohmann::ordered_json& json) {
    try {
        return expression_in(Member(json, "", 0));
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

Result<Expression> from_json(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return fail(Code::kInvalid, "expression.json", "the text is not a JSON document");
    return from_json(json);
}

}  // namespace shuke::audience
