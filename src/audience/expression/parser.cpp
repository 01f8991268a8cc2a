#include "audience/expression/parser.h"

#include <algorithm>
#include <optional>

#include "audience/expression.h"
#include "audience/expression/problem.h"
#include "audience/expression/token_reader.h"
#include "audience/schema.h"

namespace shuke::audience {
namespace {

struct AggregateName {
    std::string_view name;
    Aggregate aggregate;
};
constexpr AggregateName kAggregates[] = {
    {"count", Aggregate::kCount}, {"sum", Aggregate::kSum},           {"avg", Aggregate::kAvg},
    {"min", Aggregate::kMin},     {"max", Aggregate::kMax},           {"first", Aggregate::kFirst},
    {"last", Aggregate::kLast},   {"distinct", Aggregate::kDistinct},
};

struct OpName {
    std::string_view name;
    Op op;
};
constexpr OpName kOps[] = {{"=", Op::kEqual},      {"!=", Op::kNotEqual}, {"<", Op::kLess},
                           {"<=", Op::kLessEqual}, {">", Op::kGreater},   {">=", Op::kGreaterEqual}};

struct MembershipName {
    std::string_view name;
    Membership::Kind kind;
};
constexpr MembershipName kMemberships[] = {
    {"segment", Membership::Kind::kSegment},     {"was_in", Membership::Kind::kWasIn},
    {"list", Membership::Kind::kList},           {"tag", Membership::Kind::kTag},
    {"reachable", Membership::Kind::kReachable}, {"subscribed", Membership::Kind::kSubscribed},
};

struct PopulationName {
    std::string_view name;
    Population::Kind kind;
};
constexpr PopulationName kPopulations[] = {{"average", Population::Kind::kAverage},
                                           {"median", Population::Kind::kMedian},
                                           {"percentile", Population::Kind::kPercentile}};

constexpr std::string_view kMetricExample = "a metric such as sum(orders.amount where kept) or order_count";

class Parser : private TokenReader {
public:
    explicit Parser(std::string_view source) : TokenReader(source) {}

    Expression expression_alone() {
        Expression result{parse_or()};
        if (is_word("top")) result.top = top();
        if (is_word("sample")) result.sample = sample();
        expect_end(result.sample ? "the end"
                   : result.top  ? "'sample' or the end"
                                 : "'and', 'or', 'top', 'sample' or the end");
        return result;
    }
    Operand metric_alone() {
        Operand result = metric(kMetricExample);
        expect_end("the end");
        return result;
    }

private:
    // ---- who of those: top and sample ----
    Top top() {
        Top result;
        result.place = place();
        take();
        result.amount = amount("how many, such as top 10 or top 20%");
        result.percent = take_symbol("%");
        if (!result.percent && result.amount.scale > 0) wrong_amount(result.place, "top needs a whole number, or a %");
        if (result.percent) check_percent(result.amount, result.place);
        expect_word("by");
        result.metric = metric(kMetricExample);
        return result;
    }
    Sample sample() {
        Sample result;
        result.place = place();
        take();
        result.percent = amount("a share such as sample 10%");
        expect_symbol("%");
        check_percent(result.percent, result.place);
        if (result.percent.scale > 2) wrong_amount(result.place, "a sample's share has at most two decimals");
        if (!take_word("seed")) return result;
        const Place begin = place();
        const Number seed = number();
        if (seed.value.scale > 0) wrong_amount(begin, "a seed is a whole number");
        result.seed = seed.value.units;
        return result;
    }
    Decimal amount(std::string_view what) {
        if (peek().kind != TokenKind::kNumber) expected(what);
        const Place begin = place();
        const Decimal value = number().value;
        if (value.units <= 0) wrong_amount(begin, "expected more than 0");
        return value;
    }
    void check_percent(const Decimal& percent, Place begin) const {
        if (static_cast<double>(percent.units) > 100 * power_of_ten(percent.scale))
            wrong_amount(begin, "expected at most 100%");
    }
    static double power_of_ten(int scale) {
        double power = 1;
        while (scale-- > 0) power *= 10;
        return power;
    }
    [[noreturn]] void wrong_amount(Place begin, const std::string& what) const {
        raise({"expression.value", begin, what}, source());
    }

