#include "identity/erased_text.h"

#include <algorithm>

#include "base/text.h"
#include "identity/identifiers.h"
#include "identity/lookup.h"
#include "record/shops.h"

namespace shuke::identity {
namespace {

constexpr std::size_t kWordBytesMin = 3;
constexpr std::size_t kNumberDigitsMin = 5;
constexpr std::size_t kMobileDigits = 11;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Each run of eleven digits or more inside a text, its last eleven: a mobile within an address or a remark.
std::vector<std::string_view> mobiles_in(std::string_view text) {
    std::vector<std::string_view> found;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && is_digit(text[end])) ++end;
        if (end - begin >= kMobileDigits) found.push_back(text.substr(end - kMobileDigits, kMobileDigits));
        begin = std::max(end, begin + 1);
    }
    return found;
}

}  // namespace

ErasedText::ErasedText(soci::session& session, const KeyRing& keys) : keys_(keys), erasures_(session) {
    if (!erasures_.empty()) shops_ = record::all_shops(session);
}

bool ErasedText::names_erased(std::string_view text) const {
    if (erasures_.empty()) return false;
    for (const auto& words : {words_of(text), mobiles_in(text)}) {
        if (std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is_erased(word); }))
            return true;
    }
    return false;
}

bool ErasedText::is_erased(std::string_view word) const {
    if (says_nobody(word)) return false;
    if (erasures_.find(fingerprint_of_name(keys_, word)) != nullptr) return true;
    const auto fingerprints = fingerprints_of(keys_, shops_, word);
    return std::any_of(fingerprints.begin(), fingerprints.end(),
                       [&](Hash128 one) { return erasures_.find(one) != nullptr; });
}

Hash128 fingerprint_of_name(const KeyRing& keys, std::string_view name) {
    return keys.fingerprint("erased name", normalise_name(name));
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    constexpr std::string_view kSeparators = ",;|\t\r\n\"'";
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(kSeparators, begin), text.size());
        if (const auto word = trim(text.substr(begin, end - begin)); !word.empty()) words.push_back(word);
        begin = end + 1;
    }
    return words;
}

bool says_nobody(std::string_view word) {
    const bool number = std::all_of(word.begin(), word.end(), is_digit);
    return word.size() < kWordBytesMin || (number && word.size() < kNumberDigitsMin);
}

}  // namespace shuke::identity
