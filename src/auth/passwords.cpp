#include "auth/passwords.h"

#include <sodium.h>
#include <zxcvbn.h>

#include <algorithm>
#include <semaphore>

#include "base/check.h"
#include "base/crypto.h"
#include "base/text.h"

namespace shuke::auth {
namespace {

constexpr std::size_t kCharactersMin = 8;
constexpr auto kPasses = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr auto kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

std::counting_semaphore<kHashingAtOnce> hashing(kHashingAtOnce);

struct Turn {
    Turn() { hashing.acquire(); }
    ~Turn() { hashing.release(); }
};

void start_sodium() { SHUKE_CHECK(sodium_init() >= 0, "libsodium could not be started"); }

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// What the part of the password that costs an attacker the least is.
std::string warning_of(const ZxcMatch_t* matches) {
    std::string warning;
    int longest = 0;
    for (const ZxcMatch_t* match = matches; match != nullptr; match = match->Next) {
        const int type = match->Type & ~MULTIPLE_MATCH;
        if (type == BRUTE_MATCH || type == NON_MATCH || match->Length <= longest) continue;
        longest = match->Length;
        switch (type) {
            case DICTIONARY_MATCH:
            case DICT_LEET_MATCH: warning = "common"; break;
            case USER_MATCH:
            case USER_LEET_MATCH: warning = "yours"; break;
            case REPEATS_MATCH: warning = "repeated"; break;
            case SEQUENCE_MATCH: warning = "sequence"; break;
            case SPATIAL_MATCH: warning = "keyboard"; break;
            case DATE_MATCH:
            case YEAR_MATCH: warning = "date"; break;
            default: break;
        }
    }
    return warning.empty() ? "guessable" : warning;
}

std::string describe(const std::string& warning) {
    if (warning == "too_short") return "it has fewer than " + std::to_string(kCharactersMin) + " characters";
    if (warning == "too_long") return "it has more than " + std::to_string(kPasswordBytesMax) + " bytes";
    if (warning == "common") return "it is made of a common word or password";
    if (warning == "yours") return "it is made of your name or the shop's";
    if (warning == "repeated") return "it repeats the same characters";
    if (warning == "sequence") return "it follows a sequence such as abc or 123";
    if (warning == "keyboard") return "it follows the keys of the keyboard";
    if (warning == "date") return "it is a date or a year";
    return "it is too easy to guess";
}

}  // namespace

Strength password_strength(std::string_view password, const std::vector<std::string>& own) {
    Strength strength;
    if (password.size() > kPasswordBytesMax) {
        strength.warning = "too_long";
        return strength;
    }
    std::vector<std::string> words{"shuke", "熟客"};
    for (const std::string& word : own) {
        for (const std::string_view part : split(word, ' ')) {
            if (characters(part) >= 2) words.push_back(fold(part));
        }
    }
    std::vector<const char*> dictionary;
    for (const auto& word : words) dictionary.push_back(word.c_str());
    dictionary.push_back(nullptr);
    const std::string text(password.substr(0, password.find('\0')));
    ZxcMatch_t* matches = nullptr;
    const double bits = ZxcvbnMatch(text.c_str(), dictionary.data(), &matches);
    for (const double limit : {9.966, 19.932, 26.575, 33.219}) strength.score += bits >= limit ? 1 : 0;
    strength.acceptable = strength.score >= kScoreMin && characters(password) >= kCharactersMin;
    if (characters(password) < kCharactersMin)
        strength.warning = "too_short";
    else if (!strength.acceptable)
        strength.warning = warning_of(matches);
    ZxcvbnFreeInfo(matches);
    return strength;
}

Status check_password(std::string_view password, const std::vector<std::string>& own) {
    const Strength strength = password_strength(password, own);
    if (strength.acceptable) return {};
    return fail(Code::kInvalid, "password.weak",
                "this password is too weak (" + std::to_string(strength.score) + " of 4, at least " +
                    std::to_string(kScoreMin) + "): " + describe(strength.warning) +
                    "; four or five words that do not belong together make a good one");
}

Result<std::string> hash_password(std::string_view password) {
    start_sodium();
    const Turn turn;
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, password.data(), password.size(), kPasses, kMemory) != 0) {
        return fail(Code::kExhausted, "password.no_memory",
                    "there are no 64 MiB of memory to hash the password with; try again");
    }
    return std::string(hash);
}

bool verify_password(const std::string& hash, std::string_view password) {
    // Of a password nobody has; made once.
    static const std::string kNobody = hash_password(random_token()).value_or("");
    if (password.size() > kPasswordBytesMax) password = password.substr(0, kPasswordBytesMax + 1);
    start_sodium();
    const Turn turn;
    const std::string& against = hash.empty() ? kNobody : hash;
    const bool equal = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return equal && !hash.empty();
}

bool needs_rehash(const std::string& hash) {
    return crypto_pwhash_str_needs_rehash(hash.c_str(), kPasses, kMemory) != 0;
}

}  // namespace shuke::auth
