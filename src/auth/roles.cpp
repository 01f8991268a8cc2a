#include "auth/roles.h"

#include "base/text.h"
#include "record/changes.h"

namespace shuke::auth {
namespace {

using enum Permission;

constexpr long long kFirstOwnRole = 100;
constexpr std::size_t kNameBytesMax = 60;

// The posts of a merchant's customer operations. Numbers are stored: never renumber.
const std::vector<Role>& built_in_roles() {
    const auto role = [](std::int64_t id, const char* key, const char* chinese, const char* english,
                         PermissionSet permissions) {
        Role one;
        one.id = RoleId{id};
        one.key = key;
        one.chinese = chinese;
        one.english = english;
        one.built_in = true;
        one.permissions = permissions;
        return one;
    };
    static const std::vector<Role> kRoles = {
        role(1, "administrator", "管理员", "Administrator", PermissionSet::all()),
        role(2, "crm_manager", "CRM经理", "CRM manager",
             {kCustomersRead, kCustomersWrite, kCustomersReveal, kCustomersExport, kCustomersErase, kIdentitiesManage,
              kSegmentsRead, kSegmentsWrite, kTagsWrite, kListsWrite, kInsightRead, kImportsRead, kImportsWrite,
              kIngestWrite, kSettingsRead, kSettingsWrite, kAuditRead, kJobsRead, kExportsApprove}),
        role(3, "specialist", "CRM专员", "CRM specialist",
             {kCustomersRead, kCustomersWrite, kCustomersReveal, kCustomersExport, kIdentitiesManage, kSegmentsRead,
              kSegmentsWrite, kTagsWrite, kListsWrite, kInsightRead, kImportsRead, kImportsWrite, kSettingsRead,
              kJobsRead}),
        role(4, "analyst", "数据分析师", "Analyst",
             {kCustomersRead, kCustomersExport, kSegmentsRead, kSegmentsWrite, kListsWrite, kInsightRead, kImportsRead,
              kSettingsRead, kJobsRead}),
        role(5, "planner", "策划", "Planner",
             {kCustomersRead, kSegmentsRead, kSegmentsWrite, kTagsWrite, kListsWrite, kInsightRead, kSettingsRead,
              kJobsRead}),
        role(6, "copywriter", "文案", "Copywriter", {kSegmentsRead, kInsightRead, kSettingsRead, kJobsRead}),
        role(7, "sns", "SNS", "Social media",
             {kCustomersRead, kCustomersWrite, kSegmentsRead, kTagsWrite, kInsightRead, kSettingsRead, kJobsRead}),
        role(8, "designer", "设计", "Designer", {kSegmentsRead, kInsightRead, kSettingsRead}),
        role(9, "service_agent", "客服", "Service agent",
             {kCustomersRead, kCustomersWrite, kCustomersReveal, kSegmentsRead, kTagsWrite, kSettingsRead, kJobsRead}),
        role(10, "read_only", "只读", "Read only",
             {kCustomersRead, kSegmentsRead, kInsightRead, kImportsRead, kSettingsRead, kJobsRead}),
    };
    return kRoles;
}

Role own_role(std::int64_t id, const std::string& name, const std::string& permissions, int version) {
    Role role;
    role.id = RoleId{id};
    role.key = role.chinese = role.english = name;
    // A permission that a later version took away is none here.
    for (const std::string_view one : split(permissions, ' ')) {
        if (const auto known = find_permission(one)) role.permissions.add(*known);
    }
    role.version = version;
    return role;
}

Result<std::string> check_name(soci::session& session, std::string_view given, RoleId own) {
    const std::string name(trim(given));
    if (name.empty() || name.size() > kNameBytesMax) {
        return fail(Code::kInvalid, "role.invalid_name",
                    "a role's name has 1 to " + std::to_string(kNameBytesMax) + " bytes; found " +
                        std::to_string(name.size()));
    }
    for (const Role& role : all_roles(session)) {
        if (role.id == own) continue;
        for (const std::string& taken : {role.key, role.chinese, role.english}) {
            if (fold(taken) == fold(name)) {
                return fail(Code::kConflict, "role.name_taken",
                            "there is a role '" + std::string(cut(name, 60)) + "' already");
            }
        }
    }
    return name;
}

Status check_own(const Role& role) {
    if (!role.built_in) return {};
    return fail(Code::kConflict, "role.built_in",
                "the role '" + role.key + "' is built in and stays as it is; make a role of your own instead");
}

void note(soci::session& session, const By& by, const char* action, const Role& role) {
    record::append_audit(session,
                         {by.actor(), action, "role " + std::to_string(role.id.value),
                          role.key + ": " + role.permissions.names()},
                         by.at);
}

}  // namespace

std::vector<Role> all_roles(soci::session& session) {
    std::vector<Role> roles = built_in_roles();
    long long id = 0;
    std::string name;
    std::string permissions;
    int version = 0;
    soci::statement select = (session.prepare << "SELECT id, name, permissions, version FROM roles ORDER BY id",
                              soci::into(id), soci::into(name), soci::into(permissions), soci::into(version));
    select.execute();
    while (select.fetch()) roles.push_back(own_role(id, name, permissions, version));
    return roles;
}

Result<Role> find_role(soci::session& session, RoleId id) {
    for (Role& role : all_roles(session)) {
        if (role.id == id) return role;
    }
    return fail(Code::kNotFound, "role.unknown", "there is no role " + std::to_string(id.value));
}

Result<Role> find_role(soci::session& session, std::string_view name) {
    std::string names;
    for (Role& role : all_roles(session)) {
        if (fold(name) == fold(role.key) || fold(name) == fold(role.chinese) || fold(name) == fold(role.english))
            return role;
        names += (names.empty() ? "" : ", ") + role.key;
    }
    return fail(Code::kNotFound, "role.unknown",
                "there is no role '" + std::string(cut(name, 60)) + "'; there are: " + names);
}

Result<Role> create_role(soci::session& session, const RoleChange& role, const By& by) {
    if (auto may = may_grant(by.principal, role.permissions); !may) return std::unexpected(may.error());
    const auto name = check_name(session, role.name, RoleId{});
    if (!name) return std::unexpected(name.error());
    long long id = 0;
    session << "SELECT coalesce(max(id) + 1, 0) FROM roles", soci::into(id);
    if (id == 0) id = kFirstOwnRole;
    const std::string permissions = role.permissions.names();
    session << "INSERT INTO roles (id, name, permissions, version) VALUES (:id, :name, :permissions, 1)",
        soci::use(id), soci::use(*name), soci::use(permissions);
    const Role made = own_role(id, *name, permissions, 1);
    note(session, by, "role.create", made);
    return made;
}

Result<Role> change_role(soci::session& session, RoleId id, int version, const RoleChange& change, const By& by) {
    auto role = find_role(session, id);
    if (!role) return role;
    if (auto own = check_own(*role); !own) return std::unexpected(own.error());
    for (const auto& permissions : {role->permissions, change.permissions}) {
        if (auto may = may_grant(by.principal, permissions); !may) return std::unexpected(may.error());
    }
    if (role->version != version) return changed_meanwhile("role " + std::to_string(id.value));
    const auto name = check_name(session, change.name, id);
    if (!name) return std::unexpected(name.error());
    const std::string permissions = change.permissions.names();
    const long long own_id = id.value;
    const int next = version + 1;
    session << "UPDATE roles SET name = :name, permissions = :permissions, version = :version WHERE id = :id",
        soci::use(*name), soci::use(permissions), soci::use(next), soci::use(own_id);
    const Role changed = own_role(own_id, *name, permissions, next);
    note(session, by, "role.change", changed);
    return changed;
}

Status delete_role(soci::session& session, RoleId id, const By& by) {
    const auto role = find_role(session, id);
    if (!role) return std::unexpected(role.error());
    if (auto own = check_own(*role); !own) return own;
    if (auto may = may_grant(by.principal, role->permissions); !may) return may;
    const long long own_id = id.value;
    long long users = 0;
    session << "SELECT count(*) FROM users WHERE role_id = :id", soci::use(own_id), soci::into(users);
    if (users > 0) {
        return fail(Code::kConflict, "role.in_use",
                    std::to_string(users) + " users have the role '" + role->key + "'; give them another one first");
    }
    session << "DELETE FROM roles WHERE id = :id", soci::use(own_id);
    note(session, by, "role.delete", *role);
    return {};
}

}  // namespace shuke::auth
