// src/auth/principal.h: on whose behalf something is done, and what they may do.
#pragma once

#include <cstdint>
#include <string>

#include "auth/permissions.h"
#include "base/id.h"
#include "base/instant.h"

namespace shuke::auth {

using UserId = Id<struct UserTag>;
using RoleId = Id<struct RoleTag>;
using SessionId = Id<struct SessionTag>;
using ApiKeyId = Id<struct ApiKeyTag>;

struct Principal {
    enum class Kind : std::uint8_t { kUser = 1, kKey = 2, kCli = 3 };  // stored as numbers
    Kind kind = Kind::kUser;
    std::int64_t id = 0;  // of the user or key; 0 on the command line
    UserId person;        // the user; of a key: who made it; 0: nobody known
    std::string name;
    PermissionSet permissions;

    bool can(Permission permission) const { return permissions.has(permission); }
    // Error auth.forbidden names the permission that is missing.
    Status require(Permission permission) const;
    // As the audit log names them: "user:ann", "key:3 pos", "cli:root".
    std::string actor() const;
};

// Whoever has the terminal and the data folder may do everything. `name` as app/context.h gives it: "cli:root".
Principal command_line(const std::string& name);

// Who changes something and when. Functions of this room that write take it and leave the audit entry themselves.
struct By {
    std::string actor;
    Instant at;
};

}  // namespace shuke::auth
