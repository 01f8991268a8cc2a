// src/record/orders.h
//
// Orders, their lines and their order-level refunds, as one writer reads and writes them during an import.
//
// Inserts wait in batches until flush(); updates are written at once. Call inside a write transaction.
// Errors   driver exceptions
// Threads  one session, one thread
#pragma once

#include <soci/soci.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "domain/order.h"
#include "record/accounts.h"
#include "record/statement_batch.h"

namespace shuke::record {

// Enough of an order to see that nothing changed.
struct OrderGlance {
    OrderId id;
    CustomerId customer;
    AccountId account;
    std::int64_t header_content = 0;
    int line_count = 0;
    std::int64_t lines_content = 0;
};

// kNever, kMissingAmount, "" and nullopt stand for what is not known.
struct OrderHeader {
    OrderStatus status = OrderStatus::kCreated;
    Instant created_at = kNever, paid_at = kNever, shipped_at = kNever, signed_at = kNever, finished_at = kNever,
            closed_at = kNever, updated_at = kNever;
    Currency currency = Currency::kNone;
    std::int64_t amount = kMissingAmount;
    std::int64_t discount = kMissingAmount;
    std::int64_t refunded = kMissingAmount;
    Instant refunded_at = kNever;
    std::string channel, coupon, province, city;
    std::string note_sealed;
    std::string older_fields;  // see ingest/order_state.h
};

struct StoredOrder {
    OrderGlance glance;
    OrderHeader header;
    std::int64_t lines_amount = kMissingAmount;
};

struct OrderLine {
    std::int32_t line_no = 0;
    std::string source_id;
    LabelId label;
    std::int64_t quantity_milli = 0;
    std::int64_t price = kMissingAmount;
    std::int64_t amount = kMissingAmount;
    std::int64_t discount = kMissingAmount;
    std::int64_t refunded = kMissingAmount;
    std::int64_t version = kMissingAmount;
    std::int64_t content = 0;
};

class OrderStore {
public:
    explicit OrderStore(WriteSession& session);

    std::int64_t next_id();
    std::optional<OrderGlance> find(ShopId shop, const std::string& order_no);
    StoredOrder load(OrderId id);
    std::vector<OrderLine> lines(OrderId id);

    // `order.glance.id` and `.customer`, `.account` as the caller decided.
    void insert(ShopId shop, const std::string& order_no, const StoredOrder& order, Day day, ImportId import);
    void update(const StoredOrder& order, Day day, ImportId import);
    void insert_line(OrderId order, const OrderLine& line);
    void update_line(OrderId order, const OrderLine& line);
    // The refund that the order's header speaks of: inserted, changed or, when nothing was refunded, taken away.
    // True when something changed.
    bool write_refund(ShopId shop, const std::string& order_no, const StoredOrder& order, bool is_new_order, Day day,
                      ImportId import);

    void begin();  // a transaction has begun: ids of refunds are read anew
    void flush();
    void discard();

private:
    WriteSession& session_;
    StatementBatch orders_, lines_, refunds_;
    std::int64_t next_refund_ = 0;
    // find(): prepared once, run for every order of a re-import
    long long shop_ = 0;
    std::string order_no_;
    long long id_ = 0, content_ = 0, lines_content_ = 0;
    int line_count_ = 0;
    long long customer_ = 0, account_ = 0;
    soci::statement find_;
};

}  // namespace shuke::record
