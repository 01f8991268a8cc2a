// src/record/statement_batch.h
//
// A statement that is run for many rows at once: INSERT, UPDATE or DELETE with one parameter a column.
//
//   StatementBatch lines(session, insert_into("order_lines", {"order_id", "line_no", "source_id"}),
//                        {Type::kInteger, Type::kInteger, Type::kText});
//   lines.integer(7).integer(1).null();   // exactly one call a column, in order; the last one ends the row
//   lines.flush();                        // also runs by itself when full
//
// Rows that wait are not in the database yet: flush before reading what was written. With a WriteSession a full batch
// runs in that session's thread while the next one fills.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/sqlite_statement.h"
#include "record/write_session.h"

namespace shuke::record {

enum class Type : std::uint8_t { kInteger, kText };

class StatementBatch {
public:
    StatementBatch(soci::session& session, std::string sql, std::vector<Type> types, std::size_t capacity = 1024);
    StatementBatch(WriteSession& session, std::string sql, std::vector<Type> types, std::size_t capacity = 1024);

    StatementBatch& integer(std::int64_t value);
    StatementBatch& nullable(std::int64_t value, std::int64_t null_value);  // NULL when they are equal
    StatementBatch& text(std::string_view value);
    StatementBatch& nullable_text(std::string_view value);  // NULL when empty
    StatementBatch& null();

    void flush();
    void discard();  // forgets the rows that wait: their transaction was rolled back

    StatementBatch(const StatementBatch&) = delete;
    StatementBatch& operator=(const StatementBatch&) = delete;

private:
    struct Column {
        Type type;
        std::vector<long long> integers;
        std::vector<std::string> texts;
        std::vector<soci::indicator> indicators;
    };
    Column& next(Type type);
    void end_value();
    void hand_over();
    static std::vector<Column> room_for(const std::vector<Type>& types, std::size_t rows);
    static void run(soci::session& session, const std::string& sql, std::vector<Column>& columns, std::size_t rows);
    static void run_sqlite(SqliteStatement& statement, const std::vector<Column>& columns, std::size_t rows);

    soci::session* session_ = nullptr;  // one of the two
    WriteSession* write_session_ = nullptr;
    std::string sql_;
    std::vector<Type> types_;
    std::vector<Column> columns_;
    std::size_t capacity_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
};

// "INSERT INTO table (a, b) VALUES (:a, :b)"
std::string insert_into(const std::string& table, std::initializer_list<const char*> columns);

}  // namespace shuke::record
