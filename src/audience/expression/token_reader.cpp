#include "audience/expression/token_reader.h"

#include <algorithm>
#include <charconv>

#include "audience/expression/parser.h"
#include "audience/expression/problem.h"
#include "base/time_zone.h"

namespace shuke::audience {
namespace {

struct UnitName {
    std::string_view one, many;
    Unit unit;
};
constexpr UnitName kUnits[] = {
    {"minute", "minutes", Unit::kMinute},    {"hour", "hours", Unit::kHour},    {"day", "days", Unit::kDay},
    {"week", "weeks", Unit::kWeek},          {"month", "months", Unit::kMonth}, {"year", "years", Unit::kYear},
    {"quarter", "quarters", Unit::kQuarter},
};

}  // namespace

const Token& TokenReader::peek(std::size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

bool TokenReader::is_word(std::string_view keyword, std::size_t ahead) const {
    return peek(ahead).kind == TokenKind::kWord && equals_keyword(peek(ahead).text, keyword);
}

bool TokenReader::is_symbol(std::string_view symbol, std::size_t ahead) const {
    return peek(ahead).kind == TokenKind::kSymbol && peek(ahead).text == symbol;
}

std::string TokenReader::found() const {
    return "found " + (peek().kind == TokenKind::kEnd ? std::string("the end") : quoted(peek().text));
}

void TokenReader::expected(std::string_view what, const std::string& hint) const {
    raise({"expression.syntax", place(), found() + ", expected " + std::string(what) + hint}, source_);
}

void TokenReader::expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) expected("'" + std::string(symbol) + "'");
}

void TokenReader::expect_word(std::string_view keyword) {
    if (!take_word(keyword)) expected("'" + std::string(keyword) + "'");
}

void TokenReader::expect_end(std::string_view otherwise) const {
    if (peek().kind != TokenKind::kEnd) expected(otherwise);
}

Name TokenReader::name(std::string_view what) {
    for (const std::string_view reserved : {"and", "or", "not", "in", "is", "where"}) {
        if (is_word(reserved)) expected(what);
    }
    const Place begin = place();
    return {std::string(tokens_[at_++].text), begin};
}

Number TokenReader::number() {
    const Place begin = place();
    const bool minus = take_symbol("-");
    if (peek().kind != TokenKind::kNumber) expected("a number");
    const Decimal value = decimal(peek().text);
    ++at_;
    return {Decimal{minus ? -value.units : value.units, value.scale}, begin};
}

// With its scale as written: 2.50 is not 2.5, so that it prints as it was.
Decimal TokenReader::decimal(std::string_view text) const {
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

bool TokenReader::starts_window() const {
    for (const std::string_view word : {"within", "more", "on", "between", "since", "before"}) {
        if (is_word(word)) return true;
    }
    return is_word("this") || is_word("last");
}

Window TokenReader::window() {
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

void TokenReader::read_between(Window& result) {
    result.kind = Window::Kind::kBetween;
    result.from = date();
    expect_word("and");
    const Place second = place();
    result.to = date();
    if (result.to < result.from) {
        raise({"expression.value", second, "the second date is before the first; expected between EARLIER and LATER"},
              source_);
    }
}

void TokenReader::read_duration(Window& result) {
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

Unit TokenReader::calendar_unit() {
    for (const UnitName& known : kUnits) {
        if (known.unit == Unit::kMinute || known.unit == Unit::kHour || !take_word(known.one)) continue;
        return known.unit;
    }
    expected("day, week, month, quarter or year", suggestion(peek().text, {"day", "week", "month", "quarter", "year"}));
}

Day TokenReader::date() {
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

}  // namespace shuke::audience
