#include "auth/principal.h"

namespace shuke::auth {

Status Principal::require(Permission permission) const {
    if (can(permission)) return {};
    return fail(Code::kForbidden, "auth.forbidden",
                "this needs the permission " + std::string(to_string(permission)) + "; ask an administrator for it");
}

std::string Principal::actor() const {
    switch (kind) {
        case Kind::kUser: return "user:" + name;
        case Kind::kKey: return "key:" + std::to_string(id) + " " + name;
        case Kind::kCli: return name;
    }
    return name;
}

Principal command_line(const std::string& name) {
    Principal principal;
    principal.kind = Principal::Kind::kCli;
    principal.name = name;
    principal.permissions = PermissionSet::all();
    return principal;
}

Status may_grant(const Principal& principal, const PermissionSet& permissions) {
    if (principal.permissions.contains(permissions)) return {};
    return fail(Code::kForbidden, "auth.forbidden",
                "this would give permissions that you do not have yourself, or touch somebody who has more; ask an "
                "administrator");
}

std::unexpected<Error> changed_meanwhile(const std::string& what) {
    return fail(Code::kConflict, "record.changed_meanwhile",
                what + " was changed by somebody else since you opened it; look at it again");
}

}  // namespace shuke::auth
