#include "record/side_documents.h"

#include "record/database.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kNoInstant = kNever.us_since_epoch;
constexpr int kNoDayNumber = kNoDay.days_since_epoch;

}  // namespace

SideDocumentStore::SideDocumentStore(WriteSession& session)
    : session_(session),
      documents_(session,
                 insert_into("side_documents", {"id", "shop_id", "kind", "document_no", "customer_id", "account_id",
                                                "at", "day", "currency", "line_count", "lines_content", "import_id"}),
                 {kInt, kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt}),
      lines_(session,
             insert_into("side_document_lines",
                         {"document_id", "line_no", "label_id", "quantity_milli", "price", "amount", "content"}),
             {kInt, kInt, kInt, kInt, kInt, kInt, kInt}) {}

std::int64_t SideDocumentStore::next_id() {
    long long id = 0;
    session_.now() << "SELECT coalesce(max(id), 0) + 1 FROM side_documents", soci::into(id);
    return id;
}

std::optional<SideDocument> SideDocumentStore::find(ShopId shop, SideKind kind, const std::string& document_no) {
    const long long in_shop = shop.value;
    const int of_kind = static_cast<int>(kind);
    long long id = 0;
    long long content = 0;
    int currency = 0;
    SideDocument document;
    Nullable customer, account, at, day;
    session_.now()
        << "SELECT id, customer_id, account_id, at, day, currency, line_count, lines_content FROM side_documents "
           "WHERE shop_id = :shop AND kind = :kind AND document_no = :no",
        soci::use(in_shop), soci::use(of_kind), soci::use(document_no), soci::into(id),
        soci::into(customer.value, customer.indicator), soci::into(account.value, account.indicator),
        soci::into(at.value, at.indicator), soci::into(day.value, day.indicator), soci::into(currency),
        soci::into(document.line_count), soci::into(content);
    if (!session_.now().got_data()) return std::nullopt;
    document.id = id;
    document.customer = CustomerId{customer.or_else(0)};
    document.account = AccountId{account.or_else(0)};
    document.at = Instant{at.or_else(kNoInstant)};
    document.day = Day{static_cast<std::int32_t>(day.or_else(kNoDayNumber))};
    document.currency = static_cast<Currency>(currency);
    document.lines_content = content;
    return document;
}

std::vector<OrderLine> SideDocumentStore::lines(std::int64_t document) {
    std::vector<OrderLine> found;
    OrderLine line;
    const long long id = document;
    long long content = 0;
    soci::statement select =
        (session_.now().prepare
             << "SELECT line_no, content FROM side_document_lines WHERE document_id = :id ORDER BY line_no",
         soci::use(id), soci::into(line.line_no), soci::into(content));
    select.execute();
    while (select.fetch()) {
        line.content = content;
        found.push_back(line);
    }
    return found;
}

void SideDocumentStore::insert(ShopId shop, SideKind kind, const std::string& document_no, const SideDocument& document,
                               ImportId import) {
    documents_.integer(document.id).integer(shop.value).integer(static_cast<int>(kind)).text(document_no);
    documents_.nullable(document.customer.value, 0).nullable(document.account.value, 0);
    documents_.nullable(document.at.us_since_epoch, kNoInstant).nullable(document.day.days_since_epoch, kNoDayNumber);
    documents_.integer(static_cast<int>(document.currency))
        .integer(document.line_count)
        .integer(document.lines_content);
    documents_.nullable(import.value, 0);
}

void SideDocumentStore::update_lines(const SideDocument& document, ImportId import) {
    const long long id = document.id, content = document.lines_content;
    Nullable source(import.value, 0);
    session_.now()
        << "UPDATE side_documents SET line_count = :count, lines_content = :content, import_id = :import WHERE id "
           "= :id",
        soci::use(document.line_count), soci::use(content), soci::use(source.value, source.indicator), soci::use(id);
}

void SideDocumentStore::insert_line(std::int64_t document, const OrderLine& line) {
    lines_.integer(document).integer(line.line_no).integer(line.label.value).integer(line.quantity_milli);
    lines_.nullable(line.price, kMissingAmount).nullable(line.amount, kMissingAmount).integer(line.content);
}

void SideDocumentStore::flush() {
    documents_.flush();
    lines_.flush();
}

void SideDocumentStore::discard() {
    documents_.discard();
    lines_.discard();
}

