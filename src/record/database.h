// src/record/database.h
//
// The system of record: one SQL database (SQLite in the data folder, or PostgreSQL), its keys and its one writer.
//
//   Database::open            opens, migrates an older schema, refuses a newer one
//   database.write(name, fn)  runs fn(session) in one write transaction: all of it or nothing. Writers of all
//                             processes take turns; readers never wait.
//   database.read(fn)         runs fn(session) in one read transaction: it sees one state of the record
//
// Errors   drivers' exceptions become Error here: record.busy, record.disk_full, record.read_only,
//          record.damaged, record.unavailable, record.schema_newer …; a Failure thrown by fn becomes its Error
// Threads  write() serialises; read() may run beside it, each call on its own session
#pragma once

#include <soci/soci.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/error.h"

namespace shuke::record {

enum class Dialect { kSqlite, kPostgres };

struct OpenOptions {
    std::string url;               // empty: SQLite in `folder`; else "postgresql://…" or libpq keywords
    std::filesystem::path folder;  // the data folder: database and key file
    bool create = true;            // make folder, key and schema when absent
};

class Database {
public:
    static Result<std::unique_ptr<Database>> open(const OpenOptions& options, const Clock& clock);

    Dialect dialect() const { return dialect_; }
    const KeyRing& keys() const { return keys_; }
    const Clock& clock() const { return clock_; }
    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path file() const { return folder_ / "shuke.db"; }
    int schema_version() const { return schema_version_; }

    Status write(const char* name, const std::function<void(soci::session&)>& work);
    Status read(const std::function<void(soci::session&)>& work);

    // Waits for this process's own writers; for transactions of a session of one's own, so that they take turns fairly.
    std::unique_lock<std::mutex> own_turn() { return std::unique_lock(writer_mutex_); }

    // A session for work that spans many transactions (imports). begin_write() takes the writer's turn,
    // commit() ends it.
    std::unique_ptr<soci::session> connect() const;
    void begin_write(soci::session& session) const;
    void commit(soci::session& session) const;     // seals what was added to the audit log, and commits
    void take_turn(soci::session& session) const;  // begin_write before the schema exists

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

private:
    Database(Dialect dialect, std::string connection, std::filesystem::path folder, KeyRing keys, const Clock& clock);

    Dialect dialect_;
    std::string connection_;
    std::filesystem::path folder_;
    KeyRing keys_;
    const Clock& clock_;
    int schema_version_ = 0;
    // Sessions of reads that ended well; the next ones take them over, since opening one costs more than a small read.
    std::unique_ptr<soci::session> borrow();
    void give_back(std::unique_ptr<soci::session> session);

    std::mutex writer_mutex_;
    std::unique_ptr<soci::session> writer_;
    std::mutex readers_mutex_;
    std::vector<std::unique_ptr<soci::session>> readers_;
};

// Runs work that talks to the database outside write()/read() and turns exceptions into Errors.
Status guarded(const std::function<void()>& work);

// Ends a transaction whose work failed; never throws, since the first failure is the one worth telling.
void roll_back(soci::session& session);

// SQL NULL ↔ the sentinels of our types.
struct Nullable {
    long long value = 0;
    soci::indicator indicator = soci::i_null;

    Nullable() = default;
    Nullable(std::int64_t v, std::int64_t null_value)
        : value(v), indicator(v == null_value ? soci::i_null : soci::i_ok) {}
    std::int64_t or_else(std::int64_t null_value) const { return indicator == soci::i_ok ? value : null_value; }
};

}  // namespace shuke::record
