// src/audience/expression/lexer.h
//
// Text → tokens. Words are letters, digits, '_' and '.', and every character of other scripts, so that 浙江 needs no
// quotes. Full-width brackets, commas and operators and curly quotes, as Chinese keyboards give them, count as their
// ASCII twins.
//
//   number   300  2.50       (a number with leading zeros or letters behind it is a word: 007, 85123A)
//   date     2010-11-17
//   string   "…" '…' “…” with \" \' \\ \n \r \t \uXXXX
//
// Errors   expression.syntax, expression.too_long, as a Failure (problem.h).
// Cost     one pass; a token takes 24 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shuke::audience {

inline constexpr std::size_t kMaxTextBytes = 4 * 1024 * 1024;

enum class TokenKind : std::uint8_t { kWord, kNumber, kDate, kString, kSymbol, kEnd };

struct Token {
    TokenKind kind = TokenKind::kEnd;
    std::string_view text;  // of the source; for symbols the ASCII spelling: "<=", "!=", "("
    std::uint32_t offset = 0;
};

// The tokens point into `source` and into constants; kEnd is last.
std::vector<Token> tokenize(std::string_view source);

// What a kString token stands for.
std::string unquote(std::string_view token_text);
// The string as a token: "…" with escapes.
std::string quote(std::string_view text);
// Would this text lex to one word that may stand as a value without quotes?
bool is_bare_word(std::string_view text);

bool equals_keyword(std::string_view word, std::string_view lower_case_keyword);

}  // namespace shuke::audience
