// src/app/apikey_command.cpp: shuke apikey add|list|revoke.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "auth/api_keys.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

using auth::ApiKey;

nlohmann::ordered_json as_json(const ApiKey& key) {
    const auto iso = [](Instant at) {
        return at == kNever ? nlohmann::ordered_json() : nlohmann::ordered_json(format_iso(at));
    };
    nlohmann::ordered_json scopes = nlohmann::ordered_json::array();
    for (const auto& one : auth::all_permissions()) {
        if (key.scopes.has(one.permission)) scopes.push_back(one.name);
    }
    return {{"id", key.id.value},
            {"name", key.name},
            {"beginning", key.beginning},
            {"scopes", scopes},
            {"created_by", key.created_by},
            {"created_at", iso(key.created_at)},
            {"expires_at", iso(key.expires_at)},
            {"last_used_at", iso(key.last_used_at)},
            {"revoked_at", iso(key.revoked_at)}};
}

}  // namespace

Status add_api_key(Context& context, const ApiKeyArguments& arguments) {
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    auth::CreatedApiKey created;
    auto done = (*database)->write("apikey.add", [&](soci::session& session) {
        auth::NewApiKey wanted;
        wanted.name = arguments.name;
        wanted.scopes = or_throw(auth::PermissionSet::parse(arguments.scopes));
        if (!arguments.expires.empty()) {
            wanted.expires_at =
                or_throw(parse_as_of(arguments.expires, record::configured_zone(session), context.clock));
        }
        created = or_throw(auth::create_api_key(session, (*database)->keys(), wanted,
                                                auth::command_line(actor_name()), context.clock.now()));
    });
    if (!done) return done;
    if (arguments.json) {
        auto document = as_json(created.about);
        document["key"] = created.key;
        print_json(document);
        return {};
    }
    // The key alone on stdout, for scripts.
    std::fprintf(stderr, "API key %lld for %s; it is shown this once:\n",
                 static_cast<long long>(created.about.id.value), created.about.name.c_str());
    std::printf("%s\n", created.key.c_str());
    return {};
}

Status list_api_keys(Context& context, const ApiKeyArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        const TimeZone zone = record::configured_zone(session);
        const auto moment = [&](Instant at, const char* never) {
            return at == kNever ? std::string(never) : format_local(at, zone);
        };
        for (const ApiKey& key : auth::all_api_keys(session)) {
            if (arguments.json) {
                list.push_back(as_json(key));
                continue;
            }
            const bool all = key.scopes == auth::PermissionSet::all();
            std::printf("%4lld  %s  %s…  %s\n      by %s, last used %s, %s\n", static_cast<long long>(key.id.value),
                        padded(key.name, 20).c_str(), key.beginning.c_str(),
                        all ? "admin" : key.scopes.names().c_str(), key.created_by.c_str(),
                        moment(key.last_used_at, "never").c_str(),
                        key.revoked_at != kNever ? ("revoked " + moment(key.revoked_at, "")).c_str()
                                                 : ("expires " + moment(key.expires_at, "never")).c_str());
        }
        if (arguments.json) print_json(list);
    });
}

Status revoke_api_key(Context& context, const ApiKeyArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    auto done = (*database)->write("apikey.revoke", [&](soci::session& session) {
        or_throw(auth::revoke_api_key(session, auth::ApiKeyId{arguments.id},
                                      {auth::command_line(actor_name()), context.clock.now()}));
    });
    if (!done) return done;
    if (arguments.json)
        print_json({{"id", arguments.id}, {"revoked", true}});
    else
        std::printf("API key %lld opens nothing any more\n", static_cast<long long>(arguments.id));
    return {};
}

}  // namespace shuke::app
