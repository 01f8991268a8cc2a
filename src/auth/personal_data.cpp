#include "auth/personal_data.h"

#include <nlohmann/json.hpp>

#include "base/time_zone.h"
#include "identity/identifiers.h"
#include "record/accounts.h"
#include "record/bulk_select.h"
#include "record/changes.h"
#include "record/erasures.h"
#include "record/persons.h"

namespace shuke::auth {

using nlohmann::ordered_json;
using record::BulkSelect;
using record::Type;

namespace {

enum class As { kNumber, kText, kSealed, kInstant, kDay };

struct Column {
    const char* sql;
    const char* name;
    As as;
};

struct Section {
    const char* name;
    std::vector<Column> columns;
    std::string rest;  // FROM and WHERE, made of our own numbers
};

// Every table that holds something of a customer.
std::vector<Section> sections_of(const record::Person& person) {
    const std::string ids = person.where("t.customer_id");
    const std::string own_or_order =
        "(" + ids + " OR t.order_id IN (SELECT id FROM orders WHERE " + person.where("customer_id") + "))";
    const auto from = [](const std::string& table, const std::string& where, const std::string& order) {
        return " FROM " + table + " t LEFT JOIN shops s ON s.id = t.shop_id WHERE " + where + " ORDER BY " + order;
    };
    const Column shop{"s.name", "shop", As::kText};
    const Column at{"t.at", "at", As::kInstant};
    return {
        {"accounts",
         {shop,
          {"t.name_sealed", "name", As::kSealed},
          {"t.street_sealed", "street", As::kSealed},
          {"t.postcode_sealed", "postcode", As::kSealed},
          {"t.gender", "gender", As::kNumber},
          {"t.birthday", "birthday", As::kDay},
          {"t.province", "province", As::kText},
          {"t.city", "city", As::kText},
          {"t.district", "district", As::kText},
          {"t.profile_at", "profile_at", As::kInstant}},
         from("accounts", ids, "t.id")},
        {"orders",
         {shop,
          {"t.order_no", "order_no", As::kText},
          {"t.created_at", "created_at", As::kInstant},
          {"t.paid_at", "paid_at", As::kInstant},
          {"t.shipped_at", "shipped_at", As::kInstant},
          {"t.signed_at", "signed_at", As::kInstant},
          {"t.finished_at", "finished_at", As::kInstant},
          {"t.closed_at", "closed_at", As::kInstant},
          {"t.currency", "currency", As::kNumber},
          {"coalesce(t.amount, t.lines_amount)", "amount_minor", As::kNumber},
          {"t.discount", "discount_minor", As::kNumber},
          {"t.channel", "channel", As::kText},
          {"t.coupon", "coupon", As::kText},
          {"t.province", "province", As::kText},
          {"t.city", "city", As::kText},
          {"t.note_sealed", "note", As::kSealed}},
         from("orders", ids, "t.id")},
        {"order_lines",
         {{"o.order_no", "order_no", As::kText},
          {"p.code", "product", As::kText},
          {"b.title", "title", As::kText},
          {"t.quantity_milli", "quantity_milli", As::kNumber},
          {"t.amount", "amount_minor", As::kNumber}},
         " FROM order_lines t JOIN orders o ON o.id = t.order_id JOIN product_labels b ON b.id = t.label_id JOIN "
         "products p ON p.id = b.product_id WHERE " +
             person.where("o.customer_id") + " ORDER BY o.id, t.line_no"},
        {"refunds",
         {shop,
          {"t.refund_no", "refund_no", As::kText},
          {"t.asked_at", "asked_at", As::kInstant},
          {"t.done_at", "done_at", As::kInstant},
          {"t.currency", "currency", As::kNumber},
          {"t.amount", "amount_minor", As::kNumber},
          {"t.reason", "reason", As::kText}},
         from("refunds", ids, "t.id")},
        {"shipments",
         {shop, at,
          {"t.carrier", "carrier", As::kText},
          {"t.tracking_no", "tracking_no", As::kText},
          {"t.signed_at", "signed_at", As::kInstant}},
         from("shipments", own_or_order, "t.id")},
        {"reviews",
         {shop, at,
          {"t.review_no", "review_no", As::kText},
          {"t.score", "score", As::kNumber},
          {"t.content_sealed", "content", As::kSealed}},
         from("reviews", own_or_order, "t.id")},
        {"messages",
         {shop, at,
          {"t.channel", "channel", As::kText},
          {"t.campaign", "campaign", As::kText},
          {"t.template", "template", As::kText},
          {"t.delivered_at", "delivered_at", As::kInstant},
          {"t.opened_at", "opened_at", As::kInstant},
          {"t.clicked_at", "clicked_at", As::kInstant},
          {"t.failure", "failure", As::kText}},
         from("messages", ids, "t.id")},
        {"interactions",
         {shop, at,
          {"t.channel", "channel", As::kText},
          {"t.kind", "kind", As::kText},
          {"t.topic", "topic", As::kText},
          {"t.outcome", "outcome", As::kText},
          {"t.content_sealed", "content", As::kSealed}},
         from("interactions", own_or_order, "t.id")},
        {"points",
         {shop, at,
          {"t.amount", "points", As::kNumber},
          {"t.reason", "reason", As::kText},
          {"t.expires_at", "expires_at", As::kInstant}},
         from("points_entries", ids, "t.id")},
        {"coupons",
         {shop, at,
          {"t.code", "code", As::kText},
          {"t.template", "template", As::kText},
          {"t.value", "value_minor", As::kNumber},
          {"t.expires_at", "expires_at", As::kInstant},
          {"t.redeemed_at", "redeemed_at", As::kInstant}},
         from("coupons", ids, "t.id")},
        {"tickets",
         {shop, at,
          {"t.kind", "kind", As::kText},
          {"t.topic", "topic", As::kText},
          {"t.closed_at", "closed_at", As::kInstant},
          {"t.satisfaction", "satisfaction", As::kNumber},
          {"t.content_sealed", "content", As::kSealed}},
         from("tickets", own_or_order, "t.id")},
        {"tags",
         {{"g.name", "tag", As::kText},
          {"t.added_at", "added_at", As::kInstant},
          {"t.removed_at", "removed_at", As::kInstant}},
         " FROM customer_tags t JOIN tags g ON g.id = t.tag_id WHERE " + ids + " ORDER BY t.added_at"},
        {"lists",
         {{"g.name", "list", As::kText},
          {"t.added_at", "added_at", As::kInstant},
          {"t.removed_at", "removed_at", As::kInstant}},
         " FROM list_members t JOIN lists g ON g.id = t.list_id WHERE " + ids + " ORDER BY t.added_at"},
        {"segments",
         {{"g.name", "segment", As::kText},
          {"t.entered_at", "entered_at", As::kInstant},
          {"t.left_at", "left_at", As::kInstant}},
         " FROM segment_members t JOIN segments g ON g.id = t.segment_id WHERE " + ids + " ORDER BY t.entered_at"},
        {"tiers",
         {{"g.name", "tier", As::kText}, at, {"t.reason", "reason", As::kText}},
         " FROM customer_tiers t LEFT JOIN tiers g ON g.id = t.tier_id WHERE " + ids + " ORDER BY t.at"},
        {"scores",
         {{"t.name", "score", As::kText}, at, {"t.value", "value", As::kNumber}, {"t.text", "text", As::kText}},
         " FROM scores t WHERE " + ids + " ORDER BY t.name, t.at"},
        {"consents",
         {{"t.channel", "channel", As::kText},
          {"t.purpose", "purpose", As::kText},
          at,
          {"t.granted", "granted", As::kNumber},
          {"t.source", "source", As::kText}},
         " FROM consents t WHERE " + ids + " ORDER BY t.at"},
        {"custom_attributes",
         {{"t.name", "name", As::kText},
          {"t.value_sealed", "value", As::kSealed},
          {"t.changed_at", "changed_at", As::kInstant}},
         " FROM custom_attributes t WHERE " + ids + " ORDER BY t.name"},
        {"notes",
         {{"t.author", "author", As::kText}, at, {"t.text_sealed", "text", As::kSealed}},
         " FROM customer_notes t WHERE " + ids + " ORDER BY t.at"},
        {"merges",
         {{"t.survivor_id", "survivor", As::kNumber},
          {"t.merged_id", "merged", As::kNumber},
          {"t.actor", "by", As::kText},
          at,
          {"t.split_at", "split_at", As::kInstant}},
         " FROM merges t WHERE " + person.where("t.survivor_id") + " OR " + person.where("t.merged_id") +
             " ORDER BY t.id"},
        {"seen_by",
         {at, {"t.actor", "by", As::kText}, {"t.action", "action", As::kText}},
         " FROM audit t WHERE " + person.where_subject("t.subject") + " ORDER BY t.id"},
    };
}

ordered_json cell(const BulkSelect& select, const KeyRing& keys, As as, std::size_t column, std::size_t row) {
    constexpr std::int64_t kNone = kNever.us_since_epoch;
    switch (as) {
        case As::kText: return std::string(select.text(column, row));
        case As::kSealed: return or_throw(keys.unseal(select.text(column, row)));
        case As::kNumber: {
            const std::int64_t value = select.integer(column, row, kNone);
            return value == kNone ? ordered_json() : ordered_json(value);
        }
        case As::kInstant: {
            const Instant at{select.integer(column, row, kNone)};
            return at == kNever ? ordered_json() : ordered_json(format_iso(at));
        }
        case As::kDay: {
            const Day day{static_cast<std::int32_t>(select.integer(column, row, kNoDay.days_since_epoch))};
            return day == kNoDay ? ordered_json() : ordered_json(format_date(day));
        }
    }
    return {};
}

ordered_json read_section(soci::session& session, const KeyRing& keys, const Section& section) {
    std::string sql;
    std::vector<Type> types;
    for (const Column& column : section.columns) {
        sql += (sql.empty() ? "SELECT " : ", ") + std::string(column.sql);
        types.push_back(column.as == As::kText || column.as == As::kSealed ? Type::kText : Type::kInteger);
    }
    ordered_json rows = ordered_json::array();
    BulkSelect select(session, sql + section.rest, types);
    while (const std::size_t count = select.fetch()) {
        for (std::size_t row = 0; row < count; ++row) {
            ordered_json one = ordered_json::object();
            for (std::size_t i = 0; i < section.columns.size(); ++i)
                one[section.columns[i].name] = cell(select, keys, section.columns[i].as, i, row);
            rows.push_back(std::move(one));
        }
    }
    return rows;
}

ordered_json read_identifiers(soci::session& session, const KeyRing& keys, const record::Person& person) {
    ordered_json rows = ordered_json::array();
    for (const auto& one : record::identifiers_of(session, keys, person)) {
        rows.push_back({{"kind", identity::to_string(static_cast<identity::IdentifierKind>(one.kind))},
                        {"value", one.value.reveal()},
                        {"first_seen_at", format_iso(one.first_seen_at)}});
    }
    return rows;
}

}  // namespace

Result<ordered_json> export_personal_data(soci::session& session, const KeyRing& keys, CustomerId customer,
                                          const Principal& principal, Instant now) {
    if (auto may = principal.require(Permission::kCustomersReveal); !may) return std::unexpected(may.error());
    const auto person = record::find_person(session, customer);
    if (!person) return std::unexpected(person.error());
    ordered_json document{{"customer", person->customer.value}, {"as_of", format_iso(now)}};
    const Instant erased = record::erased_at(session, person->customer);
    document["erased_at"] = erased == kNever ? ordered_json() : ordered_json(format_iso(erased));
    document["identifiers"] = read_identifiers(session, keys, *person);
    for (const Section& section : sections_of(*person)) document[section.name] = read_section(session, keys, section);
    record::append_audit(session,
                         {principal.actor(), "customer.personal_data", "customer " + std::to_string(customer.value),
                          "everything, in clear"},
                         now);
    return document;
}

Instant erased_at(soci::session& session, CustomerId customer) { return record::erased_at(session, customer); }

}  // namespace shuke::auth
