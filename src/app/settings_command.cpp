// src/app/settings_command.cpp: shuke settings list|set.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "record/changes.h"
#include "record/settings.h"

namespace shuke::app {
Status list_settings(Context& context, const SettingsArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        nlohmann::ordered_json list = nlohmann::ordered_json::object();
        for (const auto& setting : record::all_settings()) {
            if (setting.kind == record::SettingKind::kHidden) continue;
            std::string value = or_throw(record::get_setting(session, setting.name));
            if (value.empty() && setting.name == "base_currency") value = code(record::base_currency(session));
            if (value.empty() && setting.name == "time_zone") value = record::configured_zone(session).name();
            list[std::string(setting.name)] = value;
            if (!arguments.json)
                std::printf("%-28s %-16s %s\n", setting.name.data(), value.c_str(), setting.help.data());
        }
        if (arguments.json) print_json(list);
    });
}

Status set_setting(Context& context, const SettingsArguments& arguments) {
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    return (*database)->write("settings.set", [&](soci::session& session) {
        or_throw(record::set_setting(session, arguments.name, arguments.value, context.clock.now()));
        or_throw(record::check_settings(session));
        record::append_audit(session, {actor_name(), "settings.set", arguments.name, arguments.value},
                             context.clock.now());
    });
}

}  // namespace shuke::app
