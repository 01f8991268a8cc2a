#include "record/database.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <system_error>

#include "base/check.h"
#include "record/along_commit.h"
#include "record/audit_chain.h"
#include "record/migrations.h"
#include "record/settings.h"

namespace shuke::record {
namespace {

constexpr int kBusyTimeoutSeconds = 60;
constexpr std::size_t kKeptReaders = 16;
constexpr long long kWriterLock = 0x5348554B45;  // PostgreSQL advisory lock: one writer at a time

Error from_sqlite(const soci::sqlite3_soci_error& error) {
    switch (error.result() & 0xFF) {
        case 5:  // SQLITE_BUSY
        case 6:  // SQLITE_LOCKED
            return {Code::kUnavailable, "record.busy",
                    "another program has kept the database locked for " + std::to_string(kBusyTimeoutSeconds) +
                        " s; wait for its import or backup to end and try again"};
        case 13:  // SQLITE_FULL
            return {Code::kExhausted, "record.disk_full",
                    "the disk that holds the data folder is full; free space and run the same command again: "
                    "what was committed is kept, the rest is done then"};
        case 8:   // SQLITE_READONLY
        case 14:  // SQLITE_CANTOPEN
            return {Code::kForbidden, "record.read_only",
                    "the database in the data folder cannot be written (" + std::string(error.what()) +
                        "); check the folder's owner, permissions and free space"};
        case 10:  // SQLITE_IOERR
            return {Code::kUnavailable, "record.io",
                    "reading or writing the database failed (" + std::string(error.what()) +
                        "); check the disk and its free space"};
        case 11:  // SQLITE_CORRUPT
        case 26:  // SQLITE_NOTADB
            return {Code::kInternal, "record.damaged",
                    "the database file is damaged or not a database (" + std::string(error.what()) +
                        "); restore your newest backup"};
        default: return {Code::kInternal, "record.failed", error.what()};
    }
}

std::string folder_problem(const std::filesystem::path& folder) {
    struct stat about{};
    if (::stat(folder.c_str(), &about) != 0) return "";
    return S_ISDIR(about.st_mode) ? "" : folder.string() + " is not a folder";
}

Status make_folder(const OpenOptions& options) {
    if (const auto problem = folder_problem(options.folder); !problem.empty()) {
        return fail(Code::kInvalid, "data_folder.invalid", problem);
    }
    if (std::filesystem::is_directory(options.folder)) return {};
    if (!options.create) {
        return fail(Code::kNotFound, "data_folder.missing",
                    "there is no data folder " + options.folder.string() +
                        "; import a file first (shuke import FILE --format FORMAT --data DIR), or name the right "
                        "folder with --data");
    }
    std::error_code problem;
    std::filesystem::create_directories(options.folder, problem);
    if (problem) {
        return fail(Code::kForbidden, "record.read_only",
                    "cannot create the data folder " + options.folder.string() + ": " + problem.message());
    }
    std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, problem);
    return {};
}

// Each connection is used by one thread at a time, so SQLite need not lock it; once, before the first connection.
void configure_sqlite() {
    using namespace sqlite_api;
    static const int configured =
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD) | sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(configured);
}

void tune(soci::session& session, Dialect dialect) {
    if (dialect != Dialect::kSqlite) return;
    for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA temp_store = FILE",
                               "PRAGMA cache_size = -65536", "PRAGMA wal_autocheckpoint = 4000"}) {
        session << pragma;
    }
}

}  // namespace

