// src/api/resources/customers.cpp: finding and seeing customers, and what may be changed of one.
#include <charconv>

#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "api/resources/order_json.h"
#include "auth/masking.h"
#include "auth/personal_data.h"
#include "api/refresher.h"
#include "base/text.h"
#include "identity/lookup.h"
#include "live/customer_profile.h"
#include "record/changes.h"
#include "record/custom_attributes.h"
#include "record/customers.h"
#include "record/notes.h"
#include "record/order_pages.h"
#include "record/settings.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

using identity::IdentifierKind;

// Those that an identifier means, and that the expression (if any) chooses.
Result<audience::Selection> found_by(Call& call, const Question& question, const std::string& text,
                                     const audience::Selection* among) {
    Result<std::vector<CustomerId>> found;
    auto read = call.at.database.read(
        [&](soci::session& session) { found = identity::find_customers(session, call.at.database.keys(), text); });
    if (!read) return std::unexpected(read.error());
    audience::Selection chosen;
    if (!found) return found.error().code == Code::kNotFound ? Result<audience::Selection>(chosen) : std::unexpected(found.error());
    for (const CustomerId id : *found) {
        const auto slot = question.version().slot_of(id);
        if (slot && (among == nullptr || among->slots.contains(*slot))) chosen.slots.add(*slot);
    }
    return chosen;
}

