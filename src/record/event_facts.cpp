// src/record/event_facts.cpp: the parts of FactReader (facts.h) about events, tiers, scores and custom attributes.
#include "base/error.h"
#include "record/bulk_select.h"
#include "record/custom_attributes.h"
#include "record/events.h"
#include "record/facts.h"
#include "record/scores.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::size_t kHead = 8;  // columns before the event's own

// Theirs by their order, or by themselves where that has nobody. Found by either first, each through its index.
std::string theirs(const EventTable& table, const Whose& whose) {
    if (whose.is_everybody()) return "";
    if (!table.is_the_orders) return " WHERE " + whose.condition("e.customer_id");
    return std::string(" WHERE e.id IN (SELECT t.id FROM ") + table.name +
           " t JOIN orders p ON p.id = t.order_id WHERE " + whose.condition("p.customer_id") +
           " UNION SELECT t.id FROM " + table.name + " t WHERE " + whose.condition("t.customer_id") + ") AND " +
           whose.condition("coalesce(o.customer_id, e.customer_id)");
}

std::string select_events(EventKind kind, const Whose& whose) {
    const EventTable& table = event_table(kind);
    const std::string order = table.is_the_orders ? "o.customer_id" : "NULL";
    std::string sql = "SELECT e.id, " + order + ", e.customer_id, e.shop_id, e.at, e.day, " +
                      (table.has_label ? "e.label_id" : "NULL") + ", " + (table.has_currency ? "e.currency" : "NULL");
    for (const EventColumn& column : event_columns(kind)) sql += ", e." + std::string(column.name);
    sql += std::string(" FROM ") + table.name + " e";
    if (table.is_the_orders) sql += " LEFT JOIN orders o ON o.id = e.order_id";
    return sql + theirs(table, whose);
}

}  // namespace

void FactReader::events(const std::function<void(const EventFact&)>& visit) {
    if (whose_.is_guests()) return;
    const Survivors survivors(session_);
    for (std::size_t kind = 0; kind < kEventKinds; ++kind) events_of(static_cast<EventKind>(kind), survivors, visit);
}

void FactReader::events_of(EventKind kind, const Survivors& survivors,
                           const std::function<void(const EventFact&)>& visit) {
    const auto columns = event_columns(kind);
    std::vector<Type> types(kHead, kInt);
    for (const EventColumn& column : columns) types.push_back(column.value == EventValue::kText ? kText : kInt);
    BulkSelect select(session_, select_events(kind, whose_), types);
    EventFact fact;
    fact.kind = kind;
    fact.values.resize(columns.size());
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            fact.id = select.integer(0, i);
            const CustomerId of_order{select.integer(1, i)};
            fact.customer = of_order ? of_order : survivors.of(CustomerId{select.integer(2, i)});
            fact.shop = ShopId{select.integer(3, i)};
            fact.at = Instant{select.integer(4, i)};
            fact.label = LabelId{select.integer(6, i)};
            const Day day{static_cast<std::int32_t>(select.integer(5, i))};
            const auto currency = static_cast<Currency>(select.integer(7, i));
            for (std::size_t column = 0; column < columns.size(); ++column) {
                EventFact::Value& value = fact.values[column];
                if (columns[column].value == EventValue::kText) {
                    value.text = select.text(kHead + column, i);
                    continue;
                }
                value.number = select.integer(kHead + column, i, kMissingAmount);
                if (columns[column].value == EventValue::kMoney && currency != converter_.base())
                    value.number = converter_.convert(value.number, currency, day);
            }
            visit(fact);
        }
    }
}

void FactReader::traits(const KeyRing& keys, const std::function<void(const TraitFact&)>& visit) {
    if (whose_.is_guests()) return;
    const Survivors survivors(session_);
    tiers(survivors, visit);
    scores(survivors, visit);
    custom_attributes(keys, survivors, visit);
}

void FactReader::tiers(const Survivors& survivors, const std::function<void(const TraitFact&)>& visit) {
    BulkSelect select(session_,
                      "SELECT c.customer_id, c.at, t.name FROM customer_tiers c LEFT JOIN tiers t ON t.id = c.tier_id" +
                          where("c.customer_id") + " ORDER BY c.customer_id, c.at",
                      {kInt, kInt, kText});
    TraitFact fact;
    fact.name = "tier";
    fact.type = TraitType::kText;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            fact.customer = survivors.of(CustomerId{select.integer(0, i)});
            fact.from = Instant{select.integer(1, i)};
            fact.text = select.text(2, i);
            visit(fact);
        }
    }
}

void FactReader::scores(const Survivors& survivors, const std::function<void(const TraitFact&)>& visit) {
    BulkSelect select(session_,
                      "SELECT customer_id, name, at, value, text FROM scores" + where("customer_id") +
                          " ORDER BY customer_id, name, at",
                      {kInt, kText, kInt, kInt, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const ScoreInfo* score = find_score(select.text(1, i));
            if (score == nullptr) continue;  // of a newer version
            TraitFact fact;
            fact.customer = survivors.of(CustomerId{select.integer(0, i)});
            fact.name = score->name;
            fact.type = score->type;
            fact.from = Instant{select.integer(2, i)};
            fact.number = select.integer(3, i, kMissingAmount);
            fact.text = select.text(4, i);
            visit(fact);
        }
    }
}

// Today's, whatever the instant; of merged customers what was said last.
void FactReader::custom_attributes(const KeyRing& keys, const Survivors& survivors,
                                   const std::function<void(const TraitFact&)>& visit) {
    BulkSelect select(session_,
                      "SELECT a.customer_id, a.name, d.type, a.value_sealed FROM custom_attributes a JOIN "
                      "attribute_definitions d ON d.name = a.name" +
                          where("a.customer_id") + " ORDER BY a.changed_at, a.customer_id, a.name",
                      {kInt, kText, kInt, kText});
    const int digits = info(converter_.base()).digits;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const std::string value = or_throw(keys.unseal(select.text(3, i)));
            const std::string name = "custom." + std::string(select.text(1, i));
            const auto type = static_cast<AttributeType>(select.integer(2, i));
            auto fact = trait_of(type, value, digits);
            if (!fact) continue;
            fact->customer = survivors.of(CustomerId{select.integer(0, i)});
            fact->name = name;
            visit(*fact);
        }
    }
}

}  // namespace shuke::record
