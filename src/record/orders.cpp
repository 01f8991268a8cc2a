#include "record/orders.h"

#include "record/database.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kNoInstant = kNever.us_since_epoch;

void bind_header(StatementBatch& batch, const OrderHeader& header, Day day) {
    batch.integer(static_cast<int>(header.status));
    for (const Instant at : {header.created_at, header.paid_at, header.shipped_at, header.signed_at, header.finished_at,
                             header.closed_at, header.updated_at}) {
        batch.nullable(at.us_since_epoch, kNoInstant);
    }
    batch.nullable(day.days_since_epoch, kNoDay.days_since_epoch).integer(static_cast<int>(header.currency));
    batch.nullable(header.amount, kMissingAmount).nullable(header.discount, kMissingAmount);
    batch.nullable(header.refunded, kMissingAmount).nullable(header.refunded_at.us_since_epoch, kNoInstant);
    batch.nullable_text(header.channel)
        .nullable_text(header.coupon)
        .nullable_text(header.province)
        .nullable_text(header.city);
    batch.nullable_text(header.note_sealed).nullable_text(header.older_fields);
}

}  // namespace

OrderStore::OrderStore(WriteSession& session)
    : session_(session),
      orders_(session,
              insert_into("orders", {"id",           "shop_id",        "order_no",   "customer_id",   "account_id",
                                     "status",       "created_at",     "paid_at",    "shipped_at",    "signed_at",
                                     "finished_at",  "closed_at",      "updated_at", "day",           "currency",
                                     "amount",       "discount",       "refunded",   "refunded_at",   "channel",
                                     "coupon",       "province",       "city",       "note_sealed",   "older_fields",
                                     "lines_amount", "header_content", "line_count", "lines_content", "import_id"}),
              {kInt, kInt, kText, kInt, kInt,  kInt,  kInt,  kInt,  kInt,  kInt,  kInt, kInt, kInt, kInt, kInt,
               kInt, kInt, kInt,  kInt, kText, kText, kText, kText, kText, kText, kInt, kInt, kInt, kInt, kInt}),
      lines_(session,
             insert_into("order_lines", {"order_id", "line_no", "source_id", "label_id", "quantity_milli", "price",
                                         "amount", "discount", "refunded", "version", "content"}),
             {kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt}),
      refunds_(session,
               insert_into("refunds", {"id", "shop_id", "refund_no", "order_id", "customer_id", "asked_at", "done_at",
                                       "day", "currency", "amount", "import_id"}),
               {kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt}),
      find_((session.now().prepare << "SELECT id, coalesce(customer_id, 0), coalesce(account_id, 0), header_content, "
                                      "line_count, lines_content "
                                      "FROM orders WHERE shop_id = :shop AND order_no = :order_no",
             soci::use(shop_), soci::use(order_no_), soci::into(id_), soci::into(customer_), soci::into(account_),
             soci::into(content_), soci::into(line_count_), soci::into(lines_content_))) {}

std::int64_t OrderStore::next_id() {
    long long id = 0;
    session_.now() << "SELECT coalesce(max(id), 0) + 1 FROM orders", soci::into(id);
    return id;
}

void OrderStore::begin() {
    long long id = 0;
    session_.now() << "SELECT coalesce(max(id), 0) + 1 FROM refunds", soci::into(id);
    next_refund_ = id;
}

std::optional<OrderGlance> OrderStore::find(ShopId shop, const std::string& order_no) {
    shop_ = shop.value;
    order_no_ = order_no;
    session_.now();  // what was handed over may be what is asked for
    find_.execute();
    if (!find_.fetch()) return std::nullopt;
    OrderGlance glance{OrderId{id_}, CustomerId{customer_}, AccountId{account_}, content_, line_count_, lines_content_};
    while (find_.fetch()) {
    }
    return glance;
}

