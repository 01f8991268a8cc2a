#include "audience/expression/printer.h"

#include "audience/expression.h"
#include "audience/expression/lexer.h"
#include "base/time_zone.h"

namespace shuke::audience {
namespace {

enum class Binding { kOr, kAnd, kNot };  // loosest first

void append(std::string& out, const Predicate& predicate, Binding around);

std::string_view word_of(Unit unit) {
    constexpr std::string_view kWords[] = {"minute", "hour", "day", "week", "month", "quarter", "year"};
    return kWords[static_cast<std::size_t>(unit)];
}

void append_name(std::string& out, const std::string& name) { out += is_bare_word(name) ? name : quote(name); }

void append(std::string& out, const FactSet& facts) {
    out += facts.fact;
    if (!facts.field.empty()) (out += '.') += facts.field;
    if (!facts.where.empty()) {
        out += " where ";
        append(out, facts.where.front(), Binding::kOr);
    }
    if (!facts.window.empty()) (out += ' ') += print(facts.window.front());
}

struct AppendOperand {
    std::string& out;
    void operator()(const Name& name) const { append_name(out, name.text); }
    void operator()(const Text& text) const { out += quote(text.text); }
    void operator()(const Number& number) const { out += print(number.value); }
    void operator()(const Date& date) const { out += format_date(date.day); }
    void operator()(const Call& call) const {
        (out += word_of(call.aggregate)) += '(';
        append(out, call.facts);
        out += ')';
    }
    // A product in a sum needs no brackets; any other arithmetic inside arithmetic keeps its own.
    void operator()(const Arithmetic& node) const {
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            if (i > 0) ((out += ' ') += node.signs[i - 1]) += ' ';
            const auto* inner = std::get_if<Arithmetic>(&node.parts[i].value);
            const bool brackets = inner != nullptr && (is_sum(*inner) || !is_sum(node));
            if (brackets) out += '(';
            std::visit(*this, node.parts[i].value);
            if (brackets) out += ')';
        }
    }
    void operator()(const Population& node) const {
        out += word_of(node.kind);
        if (node.kind == Population::Kind::kPercentile) ((out += ' ') += print(node.percent)) += ' ';
        out += '(';
        std::visit(*this, node.metric.front().value);
        out += ')';
    }
    static bool is_sum(const Arithmetic& node) { return node.signs.front() == '+' || node.signs.front() == '-'; }
};

// The parts of one and/or, bracketed where something outside binds as tightly.
void append_joined(std::string& out, const std::vector<Predicate>& parts, std::string_view word, Binding own,
                   Binding around) {
    const bool brackets = around > own;
    if (brackets) out += '(';
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) ((out += ' ') += word) += ' ';
        append(out, parts[i], own == Binding::kOr ? Binding::kAnd : Binding::kNot);
    }
    if (brackets) out += ')';
}

struct AppendPredicate {
    std::string& out;
    Binding around;

    void operator()(const AllCustomers&) const { out += "all customers"; }
    void operator()(const And& node) const { append_joined(out, node.parts, "and", Binding::kAnd, around); }
    void operator()(const Or& node) const { append_joined(out, node.parts, "or", Binding::kOr, around); }
    void operator()(const Not& node) const {
        out += "not ";
        append(out, node.part.front(), Binding::kNot);
    }
    void operator()(const Compare& node) const {
        std::visit(AppendOperand{out}, node.left);
        ((out += ' ') += shuke::audience::word_of(node.op)) += ' ';
        std::visit(AppendOperand{out}, node.right);
    }
    void operator()(const In& node) const {
        std::visit(AppendOperand{out}, node.left);
        out += node.negated ? " not in [" : " in [";
        for (std::size_t i = 0; i < node.values.size(); ++i) {
            if (i > 0) out += ", ";
            std::visit(AppendOperand{out}, node.values[i]);
        }
        out += ']';
    }
    void operator()(const IsMissing& node) const {
        std::visit(AppendOperand{out}, node.left);
        out += node.negated ? " is known" : " is missing";
    }
    void operator()(const InWindow& node) const {
        std::visit(AppendOperand{out}, node.left);
        (out += ' ') += print(node.window);
    }
    void operator()(const Any& node) const {
        out += "any(";
        append(out, node.facts);
        out += ')';
    }
    void operator()(const Flag& node) const { append_name(out, node.name.text); }
    void operator()(const Membership& node) const {
        const bool channel = node.kind == Membership::Kind::kReachable || node.kind == Membership::Kind::kSubscribed;
        (out += shuke::audience::word_of(node.kind)) += '(';
        if (channel)
            append_name(out, node.name);
        else
            out += quote(node.name);
        out += ')';
    }
};

