#include "record/sqlite_statement.h"

#include <soci/sqlite3/soci-sqlite3.h>

namespace shuke::record {

using namespace sqlite_api;

std::unique_ptr<SqliteStatement> SqliteStatement::prepare(soci::session& session, const std::string& sql) {
    if (session.get_backend_name() != "sqlite3") return nullptr;
    const auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    return std::unique_ptr<SqliteStatement>(new SqliteStatement(backend->conn_, sql));
}

SqliteStatement::SqliteStatement(sqlite3* connection, const std::string& sql) : connection_(connection) {
    check(sqlite3_prepare_v2(connection, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr));
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::check(int result) const {
    if (result == SQLITE_OK) return;
    throw soci::sqlite3_soci_error(sqlite3_errmsg(connection_), sqlite3_extended_errcode(connection_));
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, parameter + 1, value));
}

void SqliteStatement::bind(int parameter, std::string_view value) {
    // A null pointer would bind NULL.
    const char* data = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_text(statement_, parameter + 1, data, static_cast<int>(value.size()), SQLITE_STATIC));
}

void SqliteStatement::bind_null(int parameter) { check(sqlite3_bind_null(statement_, parameter + 1)); }

bool SqliteStatement::step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) check(result);
    return false;
}

void SqliteStatement::reset() { check(sqlite3_reset(statement_)); }

bool SqliteStatement::is_null(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t SqliteStatement::integer(int column) { return sqlite3_column_int64(statement_, column); }

std::string_view SqliteStatement::text(int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace shuke::record
