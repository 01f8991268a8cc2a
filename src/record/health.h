// src/record/health.h: what `shuke doctor` asks of the record.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

namespace shuke::record {

class Database;

struct RecordHealth {
    std::string integrity;  // "ok", or what SQLite found
    std::int64_t customers = 0, accounts = 0, identifiers = 0, orders = 0, lines = 0, refunds = 0, guests = 0;
    std::int64_t broken_off_imports = 0, rejected_rows = 0, change = 0, change_rows = 0;
    std::int64_t lines_without_order = 0, orders_without_customer_row = 0;  // must be 0
};

RecordHealth examine(const Database& database, soci::session& session);

}  // namespace shuke::record