Reply list_customers(Call& call) {
    const auto asked = question(call, call.asked("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const std::string where = call.asked("where"), q = call.asked("q");
    const auto bound = bind(call, *asked, is_blank(where) ? "all customers" : where);
    if (!bound) return std::unexpected(bound.error());
    audience::Selection chosen = evaluate(call, *asked, *bound);
    if (!is_blank(q)) {
        auto found = found_by(call, *asked, std::string(trim(q)), &chosen);
        if (!found) return std::unexpected(found.error());
        chosen = std::move(*found);
    }
    const auto page = page_json(call, *asked, chosen, call.asked("sort"));
    if (!page) return std::unexpected(page.error());
    return json(*page);
}

Json identifiers_json(const record::ShownCustomer& shown) {
    const auth::Masking masking;
    Json list = Json::array();
    for (const auto& one : shown.identifiers) {
        const auto kind = static_cast<IdentifierKind>(one.kind);
        list.push_back({{"kind", identity::to_string(kind)},
                        {"value", masking.identifier(kind, one.value)},
                        {"shop", one.shop},
                        {"account_id", one.account.value},
                        {"trusted", one.trusted},
                        {"shared", one.shared},
                        {"first_seen_at", instant_json(one.first_seen_at)}});
    }
    return list;
}

Json merges_json(const std::vector<record::Merge>& merges) {
    Json list = Json::array();
    for (const auto& merge : merges) {
        list.push_back({{"id", merge.id},
                        {"survivor_id", merge.survivor.value},
                        {"merged_id", merge.merged.value},
                        {"by_identifier", static_cast<bool>(merge.identifier)},
                        {"actor", merge.actor},
                        {"at", instant_json(merge.at)}});
    }
    return list;
}

Json scores_json(const live::CustomerProfile& profile, Currency currency, bool chinese) {
    const auto& row = profile.row;
    Json rfm;
    if (profile.rfm) {
        const auto& one = *profile.rfm;
        rfm = {{"r", one.r},
               {"f", one.f},
               {"m", one.m},
               {"class", one.rfm_class},
               {"recency_days", one.recency_days},
               {"frequency", one.frequency},
               {"monetary", money_json(one.monetary, currency)},
               {"reasons", chinese ? one.reasons_zh : one.reasons_en}};
    }
    Json lifecycle;
    if (!row.lifecycle.empty()) {
        lifecycle = {{"stage", row.lifecycle},
                     {"since_days", profile.days_since_order ? Json(*profile.days_since_order) : Json()},
                     {"reason", chinese ? profile.lifecycle_reason_zh : profile.lifecycle_reason_en}};
    }
    return {{"rfm", rfm},
            {"lifecycle", lifecycle},
            {"churn_risk", row.churn_risk ? Json(*row.churn_risk) : Json()},
            {"clv", amount_json(row.clv, currency)}};
}

Reply get_customer(Call& call) {
    const auto asked = question(call, "");
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const auto profile = live::customer_profile(call.at.database, *asked->audience, *id, asked->as_of, &call.at.pool);
    if (!profile) return std::unexpected(profile.error());
    std::optional<record::ShownCustomer> shown;
    std::vector<Shop> shops;
    std::vector<record::AccountShop> accounts;
    auto read = call.at.database.read([&](soci::session& session) {
        shown = record::show_customer(session, call.at.database.keys(), *id);
        shops = record::all_shops(session);
        accounts = record::shops_of_accounts(session, *id);
    });
    if (!read) return std::unexpected(read.error());
    if (!shown) return fail(Code::kNotFound, "customer.not_found", "there is no customer " + std::to_string(id->value));
    const auth::Masking masking;
    const auto& person = shown->profile;
    Json body = row_json(profile->row, asked->currency());
    body["district"] = text_or_null(person.district);
    body["gender"] = person.gender == Gender::kUnknown ? Json() : Json(person.gender == Gender::kMale ? "male" : "female");
    body["birthday"] = text_or_null(masking.birthday(person.birthday));
    body["email"] = text_or_null(masking.email(profile->row.card.email));
    body["identifiers"] = identifiers_json(*shown);
    Json& of_shops = body["accounts"] = Json::array();
    for (const auto& account : accounts) {
        for (const auto& shop : shops) {
            if (shop.id == account.shop)
                of_shops.push_back({{"id", account.account.value}, {"shop_id", shop.id.value}, {"shop", shop.name}, {"platform", shop.platform}});
        }
    }
    body["merged_from"] = merges_json(shown->merges);
    Json& custom = body["custom"] = Json::array();
    for (const auto& [name, value] : profile->custom) custom.push_back({{"name", name}, {"value", value}});
    body["lists"] = profile->lists;
    body["segments"] = profile->segments;
    body["scores"] = scores_json(*profile, asked->currency(), call.who.speaks_chinese);
    body["notes_count"] = profile->notes;
    return json(body);
}

// A value of each field asked for; what is not known is left out.
Json revealed_fields(const record::ShownCustomer& shown, const std::vector<std::string>& wanted, const auth::Masking& clear) {
    Json fields = Json::array();
    const auto add = [&](const std::string& field, Json kind, const std::string& value) {
        if (!value.empty()) fields.push_back({{"field", field}, {"kind", std::move(kind)}, {"value", value}});
    };
    const auto& person = shown.profile;
    for (const auto& field : wanted) {
        if (field == "name") add(field, Json(), clear.name(person.name));
        if (field == "street") add(field, Json(), clear.address(person.street));
        if (field == "postcode") add(field, Json(), clear.address(person.postcode));
        if (field == "birthday") add(field, Json(), clear.birthday(person.birthday));
        for (const auto& one : shown.identifiers) {
            const std::string kind(identity::to_string(static_cast<IdentifierKind>(one.kind)));
            if (field == kind || field == "identifiers") add(field, kind, clear.identifier(static_cast<IdentifierKind>(one.kind), one.value));
        }
    }
    return fields;
}

Reply reveal_customer(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const auto fields = call.body.at("fields").get<std::vector<std::string>>();
    Json revealed;
    auto written = call.at.database.write("customer.reveal", [&](soci::session& session) {
        const auto clear = or_throw(auth::reveal(session, call.who.principal,
                                                 {"customer " + std::to_string(id->value), fields, call.text("reason")},
                                                 call.at.clock.now()));
        const auto shown = record::show_customer(session, call.at.database.keys(), *id);
        revealed = shown ? revealed_fields(*shown, fields, clear) : Json::array();
    });
    if (!written) return std::unexpected(written.error());
    auto response = json({{"fields", revealed}});
    response.set("Cache-Control", "no-store");
    return response;
}

Reply customer_orders(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    record::OrderFilter filter;
    filter.customers = {*id};
    return order_page(call, filter);
}

Json note_json(const record::CustomerNote& note) {
    return {{"id", note.id}, {"text", note.text.reveal()}, {"author", note.author}, {"at", instant_json(note.at)}};
}

Reply list_notes(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    std::vector<record::CustomerNote> notes;
    auto read = call.at.database.read(
        [&](soci::session& session) { notes = record::notes_of(session, call.at.database.keys(), *id); });
    if (!read) return std::unexpected(read.error());
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    Json items = Json::array(), next;
    for (const auto& note : notes) {
        if (*before != 0 && note.id >= *before) continue;
        if (items.size() == limit) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back(note_json(note));
    }
    return json({{"items", items}, {"next_cursor", next}});
}

Reply add_note(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    Json added;
    auto written = call.at.database.write("note.add", [&](soci::session& session) {
        record::CustomerNote note;
        note.customer = *id;
        note.author = call.who.actor();
        note.text = Personal<std::string>(call.text("text"));
        note.at = call.at.clock.now();
        added = note_json(or_throw(record::add_note(session, call.at.database.keys(), note)));
    });
    if (!written) return std::unexpected(written.error());
    return json(added, 201);
}

Reply delete_note(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    auto written = call.at.database.write("note.delete", [&](soci::session& session) {
        or_throw(record::delete_note(session, *id, call.id("note_id"), call.who.actor(), call.at.clock.now()));
    });
    if (!written) return std::unexpected(written.error());
    return no_content();
}

Reply set_custom_value(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const std::string name = call.path.at("name");
    auto written = call.at.database.write("customer.custom", [&](soci::session& session) {
        record::put_attribute_values(session, call.at.database.keys(), {{*id, name, call.text("value")}}, call.at.clock.now());
        record::append_audit(session, {call.who.actor(), "customer.custom", "customer " + std::to_string(id->value), "attribute " + name},
                             call.at.clock.now());
    });
    if (!written) return std::unexpected(written.error());
    return json({{"name", name}, {"value", call.text("value")}});
}

}  // namespace

Result<std::int64_t> number_cursor(const Call& call) {
    const std::string text = call.asked("cursor");
    if (text.empty()) return 0;
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc() && end == text.data() + text.size() && number > 0) return number;
    return fail(Code::kInvalid, "request.cursor", "this cursor is of no page; take next_cursor of the page before");
}

void add_customers(Handlers& handlers) {
    handlers.add("list_customers", list_customers);
    handlers.add("get_customer", get_customer);
    handlers.add("reveal_customer", reveal_customer);
    handlers.add("customer_orders", customer_orders);
    handlers.add("list_notes", list_notes);
    handlers.add("add_note", add_note);
    handlers.add("delete_note", delete_note);
    handlers.add("set_custom_value", set_custom_value);
}

}  // namespace shuke::api
