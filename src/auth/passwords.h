// src/auth/passwords.h
//
// Passwords are kept as Argon2id hashes (RFC 9106, libsodium's interactive limits: 64 MiB, two passes) and judged by
// zxcvbn (Wheeler 2016, USENIX Security), which counts the guesses an attacker needs.
//
// Cost     hash and verify: about 0.1 s and 64 MiB each, so never inside a transaction
// Threads  pure; at most kHashingAtOnce hashes are computed at a time, more callers wait
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace shuke::auth {

inline constexpr int kHashingAtOnce = 4;
inline constexpr int kScoreMin = 3;  // 10^8 guesses
inline constexpr std::size_t kPasswordBytesMax = 256;

struct Strength {
    int score = 0;  // 0 … 4: more than 10^3, 10^6, 10^8, 10^10 guesses
    bool acceptable = false;
    std::string warning;  // a stable word, '' when there is none: too_short, too_long, common, yours, repeated,
                          // sequence, keyboard, date, guessable
};

// `own` are words an attacker knows of this user: name, display name, shop.
Strength password_strength(std::string_view password, const std::vector<std::string>& own = {});
// Error password.weak says what is wrong with it.
Status check_password(std::string_view password, const std::vector<std::string>& own = {});

Result<std::string> hash_password(std::string_view password);
// An empty hash stands for a user that does not exist: the same work is done and the answer is no.
bool verify_password(const std::string& hash, std::string_view password);
// The limits have changed since: hash again at the next sign-in.
bool needs_rehash(const std::string& hash);

}  // namespace shuke::auth
