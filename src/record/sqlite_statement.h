// src/record/sqlite_statement.h
//
// A statement run through SQLite's own interface, on SOCI's connection. For bulk only: SOCI copies every row on
// its way. Everything else goes through SOCI.
//
// Errors   soci::sqlite3_soci_error, as SOCI's own statements throw
// Threads  those of its session
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sqlite_api {  // where SOCI keeps its sqlite3.h
struct sqlite3;
struct sqlite3_stmt;
}  // namespace sqlite_api

namespace shuke::record {

class SqliteStatement {
public:
    // nullptr when the session is of another database.
    static std::unique_ptr<SqliteStatement> prepare(soci::session& session, const std::string& sql);
    ~SqliteStatement();

    void bind(int parameter, std::int64_t value);      // parameters from 0, in the order of the text
    void bind(int parameter, std::string_view value);  // lent until the next reset
    void bind_null(int parameter);
    bool step();  // true: a row is there
    void reset();

    bool is_null(int column);
    std::int64_t integer(int column);
    std::string_view text(int column);  // until the next step

    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

private:
    SqliteStatement(sqlite_api::sqlite3* connection, const std::string& sql);
    void check(int result) const;

    sqlite_api::sqlite3* connection_;
    sqlite_api::sqlite3_stmt* statement_ = nullptr;
};

}  // namespace shuke::record
