#include "record/bulk_select.h"

namespace shuke::record {
namespace {

constexpr std::size_t kRows = 1024;

}  // namespace

BulkSelect::BulkSelect(soci::session& session, const std::string& sql, std::initializer_list<Type> types)
    : statement_(session) {
    columns_.reserve(types.size());
    for (const Type type : types) {
        Column& column = columns_.emplace_back();
        column.type = type;
        column.indicators.resize(kRows);
        if (type == Type::kInteger) {
            column.integers.resize(kRows);
            statement_.exchange(soci::into(column.integers, column.indicators));
        } else {
            column.texts.resize(kRows);
            statement_.exchange(soci::into(column.texts, column.indicators));
        }
    }
    statement_.alloc();
    statement_.prepare(sql);
    statement_.define_and_bind();
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
    if (!started_) {
        started_ = true;
        statement_.execute();
    }
    resize(kRows);
    if (!statement_.fetch()) return 0;
    return columns_.front().indicators.size();
}

}  // namespace shuke::record
