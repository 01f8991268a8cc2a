#include "record/order_pages.h"

#include <unordered_map>

#include "record/bulk_select.h"
#include "record/database.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kNoInstant = kNever.us_since_epoch;

template <class Tag>
std::string numbers(const std::vector<Id<Tag>>& ids) {
    std::string text;
    for (const auto& id : ids) text += (text.empty() ? "" : ",") + std::to_string(id.value);
    return text;
}

// Conditions of our own numbers; the order's number is a parameter.
std::string conditions(const OrderFilter& filter) {
    std::string sql = " WHERE 1 = 1";
    if (!filter.order_no.empty()) sql += " AND order_no = :no";
    if (!filter.shops.empty()) sql += " AND shop_id IN (" + numbers(filter.shops) + ")";
    if (!filter.customers.empty()) sql += " AND customer_id IN (" + numbers(filter.customers) + ")";
    if (filter.from != kNoDay) sql += " AND day >= " + std::to_string(filter.from.days_since_epoch);
    if (filter.to != kNoDay) sql += " AND day <= " + std::to_string(filter.to.days_since_epoch);
    if (filter.status) sql += " AND status = " + std::to_string(static_cast<int>(*filter.status));
    if (filter.before > 0) sql += " AND id < " + std::to_string(filter.before);
    return sql;
}

std::vector<OrderId> ids_of(soci::session& session, const OrderFilter& filter) {
    const std::string sql =
        "SELECT id FROM orders" + conditions(filter) + " ORDER BY id DESC LIMIT " + std::to_string(filter.limit);
    long long id = 0;
    std::vector<OrderId> ids;
    soci::statement select(session);
    select.alloc();
    select.prepare(sql);
    if (!filter.order_no.empty()) select.exchange(soci::use(filter.order_no, "no"));
    select.exchange(soci::into(id));
    select.define_and_bind();
    select.execute();
    while (select.fetch()) ids.push_back(OrderId{id});
    return ids;
}

std::vector<PagedOrder> read(soci::session& session, const std::vector<OrderId>& ids) {
    std::vector<PagedOrder> orders;
    if (ids.empty()) return orders;
    BulkSelect select(
        session,
        "SELECT id, order_no, shop_id, customer_id, status, created_at, paid_at, shipped_at, signed_at, "
        "finished_at, closed_at, updated_at, currency, coalesce(amount, lines_amount), discount, refunded, "
        "channel, coupon, province, city FROM orders WHERE id IN (" +
            numbers(ids) + ") ORDER BY id DESC",
        {kInt, kText, kInt, kInt, kInt, kInt, kInt,  kInt,  kInt,  kInt,
         kInt, kInt,  kInt, kInt, kInt, kInt, kText, kText, kText, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            PagedOrder order;
            order.id = OrderId{select.integer(0, i)};
            order.order_no = select.text(1, i);
            order.shop = ShopId{select.integer(2, i)};
            order.customer = CustomerId{select.integer(3, i)};
            auto& head = order.header;
            head.status = static_cast<OrderStatus>(select.integer(4, i));
            Instant* const times[] = {&head.created_at,  &head.paid_at,   &head.shipped_at, &head.signed_at,
                                      &head.finished_at, &head.closed_at, &head.updated_at};
            for (std::size_t t = 0; t < std::size(times); ++t)
                *times[t] = Instant{select.integer(5 + t, i, kNoInstant)};
            head.currency = static_cast<Currency>(select.integer(12, i));
            head.amount = select.integer(13, i, kMissingAmount);
            head.discount = select.integer(14, i, kMissingAmount);
            head.refunded = select.integer(15, i, kMissingAmount);
            head.channel = select.text(16, i);
            head.coupon = select.text(17, i);
            head.province = select.text(18, i);
            head.city = select.text(19, i);
            orders.push_back(std::move(order));
        }
    }
    return orders;
}

void read_lines(soci::session& session, const std::vector<OrderId>& ids, std::vector<PagedOrder>& orders) {
    if (ids.empty()) return;
    std::unordered_map<std::int64_t, std::size_t> places;
    for (std::size_t i = 0; i < orders.size(); ++i) places[orders[i].id.value] = i;
    BulkSelect select(
        session,
        "SELECT l.order_id, l.line_no, p.code, b.title, b.sku, c.name, b.brand, l.quantity_milli, l.price, "
        "l.amount, l.discount, l.refunded FROM order_lines l JOIN product_labels b ON b.id = l.label_id "
        "JOIN products p ON p.id = b.product_id LEFT JOIN categories c ON c.id = b.category_id "
        "WHERE l.order_id IN (" +
            numbers(ids) + ") ORDER BY l.order_id, l.line_no",
        {kInt, kInt, kText, kText, kText, kText, kText, kInt, kInt, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            PagedLine line;
            line.line_no = static_cast<std::int32_t>(select.integer(1, i));
            line.product = select.text(2, i);
            line.title = select.text(3, i);
            line.sku = select.text(4, i);
            line.category = select.text(5, i);
            line.brand = select.text(6, i);
            line.quantity_milli = select.integer(7, i);
            line.price = select.integer(8, i, kMissingAmount);
            line.amount = select.integer(9, i, kMissingAmount);
            line.discount = select.integer(10, i, kMissingAmount);
            line.refunded = select.integer(11, i, kMissingAmount);
            orders[places.at(select.integer(0, i))].lines.push_back(std::move(line));
        }
    }
}

}  // namespace

std::vector<PagedOrder> page_of_orders(soci::session& session, const OrderFilter& filter) {
    const auto ids = ids_of(session, filter);
    auto orders = read(session, ids);
    read_lines(session, ids, orders);
    return orders;
}

std::optional<PagedOrder> paged_order(soci::session& session, OrderId id) {
    auto orders = read(session, {id});
    if (orders.empty()) return std::nullopt;
    read_lines(session, {id}, orders);
    return std::move(orders.front());
}

}  // namespace shuke::record