    // Guards every recursion: the destructor of the tree recurses as deep as the parser did.
    class Deeper {
    public:
        explicit Deeper(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > kMaxDepth) {
                raise({"expression.too_deep", parser_.place(),
                       "brackets and nots are nested more than " + std::to_string(kMaxDepth) + " deep"},
                      parser_.source());
            }
        }
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

    private:
        Parser& parser_;
    };

    // ---- and, or, not ----
    Predicate parse_or() {
        Predicate first = parse_and();
        if (!is_word("or")) return first;
        Predicate result{Or{}, first.place};
        auto& parts = std::get<Or>(result.node).parts;
        parts.push_back(std::move(first));
        while (take_word("or")) parts.push_back(parse_and());
        return result;
    }
    Predicate parse_and() {
        Predicate first = parse_not();
        if (!is_word("and")) return first;
        Predicate result{And{}, first.place};
        auto& parts = std::get<And>(result.node).parts;
        parts.push_back(std::move(first));
        while (take_word("and")) parts.push_back(parse_not());
        return result;
    }
    Predicate parse_not() {
        const Deeper deeper(*this);
        const Place begin = place();
        if (take_word("not")) {
            Not negation;
            negation.part.push_back(parse_not());
            return {std::move(negation), begin};
        }
        if (is_symbol("(") && !begins_metric()) {
            take();
            Predicate inside = parse_or();
            expect_symbol(")");
            return inside;
        }
        if (++conditions_ > kMaxConditions) {
            raise({"expression.too_long", place(),
                   "the expression has more than " + std::to_string(kMaxConditions) +
                       " conditions; a long list of values goes into one: external_id in [..]"},
                  source());
        }
        return fact_ != nullptr ? row_leaf() : customer_leaf();
    }

    // A bracket opens a metric when what follows its closing one can only follow a value.
    bool begins_metric() const {
        if (fact_ != nullptr) return false;
        std::size_t ahead = 0;
        for (int open = 0;; ++ahead) {
            if (peek(ahead).kind == TokenKind::kEnd) return false;
            if (is_symbol("(", ahead)) ++open;
            if (is_symbol(")", ahead) && --open == 0) break;
        }
        ++ahead;
        for (const std::string_view sign : {"+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="}) {
            if (is_symbol(sign, ahead)) return true;
        }
        return is_word("is", ahead) || is_word("in", ahead) || (is_word("not", ahead) && is_word("in", ahead + 1));
    }

    // ---- predicates about customers ----
    Predicate customer_leaf() {
        const Place begin = place();
        if (is_word("all") && is_word("customers", 1)) {
            take();
            take();
            return {AllCustomers{}, begin};
        }
        if (is_word("any") && is_symbol("(", 1)) {
            take();
            return {Any{fact_set_in_brackets()}, begin};
        }
        if (is_symbol("(", 1)) {
            for (const MembershipName& known : kMemberships) {
                if (is_word(known.name)) return {membership(known.kind), begin};
            }
        }
        Operand left = metric("a condition such as province = 浙江, any(orders …) or count(orders …) >= 2");
        if (auto tail = condition(left)) return {std::move(*tail), begin};
        expected(
            "a comparison (= != < <= > >=), 'in', 'is', 'contains', 'starts with' or a window such as 'within last 30 "
            "days'");
    }

