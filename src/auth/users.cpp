#include "auth/users.h"

#include "auth/roles.h"
#include "auth/sessions.h"
#include "base/text.h"
#include "record/changes.h"
#include "record/database.h"

namespace shuke::auth {
namespace {

constexpr std::size_t kNameBytesMax = 60;

struct UserRow {
    long long id = 0, role = 0, created_at = 0;
    record::Nullable last_sign_in;
    int disabled = 0, has_password = 0, totp = 0;
    User user;

    User take() {
        user.id = UserId{id};
        user.role = RoleId{role};
        user.disabled = disabled != 0;
        user.has_password = has_password != 0;
        user.totp_enabled = totp != 0;
        user.created_at = Instant{created_at};
        user.last_sign_in_at = Instant{last_sign_in.or_else(kNever.us_since_epoch)};
        return user;
    }
};

// `condition` is our own text; `key` its only parameter.
template <class Key>
std::vector<User> select_users(soci::session& session, const std::string& condition, const Key& key) {
    UserRow row;
    soci::statement select =
        (session.prepare << "SELECT id, name, display_name, role_id, language, disabled, "
                            "CASE WHEN password_hash = '' THEN 0 ELSE 1 END, "
                            "CASE WHEN totp_sealed IS NULL THEN 0 ELSE 1 END, created_at, last_sign_in_at, version "
                            "FROM users WHERE "
                         << condition << " ORDER BY id",
         soci::use(key), soci::into(row.id), soci::into(row.user.name), soci::into(row.user.display_name),
         soci::into(row.role), soci::into(row.user.language), soci::into(row.disabled), soci::into(row.has_password),
         soci::into(row.totp), soci::into(row.created_at),
         soci::into(row.last_sign_in.value, row.last_sign_in.indicator), soci::into(row.user.version));
    select.execute();
    std::vector<User> users;
    while (select.fetch()) users.push_back(row.take());
    return users;
}

std::string subject_of(UserId id) { return "user " + std::to_string(id.value); }

void note(soci::session& session, const By& by, const char* action, UserId id, const std::string& detail) {
    record::append_audit(session, {by.actor(), action, subject_of(id), detail}, by.at);
}

Result<std::string> check_name(std::string_view given) {
    std::string name = fold(given);
    const bool blank_inside = name.find(' ') != std::string::npos;
    if (name.empty() || name.size() > kNameBytesMax || blank_inside || !is_utf8(given)) {
        return fail(Code::kInvalid, "user.invalid_name",
                    "a user's name has 1 to " + std::to_string(kNameBytesMax) + " bytes and no blanks; found " +
                        std::to_string(name.size()) + " bytes" + (blank_inside ? " with a blank" : ""));
    }
    return name;
}

Result<std::string> check_display_name(std::string_view given, const std::string& otherwise) {
    const std::string name(trim(given));
    if (name.empty()) return otherwise;
    if (name.size() > 2 * kNameBytesMax || !is_utf8(name)) {
        return fail(Code::kInvalid, "user.invalid_name",
                    "a display name has at most " + std::to_string(2 * kNameBytesMax) + " bytes; found " +
                        std::to_string(name.size()));
    }
    return name;
}

Status check_language(std::string_view language) {
    if (language == "zh-CN" || language == "en") return {};
    return fail(Code::kInvalid, "user.invalid_language",
                "'" + std::string(cut(language, 20)) + "' is no language of the console; expected zh-CN or en");
}

Status check_other_administrator(soci::session& session, UserId leaving) {
    const long long id = leaving.value;
    const long long role = kAdministrator.value;
    long long others = 0;
    session << "SELECT count(*) FROM users WHERE role_id = :role AND id <> :id AND disabled = 0 AND password_hash "
               "<> ''",
        soci::use(role), soci::use(id), soci::into(others);
    if (others > 0) return {};
    return fail(Code::kConflict, "auth.last_administrator",
                "this is the last administrator who can sign in; make somebody else administrator first");
}

// Nobody touches a user who has permissions they do not have themselves.
Status may_manage(soci::session& session, const User& user, const By& by) {
    const auto role = find_role(session, user.role);
    return may_grant(by.principal, role ? role->permissions : PermissionSet());
}

}  // namespace

bool has_users(soci::session& session) {
    long long users = 0;
    session << "SELECT count(*) FROM users", soci::into(users);
    return users > 0;
}

std::vector<User> all_users(soci::session& session) {
    const long long from = 0;
    return select_users(session, "id >= :from", from);
}

Result<User> find_user(soci::session& session, UserId id) {
    const long long wanted = id.value;
    auto found = select_users(session, "id = :id", wanted);
    if (found.empty()) return fail(Code::kNotFound, "user.unknown", "there is no " + subject_of(id));
    return found.front();
}

Result<User> find_user(soci::session& session, std::string_view name) {
    const std::string folded = fold(name);
    auto found = select_users(session, "name = :name", folded);
    if (found.empty()) {
        return fail(Code::kNotFound, "user.unknown",
                    "there is no user '" + std::string(cut(name, 60)) + "'; see: shuke user list");
    }
    return found.front();
}

Result<User> create_user(soci::session& session, const NewUser& wanted, const By& by) {
    const auto name = check_name(wanted.name);
    if (!name) return std::unexpected(name.error());
    const auto display_name = check_display_name(wanted.display_name, std::string(trim(wanted.name)));
    if (!display_name) return std::unexpected(display_name.error());
    if (auto known = check_language(wanted.language); !known) return std::unexpected(known.error());
    const auto role = find_role(session, wanted.role);
    if (!role) return std::unexpected(role.error());
    if (auto may = may_grant(by.principal, role->permissions); !may) return std::unexpected(may.error());
    if (find_user(session, *name)) {
        return fail(Code::kConflict, "user.name_taken", "there is a user '" + *name + "' already");
    }
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM users", soci::into(id);
    const long long role_id = wanted.role.value;
    const long long at = by.at.us_since_epoch;
    session << "INSERT INTO users (id, name, display_name, role_id, language, password_hash, totp_step, disabled, "
               "created_at, version) VALUES (:id, :name, :display, :role, :language, '', 0, 0, :at, 1)",
        soci::use(id), soci::use(*name), soci::use(*display_name), soci::use(role_id), soci::use(wanted.language),
        soci::use(at);
    note(session, by, "user.create", UserId{id}, *name + " as " + role->key);
    return find_user(session, UserId{id});
}

Result<User> change_user(soci::session& session, UserId id, int version, const UserChange& change, const By& by) {
    auto found = find_user(session, id);
    if (!found) return found;
    User user = *found;
    if (auto may = may_manage(session, user, by); !may) return std::unexpected(may.error());
    if (user.version != version) return changed_meanwhile(subject_of(id));
    const bool loses_role = change.role && *change.role != user.role;
    const bool is_disabled = change.disabled.value_or(false) && !user.disabled;
    if (user.role == kAdministrator && !user.disabled && (loses_role || is_disabled)) {
        if (auto other = check_other_administrator(session, id); !other) return std::unexpected(other.error());
    }
    std::string detail;
    const auto changed = [&](const std::string& what) { detail += (detail.empty() ? "" : ", ") + what; };
    if (change.display_name) {
        const auto name = check_display_name(*change.display_name, user.name);
        if (!name) return std::unexpected(name.error());
        if (*name != user.display_name) changed("display name");
        user.display_name = *name;
    }
    if (change.language) {
        if (auto known = check_language(*change.language); !known) return std::unexpected(known.error());
        if (*change.language != user.language) changed("language " + *change.language);
        user.language = *change.language;
    }
    if (loses_role) {
        const auto role = find_role(session, *change.role);
        if (!role) return std::unexpected(role.error());
        if (auto may = may_grant(by.principal, role->permissions); !may) return std::unexpected(may.error());
        changed("role " + role->key);
        user.role = *change.role;
    }
    if (change.disabled && *change.disabled != user.disabled) {
        changed(*change.disabled ? "disabled" : "enabled");
        user.disabled = *change.disabled;
    }
    if (detail.empty()) return user;
    const long long own = id.value;
    const long long role = user.role.value;
    const int disabled = user.disabled ? 1 : 0;
    session << "UPDATE users SET display_name = :display, language = :language, role_id = :role, disabled = :disabled, "
               "version = version + 1 WHERE id = :id",
        soci::use(user.display_name), soci::use(user.language), soci::use(role), soci::use(disabled), soci::use(own);
    if (loses_role || is_disabled) end_sessions_of(session, id);
    note(session, by, "user.change", id, user.name + ": " + detail);
    return find_user(session, id);
}

Status delete_user(soci::session& session, UserId id, const By& by) {
    const auto user = find_user(session, id);
    if (!user) return std::unexpected(user.error());
    if (auto may = may_manage(session, *user, by); !may) return may;
    if (user->role == kAdministrator && !user->disabled) {
        if (auto other = check_other_administrator(session, id); !other) return other;
    }
    const long long own = id.value;
    const long long at = by.at.us_since_epoch;
    end_sessions_of(session, id);
    session << "UPDATE api_keys SET revoked_at = :at WHERE owner_id = :id AND revoked_at IS NULL", soci::use(at),
        soci::use(own);
    for (const char* table : {"recovery_codes", "one_time_tokens"})
        session << "DELETE FROM " << table << " WHERE user_id = :id", soci::use(own);
    session << "DELETE FROM users WHERE id = :id", soci::use(own);
    note(session, by, "user.delete", id, user->name);
    return {};
}

Status set_password(soci::session& session, UserId id, const std::string& hash, const By& by,
                    std::optional<SessionId> keep) {
    const auto user = find_user(session, id);
    if (!user) return std::unexpected(user.error());
    const bool own = by.principal.kind == Principal::Kind::kUser && by.principal.id == id.value;
    if (!own) {
        if (auto may = may_manage(session, *user, by); !may) return may;
    }
    const long long number = id.value;
    session << "UPDATE users SET password_hash = :hash, version = version + 1 WHERE id = :id", soci::use(hash),
        soci::use(number);
    session << "DELETE FROM one_time_tokens WHERE user_id = :id", soci::use(number);
    end_sessions_of(session, id, keep);
    note(session, by, "user.password", id, user->name);
    return {};
}

Result<Principal> principal_of(soci::session& session, const User& user) {
    Principal principal;
    principal.kind = Principal::Kind::kUser;
    principal.id = user.id.value;
    principal.person = user.id;
    principal.name = user.name;
    if (user.disabled) return principal;
    const auto role = find_role(session, user.role);
    if (!role) return std::unexpected(role.error());
    principal.permissions = role->permissions;
    return principal;
}

}  // namespace shuke::auth
