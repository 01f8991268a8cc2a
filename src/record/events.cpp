#include "record/events.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "record/changes.h"
#include "record/database.h"
#include "record/survivors.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;

// By EventKind: name, has_order, is_the_orders, has_label, has_currency.
constexpr EventTable kTables[kEventKinds] = {
    {.name = "shipments", .has_order = true, .is_the_orders = true, .has_label = false, .has_currency = false},
    {.name = "reviews", .has_order = true, .is_the_orders = true, .has_label = true, .has_currency = false},
    {.name = "messages", .has_order = false, .is_the_orders = false, .has_label = false, .has_currency = true},
    {.name = "interactions", .has_order = true, .is_the_orders = true, .has_label = true, .has_currency = false},
    {.name = "points_entries", .has_order = true, .is_the_orders = false, .has_label = false, .has_currency = false},
    {.name = "coupons", .has_order = true, .is_the_orders = false, .has_label = false, .has_currency = true},
    {.name = "tickets", .has_order = true, .is_the_orders = true, .has_label = true, .has_currency = false},
};

// Columns of the head, in the order begin() writes them.
std::vector<std::string> head_columns(const EventTable& table) {
    std::vector<std::string> columns = {"id", "customer_id", "shop_id", "at", "day"};
    if (table.has_order) columns.emplace_back("order_id");
    if (table.has_label) columns.emplace_back("label_id");
    if (table.has_currency) columns.emplace_back("currency");
    return columns;
}

}  // namespace

const EventTable& event_table(EventKind kind) { return kTables[static_cast<std::size_t>(kind)]; }

std::string EventWriter::insert(EventKind kind, const More& more) {
    std::vector<std::string> columns = head_columns(event_table(kind));
    for (const EventColumn& column : event_columns(kind)) columns.emplace_back(column.name);
    for (const auto& [name, type] : more) columns.emplace_back(name);
    std::string names, values;
    for (const std::string& column : columns) {
        names += (names.empty() ? "" : ", ") + column;
        values += (values.empty() ? ":" : ", :") + column;
    }
    return std::string("INSERT INTO ") + event_table(kind).name + " (" + names + ") VALUES (" + values + ")";
}

std::vector<Type> EventWriter::types(EventKind kind, const More& more) {
    std::vector<Type> types(head_columns(event_table(kind)).size(), kInt);
    for (const EventColumn& column : event_columns(kind))
        types.push_back(column.value == EventValue::kText ? kText : kInt);
    for (const auto& [name, type] : more) types.push_back(type);
    return types;
}

EventWriter::EventWriter(soci::session& session, EventKind kind, const More& more)
    : session_(session), table_(event_table(kind)), batch_(session, insert(kind, more), types(kind, more)) {
    long long id = 0;
    session << std::string("SELECT coalesce(max(id), 0) + 1 FROM ") + table_.name, soci::into(id);
    next_id_ = id;
}

// Whoever had it may be somebody else from now on.
void EventWriter::remove(std::int64_t id) {
    const long long wanted = id;
    Nullable customer, order;
    session_ << std::string("SELECT customer_id, ") + (table_.is_the_orders ? "order_id" : "NULL") + " FROM " +
                    table_.name + " WHERE id = :id",
        soci::use(wanted), soci::into(customer.value, customer.indicator), soci::into(order.value, order.indicator);
    if (!session_.got_data()) return;
    customers_.push_back(CustomerId{customer.or_else(0)});
    orders_.push_back(OrderId{order.or_else(0)});
    session_ << std::string("DELETE FROM ") + table_.name + " WHERE id = :id", soci::use(wanted);
}

StatementBatch& EventWriter::begin(EventHead& head) {
    SHUKE_CHECK(head.at != kNever && head.day != kNoDay, "an event without its time");
    if (head.id == 0) {
        head.id = next_id_++;
    } else {
        remove(head.id);
    }
    customers_.push_back(head.customer);
    if (table_.is_the_orders) orders_.push_back(head.order);
    batch_.integer(head.id).nullable(head.customer.value, 0).integer(head.shop.value);
    batch_.integer(head.at.us_since_epoch).integer(head.day.days_since_epoch);
    if (table_.has_order) batch_.nullable(head.order.value, 0);
    if (table_.has_label) batch_.nullable(head.label.value, 0);
    if (table_.has_currency) batch_.integer(static_cast<int>(head.currency));
    return batch_;
}

void EventWriter::finish() {
    batch_.flush();
    const Survivors survivors(session_);
    std::vector<CustomerId> changed;
    for (const CustomerId customer : customers_) {
        if (customer) changed.push_back(survivors.of(customer));
    }
    long long order = 0;
    Nullable customer;
    soci::statement find = (session_.prepare << "SELECT customer_id FROM orders WHERE id = :id", soci::use(order),
                            soci::into(customer.value, customer.indicator));
    for (const OrderId one : orders_) {
        order = one.value;
        if (one && find.execute(true) && customer.or_else(0) != 0) changed.push_back(CustomerId{customer.value});
    }
    std::ranges::sort(changed);
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
    append_changes(session_, changed);
    customers_.clear();
    orders_.clear();
}

StatementBatch& put_time(StatementBatch& batch, Instant at) {
    return batch.nullable(at.us_since_epoch, kNever.us_since_epoch);
}

}  // namespace shuke::record
