// bench/segments/tables.h
//
// The arrays as tables for the peers: one tab-separated file each, rows sorted by customer and time, yes and no as 1
// and 0, and the columns' names and types in each dialect.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "segments/arrays.h"
#include "segments/peer.h"

namespace shuke::bench {

struct TableColumn {
    std::string_view name;
    std::string_view duckdb, clickhouse, postgres, sqlite;
};

struct Table {
    std::string_view name;
    std::span<const TableColumn> columns;
    std::string_view sorted_by;
};

std::span<const Table> tables();
std::string column_list(const Table& table, Dialect dialect);  // "id integer, …"
std::filesystem::path table_file(const std::filesystem::path& folder, const Table& table);
void write_tables(const Arrays& arrays, const std::filesystem::path& folder);

}  // namespace shuke::bench