Status guarded(const std::function<void()>& work) {
    try {
        work();
        return {};
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    } catch (const soci::sqlite3_soci_error& error) {
        return std::unexpected(from_sqlite(error));
    } catch (const soci::postgresql_soci_error& error) {
        return fail(error.sqlstate() == "53100" ? Code::kExhausted : Code::kUnavailable,
                    error.sqlstate() == "53100" ? "record.disk_full" : "record.unavailable",
                    "PostgreSQL: " + std::string(error.what()));
    } catch (const soci::soci_error& error) {
        return fail(Code::kUnavailable, "record.unavailable", error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(Code::kUnavailable, "file.failed", error.what());
    }
}

Database::Database(Dialect dialect, std::string connection, std::filesystem::path folder, KeyRing keys,
                   const Clock& clock)
    : dialect_(dialect),
      connection_(std::move(connection)),
      folder_(std::move(folder)),
      keys_(std::move(keys)),
      clock_(clock) {}

Result<std::unique_ptr<Database>> Database::open(const OpenOptions& options, const Clock& clock) {
    if (auto made = make_folder(options); !made) return std::unexpected(made.error());
    configure_sqlite();
    const bool postgres = !options.url.empty();
    const auto file = options.folder / "shuke.db";
    const bool exists = postgres || std::filesystem::exists(file);
    if (!exists && !options.create) {
        return fail(Code::kNotFound, "data_folder.empty",
                    "the data folder " + options.folder.string() + " holds no record yet; import a file first");
    }
    auto keys = KeyRing::open(options.folder / "shuke.key", options.create && (postgres || !exists));
    if (!keys) return std::unexpected(keys.error());
    std::unique_ptr<Database> database(new Database(
        postgres ? Dialect::kPostgres : Dialect::kSqlite,
        postgres ? options.url : "dbname=\"" + file.string() + "\" timeout=" + std::to_string(kBusyTimeoutSeconds),
        options.folder, std::move(*keys), clock));
    const auto opened = guarded([&] {
        database->writer_ = database->connect();
        database->schema_version_ = or_throw(migrate(*database, *database->writer_));
        or_throw(check_key(*database));
    });
    if (!opened) return std::unexpected(opened.error());
    return database;
}

std::unique_ptr<soci::session> Database::connect() const {
    auto session = dialect_ == Dialect::kSqlite ? std::make_unique<soci::session>(soci::sqlite3, connection_)
                                                : std::make_unique<soci::session>(soci::postgresql, connection_);
    tune(*session, dialect_);
    return session;
}

void Database::begin_write(soci::session& session) const {
    take_turn(session);
    session << "UPDATE write_counter SET writes = writes + 1";
    begin_audit(session);
}

void Database::commit(soci::session& session) const {
    auto* along = AlongCommit::waiting();
    if (along != nullptr) along->run(session);
    seal_audit(session, keys_);
    session << "COMMIT";
    if (along != nullptr) along->note_committed();
}

void Database::take_turn(soci::session& session) const {
    if (dialect_ == Dialect::kSqlite) {
        session << "BEGIN IMMEDIATE";
    } else {
        session << "BEGIN";
        session << "SELECT pg_advisory_xact_lock(" << kWriterLock << ")";
    }
}

void roll_back(soci::session& session) {
    try {
        session << "ROLLBACK";
    } catch (const soci::soci_error&) {
        // SQLite has already rolled back by itself (disk full, I/O error).
    }
}

Status Database::write(const char* name, const std::function<void(soci::session&)>& work) {
    const std::lock_guard lock(writer_mutex_);
    auto done = guarded([&] {
        begin_write(*writer_);
        try {
            work(*writer_);
            commit(*writer_);
        } catch (...) {
            roll_back(*writer_);
            throw;
        }
    });
    // The database's own troubles need the place; what the work found out says itself where it was.
    if (!done && done.error().key.starts_with("record."))
        done.error().detail += std::string(" (while writing: ") + name + ")";
    return done;
}

std::unique_ptr<soci::session> Database::borrow() {
    {
        const std::lock_guard lock(readers_mutex_);
        if (!readers_.empty()) {
            auto session = std::move(readers_.back());
            readers_.pop_back();
            return session;
        }
    }
    auto session = connect();
    // There are many of them: the operating system's cache serves them all, one of each would be a gigabyte.
    if (dialect_ == Dialect::kSqlite) *session << "PRAGMA cache_size = -16384";
    return session;
}

void Database::give_back(std::unique_ptr<soci::session> session) {
    const std::lock_guard lock(readers_mutex_);
    if (readers_.size() < kKeptReaders) readers_.push_back(std::move(session));
}

Status Database::read(const std::function<void(soci::session&)>& work) {
    return guarded([&] {
        auto session = borrow();
        *session << (dialect_ == Dialect::kSqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        try {
            work(*session);
        } catch (...) {
            roll_back(*session);
            throw;
        }
        *session << "COMMIT";
        give_back(std::move(session));
    });
}

}  // namespace shuke::record
