// src/audience/clickhouse/tables.h
//
// What the mirror's tables in ClickHouse hold, and the bytes of their rows. The names stand here once: the translation
// reads the columns that customer_columns() lists.
//
//   shuke_customers      one row a customer and generation: profile, and all facts as arrays in the engine's order. With
//                        a cluster it is Distributed by customer over shuke_customers_shard.
//   shuke_publications   one row a copy that is finished: what it made visible
//
// Numbers, times (seconds since 1970) and days (since 1970, the shop's local ones) are Int64 with kMissing where not
// known, texts are '' then: no NULL, so that every comparison has two outcomes, as in the language. A text column NAME
// has NAME_nfkc beside it: '' where its NFKC form is the same. A customer that is gone has a row that never exists
// (exists_from is the latest number there is).
//
// Threads  constant data; a CustomerRows may be used by several threads at once.
// Cost     about 2 µs an order and 0.5 µs a line.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/version.h"

namespace shuke::audience::clickhouse {

inline constexpr std::string_view kCustomers = "shuke_customers";
inline constexpr std::string_view kPublications = "shuke_publications";

struct ColumnDefinition {
    std::string_view name, type;
};
std::vector<ColumnDefinition> customer_columns();
std::vector<ColumnDefinition> publication_columns();

// The statements that create what is not there yet, for one node; with a cluster they are the same on each.
std::vector<std::string> create_tables(const std::string& cluster);
std::vector<std::string> drop_tables();
// The table that lies on the node itself: of the cluster's part, or the whole.
std::string stored_table(std::string_view table, const std::string& cluster);

// Customers of one version as rows of shuke_customers, in ClickHouse's format RowBinary.
class CustomerRows {
public:
    explicit CustomerRows(const Version& version);
    ~CustomerRows();

    std::vector<Slot> slots() const;  // of all customers
    void append(Slot slot, std::int64_t generation, std::string& out) const;
    // The row of a customer who is not in the version any more.
    static void append_gone(CustomerId customer, std::int64_t generation, std::string& out);

private:
    struct Texts;
    const Version& version_;
    std::unique_ptr<const Texts> texts_;
};

}  // namespace shuke::audience::clickhouse
