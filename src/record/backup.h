// src/record/backup.h
//
// One file that holds the whole record as of one moment, taken while others go on working.
//
// Form   a first line of text "SHUKE-BACKUP 1 <json>\n" with schema, size and BLAKE2b-256 of the database, then the
//        database compressed with zstd. Personal data in it stay encrypted: the key is not in the file, unless asked.
//
// Errors   backup.damaged (not a backup, cut short, or its checksum differs: nothing is restored),
//          backup.target_exists, backup.not_available (PostgreSQL has pg_dump), file.unwritable, key.missing
#pragma once

#include <filesystem>
#include <string>

#include "record/database.h"

namespace shuke::record {

struct BackupInfo {
    int schema_version = 0;
    std::uint64_t database_bytes = 0;
    std::uint64_t file_bytes = 0;
    std::string checksum;  // of the database, hex
    Instant taken_at = kNever;
    bool holds_key = false;
};

// The record as it is now, as a data folder of its own that opens with the same key: to try something out on. Others go on
// writing meanwhile. The folder must not hold a record yet.
Status copy_record(Database& database, const std::filesystem::path& folder);

Result<BackupInfo> back_up(Database& database, const std::filesystem::path& file, bool with_key);
// Reads and checks the whole file without restoring.
Result<BackupInfo> check_backup(const std::filesystem::path& file);
// Into a folder that holds no record yet; `replace` sets the present one aside as shuke.db.replaced.
Result<BackupInfo> restore(const std::filesystem::path& file, const std::filesystem::path& folder, bool replace);

}  // namespace shuke::record
