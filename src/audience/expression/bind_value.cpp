#include "audience/expression/bind_value.h"

#include <algorithm>
#include <limits>

#include "audience/expression/printer.h"
#include "audience/expression/problem.h"
#include "base/time_zone.h"

namespace shuke::audience {
namespace {

__extension__ using Int128 = __int128;  // exact products of two 64-bit numbers

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min() + 1;  // the lowest is "missing"
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Place place_of(const Value& value) {
    return std::visit([](const auto& alternative) { return alternative.place; }, value);
}

Int128 power_of_ten(int exponent) {
    Int128 power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

struct Scaled {
    std::int64_t floor, ceiling;  // of value · 10^scale, kept within 64 bits
    double exact;
};
Scaled scaled(Decimal value, int scale) {
    const Int128 numerator = Int128{value.units} * power_of_ten(std::max(0, scale - value.scale));
    const Int128 denominator = power_of_ten(std::max(0, value.scale - scale));
    Int128 floor = numerator / denominator;
    if (numerator % denominator != 0 && numerator < 0) --floor;
    const Int128 ceiling = floor + (numerator % denominator != 0 ? 1 : 0);
    const auto bounded = [](Int128 x) { return static_cast<std::int64_t>(std::clamp<Int128>(x, kLeast, kMost)); };
    return {bounded(floor), bounded(ceiling), static_cast<double>(numerator) / static_cast<double>(denominator)};
}

}  // namespace

bound::NumberTest number_test(Op op, Decimal value, int scale) {
    const Scaled v = scaled(value, scale);
    const bool whole = v.floor == v.ceiling;
    bound::NumberTest test{op, v.exact, kLeast, kMost, op == Op::kNotEqual};
    switch (op) {
        case Op::kLess: test.high = v.ceiling == kLeast ? kLeast : v.ceiling - 1; break;
        case Op::kLessEqual: test.high = v.floor; break;
        case Op::kGreater: test.low = v.floor == kMost ? kMost : v.floor + 1; break;
        case Op::kGreaterEqual: test.low = v.ceiling; break;
        default:
            test.low = v.ceiling;
            test.high = whole ? v.floor : v.ceiling - 1;  // no whole number equals a broken one: an empty range
    }
    return test;
}

void ValueBinder::complain(std::string key, const Value& value, std::string message) const {
    raise({std::move(key), place_of(value), std::move(message)}, source);
}

bound::Test ValueBinder::compare(Op op, const Value& value) const {
    switch (type) {
        case Type::kText: return compare_text(op, value);
        case Type::kChoice: return compare_choice(op, value);
        case Type::kNumber:
        case Type::kMoney:
        case Type::kPieces: return compare_number(op, value);
        case Type::kDate: return compare_date(op, value);
        case Type::kTime: return compare_time(op, value);
        case Type::kFlag: break;
    }
    complain("expression.type", value, name + " is yes or no; write " + name + " or not " + name);
}

bound::Test ValueBinder::in(const std::vector<Value>& values) const {
    if (type == Type::kTime || type == Type::kFlag) {
        complain("expression.type", values.front(),
                 name + " is " + std::string(describe(type)) + ", which has no list; use a window or a comparison");
    }
    if (type == Type::kText) {
        bound::TextTest test;
        for (const Value& value : values) test.values.push_back(text_of(value, name, source));
        return test;
    }
    if (type == Type::kChoice) {
        bound::ChoiceTest test;
        for (const Value& value : values) test.allowed |= 1u << choice_of(value);
        return test;
    }
    bound::NumberSetTest test;
    for (const Value& value : values) {
        if (type == Type::kDate) {
            test.values.push_back(day_of(value).days_since_epoch);
        } else if (const Scaled v = scaled(number_of(value), scale); v.floor == v.ceiling) {
            test.values.push_back(v.floor);
        } else {
            test.fractions.push_back(v.exact);
        }
    }
    std::ranges::sort(test.values);
    test.values.erase(std::ranges::unique(test.values).begin(), test.values.end());
    return test;
}

bound::Test ValueBinder::compare_text(Op op, const Value& value) const {
    using Kind = bound::TextTest::Kind;
    if (op != Op::kEqual && op != Op::kNotEqual && op != Op::kContains && op != Op::kStartsWith) {
        complain("expression.type", value, name + " is text; it compares with =, !=, in, contains and starts with");
    }
    const Kind kind = op == Op::kContains     ? Kind::kContains
                      : op == Op::kStartsWith ? Kind::kStartsWith
                                              : Kind::kEqualsAny;
    return bound::TextTest{kind, {text_of(value, name, source)}, op == Op::kNotEqual};
}

bound::Test ValueBinder::compare_choice(Op op, const Value& value) const {
    if (op != Op::kEqual && op != Op::kNotEqual) {
        complain("expression.type", value, name + " is one of a few words; it compares with =, != and in");
    }
    const std::uint32_t one = 1u << choice_of(value);
    const std::uint32_t every = (1u << choices.size()) - 1;
    return bound::ChoiceTest{op == Op::kEqual ? one : every & ~one};
}

bound::Test ValueBinder::compare_number(Op op, const Value& value) const {
    refuse_text_op(op, value);
    return number_test(op, number_of(value), scale);
}

bound::Test ValueBinder::compare_date(Op op, const Value& value) const {
    refuse_text_op(op, value);
    return number_test(op, Decimal{day_of(value).days_since_epoch, 0}, 0);
}

// A time beside a date is asked about its calendar day: `<` is before it, `>=` since it, `=` on it.
bound::Test ValueBinder::compare_time(Op op, const Value& value) const {
    refuse_text_op(op, value);
    const Day day = day_of(value);
    Window window;
    window.place = place_of(value);
    const bool later = op == Op::kGreater || op == Op::kLessEqual;
    window.from = later ? Day{day.days_since_epoch + 1} : day;
    window.kind = op == Op::kEqual || op == Op::kNotEqual   ? Window::Kind::kOn
                  : op == Op::kLess || op == Op::kLessEqual ? Window::Kind::kBefore
                                                            : Window::Kind::kSince;
    return bound::WindowTest{window, op == Op::kNotEqual};
}

void ValueBinder::refuse_text_op(Op op, const Value& value) const {
    if (op != Op::kContains && op != Op::kStartsWith) return;
    complain("expression.type", value,
             name + " is " + std::string(describe(type)) + ", not text, so '" + std::string(word_of(op)) +
                 "' does not apply");
}

Decimal ValueBinder::number_of(const Value& value) const {
    if (const auto* number = std::get_if<Number>(&value)) return number->value;
    complain("expression.type", value,
             "found " + print(value) + ", expected a number, since " + name + " is " + std::string(describe(type)));
}

Day ValueBinder::day_of(const Value& value) const {
    if (const auto* date = std::get_if<Date>(&value)) return date->day;
    if (const auto* text = std::get_if<Text>(&value)) {
        if (const auto time = parse_time(text->text); time && !time->has_time) return time->day;
    }
    complain("expression.type", value,
             "found " + print(value) + ", expected a date such as 2024-03-01, since " + name + " is " +
                 std::string(describe(type)));
}

std::uint32_t ValueBinder::choice_of(const Value& value) const {
    const std::string word = text_of(value, name, source);
    for (std::uint32_t i = 0; i < choices.size(); ++i) {
        const Choice& choice = choices[i];
        if (word == choice.key || word == choice.words.zh || (!choice.alias.empty() && word == choice.alias)) return i;
    }
    std::vector<std::string_view> keys;
    for (const Choice& choice : choices) keys.push_back(choice.key);
    complain("expression.value", value,
             "found " + quoted(word) + ", expected a " + name + ": " + either(keys) + suggestion(word, keys));
}

std::string text_of(const Value& value, std::string_view name, std::string_view source) {
    if (const auto* text = std::get_if<Text>(&value)) return text->text;
    if (const auto* word = std::get_if<Name>(&value)) return word->text;
    if (const auto* number = std::get_if<Number>(&value); number != nullptr && number->value.scale == 0) {
        return std::to_string(number->value.units);
    }
    raise({"expression.type", place_of(value),
           "found " + print(value) + ", expected text in quotes, since " + std::string(name) + " is text"},
          source);
}

}  // namespace shuke::audience
