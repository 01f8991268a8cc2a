#include "record/statement_batch.h"

#include "base/check.h"

namespace shuke::record {

StatementBatch::StatementBatch(soci::session& session, std::string sql, std::vector<Type> types, std::size_t capacity)
    : session_(&session),
      sql_(std::move(sql)),
      types_(std::move(types)),
      columns_(room_for(types_, capacity)),
      capacity_(capacity) {}

StatementBatch::StatementBatch(WriteSession& session, std::string sql, std::vector<Type> types, std::size_t capacity)
    : write_session_(&session),
      sql_(std::move(sql)),
      types_(std::move(types)),
      columns_(room_for(types_, capacity)),
      capacity_(capacity) {}

std::vector<StatementBatch::Column> StatementBatch::room_for(const std::vector<Type>& types, std::size_t rows) {
    std::vector<Column> columns(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        Column& column = columns[i];
        column.type = types[i];
        column.indicators.resize(rows);
        if (column.type == Type::kInteger)
            column.integers.resize(rows);
        else
            column.texts.resize(rows);
    }
    return columns;
}

StatementBatch::Column& StatementBatch::next(Type type) {
    Column& column = columns_[column_];
    SHUKE_CHECK(column.type == type, "value of another type than its column");
    return column;
}

void StatementBatch::end_value() {
    if (++column_ < columns_.size()) return;
    column_ = 0;
    if (++row_ < capacity_) return;
    if (write_session_ == nullptr)
        flush();
    else
        hand_over();
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

void StatementBatch::flush() {
    SHUKE_CHECK(column_ == 0, "a row is incomplete");
    if (row_ == 0) return;
    const std::size_t rows = row_;
    row_ = 0;
    run(write_session_ == nullptr ? *session_ : write_session_->now(), sql_, columns_, rows);
}

void StatementBatch::hand_over() {
    auto full = std::make_shared<std::vector<Column>>(std::move(columns_));
    columns_ = room_for(types_, capacity_);
    row_ = 0;
    write_session_->later(
        [sql = sql_, full, rows = capacity_](soci::session& session) { run(session, sql, *full, rows); });
}

void StatementBatch::run(soci::session& session, const std::string& sql, std::vector<Column>& columns,
                         std::size_t rows) {
    if (const auto statement = SqliteStatement::prepare(session, sql)) return run_sqlite(*statement, columns, rows);
    const auto resize = [&](std::size_t size) {
        for (auto& column : columns) {
            column.indicators.resize(size);
            if (column.type == Type::kInteger)
                column.integers.resize(size);
            else
                column.texts.resize(size);
        }
    };
    const std::size_t capacity = columns.front().indicators.size();
    if (rows < capacity) resize(rows);
    // Prepared anew each time: SOCI's PostgreSQL statements send the rows of earlier runs again when they are reused.
    soci::statement statement(session);
    for (auto& column : columns) {
        if (column.type == Type::kInteger)
            statement.exchange(soci::use(column.integers, column.indicators));
        else
            statement.exchange(soci::use(column.texts, column.indicators));
    }
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
    if (rows < capacity) resize(capacity);
}

void StatementBatch::run_sqlite(SqliteStatement& statement, const std::vector<Column>& columns, std::size_t rows) {
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const Column& column = columns[i];
            const int parameter = static_cast<int>(i);
            if (column.indicators[row] == soci::i_null)
                statement.bind_null(parameter);
            else if (column.type == Type::kInteger)
                statement.bind(parameter, column.integers[row]);
            else
                statement.bind(parameter, std::string_view(column.texts[row]));
        }
        statement.step();
        statement.reset();
    }
}

void StatementBatch::discard() {
    row_ = 0;
    column_ = 0;
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
