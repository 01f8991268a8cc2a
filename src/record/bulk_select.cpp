#include "record/bulk_select.h"

namespace shuke::record {
namespace {

constexpr std::size_t kRows = 1024;

}  // namespace

BulkSelect::BulkSelect(soci::session& session, const std::string& sql, const std::vector<Type>& types)
    : sqlite_(SqliteStatement::prepare(session, sql)) {
    columns_.reserve(types.size());
    for (const Type type : types) columns_.emplace_back().type = type;
    resize(kRows);
    if (sqlite_) return;
    statement_.emplace(session);
    for (Column& column : columns_) {
        if (column.type == Type::kInteger)
            statement_->exchange(soci::into(column.integers, column.indicators));
        else
            statement_->exchange(soci::into(column.texts, column.indicators));
    }
    statement_->alloc();
    statement_->prepare(sql);
    statement_->define_and_bind();
}

void BulkSelect::resize(std::size_t rows) {
    for (auto& column : columns_) {
        column.indicators.resize(rows);
        if (column.type == Type::kInteger)
            column.integers.resize(rows);
        else
            column.texts.resize(rows);
    }
}

std::size_t BulkSelect::fetch() {
    if (ended_) return 0;
    if (sqlite_) return fetch_sqlite();
    if (!started_) {
        started_ = true;
        statement_->execute();
    }
    resize(kRows);
    ended_ = !statement_->fetch();
    return ended_ ? 0 : columns_.front().indicators.size();
}

std::size_t BulkSelect::fetch_sqlite() {
    std::size_t rows = 0;
    while (rows < kRows) {
        ended_ = !sqlite_->step();
        if (ended_) break;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            Column& column = columns_[i];
            const int from = static_cast<int>(i);
            if (sqlite_->is_null(from)) {
                column.indicators[rows] = soci::i_null;
                continue;
            }
            column.indicators[rows] = soci::i_ok;
            if (column.type == Type::kInteger)
                column.integers[rows] = sqlite_->integer(from);
            else
                column.texts[rows].assign(sqlite_->text(from));
        }
        ++rows;
    }
    return rows;
}

}  // namespace shuke::record
