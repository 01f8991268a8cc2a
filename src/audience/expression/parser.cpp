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

class Parser : private TokenReader {
public:
    explicit Parser(std::string_view source) : TokenReader(source) {}

    Predicate predicate_alone() {
        Predicate result = parse_or();
        if (is_word("top") || is_word("sample")) not_available(peek(), "'" + std::string(peek().text) + "'");
        expect_end("'and', 'or' or the end");
        return result;
    }
    Operand metric_alone() {
        Operand result = operand("a metric such as sum(orders.amount where kept) or order_count");
        refuse_arithmetic();
        expect_end("the end");
        return result;
    }

private:
    void refuse_arithmetic() const {
        for (const std::string_view sign : {"+", "-", "*", "/", "%"}) {
            if (is_symbol(sign)) not_available(peek(), "arithmetic ('" + std::string(sign) + "')");
        }
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
        if (take_symbol("(")) {
            Predicate inside = parse_or();
            refuse_arithmetic();
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
        Operand left = operand("a condition such as province = 浙江, any(orders …) or count(orders …) >= 2");
        refuse_arithmetic();
        if (auto tail = condition(left)) return {std::move(*tail), begin};
        expected(
            "a comparison (= != < <= > >=), 'in', 'is', 'contains', 'starts with' or a window such as 'within last 30 "
            "days'");
    }

    Operand operand(std::string_view what) {
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
        if (is_future_function(lower)) not_available(token, lower + "(…)");
        std::vector<std::string_view> names = {"any"};
        for (const AggregateName& known : kAggregates) names.push_back(known.name);
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
        refuse_arithmetic();
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
            Operand right = operand(*op == Op::kContains || *op == Op::kStartsWith ? "a text" : "a value or a metric");
            refuse_arithmetic();
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
        if (std::holds_alternative<Call>(result)) expected("a value");
        return std::visit(
            [](auto& alternative) -> Value {
                if constexpr (std::is_same_v<std::decay_t<decltype(alternative)>, Call>)
                    return Value{};
                else
                    return std::move(alternative);
            },
            result);
    }

    int depth_ = 0;
    std::size_t conditions_ = 0;
    const Fact* fact_ = nullptr;  // inside where: whose rows
};

}  // namespace

Predicate parse_predicate(std::string_view source) { return Parser(source).predicate_alone(); }
Operand parse_metric(std::string_view source) { return Parser(source).metric_alone(); }

Result<Expression> parse(std::string_view text) {
    try {
        return Expression{parse_predicate(text), std::string(text)};
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::audience
