#include "audience/clickhouse/tables.h"

namespace shuke::audience::clickhouse {
namespace {

std::string column_list(const std::vector<ColumnDefinition>& columns) {
    std::string text;
    for (const ColumnDefinition& column : columns) {
        text += (text.empty() ? "`" : ", `") + std::string(column.name) + "` " + std::string(column.type);
    }
    return text;
}

struct Table {
    std::string_view name;
    std::vector<ColumnDefinition> columns;
    std::string_view layout;        // of the table that lies on a node
    std::string_view sharding_key;  // which node a row goes to
};

// A generation is a partition, so that a whole one goes away at once. Publications all lie on one node, hence the
// insert of one is seen by everyone or by no one.
std::vector<Table> tables() {
    return {{kCustomers, customer_columns(), "PARTITION BY generation ORDER BY customer", "customer"},
            {kPublications, publication_columns(), "ORDER BY generation", "toInt64(0)"}};
}

}  // namespace

std::vector<ColumnDefinition> publication_columns() {
    return {{"generation", "Int64"},   {"whole", "Int64"},  // 1: all customers, what was before counts no more
            {"change", "Int64"},                            // the record's newest change in it
            {"fingerprint", "String"},  // of what all rows depend on: settings, shops, products, the tables' columns
            {"record", "String"},       // whose copy it is
            {"customers", "Int64"},     // rows in it
            {"published_at", "Int64"}};
}

std::string stored_table(std::string_view table, const std::string& cluster) {
    return std::string(table) + (cluster.empty() ? "" : "_shard");
}

std::vector<std::string> create_tables(const std::string& cluster) {
    std::vector<std::string> statements;
    for (const Table& table : tables()) {
        const std::string stored = stored_table(table.name, cluster);
        const std::string create = "CREATE TABLE IF NOT EXISTS ";
        const std::string columns = " (" + column_list(table.columns) + ") ENGINE = ";
        statements.push_back(create + stored + columns + "MergeTree " + std::string(table.layout));
        if (cluster.empty()) continue;
        statements.push_back(create + std::string(table.name) + columns + "Distributed(`" + cluster +
                             "`, currentDatabase(), " + stored + ", " + std::string(table.sharding_key) + ")");
    }
    return statements;
}

std::vector<std::string> drop_tables() {
    std::vector<std::string> statements;
    for (const Table& table : tables()) {
        statements.push_back("DROP TABLE IF EXISTS " + std::string(table.name));
        statements.push_back("DROP TABLE IF EXISTS " + std::string(table.name) + "_shard");
    }
    return statements;
}

}  // namespace shuke::audience::clickhouse
