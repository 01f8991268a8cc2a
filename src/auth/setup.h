// src/auth/setup.h
//
// One-time links. The first start of `shuke serve` makes one that creates the administrator; an administrator makes one
// for a colleague to set a password. A link is good once and until it expires; its keyed fingerprint is kept, no more.
//
// Errors   setup.done (there are users), token.invalid (unknown, used or expired; one answer for all), password.weak
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/users.h"
#include "record/database.h"

namespace shuke::auth {

inline constexpr int kSetupHours = 24;
inline constexpr int kResetHours = 72;

bool needs_setup(soci::session& session);  // nobody can sign in yet
// A token for the link; former ones no longer hold. Audited.
Result<std::string> issue_setup_token(record::Database& database);

struct FirstAdministrator {
    std::string token, name, display_name, password, language = "zh-CN";
};
Result<User> complete_setup(record::Database& database, const FirstAdministrator& answer);

// A link for the user to choose a password; former ones of the user no longer hold.
Result<std::string> issue_reset_token(record::Database& database, UserId user, const By& by);
// Whom a token lets choose a password. Error token.invalid.
Result<User> user_of_reset_token(soci::session& session, const KeyRing& keys, std::string_view token, Instant now);
Result<User> complete_reset(record::Database& database, std::string_view token, std::string_view password);

}  // namespace shuke::auth
