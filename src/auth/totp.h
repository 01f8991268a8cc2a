// src/auth/totp.h
//
// The second factor: time-based one-time passwords (RFC 6238 over HMAC-SHA-1, six digits, 30 s: what every app knows),
// with recovery codes for a lost phone. A code is good in its own step and one before or after, and only once.
//
// Errors   auth.wrong_code, auth.totp_not_begun
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "auth/users.h"
#include "base/crypto.h"

namespace shuke::auth {

enum class TotpHash : std::uint8_t { kSha1, kSha256, kSha512 };

// `secret` as bytes. Pure.
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6, TotpHash hash = TotpHash::kSha1);
std::int64_t totp_step(Instant at);
std::string base32(std::string_view bytes);  // RFC 4648, without padding

struct TotpSecret {
    std::string secret;  // base32, to be typed
    std::string uri;     // otpauth://…, to be shown as a QR code
};
// A fresh secret, kept sealed until it is confirmed; asked again, a new one.
Result<TotpSecret> begin_totp(soci::session& session, const KeyRing& keys, const User& user);
// Switches it on when the code proves that the app has it. Ten recovery codes, shown this once.
Result<std::vector<std::string>> confirm_totp(soci::session& session, const KeyRing& keys, UserId user,
                                              std::string_view code, const By& by);
// A code of the app, or a recovery code (which is used up).
Status check_second_factor(soci::session& session, const KeyRing& keys, UserId user, std::string_view code,
                           Instant now);
void remove_totp(soci::session& session, UserId user, const By& by);

}  // namespace shuke::auth
