// src/audience/expression/token_reader.h
//
// Reads tokens from left to right, complains about the one in front, and understands the parts of the language that
// hold no others: names, numbers, dates and windows. The parser builds on it.
//
// Errors   expression.syntax, expression.value, expression.not_available, as a Failure (problem.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/expression/ast.h"
#include "audience/expression/lexer.h"

namespace shuke::audience {

class TokenReader {
public:
    explicit TokenReader(std::string_view source) : source_(source), tokens_(tokenize(source)) {}

    std::string_view source() const { return source_; }
    const Token& peek(std::size_t ahead = 0) const;
    bool is_word(std::string_view keyword, std::size_t ahead = 0) const;
    bool is_symbol(std::string_view symbol, std::size_t ahead = 0) const;
    bool take_word(std::string_view keyword) { return is_word(keyword) && (++at_, true); }
    bool take_symbol(std::string_view symbol) { return is_symbol(symbol) && (++at_, true); }
    const Token& take() { return tokens_[at_++]; }  // never the end
    Place place() const { return Place{peek().offset}; }

    std::string found() const;  // "found 'dais'"
    [[noreturn]] void expected(std::string_view what, const std::string& hint = "") const;
    void expect_symbol(std::string_view symbol);
    void expect_word(std::string_view keyword);
    void expect_end(std::string_view otherwise) const;

    Name name(std::string_view what);  // any word but and, or, not, in, is, where
    Number number();                   // its sign included
    Day date();
    bool starts_window() const;
    Window window();

private:
    Decimal decimal(std::string_view text) const;
    void read_between(Window& result);
    void read_duration(Window& result);
    Unit calendar_unit();

    std::string_view source_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

}  // namespace shuke::audience
