#include "audience/expression/lexer.h"

#include <algorithm>

#include "audience/expression/problem.h"
#include "base/text.h"

namespace shuke::audience {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

struct Twin {
    std::string_view wide, ascii;
};
constexpr Twin kTwins[] = {
    {"（", "("}, {"）", ")"}, {"［", "["}, {"］", "]"}, {"【", "["}, {"】", "]"}, {"，", ","}, {"、", ","},
    {"＝", "="}, {"＜", "<"}, {"＞", ">"}, {"！", "!"}, {"＋", "+"}, {"－", "-"}, {"＊", "*"}, {"／", "/"},
    {"％", "%"}, {"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"“", "\""}, {"”", "\""},
};
constexpr std::string_view kWideBlanks[] = {"\u3000", "\u00A0", "\u200B", "\uFEFF"};
constexpr std::string_view kSymbols[] = {"<=", ">=", "!=", "=", "<", ">", "(", ")",
                                         "[",  "]",  ",",  "+", "-", "*", "/", "%"};

std::uint32_t decode(std::string_view character) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
    };
    switch (character.size()) {
        case 2: return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
        case 3: return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
        case 4: return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
        default: return byte(0);
    }
}

std::string_view first_character(std::string_view rest) {
    std::size_t bytes = 1;
    while (bytes < rest.size() && (static_cast<unsigned char>(rest[bytes]) & 0xC0) == 0x80) ++bytes;
    return rest.substr(0, bytes);
}

// Letters and signs of any script may stand in a word; punctuation and blanks of any script may not.
bool is_word_character(std::string_view character) {
    if (character.size() == 1) return is_ascii_word(character[0]);
    const std::uint32_t c = decode(character);
    const auto within = [c](std::uint32_t low, std::uint32_t high) { return c >= low && c <= high; };
    return !within(0x80, 0xA0) && !within(0x2000, 0x206F) && !within(0x3000, 0x3004) && !within(0x3008, 0x3020) &&
           !within(0xFF00, 0xFF0F) && !within(0xFF1A, 0xFF20) && !within(0xFF3B, 0xFF40) && !within(0xFF5B, 0xFF65) &&
           !within(0x2260, 0x2265) && c != 0xFEFF;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> run() {
        std::vector<Token> tokens;
        for (;;) {
            skip_blanks();
            tokens.push_back(next());
            if (tokens.back().kind == TokenKind::kEnd) return tokens;
        }
    }

private:
    std::string_view rest() const { return source_.substr(at_); }

    [[noreturn]] void complain(std::size_t offset, std::string message) const {
        raise({"expression.syntax", Place{static_cast<std::uint32_t>(offset)}, std::move(message)}, source_);
    }

    void skip_blanks() {
        while (at_ < source_.size()) {
            const std::size_t bytes = blank_bytes();
            if (bytes == 0) return;
            at_ += bytes;
        }
    }
    std::size_t blank_bytes() const {
        const char c = source_[at_];
        if (is_ascii(c)) return c == ' ' || c == '\t' || c == '\r' || c == '\n' ? 1 : 0;
        for (const std::string_view blank : kWideBlanks) {
            if (rest().starts_with(blank)) return blank.size();
        }
        return 0;
    }

    Token take(TokenKind kind, std::size_t bytes) {
        const Token token{kind, source_.substr(at_, bytes), static_cast<std::uint32_t>(at_)};
        at_ += bytes;
        return token;
    }

    Token next() {
        if (at_ == source_.size()) return take(TokenKind::kEnd, 0);
        if (const std::size_t bytes = date_bytes(); bytes > 0) return take(TokenKind::kDate, bytes);
        if (const std::size_t bytes = word_bytes(); bytes > 0) {
            return take(is_number(rest().substr(0, bytes)) ? TokenKind::kNumber : TokenKind::kWord, bytes);
        }
        if (quote_bytes(rest()) > 0) return take(TokenKind::kString, string_bytes());
        return symbol();
    }

    // YYYY-M-D with nothing word-like behind it.
    std::size_t date_bytes() const {
        const std::string_view text = rest();
        if (!is_digit(text[0])) return 0;
        std::size_t at = 0;
        const auto digits = [&](std::size_t least, std::size_t most) {
            const std::size_t begin = at;
            while (at < text.size() && at - begin < most && is_digit(text[at])) ++at;
            return at - begin >= least;
        };
        const auto dash = [&] { return at < text.size() && text[at++] == '-'; };
        if (!digits(4, 4) || !dash() || !digits(1, 2) || !dash() || !digits(1, 2)) return 0;
        return at < text.size() && is_word_character(first_character(text.substr(at))) ? 0 : at;
    }

    // Word characters, and single dots between them.
    std::size_t word_bytes() const {
        const std::string_view text = rest();
        std::size_t at = 0;
        while (at < text.size()) {
            const std::string_view character = first_character(text.substr(at));
            const bool dot = character == "." && at > 0 && at + 1 < text.size() &&
                             is_word_character(first_character(text.substr(at + 1)));
            if (!dot && (!is_word_character(character) || is_twin(character))) break;
            at += character.size();
        }
        return at;
    }

    static bool is_twin(std::string_view character) {
        return !is_ascii(character[0]) && std::ranges::find(kTwins, character, &Twin::wide) != std::end(kTwins);
    }

    static bool is_number(std::string_view word) {
        const std::size_t dot = std::min(word.find('.'), word.size());
        const std::string_view whole = word.substr(0, dot);
        const std::string_view fraction = dot < word.size() ? word.substr(dot + 1) : "0";
        const bool leading_zero = whole.size() > 1 && whole[0] == '0';
        return !leading_zero && !whole.empty() && std::ranges::all_of(whole, is_digit) && !fraction.empty() &&
               std::ranges::all_of(fraction, is_digit);
    }

    static std::size_t quote_bytes(std::string_view text) {
        if (text.starts_with('"') || text.starts_with('\'')) return 1;
        return text.starts_with("“") || text.starts_with("”") ? 3 : 0;
    }

    // A string ends with the quote it began with; either curly quote ends one that began with a curly quote.
    std::size_t string_bytes() const {
        const std::string_view text = rest();
        const std::size_t open = quote_bytes(text);
        for (std::size_t at = open; at < text.size();) {
            if (text[at] == '\\') {
                at += escape_bytes(at);
                continue;
            }
            if (text[at] == '\n') break;
            const bool closes = open == 1 ? text[at] == text[0] : quote_bytes(text.substr(at)) == 3;
            if (closes) return at + open;
            ++at;
        }
        complain(at_, "this text has no closing quote on its line");
    }

    std::size_t escape_bytes(std::size_t at) const {
        const std::string_view text = rest().substr(at);
        if (text.size() >= 2 && std::string_view("\"'\\nrt").find(text[1]) != std::string_view::npos) return 2;
        const std::string_view hex = text.substr(std::min<std::size_t>(2, text.size()), 4);
        const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
        const bool surrogate = hex.size() == 4 && (hex[0] == 'd' || hex[0] == 'D') && hex[1] > '7';
        if (text.size() >= 6 && text[1] == 'u' && std::ranges::all_of(hex, is_hex) && !surrogate) return 6;
        const std::string_view after = text.size() > 1 ? first_character(text.substr(1)) : "";
        complain(at_ + at, "found " + quoted(text.substr(0, 1 + after.size())) +
                               ", expected one of \\\" \\' \\\\ \\n \\r \\t \\uXXXX (a backslash itself is \\\\)");
    }

    Token symbol() {
        for (const Twin& twin : kTwins) {
            if (is_ascii(rest()[0]) || !rest().starts_with(twin.wide)) continue;
            Token token = take(TokenKind::kSymbol, twin.wide.size());
            token.text = twin.ascii;
            return join_with_equals(token);
        }
        for (const std::string_view ascii : kSymbols) {
            if (rest().starts_with(ascii)) return join_with_equals(take(TokenKind::kSymbol, ascii.size()));
        }
        const std::string_view character = first_character(rest());
        if (character == "!") {
            Token token = take(TokenKind::kSymbol, 1);
            token.text = "!";
            return join_with_equals(token);
        }
        const std::string_view hint = character == ";" || character == "；" || character == "。"
                                          ? "; an expression ends without a mark"
                                          : "; text with such characters needs quotes";
        complain(at_, "found " + quoted(character) + std::string(hint));
    }

    // "＜＝" is "<=": a wide sign may be followed by a wide or plain "=".
    Token join_with_equals(Token token) {
        const bool joins = token.text == "<" || token.text == ">" || token.text == "!";
        const std::size_t bytes = rest().starts_with("=")    ? 1
                                  : rest().starts_with("＝") ? std::string_view("＝").size()
                                                             : 0;
        if (joins && bytes > 0) {
            at_ += bytes;
            token.text = token.text == "<" ? "<=" : token.text == ">" ? ">=" : "!=";
        }
        if (token.text == "!") complain(token.offset, "found '!', expected != or the word not");
        return token;
    }

    std::string_view source_;
    std::size_t at_ = 0;
};

