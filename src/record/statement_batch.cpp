#include "record/statement_batch.h"

#include "base/check.h"

namespace shuke::record {

StatementBatch::StatementBatch(soci::session& session, std::string sql, std::initializer_list<Type> types,
                               std::size_t capacity)
    : session_(session), sql_(std::move(sql)), capacity_(capacity) {
    columns_.reserve(types.size());
    for (const Type type : types) {
        Column& column = columns_.emplace_back();
        column.type = type;
        column.indicators.resize(capacity);
        if (type == Type::kInteger)
            column.integers.resize(capacity);
        else
            column.texts.resize(capacity);
    }
}

StatementBatch::Column& StatementBatch::next(Type type) {
    Column& column = columns_[column_];
    SHUKE_CHECK(column.type == type, "value of another type than its column");
    return column;
}

void StatementBatch::end_value() {
    if (++column_ < columns_.size()) return;
    column_ = 0;
    if (++row_ == capacity_) flush();
}

StatementBatch& StatementBatch::integer(std::int64_t value) {
    Column& column = next(Type::kInteger);
    column.integers[row_] = value;
    column.indicators[row_] = soci::i_ok;
    end_value();
    return *this;
}

StatementBatch& StatementBatch::nullable(std::int64_t value, std::int64_t null_value) {
    return value == null_value ? null() : integer(value);
}

StatementBatch& StatementBatch::text(std::string_view value) {
    Column& column = next(Type::kText);
    column.texts[row_].assign(value);
    column.indicators[row_] = soci::i_ok;
    end_value();
    return *this;
}

StatementBatch& StatementBatch::nullable_text(std::string_view value) { return value.empty() ? null() : text(value); }

StatementBatch& StatementBatch::null() {
    Column& column = columns_[column_];
    column.indicators[row_] = soci::i_null;
    end_value();
    return *this;
}

void StatementBatch::resize(std::size_t rows) {
    for (auto& column : columns_) {
        column.indicators.resize(rows);
        if (column.type == Type::kInteger)
            column.integers.resize(rows);
        else
            column.texts.resize(rows);
    }
}

void StatementBatch::flush() {
    SHUKE_CHECK(column_ == 0, "a row is incomplete");
    if (row_ == 0) return;
    if (row_ < capacity_) resize(row_);
    row_ = 0;
    // Prepared anew each time: SOCI's PostgreSQL statements send the rows of earlier runs again when they are reused.
    soci::statement statement(session_);
    for (auto& column : columns_) {
        if (column.type == Type::kInteger)
            statement.exchange(soci::use(column.integers, column.indicators));
        else
            statement.exchange(soci::use(column.texts, column.indicators));
    }
    statement.alloc();
    statement.prepare(sql_);
    statement.define_and_bind();
    statement.execute(true);
    resize(capacity_);
}

void StatementBatch::discard() {
    row_ = 0;
    column_ = 0;
    resize(capacity_);
}

std::string insert_into(const std::string& table, std::initializer_list<const char*> columns) {
    std::string names;
    std::string values;
    for (const char* column : columns) {
        names += (names.empty() ? "" : ", ") + std::string(column);
        values += (values.empty() ? ":" : ", :") + std::string(column);
    }
    return "INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")";
}

}  // namespace shuke::record
