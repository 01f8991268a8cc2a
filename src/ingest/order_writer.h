// src/ingest/order_writer.h
//
// Rows of one order (or cancelled invoice, or adjustment) → the record. Decides what is new, what is a newer state,
// what is already there, and counts it.
//
// A row of an order without line numbers is the same line as one in the record when it says the same; the n-th such
// row of a file is the n-th such line. So a file may be imported again, whole or in parts, and rows of one order may
// be scattered over it: what was already matched in this import is remembered (a few bits a line).
//
// Call inside a write transaction; throws what the drivers throw, and Failure.
// Threads  one.
#pragma once

#include <soci/soci.h>

#include <map>
#include <roaring/roaring64map.hh>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bloom_filter.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/time_zone.h"
#include "identity/account_resolver.h"
#include "ingest/order_row.h"
#include "ingest/order_state.h"
#include "ingest/row_digest.h"
#include "record/orders.h"
#include "record/products.h"
#include "record/side_documents.h"

namespace shuke::ingest {

struct DigestedRow {
    const OrderRow* row;
    RowDigest digest;
};

// What one import did.
struct WriteCounts {
    std::int64_t imported = 0, unchanged = 0, adjustments = 0;  // rows of the file
    std::int64_t orders = 0, lines = 0, refunds = 0;            // new or changed
    std::int64_t new_orders = 0;                                // among orders
    Roaring64Map customers;                                     // new or changed
    struct Refused {
        const OrderRow* row;
        Error error;
    };
    std::vector<Refused> refused;  // rows that the record cannot take; the caller keeps and reports them
};

struct ShopInfo {
    Shop shop;
    TimeZone zone;
};

class OrderWriter {
public:
    struct Options {
        ImportId import;
        std::string actor;
        std::size_t shared_names_max = 5;
        bool resolve_unchanged = false;  // an import broke off: what it had not yet noted of profiles is made up for
    };
    OrderWriter(record::WriteSession& session, const KeyRing& keys, const Clock& clock, Options options);

    // All rows say the same platform, shop and number, in file order.
    void write(const ShopInfo& shop, const std::vector<DigestedRow>& rows, WriteCounts& counts);

    void begin();                          // a transaction has begun
    void commit_rows();                    // flush everything and stamp the customers that changed
    void finish() { resolver_.finish(); }  // the last transaction is about to be committed
    void next_file();                      // what follows is a file of its own: nothing of it has been seen yet
    void forget();                         // somebody else has written, or the transaction was rolled back

private:
    struct Matched {
        bool changed = false;
        std::vector<bool> rows;     // per row: wrote something
        std::vector<bool> refused;  // per row; empty: none
    };

    void write_order(const ShopInfo& shop, const std::vector<DigestedRow>& rows, WriteCounts& counts);
    void write_purchase(const ShopInfo& shop, const DigestedRow& row, WriteCounts& counts);
    void write_side_document(const ShopInfo& shop, const std::vector<DigestedRow>& rows, record::SideKind kind,
                             WriteCounts& counts);
    void write_document(const ShopInfo& shop, const std::string& order_no,
                        const std::optional<record::OrderGlance>& known, const std::vector<DigestedRow>& rows,
                        WriteCounts& counts);
    bool is_unchanged(const record::OrderGlance& known, std::int64_t header,
                      const std::vector<DigestedRow>& rows) const;
    void insert_order(const ShopInfo& shop, const std::string& order_no, std::int64_t header,
                      const std::vector<DigestedRow>& rows, WriteCounts& counts);
    void update_order(const ShopInfo& shop, const std::string& order_no, const record::OrderGlance& known,
                      std::int64_t header, const std::vector<DigestedRow>& rows, WriteCounts& counts);
    Matched match_lines(const ShopInfo& shop, record::StoredOrder& order, const std::vector<DigestedRow>& rows,
                        WriteCounts& counts);
    Applied note_state(OrderState& state, const OrderRow& row, Currency currency);
    std::optional<record::OrderGlance> find_order(const ShopInfo& shop, const std::string& order_no);
    std::optional<identity::Resolved> resolve(const ShopInfo& shop, const std::vector<DigestedRow>& rows);
    record::OrderLine make_line(const ShopInfo& shop, const DigestedRow& digested, std::int32_t line_no);
    void touch(CustomerId customer, WriteCounts& counts);
    void fill_filter();
    void visit(std::int64_t order) { visited_.add(static_cast<std::uint64_t>(order)); }

    record::WriteSession& session_;
    const KeyRing& keys_;
    const Clock& clock_;
    Options options_;
    record::OrderStore orders_;
    record::SideDocumentStore side_documents_;
    record::LabelStore labels_;
    identity::AccountResolver resolver_;
    std::int64_t next_order_ = 0, next_side_document_ = 0;
    std::vector<CustomerId> touched_;
    std::vector<std::int64_t> versions_;  // of the rows being written, see order_state.h
    BloomFilter known_orders_;
    long long filled_orders_ = -1;  // with ids up to this; -1: not yet
    std::unordered_map<Hash128, int, Hash128Hasher>
        key_numbers_;  // of this transaction: next number behind an order_key
    // What rows of this import have matched so far: every line of a visited order, unless it is a partial one;
    // then the lines named in taken_.
    Roaring64Map visited_, partial_, taken_;
    Roaring64Map visited_side_documents_;
};

}  // namespace shuke::ingest