constexpr std::string_view kReserved[] = {"and", "or", "not", "in", "is", "where"};

}  // namespace

std::vector<Token> tokenize(std::string_view source) {
    if (source.size() > kMaxTextBytes) {
        raise({"expression.too_long",
               {},
               "the expression has " + std::to_string(source.size()) + " bytes; at most " +
                   std::to_string(kMaxTextBytes) + " are read"},
              {});
    }
    if (const Utf8Fault fault = find_utf8_fault(source); fault.offset < source.size()) {
        raise({"expression.syntax",
               {},
               "byte " + std::to_string(fault.offset + 1) + " is not valid UTF-8; expected text in UTF-8"},
              {});
    }
    return Lexer(source).run();
}

std::string unquote(std::string_view token_text) {
    const std::size_t mark = token_text[0] == '"' || token_text[0] == '\'' ? 1 : 3;
    const std::string_view inside = token_text.substr(mark, token_text.size() - 2 * mark);
    std::string text;
    text.reserve(inside.size());
    for (std::size_t at = 0; at < inside.size(); ++at) {
        if (inside[at] != '\\') {
            text += inside[at];
            continue;
        }
        ++at;
        switch (inside[at]) {
            case 'n': text += '\n'; break;
            case 'r': text += '\r'; break;
            case 't': text += '\t'; break;
            case 'u':
                append_utf8(text,
                            static_cast<char32_t>(std::stoul(std::string(inside.substr(at + 1, 4)), nullptr, 16)));
                at += 4;
                break;
            default: text += inside[at];
        }
    }
    return text;
}

std::string quote(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            (out += '\\') += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7F) {
            ((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out += '"';
}

bool equals_keyword(std::string_view word, std::string_view lower_case_keyword) {
    return std::ranges::equal(word, lower_case_keyword, [](char c, char keyword) {
        return (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) == keyword;
    });
}

bool is_bare_word(std::string_view text) {
    if (text.empty() || !is_utf8(text)) return false;
    if (std::ranges::any_of(kReserved, [&](std::string_view word) { return equals_keyword(text, word); })) return false;
    try {
        const std::vector<Token> tokens = tokenize(text);
        return tokens.size() == 2 && tokens[0].kind == TokenKind::kWord && tokens[0].text == text;
    } catch (const Failure&) {
        return false;
    }
}

}  // namespace shuke::audience
