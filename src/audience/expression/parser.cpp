#include "audience/expression/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "audience/expression.h"
#include "audience/expression/lexer.h"
#include "audience/expression/problem.h"
#include "audience/schema.h"
#include "base/time_zone.h"

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

struct UnitName {
    std::string_view one, many;
    Unit unit;
};
constexpr UnitName kUnits[] = {
    {"minute", "minutes", Unit::kMinute},    {"hour", "hours", Unit::kHour},    {"day", "days", Unit::kDay},
    {"week", "weeks", Unit::kWeek},          {"month", "months", Unit::kMonth}, {"year", "years", Unit::kYear},
    {"quarter", "quarters", Unit::kQuarter},
};

class Parser {
public:
    explicit Parser(std::string_view source) : source_(source), tokens_(tokenize(source)) {}

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
    // ---- tokens ----
    const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
    bool is_word(std::string_view keyword, std::size_t ahead = 0) const {
        return peek(ahead).kind == TokenKind::kWord && equals_keyword(peek(ahead).text, keyword);
    }
    bool is_symbol(std::string_view symbol, std::size_t ahead = 0) const {
        return peek(ahead).kind == TokenKind::kSymbol && peek(ahead).text == symbol;
    }
    bool take_word(std::string_view keyword) { return is_word(keyword) && (++at_, true); }
    bool take_symbol(std::string_view symbol) { return is_symbol(symbol) && (++at_, true); }
    Place place() const { return Place{peek().offset}; }

    std::string found() const {
        return "found " + (peek().kind == TokenKind::kEnd ? std::string("the end") : quoted(peek().text));
    }
    [[noreturn]] void expected(std::string_view what, const std::string& hint = "") const {
        raise({"expression.syntax", place(), found() + ", expected " + std::string(what) + hint}, source_);
    }
    [[noreturn]] void not_available(const Token& token, const std::string& what) const {
        raise({"expression.not_available", Place{token.offset}, what + " is not available yet"}, source_);
    }
    void expect_symbol(std::string_view symbol) {
        if (!take_symbol(symbol)) expected("'" + std::string(symbol) + "'");
    }
    void expect_word(std::string_view keyword) {
        if (!take_word(keyword)) expected("'" + std::string(keyword) + "'");
    }
    void expect_end(std::string_view otherwise) const {
        if (peek().kind != TokenKind::kEnd) expected(otherwise);
    }
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
                      parser_.source_);
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
                  source_);
        }
        return fact_ != nullptr ? row_leaf() : customer_leaf();
    }

    // ---- predicates about customers ----
    Predicate customer_leaf() {
        const Place begin = place();
        if (is_word("all") && is_word("customers", 1)) {
            at_ += 2;
            return {AllCustomers{}, begin};
        }
        if (is_word("any") && is_symbol("(", 1)) {
            ++at_;
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
            case TokenKind::kString: ++at_; return Text{unquote(token.text), begin};
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
            ++at_;
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
              source_);
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
        ++at_;
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
            at_ += 2;
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
                    source_);
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

    Name name(std::string_view what) {
        for (const std::string_view reserved : {"and", "or", "not", "in", "is", "where"}) {
            if (is_word(reserved)) expected(what);
        }
        const Place begin = place();
        return {std::string(tokens_[at_++].text), begin};
    }

    Number number() {
        const Place begin = place();
        const bool minus = take_symbol("-");
        if (peek().kind != TokenKind::kNumber) expected("a number");
        const Decimal value = decimal(peek().text);
        ++at_;
        return {Decimal{minus ? -value.units : value.units, value.scale}, begin};
    }

    // With its scale as written: 2.50 is not 2.5, so that it prints as it was.
    Decimal decimal(std::string_view text) const {
        constexpr std::size_t kMostDecimals = 9;
        const std::size_t dot = std::min(text.find('.'), text.size());
        const std::string_view fraction = dot < text.size() ? text.substr(dot + 1) : "";
        const std::string digits = std::string(text.substr(0, dot)) + std::string(fraction);
        Decimal value{0, static_cast<std::uint8_t>(fraction.size())};
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value.units);
        if (failure == std::errc{} && fraction.size() <= kMostDecimals) return value;
        raise({"expression.value", place(), found() + ", expected a number of at most 18 digits, 9 of them decimals"},
              source_);
    }

    // ---- windows ----
    bool starts_window() const {
        for (const std::string_view word : {"within", "more", "on", "between", "since", "before"}) {
            if (is_word(word)) return true;
        }
        return is_word("this") || is_word("last");
    }

    Window window() {
        Window result;
        result.place = place();
        if (take_word("within")) {
            if (!is_word("last") && !is_word("next")) expected("'last' or 'next'");
            result.kind = is_word("last") ? Window::Kind::kWithinLast : Window::Kind::kWithinNext;
            ++at_;
            read_duration(result);
        } else if (take_word("more")) {
            expect_word("than");
            result.kind = Window::Kind::kMoreThanAgo;
            read_duration(result);
            expect_word("ago");
        } else if (take_word("on")) {
            result.kind = Window::Kind::kOn;
            result.from = date();
        } else if (take_word("since")) {
            result.kind = Window::Kind::kSince;
            result.from = date();
        } else if (take_word("before")) {
            result.kind = Window::Kind::kBefore;
            result.from = date();
        } else if (take_word("between")) {
            read_between(result);
        } else {
            result.kind = is_word("this") ? Window::Kind::kThis : Window::Kind::kLast;
            ++at_;
            result.unit = calendar_unit();
        }
        return result;
    }

    void read_between(Window& result) {
        result.kind = Window::Kind::kBetween;
        result.from = date();
        expect_word("and");
        const Place second = place();
        result.to = date();
        if (result.to < result.from) {
            raise(
                {"expression.value", second, "the second date is before the first; expected between EARLIER and LATER"},
                source_);
        }
    }

    void read_duration(Window& result) {
        if (peek().kind != TokenKind::kNumber) expected("a whole number");
        const std::string_view digits = peek().text;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), result.n);
        if (failure != std::errc{} || end != digits.data() + digits.size() || result.n > kMaxWindowUnits) {
            expected("a whole number up to " + std::to_string(kMaxWindowUnits));
        }
        ++at_;
        for (const UnitName& known : kUnits) {
            if (known.unit == Unit::kQuarter || (!is_word(known.one) && !is_word(known.many))) continue;
            ++at_;
            result.unit = known.unit;
            return;
        }
        expected("minutes, hours, days, weeks, months or years",
                 suggestion(peek().text, {"minutes", "hours", "days", "weeks", "months", "years"}));
    }

    Unit calendar_unit() {
        for (const UnitName& known : kUnits) {
            if (known.unit == Unit::kMinute || known.unit == Unit::kHour || !take_word(known.one)) continue;
            return known.unit;
        }
        expected("day, week, month, quarter or year",
                 suggestion(peek().text, {"day", "week", "month", "quarter", "year"}));
    }

    Day date() {
        const Token& token = peek();
        if (token.kind != TokenKind::kDate && token.kind != TokenKind::kString) expected("a date such as 2024-03-01");
        const std::string text = token.kind == TokenKind::kString ? unquote(token.text) : std::string(token.text);
        const auto time = parse_time(text);
        if (!time || time->has_time) {
            raise({"expression.value", place(),
                   "found " + quoted(text) + ", expected a date such as 2024-03-01, from 1900 to 2199"},
                  source_);
        }
        ++at_;
        return time->day;
    }

    std::string_view source_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
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
