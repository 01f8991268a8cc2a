#include "record/customer_events.h"

#include "base/error.h"
#include "record/bulk_select.h"
#include "record/events.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::size_t kHead = 7;

bool has_words(EventKind kind) {
    return kind == EventKind::kReview || kind == EventKind::kInteraction || kind == EventKind::kTicket;
}

std::string select_of(EventKind kind, const std::string& ids) {
    const EventTable& table = event_table(kind);
    std::string sql = std::string("SELECT e.id, e.shop_id, e.at, ") + (table.has_order ? "e.order_id" : "NULL") + ", " +
                      (table.has_currency ? "e.currency" : "NULL") + ", " +
                      (kind == EventKind::kShipment ? "e.tracking_no" : "NULL") + ", " +
                      (has_words(kind) ? "e.content_sealed" : "NULL");
    for (const EventColumn& column : event_columns(kind)) sql += ", e." + std::string(column.name);
    sql += std::string(" FROM ") + table.name + " e";
    // An event of an order that has a customer is that customer's, whoever it was written with.
    if (table.is_the_orders) {
        sql += " LEFT JOIN orders o ON o.id = e.order_id WHERE e.id IN (SELECT t.id FROM " + std::string(table.name) +
               " t JOIN orders p ON p.id = t.order_id WHERE p.customer_id IN (" + ids + ") UNION SELECT t.id FROM " +
               table.name + " t WHERE t.customer_id IN (" + ids + ")) AND coalesce(o.customer_id, e.customer_id) IN (" +
               ids + ")";
    } else {
        sql += " WHERE e.customer_id IN (" + ids + ")";
    }
    return sql + " ORDER BY e.id";
}

void read(soci::session& session, const KeyRing& keys, EventKind kind, const std::string& ids,
          std::vector<CustomerEvent>& events) {
    const auto columns = event_columns(kind);
    std::vector<Type> types{kInt, kInt, kInt, kInt, kInt, kText, kText};
    for (const EventColumn& column : columns) types.push_back(column.value == EventValue::kText ? kText : kInt);
    BulkSelect select(session, select_of(kind, ids), types);
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            CustomerEvent event;
            event.kind = kind;
            event.id = select.integer(0, i);
            event.shop = ShopId{select.integer(1, i)};
            event.at = Instant{select.integer(2, i)};
            event.order = OrderId{select.integer(3, i)};
            event.currency = static_cast<Currency>(select.integer(4, i));
            event.tracking_no = select.text(5, i);
            if (!select.text(6, i).empty())
                event.words = Personal<std::string>(or_throw(keys.unseal(select.text(6, i))));
            for (std::size_t column = 0; column < columns.size(); ++column) {
                ShownValue value{columns[column].name, columns[column].value};
                if (value.type == EventValue::kText)
                    value.text = select.text(kHead + column, i);
                else
                    value.number = select.integer(kHead + column, i, kMissingAmount);
                if (!value.text.empty() || value.number != kMissingAmount) event.values.push_back(std::move(value));
            }
            events.push_back(std::move(event));
        }
    }
}

}  // namespace

std::vector<CustomerEvent> customer_events(soci::session& session, const KeyRing& keys,
                                           const std::vector<CustomerId>& ids) {
    std::string list;
    for (const CustomerId id : ids) list += (list.empty() ? "" : ",") + std::to_string(id.value);
    std::vector<CustomerEvent> events;
    if (list.empty()) return events;
    for (std::size_t kind = 0; kind < kEventKinds; ++kind)
        read(session, keys, static_cast<EventKind>(kind), list, events);
    return events;
}

}  // namespace shuke::record
