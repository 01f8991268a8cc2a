#include "record/migrations.h"

#include <string>
#include <vector>

#include "base/crypto.h"
#include "record/audit_chain.h"
#include "record/database.h"
#include "record/migration_files.h"

namespace shuke::record {
namespace {

constexpr int kAuditChainVersion = 4;  // SQL has no hash that both databases know

struct Applied {
    int version;
    std::string checksum;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// The statements of a migration in the dialect of the database, comments left out.
std::vector<std::string> statements_of(std::string_view sql, Dialect dialect) {
    std::string plain;
    for (std::size_t begin = 0; begin < sql.size();) {
        const std::size_t end = std::min(sql.find('\n', begin), sql.size());
        const std::string_view line = sql.substr(begin, end - begin);
        plain.append(line.substr(0, line.find("--"))).push_back('\n');
        begin = end + 1;
    }
    replace_all(plain, "{id}", dialect == Dialect::kSqlite ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY");
    replace_all(plain, "{clustered}", dialect == Dialect::kSqlite ? "WITHOUT ROWID" : "");
    std::vector<std::string> statements;
    for (std::size_t begin = 0; begin < plain.size();) {
        const std::size_t end = std::min(plain.find(';', begin), plain.size());
        std::string statement = plain.substr(begin, end - begin);
        if (statement.find_first_not_of(" \n\t") != std::string::npos) statements.push_back(std::move(statement));
        begin = end + 1;
    }
    return statements;
}

std::string checksum_of(std::string_view sql) {
    Checksum checksum;
    checksum.add(sql);
    return checksum.finish();
}

std::vector<Applied> read_applied(soci::session& session, Dialect dialect) {
    int tables = 0;
    session << (dialect == Dialect::kSqlite ? "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'"
                                            : "SELECT count(*) FROM pg_tables WHERE tablename = 'schema_migrations' "
                                              "AND schemaname = current_schema()"),
        soci::into(tables);
    std::vector<Applied> applied;
    if (tables == 0) return applied;
    int version = 0;
    std::string checksum;
    soci::statement select = (session.prepare << "SELECT version, checksum FROM schema_migrations ORDER BY version",
                              soci::into(version), soci::into(checksum));
    select.execute();
    while (select.fetch()) applied.push_back({version, checksum});
    return applied;
}

void apply(const Database& database, soci::session& session, const MigrationFile& file, int version) {
    for (const auto& statement : statements_of(file.sql, database.dialect())) session << statement;
    if (version == kAuditChainVersion) chain_existing_audit(session, database.keys());
    const std::string name(file.name);
    const std::string checksum = checksum_of(file.sql);
    const long long now = database.clock().now().us_since_epoch;
    session << "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (:version, :name, "
               ":checksum, :at)",
        soci::use(version), soci::use(name), soci::use(checksum), soci::use(now);
}

void check_applied(const std::vector<Applied>& applied, std::span<const MigrationFile> files) {
    const int newest = static_cast<int>(files.size());
    if (!applied.empty() && applied.back().version > newest) {
        throw Failure{{Code::kConflict, "record.schema_newer",
                       "the data folder was written by a newer Shuke (schema " +
                           std::to_string(applied.back().version) + ", this program knows " + std::to_string(newest) +
                           "); nothing was changed. Install the newer version"}};
    }
    for (const auto& [version, checksum] : applied) {
        const auto& file = files[static_cast<std::size_t>(version - 1)];
        if (checksum_of(file.sql) != checksum) {
            throw Failure{{Code::kConflict, "record.schema_changed",
                           "migration " + std::string(file.name) +
                               " is not the one this data folder was made with; "
                               "use the program version that wrote it"}};
        }
    }
}

}  // namespace

Result<int> migrate(const Database& database, soci::session& session) {
    const auto files = migration_files();
    const int newest = static_cast<int>(files.size());
    const auto upgraded = guarded([&] {
        auto applied = read_applied(session, database.dialect());
        check_applied(applied, files);
        if (static_cast<int>(applied.size()) == newest) return;  // the usual case: no writer's turn is needed
        database.take_turn(session);
        try {
            applied = read_applied(session, database.dialect());
            check_applied(applied, files);
            session << "CREATE TABLE IF NOT EXISTS schema_migrations ("
                       "version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT "
                       "NULL)";
            for (int version = static_cast<int>(applied.size()) + 1; version <= newest; ++version) {
                apply(database, session, files[static_cast<std::size_t>(version - 1)], version);
            }
            session << "COMMIT";
        } catch (...) {
            roll_back(session);
            throw;
        }
    });
    if (!upgraded) return std::unexpected(upgraded.error());
    return newest;
}

}  // namespace shuke::record
