// src/record/bulk_select.h: a SELECT whose rows are fetched a thousand at a time into columns.
//
//   BulkSelect select(session, "SELECT id, name FROM shops ORDER BY id", {Type::kInteger, Type::kText});
//   while (const std::size_t rows = select.fetch()) for (i < rows) use(select.integer(0, i), select.text(1, i));
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/sqlite_statement.h"
#include "record/statement_batch.h"

namespace shuke::record {

class BulkSelect {
public:
    BulkSelect(soci::session& session, const std::string& sql, const std::vector<Type>& types);

    std::size_t fetch();  // rows fetched; 0: the end
    std::int64_t integer(std::size_t column, std::size_t row, std::int64_t when_null = 0) const {
        const Column& one = columns_[column];
        return one.indicators[row] == soci::i_ok ? one.integers[row] : when_null;
    }
    std::string_view text(std::size_t column, std::size_t row) const {  // "" for NULL
        const Column& one = columns_[column];
        return one.indicators[row] == soci::i_ok ? std::string_view(one.texts[row]) : std::string_view();
    }

    BulkSelect(const BulkSelect&) = delete;
    BulkSelect& operator=(const BulkSelect&) = delete;

private:
    struct Column {
        Type type;
        std::vector<long long> integers;
        std::vector<std::string> texts;
        std::vector<soci::indicator> indicators;
    };
    void resize(std::size_t rows);
    std::size_t fetch_sqlite();

    std::vector<Column> columns_;
    std::unique_ptr<SqliteStatement> sqlite_;  // one of the two
    std::optional<soci::statement> statement_;
    bool started_ = false;
    bool ended_ = false;
};

}  // namespace shuke::record