    Membership membership(Membership::Kind kind) {
        Membership result;
        result.kind = kind;
        const bool channel = kind == Membership::Kind::kReachable || kind == Membership::Kind::kSubscribed;
        take();
        expect_symbol("(");
        result.place = place();
        const std::string_view what = channel ? "a channel such as sms or email" : "a name in quotes";
        if (peek().kind == TokenKind::kString)
            result.name = unquote(take().text);
        else if (peek().kind == TokenKind::kWord)
            result.name = name(what).text;
        else
            expected(what);
        if (result.name.empty())
            raise({"expression.value", result.place, "expected a name, found an empty one"}, source());
        expect_symbol(")");
        return result;
    }

    // ---- metrics: + and - of * and / of operands ----
    Operand metric(std::string_view what) { return joined(what, "+", "-", &Parser::product); }
    Operand product(std::string_view what) { return joined(what, "*", "/", &Parser::factor); }
    Operand factor(std::string_view what) {
        if (!is_symbol("(")) return operand(what);
        const Deeper deeper(*this);
        take();
        Operand inside = metric(what);
        expect_symbol(")");
        return inside;
    }
    Operand joined(std::string_view what, std::string_view one, std::string_view other,
                   Operand (Parser::*part)(std::string_view)) {
        const Place begin = place();
        Operand first = (this->*part)(what);
        if (!is_symbol(one) && !is_symbol(other)) return first;
        Arithmetic result;
        result.place = begin;
        result.parts.push_back({std::move(first)});
        while (is_symbol(one) || is_symbol(other)) {
            if (++conditions_ > kMaxConditions) raise({"expression.too_long", place(), "too many terms"}, source());
            result.signs += take().text;
            result.parts.push_back({(this->*part)(kMetricExample)});
        }
        return result;
    }

    std::optional<Population> population() {
        for (const PopulationName& known : kPopulations) {
            const bool percentile = known.kind == Population::Kind::kPercentile;
            if (!is_word(known.name) || (percentile ? peek(1).kind != TokenKind::kNumber : !is_symbol("(", 1)))
                continue;
            const Deeper deeper(*this);
            Population result;
            result.place = place();
            result.kind = known.kind;
            take();
            if (percentile) {
                const Place begin = place();
                result.percent = number().value;
                check_percent(result.percent, begin);
            }
            expect_symbol("(");
            result.metric.push_back({metric(kMetricExample)});
            expect_symbol(")");
            return result;
        }
        return std::nullopt;
    }

    Operand operand(std::string_view what) {
        if (fact_ == nullptr) {
            if (auto of_all = population()) return std::move(*of_all);
        }
        const Token& token = peek();
        const Place begin = place();
        switch (token.kind) {
            case TokenKind::kWord: return is_symbol("(", 1) ? Operand{call()} : Operand{name(what)};
            case TokenKind::kString: return Text{unquote(take().text), begin};
            case TokenKind::kDate: return Date{date(), begin};
            case TokenKind::kNumber: return number();
            default:
                if (is_symbol("-") && peek(1).kind == TokenKind::kNumber) return number();
                expected(what);
        }
    }

