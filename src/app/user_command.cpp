// src/app/user_command.cpp: shuke user add|list|passwd|disable|enable|role|totp-off, shuke role list.
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/password_input.h"
#include "auth/passwords.h"
#include "auth/roles.h"
#include "auth/totp.h"
#include "auth/users.h"

namespace shuke::app {
namespace {

using auth::Role;
using auth::User;

auth::By by_terminal(const Context& context) { return {auth::command_line(actor_name()), context.clock.now()}; }

nlohmann::ordered_json as_json(const User& user, const std::string& role) {
    const auto iso = [](Instant at) {
        return at == kNever ? nlohmann::ordered_json() : nlohmann::ordered_json(format_iso(at));
    };
    return {{"id", user.id.value},
            {"name", user.name},
            {"display_name", user.display_name},
            {"role", role},
            {"language", user.language},
            {"disabled", user.disabled},
            {"has_password", user.has_password},
            {"totp_enabled", user.totp_enabled},
            {"created_at", iso(user.created_at)},
            {"last_sign_in_at", iso(user.last_sign_in_at)}};
}

std::string role_of(soci::session& session, const User& user) {
    const auto role = auth::find_role(session, user.role);
    return role ? role->key : "none";
}

void print(soci::session& session, const User& user, bool json, const char* what) {
    if (json)
        print_json(as_json(user, role_of(session, user)));
    else
        std::printf("user %s (%s) %s\n", user.name.c_str(), role_of(session, user).c_str(), what);
}

// Reads and judges the password, and hashes it before any transaction.
Result<std::string> new_password(const UserArguments& arguments, const std::string& display_name) {
    const auto password = read_password(arguments.password_file);
    if (!password) return password;
    if (auto strong = auth::check_password(*password, {arguments.name, display_name}); !strong)
        return std::unexpected(strong.error());
    return auth::hash_password(*password);
}

// Changes one user in a transaction and prints what became of them.
Status change(Context& context, const UserArguments& arguments, const char* name, const char* what,
              const std::function<void(soci::session&, const User&)>& work) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    auto done = (*database)->write(name, [&](soci::session& session) {
        work(session, or_throw(auth::find_user(session, arguments.name)));
    });
    if (!done) return done;
    return (*database)->read([&](soci::session& session) {
        print(session, or_throw(auth::find_user(session, arguments.name)), arguments.json, what);
    });
}

}  // namespace

Status add_user(Context& context, const UserArguments& arguments) {
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    // What is wrong with the name or role is said before a password is asked for.
    auto possible = (*database)->write("user.check", [&](soci::session& session) {
        const Role role = or_throw(auth::find_role(session, arguments.role));
        or_throw(auth::create_user(session, {arguments.name, arguments.display_name, role.id, arguments.language},
                                   by_terminal(context)));
        throw Failure{{Code::kInternal, "user.only_tried", ""}};
    });
    if (possible.error().key != "user.only_tried") return possible;
    const auto hash = new_password(arguments, arguments.display_name);
    if (!hash) return std::unexpected(hash.error());
    return (*database)->write("user.add", [&](soci::session& session) {
        const auth::By by = by_terminal(context);
        const Role role = or_throw(auth::find_role(session, arguments.role));
        const User user = or_throw(
            auth::create_user(session, {arguments.name, arguments.display_name, role.id, arguments.language}, by));
        or_throw(auth::set_password(session, user.id, *hash, by));
        print(session, or_throw(auth::find_user(session, user.id)), arguments.json, "added");
    });
}

Status list_users(Context& context, const UserArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const User& user : auth::all_users(session)) {
            const std::string role = role_of(session, user);
            if (arguments.json) {
                list.push_back(as_json(user, role));
                continue;
            }
            std::printf("%4lld  %s  %s  %s%s%s%s\n", static_cast<long long>(user.id.value),
                        padded(user.name, 20).c_str(), padded(user.display_name, 20).c_str(), role.c_str(),
                        user.disabled ? " · disabled" : "", user.totp_enabled ? " · second factor" : "",
                        user.has_password ? "" : " · no password yet");
        }
        if (arguments.json) print_json(list);
    });
}

Status set_user_password(Context& context, const UserArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    std::string display_name;
    auto known = (*database)->read([&](soci::session& session) {
        display_name = or_throw(auth::find_user(session, arguments.name)).display_name;
    });
    if (!known) return known;
    const auto hash = new_password(arguments, display_name);
    if (!hash) return std::unexpected(hash.error());
    return change(context, arguments, "user.passwd", "has a new password; their sessions have ended",
                  [&](soci::session& session, const User& user) {
                      or_throw(auth::set_password(session, user.id, *hash, by_terminal(context)));
                  });
}

Status disable_user(Context& context, const UserArguments& arguments) {
    return change(context, arguments, "user.disable", "is disabled; their sessions have ended",
                  [&](soci::session& session, const User& user) {
                      auth::UserChange wanted;
                      wanted.disabled = true;
                      or_throw(auth::change_user(session, user.id, user.version, wanted, by_terminal(context)));
                  });
}

Status enable_user(Context& context, const UserArguments& arguments) {
    return change(context, arguments, "user.enable", "may sign in again",
                  [&](soci::session& session, const User& user) {
                      auth::UserChange wanted;
                      wanted.disabled = false;
                      or_throw(auth::change_user(session, user.id, user.version, wanted, by_terminal(context)));
                  });
}

Status set_user_role(Context& context, const UserArguments& arguments) {
    return change(context, arguments, "user.role", "has this role now; their sessions have ended",
                  [&](soci::session& session, const User& user) {
                      auth::UserChange wanted;
                      wanted.role = or_throw(auth::find_role(session, arguments.role)).id;
                      or_throw(auth::change_user(session, user.id, user.version, wanted, by_terminal(context)));
                  });
}

Status remove_user_totp(Context& context, const UserArguments& arguments) {
    return change(context, arguments, "user.totp_off", "signs in without a second factor now",
                  [&](soci::session& session, const User& user) {
                      auth::remove_totp(session, user.id, by_terminal(context));
                  });
}

Status list_roles(Context& context, bool json) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Role& role : auth::all_roles(session)) {
            if (!json) {
                std::printf("%s  %s  %s\n    %s\n", padded(role.key, 16).c_str(), padded(role.chinese, 12).c_str(),
                            role.english.c_str(), role.permissions.names().c_str());
                continue;
            }
            nlohmann::ordered_json permissions = nlohmann::ordered_json::array();
            for (const auto& one : auth::all_permissions()) {
                if (role.permissions.has(one.permission)) permissions.push_back(one.name);
            }
            list.push_back({{"id", role.id.value},
                            {"name", role.key},
                            {"chinese", role.chinese},
                            {"english", role.english},
                            {"built_in", role.built_in},
                            {"permissions", permissions}});
        }
        if (json) print_json(list);
    });
}

}  // namespace shuke::app
