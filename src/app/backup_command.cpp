// src/app/backup_command.cpp: shuke backup FILE and shuke restore FILE.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "live/live_audience.h"
#include "record/backup.h"
#include "record/changes.h"

namespace shuke::app {
namespace {

void print_info(const record::BackupInfo& backup, const char* what, const std::string& where, bool json) {
    if (json) {
        return print_json({{"file", where},
                           {"schema", backup.schema_version},
                           {"database_bytes", backup.database_bytes},
                           {"file_bytes", backup.file_bytes},
                           {"checksum", backup.checksum},
                           {"taken_at", format_iso(backup.taken_at)},
                           {"holds_key", backup.holds_key}});
    }
    std::printf("%s %s: %s bytes of database in %s bytes, BLAKE2b %s, verified\n", what, where.c_str(),
                grouped(static_cast<std::int64_t>(backup.database_bytes)).c_str(),
                grouped(static_cast<std::int64_t>(backup.file_bytes)).c_str(), backup.checksum.c_str());
}

}  // namespace

Status back_up(Context& context, const BackupArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    auto info = record::back_up(**database, arguments.file, arguments.with_key);
    if (!info) return std::unexpected(info.error());
    auto noted = (*database)->write("backup", [&](soci::session& session) {
        record::append_audit(
            session, {actor_name(), "backup", "record", info->checksum + (arguments.with_key ? " with key" : "")},
            context.clock.now());
    });
    if (!noted) return noted;
    print_info(*info, "backed up to", arguments.file, arguments.json);
    if (!arguments.with_key && !arguments.json) {
        std::printf("the key is not in it: keep %s in another safe place; without it personal data stay unreadable\n",
                    (context.data / "shuke.key").c_str());
    }
    return {};
}

Status restore(Context& context, const BackupArguments& arguments) {
    auto info = arguments.check ? record::check_backup(arguments.file)
                                : record::restore(arguments.file, context.data, arguments.replace);
    if (!info) return std::unexpected(info.error());
    if (arguments.check) {
        print_info(*info, "good backup", arguments.file, arguments.json);
        return {};
    }
    live::forget_snapshots(context.data);
    auto database = context.open();  // proves key and schema
    if (!database) {
        Error error = database.error();
        error.detail = "the record was restored to " + context.data.string() + ", but: " + error.detail;
        return std::unexpected(error);
    }
    print_info(*info, "restored from", arguments.file, arguments.json);
    return {};
}

}  // namespace shuke::app