    Call call() {
        const Token& token = peek();
        for (const AggregateName& known : kAggregates) {
            if (!equals_keyword(token.text, known.name)) continue;
            if (fact_ != nullptr) expected("a field: a condition about rows cannot hold another count or sum");
            take();
            return {known.aggregate, fact_set_in_brackets(), Place{token.offset}};
        }
        std::string lower(token.text);
        std::ranges::transform(lower, lower.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        std::vector<std::string_view> names = {"any"};
        for (const AggregateName& known : kAggregates) names.push_back(known.name);
        for (const PopulationName& known : kPopulations) names.push_back(known.name);
        for (const MembershipName& known : kMemberships) names.push_back(known.name);
        raise({"expression.unknown_function", Place{token.offset},
               "found " + quoted(token.text) + ", expected one of " + either(names) + suggestion(lower, names)},
              source());
    }

    // FACTS[.FIELD] [where …] [WINDOW], brackets included
    FactSet fact_set_in_brackets() {
        const Deeper deeper(*this);
        expect_symbol("(");
        FactSet facts;
        if (peek().kind != TokenKind::kWord) expected("a fact: " + either(fact_names()));
        const Token& token = peek();
        const std::size_t dot = std::min(token.text.find('.'), token.text.size());
        facts.place = Place{token.offset};
        facts.fact = token.text.substr(0, dot);
        if (dot < token.text.size()) {
            facts.field = token.text.substr(dot + 1);
            facts.field_place = Place{token.offset + static_cast<std::uint32_t>(dot) + 1};
        }
        take();
        if (take_word("where")) {
            static constexpr Fact kUnknownFact{};
            const Fact* known = find_fact(facts.fact);
            fact_ = known != nullptr ? known : &kUnknownFact;
            facts.where.push_back(parse_or());
            fact_ = nullptr;
        }
        if (starts_window()) facts.window.push_back(window());
        if (!take_symbol(")"))
            expected(facts.where.empty() ? "'where', a window or ')'" : "'and', 'or', a window or ')'");
        return facts;
    }

    // ---- predicates about the rows of a fact ----
    Predicate row_leaf() {
        const Place begin = place();
        if (peek().kind != TokenKind::kWord) expected("a field such as paid or amount");
        if (is_symbol("(", 1)) expected("a field: a condition about rows holds no functions");
        const Name field = name("a field");
        if (const Field* known = find_field(*fact_, field.text);
            starts_window() && (known == nullptr || known->type != Type::kTime)) {
            return {Flag{field}, begin};
        }
        if (auto tail = condition(Operand{field})) return {std::move(*tail), begin};
        return {Flag{field}, begin};
    }

    // ---- what stands behind an operand; nothing when no condition begins here ----
    using Node = decltype(Predicate::node);
    std::optional<Node> condition(const Operand& left) {
        if (const std::optional<Op> op = take_op()) {
            const bool text = *op == Op::kContains || *op == Op::kStartsWith;
            Operand right =
                fact_ != nullptr || text ? operand(text ? "a text" : "a value") : metric("a value or a metric");
            return Compare{left, *op, std::move(right)};
        }
        if (is_word("not") && is_word("in", 1)) {
            take();
            take();
            return In{left, true, list()};
        }
        if (take_word("in")) return In{left, false, list()};
        if (take_word("is")) {
            if (take_word("missing")) return IsMissing{left, false};
            if (take_word("known")) return IsMissing{left, true};
            expected("'missing' or 'known'");
        }
        if (starts_window()) return InWindow{left, window()};
        return std::nullopt;
    }

    std::optional<Op> take_op() {
        for (const OpName& known : kOps) {
            if (take_symbol(known.name)) return known.op;
        }
        if (take_word("contains")) return Op::kContains;
        if (!take_word("starts")) return std::nullopt;
        expect_word("with");
        return Op::kStartsWith;
    }

    std::vector<Value> list() {
        expect_symbol("[");
        std::vector<Value> values;
        do {
            if (values.size() == kMaxListItems) {
                raise(
                    {"expression.too_long", place(), "a list has at most " + std::to_string(kMaxListItems) + " values"},
                    source());
            }
            values.push_back(value());
        } while (take_symbol(","));
        if (!take_symbol("]")) expected("',' or ']'");
        return values;
    }

    Value value() {
        Operand result = operand("a value");
        return std::visit(
            [&](auto& alternative) -> Value {
                if constexpr (std::is_constructible_v<Value, std::decay_t<decltype(alternative)>>)
                    return std::move(alternative);
                else
                    expected("a value");
            },
            result);
    }

    int depth_ = 0;
    std::size_t conditions_ = 0;
    const Fact* fact_ = nullptr;  // inside where: whose rows
};

}  // namespace

Operand parse_metric(std::string_view source) { return Parser(source).metric_alone(); }

Result<Expression> parse(std::string_view text) {
    try {
        Expression expression = Parser(text).expression_alone();
        expression.source = text;
        return expression;
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::audience
