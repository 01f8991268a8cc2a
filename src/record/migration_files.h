// SQL migrations compiled into the program, in the order of their names.
#pragma once

#include <span>
#include <string_view>

namespace shuke::record {

struct MigrationFile {
    std::string_view name;  // "0001_first.sql"
    std::string_view sql;
};

// All files of src/record/migrations, sorted by name; valid for the life of the program.
std::span<const MigrationFile> migration_files();

}  // namespace shuke::record
