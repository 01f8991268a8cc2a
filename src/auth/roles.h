// src/auth/roles.h
//
// Roles: the posts of the trade, built in, and a merchant's own as a name with permissions. Built-in roles have fixed
// numbers below 100 and cannot be changed; a new version may give them more permissions.
//
// Errors   role.unknown, role.built_in, role.name_taken, role.invalid_name, role.in_use, record.changed_meanwhile,
//          auth.last_administrator
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "auth/principal.h"

namespace shuke::auth {

struct Role {
    RoleId id;
    std::string key;               // "crm_manager"; of a merchant's own its name
    std::string chinese, english;  // a merchant's own: the name in both
    bool built_in = false;
    PermissionSet permissions;
    int version = 1;
};

inline constexpr RoleId kAdministrator{1};

std::vector<Role> all_roles(soci::session& session);
Result<Role> find_role(soci::session& session, RoleId id);
// By key, Chinese, English or own name; for the command line.
Result<Role> find_role(soci::session& session, std::string_view name);

struct RoleChange {
    std::string name;
    PermissionSet permissions;
};
Result<Role> create_role(soci::session& session, const RoleChange& role, const By& by);
// Sessions of its users go on with the new permissions. `version` is the one that was read.
Result<Role> change_role(soci::session& session, RoleId id, int version, const RoleChange& role, const By& by);
Status delete_role(soci::session& session, RoleId id, const By& by);

}  // namespace shuke::auth
