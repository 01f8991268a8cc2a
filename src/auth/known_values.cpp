#include "auth/known_values.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "identity/erased_text.h"

namespace shuke::auth {
namespace {

using identity::IdentifierKind;

constexpr std::size_t kPartBytesMin = 6;  // two Chinese characters
constexpr std::size_t kDigitsMin = 8;

std::string digits_of(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '"' || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_phone(IdentifierKind kind) {
    return kind == IdentifierKind::kPhone || kind == IdentifierKind::kTelephone ||
           kind == IdentifierKind::kPrivacyNumber;
}

}  // namespace

void KnownValues::add_identifier(IdentifierKind kind, const std::string& value) {
    raw_.push_back(value);
    identifiers_.push_back({kind, value, false});
    if (is_phone(kind)) {
        std::string digits = digits_of(value);
        if (value.starts_with("+86")) digits.erase(0, 2);
        if (digits.size() >= kDigitsMin) phones_.push_back(digits);
    }
    add_text(value);
}

void KnownValues::add_name(const std::string& name) {
    add_text(name);
    if (const std::string plain = identity::normalise_name(name); plain != fold(name)) add_text(plain);
}

void KnownValues::add_text(const std::string& text) {
    std::string folded = fold(text);
    if (!identity::says_nobody(folded)) folded_.push_back(std::move(folded));
}

bool KnownValues::is_one(std::string_view word) const {
    const std::string folded = fold(word);
    if (std::find(folded_.begin(), folded_.end(), folded) != folded_.end()) return true;
    const auto same = [&](const std::optional<identity::Identifier>& read) {
        return read && std::any_of(identifiers_.begin(), identifiers_.end(), [&](const auto& one) {
                   return one.kind == read->kind && one.value == read->value;
               });
    };
    return same(identity::normalise_email(word)) || same(identity::normalise_nick(word));
}

bool KnownValues::are_in(std::string_view text) const {
    const std::string folded = fold(text);
    for (const std::string& value : folded_) {
        if (value.size() >= kPartBytesMin && folded.find(value) != std::string::npos) return true;
    }
    const std::string digits = digits_of(nfkc(text));
    for (const std::string& phone : phones_) {
        if (digits.find(phone) != std::string::npos) return true;
    }
    const auto words = identity::words_of(text);
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is_one(word); });
}

std::string KnownValues::without(std::string expression) const {
    constexpr std::string_view kErased = "\"erased\"";
    for (const std::string& value : raw_) {
        if (value.empty() || value == "erased") continue;
        for (const std::string& quoted : {'"' + value + '"', '\'' + value + '\''}) {
            for (std::size_t at = expression.find(quoted); at != std::string::npos; at = expression.find(quoted))
                expression.replace(at, quoted.size(), kErased);
        }
        // A bare word; a small number may mean anything.
        if (identity::says_nobody(value)) continue;
        for (std::size_t at = expression.find(value); at != std::string::npos;
             at = expression.find(value, at + kErased.size())) {
            const std::size_t end = at + value.size();
            const bool whole = (at == 0 || !is_word(expression[at - 1])) &&
                               (end == expression.size() || !is_word(expression[end]));
            if (whole) expression.replace(at, value.size(), kErased);
        }
    }
    return expression;
}

}  // namespace shuke::auth