StoredOrder OrderStore::load(OrderId id) {
    StoredOrder order;
    const long long wanted = id.value;
    long long header_content = 0;
    long long lines_content = 0;
    int status = 0;
    int currency = 0;
    Nullable customer, account, created, paid, shipped, signed_at, finished, closed, updated, amount, discount,
        refunded, refunded_at, lines_amount;
    OrderHeader& header = order.header;
    soci::indicator channel = soci::i_ok, coupon = soci::i_ok, province = soci::i_ok, city = soci::i_ok,
                    note = soci::i_ok, older = soci::i_ok;
    session_.now()
        << "SELECT customer_id, account_id, status, created_at, paid_at, shipped_at, signed_at, finished_at, "
           "closed_at, updated_at, "
           "currency, amount, discount, refunded, refunded_at, channel, coupon, province, city, note_sealed, "
           "older_fields, lines_amount, header_content, line_count, "
           "lines_content FROM orders WHERE id = :id",
        soci::use(wanted), soci::into(customer.value, customer.indicator), soci::into(account.value, account.indicator),
        soci::into(status), soci::into(created.value, created.indicator), soci::into(paid.value, paid.indicator),
        soci::into(shipped.value, shipped.indicator), soci::into(signed_at.value, signed_at.indicator),
        soci::into(finished.value, finished.indicator), soci::into(closed.value, closed.indicator),
        soci::into(updated.value, updated.indicator), soci::into(currency), soci::into(amount.value, amount.indicator),
        soci::into(discount.value, discount.indicator), soci::into(refunded.value, refunded.indicator),
        soci::into(refunded_at.value, refunded_at.indicator), soci::into(header.channel, channel),
        soci::into(header.coupon, coupon), soci::into(header.province, province), soci::into(header.city, city),
        soci::into(header.note_sealed, note), soci::into(header.older_fields, older),
        soci::into(lines_amount.value, lines_amount.indicator), soci::into(header_content),
        soci::into(order.glance.line_count), soci::into(lines_content);
    order.glance.id = id;
    order.glance.customer = CustomerId{customer.or_else(0)};
    order.glance.account = AccountId{account.or_else(0)};
    order.glance.header_content = header_content;
    order.glance.lines_content = lines_content;
    header.status = static_cast<OrderStatus>(status);
    header.created_at = Instant{created.or_else(kNoInstant)};
    header.paid_at = Instant{paid.or_else(kNoInstant)};
    header.shipped_at = Instant{shipped.or_else(kNoInstant)};
    header.signed_at = Instant{signed_at.or_else(kNoInstant)};
    header.finished_at = Instant{finished.or_else(kNoInstant)};
    header.closed_at = Instant{closed.or_else(kNoInstant)};
    header.updated_at = Instant{updated.or_else(kNoInstant)};
    header.currency = static_cast<Currency>(currency);
    header.amount = amount.or_else(kMissingAmount);
    header.discount = discount.or_else(kMissingAmount);
    header.refunded = refunded.or_else(kMissingAmount);
    header.refunded_at = Instant{refunded_at.or_else(kNoInstant)};
    order.lines_amount = lines_amount.or_else(kMissingAmount);
    return order;
}

std::vector<OrderLine> OrderStore::lines(OrderId id) {
    std::vector<OrderLine> found;
    OrderLine line;
    const long long wanted = id.value;
    long long label = 0, quantity = 0, content = 0;
    Nullable price, amount, discount, refunded, version;
    soci::indicator source = soci::i_ok;
    soci::statement select =
        (session_.now().prepare
             << "SELECT line_no, source_id, label_id, quantity_milli, price, amount, discount, refunded, "
                "version, content "
                "FROM order_lines WHERE order_id = :id ORDER BY line_no",
         soci::use(wanted), soci::into(line.line_no), soci::into(line.source_id, source), soci::into(label),
         soci::into(quantity), soci::into(price.value, price.indicator), soci::into(amount.value, amount.indicator),
         soci::into(discount.value, discount.indicator), soci::into(refunded.value, refunded.indicator),
         soci::into(version.value, version.indicator), soci::into(content));
    select.execute();
    while (select.fetch()) {
        if (source == soci::i_null) line.source_id.clear();
        line.label = LabelId{label};
        line.quantity_milli = quantity;
        line.price = price.or_else(kMissingAmount);
        line.amount = amount.or_else(kMissingAmount);
        line.discount = discount.or_else(kMissingAmount);
        line.refunded = refunded.or_else(kMissingAmount);
        line.version = version.or_else(kMissingAmount);
        line.content = content;
        found.push_back(line);
    }
    return found;
}

void OrderStore::insert(ShopId shop, const std::string& order_no, const StoredOrder& order, Day day, ImportId import) {
    const auto& [glance, header, lines_amount] = order;
    orders_.integer(glance.id.value)
        .integer(shop.value)
        .text(order_no)
        .nullable(glance.customer.value, 0)
        .nullable(glance.account.value, 0);
    bind_header(orders_, header, day);
    orders_.nullable(lines_amount, kMissingAmount)
        .integer(glance.header_content)
        .integer(glance.line_count)
        .integer(glance.lines_content);
    orders_.nullable(import.value, 0);
}

