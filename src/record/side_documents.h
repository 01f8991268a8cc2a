// src/record/side_documents.h
//
// Invoices that are not sales, kept apart: cancelled invoices (they become refunds, see ingest/cancellations.h) and
// stock or book-keeping adjustments (counted, never sold).
//
// Inserts wait in batches until flush(). Call inside a write transaction.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "record/accounts.h"
#include "record/orders.h"
#include "record/statement_batch.h"

namespace shuke::record {

enum class SideKind : int { kCancellation = 1, kAdjustment = 2 };

struct SideDocument {
    std::int64_t id = 0;
    CustomerId customer;
    AccountId account;
    Instant at = kNever;
    Day day = kNoDay;
    Currency currency = Currency::kNone;
    int line_count = 0;
    std::int64_t lines_content = 0;
};

class SideDocumentStore {
public:
    explicit SideDocumentStore(WriteSession& session);

    std::int64_t next_id();
    std::optional<SideDocument> find(ShopId shop, SideKind kind, const std::string& document_no);
    std::vector<OrderLine> lines(std::int64_t document);
    void insert(ShopId shop, SideKind kind, const std::string& document_no, const SideDocument& document,
                ImportId import);
    void update_lines(const SideDocument& document, ImportId import);
    void insert_line(std::int64_t document, const OrderLine& line);
    void flush();
    void discard();

private:
    WriteSession& session_;
    StatementBatch documents_, lines_;
};

// A line of a cancelled invoice, as the matching needs it.
struct CancelledLine {
    std::string document_no;
    CustomerId customer;
    Instant at;
    Day day;
    Currency currency;
    ProductId product;
    std::int64_t quantity_milli;
    std::int64_t amount;
};

// A purchase line that a cancellation could take back.
struct PurchasedLine {
    CustomerId customer;
    ProductId product;
    OrderId order;
    Instant at;
    std::int64_t quantity_milli;
    std::int64_t amount;
};

// Of one shop, by (at, document_no, line_no); guests' too, with customer 0.
std::vector<CancelledLine> cancelled_lines(soci::session& session, ShopId shop);
// Lines of the products that these customers have cancelled, by (at, order id).
std::vector<PurchasedLine> purchased_lines(soci::session& session, ShopId shop);

struct CancellationRefund {
    std::string refund_no;
    OrderId order;  // 0: no purchase found
    CustomerId customer;
    Instant at;
    Day day;
    Currency currency;
    std::int64_t amount;
};
std::vector<CancellationRefund> cancellation_refunds(soci::session& session, ShopId shop);
void delete_refund(soci::session& session, ShopId shop, const CancellationRefund& refund);
void insert_refunds(soci::session& session, ShopId shop, const std::vector<CancellationRefund>& refunds,
                    ImportId import);

}  // namespace shuke::record
