// src/auth/users.h
//
// People who sign in. Names are folded (case, width), so that two users never look alike. Nobody can take away the last
// administrator: at least one that is not disabled remains.
//
// Call inside a write transaction; each change leaves its audit entry.
// Errors   user.unknown, user.name_taken, user.invalid_name, user.invalid_language, role.unknown,
//          record.changed_meanwhile, auth.last_administrator
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"

namespace shuke::auth {

struct User {
    UserId id;
    std::string name, display_name;
    RoleId role;
    std::string language;  // "zh-CN", "en"
    bool disabled = false, has_password = false, totp_enabled = false;
    Instant created_at = kNever, last_sign_in_at = kNever;
    int version = 1;
};

struct NewUser {
    std::string name, display_name;  // display_name empty: as name
    RoleId role;
    std::string language = "zh-CN";
};

// What changes; what is absent stays. `version` is the one that was read.
struct UserChange {
    std::optional<std::string> display_name, language;
    std::optional<RoleId> role;
    std::optional<bool> disabled;
};

bool has_users(soci::session& session);
std::vector<User> all_users(soci::session& session);
Result<User> find_user(soci::session& session, UserId id);
Result<User> find_user(soci::session& session, std::string_view name);

// Without a password yet: set_password, or a one-time link (setup.h).
Result<User> create_user(soci::session& session, const NewUser& user, const By& by);
// A change of role, or disabling, ends all the user's sessions.
Result<User> change_user(soci::session& session, UserId id, int version, const UserChange& change, const By& by);
// The row goes; the audit log keeps the name. Their sessions end; keys they made are revoked.
Status delete_user(soci::session& session, UserId id, const By& by);

// `hash` as hash_password made it, outside the transaction: it takes a tenth of a second. Ends all sessions but `keep`.
Status set_password(soci::session& session, UserId id, const std::string& hash, const By& by,
                    std::optional<SessionId> keep = {});

// What the user may do today: nothing while disabled.
Result<Principal> principal_of(soci::session& session, const User& user);

}  // namespace shuke::auth