// An `and` inside an `and` keeps its brackets, so that the tree comes back as it was.
void append(std::string& out, const Predicate& predicate, Binding around) {
    std::visit(AppendPredicate{out, around}, predicate.node);
}

}  // namespace

std::string_view word_of(Op op) {
    constexpr std::string_view kWords[] = {"=", "!=", "<", "<=", ">", ">=", "contains", "starts with"};
    return kWords[static_cast<std::size_t>(op)];
}

std::string_view word_of(Aggregate aggregate) {
    constexpr std::string_view kWords[] = {"count", "sum", "avg", "min", "max", "first", "last", "distinct"};
    return kWords[static_cast<std::size_t>(aggregate)];
}

std::string_view word_of(Membership::Kind kind) {
    constexpr std::string_view kWords[] = {"segment", "was_in", "list", "tag", "reachable", "subscribed"};
    return kWords[static_cast<std::size_t>(kind)];
}

std::string_view word_of(Population::Kind kind) {
    constexpr std::string_view kWords[] = {"average", "median", "percentile"};
    return kWords[static_cast<std::size_t>(kind)];
}

std::string print(const Window& window) {
    const std::string unit(word_of(window.unit));
    switch (window.kind) {
        case Window::Kind::kWithinLast: return "within last " + std::to_string(window.n) + " " + unit + "s";
        case Window::Kind::kWithinNext: return "within next " + std::to_string(window.n) + " " + unit + "s";
        case Window::Kind::kMoreThanAgo: return "more than " + std::to_string(window.n) + " " + unit + "s ago";
        case Window::Kind::kOn: return "on " + format_date(window.from);
        case Window::Kind::kBetween: return "between " + format_date(window.from) + " and " + format_date(window.to);
        case Window::Kind::kSince: return "since " + format_date(window.from);
        case Window::Kind::kBefore: return "before " + format_date(window.from);
        case Window::Kind::kThis: return "this " + unit;
        case Window::Kind::kLast: return "last " + unit;
    }
    return "";
}

std::string print(const Decimal& number) {
    std::string digits = std::to_string(number.units);
    const bool minus = digits.front() == '-';
    if (minus) digits.erase(0, 1);
    if (number.scale > 0) {
        if (digits.size() <= number.scale) digits.insert(0, number.scale + 1 - digits.size(), '0');
        digits.insert(digits.size() - number.scale, ".");
    }
    return minus ? "-" + digits : digits;
}

std::string print(const Operand& operand) {
    std::string out;
    std::visit(AppendOperand{out}, operand);
    return out;
}

std::string print(const Value& value) {
    std::string out;
    std::visit(AppendOperand{out}, value);
    return out;
}

std::string print(const FactSet& facts) {
    std::string out;
    append(out, facts);
    return out;
}

std::string print(const Expression& expression) {
    std::string out = print(expression.root);
    if (const auto& top = expression.top) {
        out += " top " + print(top->amount) + (top->percent ? "%" : "") + " by " + print(top->metric);
    }
    if (const auto& sample = expression.sample) {
        out += " sample " + print(sample->percent) + "%";
        if (sample->seed) out += " seed " + std::to_string(*sample->seed);
    }
    return out;
}

std::string print(const Predicate& predicate) {
    std::string out;
    append(out, predicate, Binding::kOr);
    return out;
}

}  // namespace shuke::audience