void OrderStore::update(const StoredOrder& order, Day day, ImportId import) {
    const auto& [glance, header, lines_amount] = order;
    StatementBatch update(
        session_.now(),
        "UPDATE orders SET customer_id = :customer, account_id = :account, status = :status, created_at = :created, "
        "paid_at = :paid, shipped_at = :shipped, signed_at = :signed, finished_at = :finished, closed_at = :closed, "
        "updated_at = :updated, day = :day, currency = :currency, amount = :amount, discount = :discount, "
        "refunded = :refunded, refunded_at = :refunded_at, channel = :channel, coupon = :coupon, province = :province, "
        "city = :city, note_sealed = :note, older_fields = :older, "
        "lines_amount = :lines_amount, header_content = :content, line_count = :line_count, "
        "lines_content = :lines_content, import_id = :import WHERE id = :id",
        {kInt, kInt, kInt,  kInt,  kInt,  kInt,  kInt,  kInt,  kInt, kInt, kInt, kInt, kInt, kInt,
         kInt, kInt, kText, kText, kText, kText, kText, kText, kInt, kInt, kInt, kInt, kInt, kInt},
        1);
    update.nullable(glance.customer.value, 0).nullable(glance.account.value, 0);
    bind_header(update, header, day);
    update.nullable(lines_amount, kMissingAmount)
        .integer(glance.header_content)
        .integer(glance.line_count)
        .integer(glance.lines_content);
    update.nullable(import.value, 0).integer(glance.id.value);
}

void OrderStore::insert_line(OrderId order, const OrderLine& line) {
    lines_.integer(order.value)
        .integer(line.line_no)
        .nullable_text(line.source_id)
        .integer(line.label.value)
        .integer(line.quantity_milli);
    lines_.nullable(line.price, kMissingAmount)
        .nullable(line.amount, kMissingAmount)
        .nullable(line.discount, kMissingAmount);
    lines_.nullable(line.refunded, kMissingAmount).nullable(line.version, kMissingAmount).integer(line.content);
}

void OrderStore::update_line(OrderId order, const OrderLine& line) {
    const long long id = order.value;
    const long long label = line.label.value, quantity = line.quantity_milli, content = line.content;
    Nullable price(line.price, kMissingAmount), amount(line.amount, kMissingAmount),
        discount(line.discount, kMissingAmount), refunded(line.refunded, kMissingAmount),
        version(line.version, kMissingAmount);
    session_.now()
        << "UPDATE order_lines SET source_id = nullif(:source, ''), label_id = :label, quantity_milli = "
           ":quantity, price = :price, "
           "amount = :amount, discount = :discount, refunded = :refunded, version = :version, content = :content "
           "WHERE order_id = :id AND line_no = :no",
        soci::use(line.source_id), soci::use(label), soci::use(quantity), soci::use(price.value, price.indicator),
        soci::use(amount.value, amount.indicator), soci::use(discount.value, discount.indicator),
        soci::use(refunded.value, refunded.indicator), soci::use(version.value, version.indicator), soci::use(content),
        soci::use(id), soci::use(line.line_no);
}

bool OrderStore::write_refund(ShopId shop, const std::string& order_no, const StoredOrder& order, bool is_new_order,
                              Day day, ImportId import) {
    const auto& [glance, header, lines_amount] = order;
    const bool wanted = header.refunded != kMissingAmount && header.refunded != 0;
    if (is_new_order && !wanted) return false;
    const long long in_shop = shop.value, id = glance.id.value, amount = header.refunded;
    Nullable asked(header.refunded_at.us_since_epoch, kNoInstant), known_at;
    if (!is_new_order) {
        long long known_amount = 0;
        session_.now()
            << "SELECT amount, asked_at FROM refunds WHERE shop_id = :shop AND refund_no = :no AND order_id = :id",
            soci::use(in_shop), soci::use(order_no), soci::use(id), soci::into(known_amount),
            soci::into(known_at.value, known_at.indicator);
        const bool known = session_.now().got_data();
        if (known == wanted &&
            (!known || (known_amount == amount && known_at.or_else(kNoInstant) == header.refunded_at.us_since_epoch)))
            return false;
        if (known) {
            session_.now() << "DELETE FROM refunds WHERE shop_id = :shop AND refund_no = :no AND order_id = :id",
                soci::use(in_shop), soci::use(order_no), soci::use(id);
        }
        if (!wanted) return true;
    }
    refunds_.integer(next_refund_++).integer(shop.value).text(order_no).integer(id).nullable(glance.customer.value, 0);
    refunds_.nullable(header.refunded_at.us_since_epoch, kNoInstant)
        .nullable(header.refunded_at.us_since_epoch, kNoInstant);
    refunds_.nullable(day.days_since_epoch, kNoDay.days_since_epoch)
        .integer(static_cast<int>(header.currency))
        .integer(amount);
    refunds_.nullable(import.value, 0);
    return true;
}

void OrderStore::flush() {
    orders_.flush();
    lines_.flush();
    refunds_.flush();
}

void OrderStore::discard() {
    orders_.discard();
    lines_.discard();
    refunds_.discard();
}

}  // namespace shuke::record