std::vector<CancelledLine> cancelled_lines(soci::session& session, ShopId shop) {
    std::vector<CancelledLine> found;
    const long long in_shop = shop.value;
    CancelledLine line{};
    long long customer = 0, at = 0, product = 0, quantity = 0, amount = 0;
    int day = 0, currency = 0;
    soci::statement select =
        (session.prepare
             << "SELECT d.document_no, coalesce(d.customer_id, 0), d.at, d.day, d.currency, p.product_id, "
                "l.quantity_milli, "
                "coalesce(l.amount, 0) FROM side_documents d JOIN side_document_lines l ON l.document_id = d.id "
                "JOIN product_labels p ON p.id = l.label_id WHERE d.shop_id = :shop AND d.kind = 1 AND d.at IS NOT "
                "NULL "
                "ORDER BY d.at, d.document_no, l.line_no",
         soci::use(in_shop), soci::into(line.document_no), soci::into(customer), soci::into(at), soci::into(day),
         soci::into(currency), soci::into(product), soci::into(quantity), soci::into(amount));
    select.execute();
    while (select.fetch()) {
        found.push_back({line.document_no, CustomerId{customer}, Instant{at}, Day{day}, static_cast<Currency>(currency),
                         ProductId{product}, quantity, amount});
    }
    return found;
}

std::vector<PurchasedLine> purchased_lines(soci::session& session, ShopId shop) {
    std::vector<PurchasedLine> found;
    const long long in_shop = shop.value;
    long long customer = 0, product = 0, order = 0, at = 0, quantity = 0, amount = 0;
    soci::statement select =
        (session.prepare
             << "SELECT o.customer_id, p.product_id, o.id, o.created_at, l.quantity_milli, coalesce(l.amount, 0) "
                "FROM (SELECT DISTINCT customer_id FROM side_documents WHERE shop_id = :shop AND kind = 1) AS c "
                "JOIN orders o ON o.customer_id = c.customer_id JOIN order_lines l ON l.order_id = o.id "
                "JOIN product_labels p ON p.id = l.label_id "
                "WHERE o.shop_id = :shop2 AND o.created_at IS NOT NULL AND l.quantity_milli > 0",
         soci::use(in_shop), soci::use(in_shop), soci::into(customer), soci::into(product), soci::into(order),
         soci::into(at), soci::into(quantity), soci::into(amount));
    select.execute();
    while (select.fetch()) {
        found.push_back({CustomerId{customer}, ProductId{product}, OrderId{order}, Instant{at}, quantity, amount});
    }
    return found;
}

std::vector<CancellationRefund> cancellation_refunds(soci::session& session, ShopId shop) {
    std::vector<CancellationRefund> found;
    const long long in_shop = shop.value;
    CancellationRefund refund{};
    long long order = 0, customer = 0, at = 0, amount = 0;
    int day = 0, currency = 0;
    soci::statement select =
        (session.prepare
             << "SELECT refund_no, order_id, coalesce(customer_id, 0), asked_at, day, currency, amount FROM refunds "
                "WHERE shop_id = :shop AND kind = 'cancellation' ORDER BY refund_no, order_id",
         soci::use(in_shop), soci::into(refund.refund_no), soci::into(order), soci::into(customer), soci::into(at),
         soci::into(day), soci::into(currency), soci::into(amount));
    select.execute();
    while (select.fetch()) {
        found.push_back({refund.refund_no, OrderId{order}, CustomerId{customer}, Instant{at}, Day{day},
                         static_cast<Currency>(currency), amount});
    }
    return found;
}

void delete_refund(soci::session& session, ShopId shop, const CancellationRefund& refund) {
    const long long in_shop = shop.value, order = refund.order.value;
    session << "DELETE FROM refunds WHERE shop_id = :shop AND refund_no = :no AND order_id = :order AND kind = "
               "'cancellation'",
        soci::use(in_shop), soci::use(refund.refund_no), soci::use(order);
}

void insert_refunds(soci::session& session, ShopId shop, const std::vector<CancellationRefund>& refunds,
                    ImportId import) {
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM refunds", soci::into(id);
    StatementBatch insert(session,
                          insert_into("refunds", {"id", "shop_id", "refund_no", "order_id", "customer_id", "asked_at",
                                                  "done_at", "day", "currency", "amount", "kind", "import_id"}),
                          {kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kText, kInt});
    for (const auto& refund : refunds) {
        insert.integer(id++)
            .integer(shop.value)
            .text(refund.refund_no)
            .integer(refund.order.value)
            .nullable(refund.customer.value, 0);
        insert.integer(refund.at.us_since_epoch).integer(refund.at.us_since_epoch).integer(refund.day.days_since_epoch);
        insert.integer(static_cast<int>(refund.currency))
            .integer(refund.amount)
            .text("cancellation")
            .nullable(import.value, 0);
    }
    insert.flush();
}

}  // namespace shuke::record
