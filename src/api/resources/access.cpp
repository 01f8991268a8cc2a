// src/api/resources/access.cpp: users, roles, API keys, the audit log.
#include <algorithm>

#include "api/callers.h"
#include "api/resources.h"
#include "auth/audit.h"
#include "auth/roles.h"
#include "auth/setup.h"
#include "auth/totp.h"
#include "auth/users.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "record/settings.h"

namespace shuke::api {
namespace {

// Runs work in a write transaction; what callers remember of others may no longer hold afterwards.
template <class Work>
Status change(Call& call, const char* name, Work work) {
    auto written = call.at.database.write(name, work);
    call.at.callers.forget();
    return written;
}

Json permissions_json(const auth::PermissionSet& permissions) {
    Json names = Json::array();
    for (const auto& one : auth::all_permissions()) {
        if (permissions.has(one.permission)) names.push_back(std::string(one.name));
    }
    return names;
}

auth::PermissionSet permissions_of(const Call& call) {
    auth::PermissionSet set;
    for (const auto& name : call.body.at("permissions")) set.add(*auth::find_permission(name.get<std::string>()));
    return set;
}

Json user_json(soci::session& session, const auth::User& user) {
    const auto role = auth::find_role(session, user.role);
    return {{"id", user.id.value},
            {"name", user.name},
            {"display_name", user.display_name},
            {"role_id", user.role.value},
            {"role", role ? role->key : ""},
            {"language", user.language},
            {"totp_enabled", user.totp_enabled},
            {"disabled", user.disabled},
            {"created_at", instant_json(user.created_at)},
            {"last_sign_in_at", instant_json(user.last_sign_in_at)}};
}

Reply list_users(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& user : auth::all_users(session)) items.push_back(user_json(session, user));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

std::string link_of(const Call& call, const std::string& token, const char* page) {
    return (call.request.tls ? "https://" : "http://") + std::string(call.request.header("host")) + call.at.base_path +
           "/#/" + page + "?token=" + token;
}

Reply create_user(Call& call) {
    Json shown;
    auth::UserId id;
    auto written = change(call, "user.create", [&](soci::session& session) {
        auth::NewUser user;
        user.name = call.text("name");
        user.display_name = call.text("display_name");
        user.role = auth::RoleId{call.body.at("role_id").get<std::int64_t>()};
        if (!call.text("language").empty()) user.language = call.text("language");
        const auto made = or_throw(auth::create_user(session, user, call.by()));
        id = made.id;
        shown = user_json(session, made);
    });
    if (!written) return std::unexpected(written.error());
    const auto token = auth::issue_reset_token(call.at.database, id, call.by());
    if (!token) return std::unexpected(token.error());
    return json({{"user", shown}, {"link", link_of(call, *token, "setup")}}, 201);
}

Reply get_user(Call& call) {
    Json shown;
    int version = 0;
    auto read = call.at.database.read([&](soci::session& session) {
        const auto user = or_throw(auth::find_user(session, auth::UserId{call.id()}));
        shown = user_json(session, user);
        version = user.version;
    });
    if (!read) return std::unexpected(read.error());
    return with_version(json(shown), version);
}

Reply update_user(Call& call) {
    Json shown;
    int version = 0;
    auto written = change(call, "user.change", [&](soci::session& session) {
        auto user = or_throw(auth::find_user(session, auth::UserId{call.id()}));
        or_throw(check_version(call, user.version));
        auth::UserChange wanted;
        if (call.body.contains("display_name")) wanted.display_name = call.text("display_name");
        if (call.body.contains("language")) wanted.language = call.text("language");
        if (call.body.contains("role_id")) wanted.role = auth::RoleId{call.body.at("role_id").get<std::int64_t>()};
        if (call.body.contains("disabled")) wanted.disabled = call.body.at("disabled").get<bool>();
        user = or_throw(auth::change_user(session, user.id, user.version, wanted, call.by()));
        if (call.body.value("remove_totp", false)) {
            auth::remove_totp(session, user.id, call.by());
            user = or_throw(auth::find_user(session, user.id));
        }
        shown = user_json(session, user);
        version = user.version;
    });
    if (!written) return std::unexpected(written.error());
    return with_version(json(shown), version);
}

Reply delete_user(Call& call) {
    auto written = change(call, "user.delete", [&](soci::session& session) {
        const auto user = or_throw(auth::find_user(session, auth::UserId{call.id()}));
        or_throw(check_version(call, user.version));
        or_throw(auth::delete_user(session, user.id, call.by()));
    });
    if (!written) return std::unexpected(written.error());
    return no_content();
}

Reply reset_password(Call& call) {
    const auto token = auth::issue_reset_token(call.at.database, auth::UserId{call.id()}, call.by());
    if (!token) return std::unexpected(token.error());
    return json({{"link", link_of(call, *token, "setup")}});
}

Json role_json(const auth::Role& role, const std::vector<auth::User>& users, bool chinese) {
    return {{"id", role.id.value},
            {"key", role.key},
            {"name", chinese ? role.chinese : role.english},
            {"built_in", role.built_in},
            {"permissions", permissions_json(role.permissions)},
            {"users", std::ranges::count(users, role.id, &auth::User::role)}};
}

Reply list_roles(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        const auto users = auth::all_users(session);
        for (const auto& role : auth::all_roles(session))
            items.push_back(role_json(role, users, call.who.speaks_chinese));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply create_role(Call& call) {
    Json shown;
    int version = 0;
    auto written = change(call, "role.create", [&](soci::session& session) {
        const auto role = or_throw(auth::create_role(session, {call.text("name"), permissions_of(call)}, call.by()));
        shown = role_json(role, {}, call.who.speaks_chinese);
        version = role.version;
    });
    if (!written) return std::unexpected(written.error());
    return with_version(json(shown, 201), version);
}

Reply update_role(Call& call) {
    Json shown;
    int version = 0;
    auto written = change(call, "role.change", [&](soci::session& session) {
        auto role = or_throw(auth::find_role(session, auth::RoleId{call.id()}));
        or_throw(check_version(call, role.version));
        role = or_throw(
            auth::change_role(session, role.id, role.version, {call.text("name"), permissions_of(call)}, call.by()));
        shown = role_json(role, auth::all_users(session), call.who.speaks_chinese);
        version = role.version;
    });
    if (!written) return std::unexpected(written.error());
    return with_version(json(shown), version);
}

Reply delete_role(Call& call) {
    auto written = change(call, "role.delete", [&](soci::session& session) {
        or_throw(auth::delete_role(session, auth::RoleId{call.id()}, call.by()));
    });
    if (!written) return std::unexpected(written.error());
    return no_content();
}

Json key_json(const auth::ApiKey& key) {
    return {{"id", key.id.value},
            {"name", key.name},
            {"prefix", key.beginning},
            {"permissions", permissions_json(key.scopes)},
            {"created_by", key.created_by},
            {"created_at", instant_json(key.created_at)},
            {"last_used_at", instant_json(key.last_used_at)},
            {"expires_at", instant_json(key.expires_at)},
            {"revoked_at", instant_json(key.revoked_at)}};
}

Reply list_api_keys(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& key : auth::all_api_keys(session)) items.push_back(key_json(key));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply create_api_key(Call& call) {
    auth::NewApiKey wanted;
    wanted.name = call.text("name");
    wanted.scopes = permissions_of(call);
    if (!call.text("expires_at").empty())
        wanted.expires_at = to_instant(*parse_time(call.text("expires_at")), TimeZone::utc());
    Json shown;
    auto written = change(call, "api_key.create", [&](soci::session& session) {
        const auto made = or_throw(
            auth::create_api_key(session, call.at.database.keys(), wanted, call.who.principal, call.at.clock.now()));
        shown = {{"api_key", key_json(made.about)}, {"key", made.key}};
    });
    if (!written) return std::unexpected(written.error());
    return json(shown, 201);
}

Reply revoke_api_key(Call& call) {
    auto written = change(call, "api_key.revoke", [&](soci::session& session) {
        or_throw(auth::revoke_api_key(session, auth::ApiKeyId{call.id()}, call.by()));
    });
    if (!written) return std::unexpected(written.error());
    return no_content();
}

Result<Instant> instant_asked(const Call& call, const char* name, const TimeZone& zone) {
    const std::string text = call.asked(name);
    if (text.empty()) return kNever;
    const auto parsed = parse_time(text);
    if (!parsed) return std::unexpected(parsed.error());
    return to_instant(*parsed, zone);
}

Reply list_audit(Call& call) {
    auth::AuditFilter filter;
    filter.actor = call.asked("actor");
    filter.action = call.asked("action");
    filter.subject = call.asked("subject");
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const int limit = call.query.at("limit").get<int>();
    filter.before = *before;
    filter.limit = limit + 1;
    std::vector<auth::AuditedEntry> entries;
    auto read = call.at.database.read([&](soci::session& session) {
        const TimeZone zone = record::configured_zone(session);
        filter.from = or_throw(instant_asked(call, "from", zone));
        filter.to = or_throw(instant_asked(call, "to", zone));
        entries = auth::list_audit(session, filter);
    });
    if (!read) return std::unexpected(read.error());
    Json items = Json::array(), next;
    for (const auto& one : entries) {
        if (items.size() == static_cast<std::size_t>(limit)) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back({{"id", one.id},
                         {"at", instant_json(one.at)},
                         {"actor", one.entry.actor},
                         {"action", one.entry.action},
                         {"subject", one.entry.subject},
                         {"detail", one.entry.detail}});
    }
    return json({{"items", items}, {"next_cursor", next}});
}

Reply verify_audit(Call& call) {
    auth::AuditProof proof;
    auto read = call.at.database.read(
        [&](soci::session& session) { proof = auth::verify_audit(session, call.at.database.keys()); });
    if (!read) return std::unexpected(read.error());
    return json({{"ok", proof.holds()},
                 {"checked", proof.entries},
                 {"first_broken", proof.broken_id > 0 ? Json(proof.broken_id) : Json()},
                 {"detail", proof.problem}});
}

}  // namespace

void add_access(Handlers& handlers) {
    handlers.add("list_users", list_users);
    handlers.add("create_user", create_user);
    handlers.add("get_user", get_user);
    handlers.add("update_user", update_user);
    handlers.add("delete_user", delete_user);
    handlers.add("reset_password", reset_password);
    handlers.add("list_roles", list_roles);
    handlers.add("create_role", create_role);
    handlers.add("update_role", update_role);
    handlers.add("delete_role", delete_role);
    handlers.add("list_api_keys", list_api_keys);
    handlers.add("create_api_key", create_api_key);
    handlers.add("revoke_api_key", revoke_api_key);
    handlers.add("list_audit", list_audit);
    handlers.add("verify_audit", verify_audit);
}

}  // namespace shuke::api
