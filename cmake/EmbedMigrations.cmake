# cmake -DFOLDER=… -DOUT=… -P EmbedMigrations.cmake: writes the folder's *.sql, sorted by name, as C++ string literals.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.sql)
list(SORT files)
list(LENGTH files count)
set(rows "")
foreach(name IN LISTS files)
    file(READ ${FOLDER}/${name} sql)
    string(APPEND rows "    MigrationFile{\"${name}\", R\"shuke_sql(${sql})shuke_sql\"},\n")
endforeach()
file(WRITE ${OUT} "// Generated from the migrations folder; do not edit.
#include \"record/migration_files.h\"

#include <array>

namespace shuke::record {
namespace {

constexpr std::array<MigrationFile, ${count}> kFiles{
${rows}};

}  // namespace

std::span<const MigrationFile> migration_files() { return kFiles; }

}  // namespace shuke::record
")
