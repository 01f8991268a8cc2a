// src/api/resources/customers.cpp: finding and seeing customers, and what may be changed of one.
#include "record/customers.h"

#include <charconv>

#include "api/refresher.h"
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "api/resources/order_json.h"
#include "api/resources/rfm_table.h"
#include "auth/masking.h"
#include "auth/personal_data.h"
#include "base/text.h"
#include "identity/lookup.h"
#include "insight/rfm_of_customer.h"
#include "record/changes.h"
#include "record/custom_attributes.h"
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
    if (!found)
        return found.error().code == Code::kNotFound ? Result<audience::Selection>(chosen)
                                                     : std::unexpected(found.error());
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
    const auto bound = bind_expression(call, *asked, is_blank(where) ? "all customers" : where);
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

Json rfm_json(const insight::RfmOfCustomer& one, Currency currency, bool chinese) {
    Json reasons = Json::array();
    for (const auto& reason : one.reasons) reasons.push_back(chinese ? reason.zh : reason.en);
    return {{"r", one.row.r},
            {"f", one.row.f},
            {"m", one.row.m},
            {"class", insight::info(one.row.rfm_class).key},
            {"recency_days", one.row.recency_days},
            {"frequency", one.row.frequency},
            {"monetary", money_json(one.row.monetary, currency)},
            {"reasons", reasons}};
}

// The stage is the engine's; the reason names the days it goes by.
Json lifecycle_json(const live::CustomerRow& row, const Question& question, bool chinese) {
    if (row.lifecycle.empty()) return {};
    const auto& config = question.version().config();
    Json days;
    std::string reason = chinese ? "按最近一次成交距今天数划分：" : "by days since the last kept order: ";
    if (row.last_order_at) {
        const Instant last = Instant::from_seconds(static_cast<std::int64_t>(*row.last_order_at));
        days = config.zone.day_of(question.as_of).days_since_epoch - config.zone.day_of(last).days_since_epoch;
    }
    const auto& edges = config.lifecycle;
    reason += "active ≤ " + std::to_string(edges.silent_after_days) + ", silent ≤ " +
              std::to_string(edges.sleeping_after_days) + ", sleeping ≤ " + std::to_string(edges.lost_after_days) +
              ", lost";
    return {{"stage", row.lifecycle}, {"since_days", days}, {"reason", reason}};
}

Result<Json> scores_json(Call& call, const Question& question, const live::CustomerRow& row) {
    const auto table = rfm_table(call, question);
    if (!table) return std::unexpected(table.error());
    const auto place = insight::rfm_of(**table, row.card.id, info(question.currency()).digits);
    return Json{{"rfm", place ? rfm_json(*place, question.currency(), call.who.speaks_chinese) : Json()},
                {"lifecycle", lifecycle_json(row, question, call.who.speaks_chinese)},
                {"churn_risk", row.churn_risk ? Json(*row.churn_risk) : Json()},
                {"clv", amount_json(row.clv, question.currency())}};
}

// What the record keeps of one customer.
struct Kept {
    record::ShownCustomer shown;
    record::Belongings belongings;
    std::vector<Shop> shops;
    std::int64_t notes = 0;
};

Result<Kept> kept_of(const Call& call, CustomerId id) {
    Kept kept;
    auto read = call.at.database.read([&](soci::session& session) {
        const auto& keys = call.at.database.keys();
        auto shown = record::show_customer(session, keys, id);
        if (!shown)
            throw Failure{{Code::kNotFound, "customer.not_found", "there is no customer " + std::to_string(id.value)}};
        kept.shown = std::move(*shown);
        kept.belongings = record::belongings_of(session, keys, record::all_ids_of(session, id));
        kept.shops = record::all_shops(session);
        kept.notes = record::count_notes(session, id);
    });
    if (!read) return std::unexpected(read.error());
    return kept;
}

Json accounts_json(const Kept& kept) {
    Json list = Json::array();
    for (const auto& account : kept.belongings.accounts) {
        for (const auto& shop : kept.shops) {
            if (shop.id != account.shop) continue;
            list.push_back(
                {{"id", account.id}, {"shop_id", shop.id.value}, {"shop", shop.name}, {"platform", shop.platform}});
        }
    }
    return list;
}

Reply get_customer(Call& call) {
    const auto asked = question(call, "");
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const auto kept = kept_of(call, *id);
    if (!kept) return std::unexpected(kept.error());
    const auto rows = live::customer_rows(call.at.database, asked->version(), {*id}, asked->as_of);
    if (!rows) return std::unexpected(rows.error());
    const auto scores = scores_json(call, *asked, rows->front());
    if (!scores) return std::unexpected(scores.error());
    const auth::Masking masking;
    const auto& person = kept->shown.profile;
    Json body = row_json(rows->front(), asked->currency());
    body["district"] = text_or_null(person.district);
    body["gender"] =
        person.gender == Gender::kUnknown ? Json() : Json(person.gender == Gender::kMale ? "male" : "female");
    body["birthday"] = text_or_null(masking.birthday(person.birthday));
    body["email"] = text_or_null(masking.email(rows->front().card.email));
    body["identifiers"] = identifiers_json(kept->shown);
    body["accounts"] = accounts_json(*kept);
    body["merged_from"] = merges_json(kept->shown.merges);
    Json& custom = body["custom"] = Json::array();
    for (const auto& [name, value] : kept->belongings.custom) custom.push_back({{"name", name}, {"value", value}});
    body["lists"] = kept->belongings.lists;
    body["segments"] = kept->belongings.segments;
    body["scores"] = *scores;
    body["notes_count"] = kept->notes;
    return json(body);
}

// A value of each field asked for; what is not known is left out.
Json revealed_fields(const record::ShownCustomer& shown, const std::vector<std::string>& wanted,
                     const auth::Masking& clear) {
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
            if (field == kind || field == "identifiers")
                add(field, kind, clear.identifier(static_cast<IdentifierKind>(one.kind), one.value));
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

Json note_json(const Call& call, const record::CustomerNote& note) {
    const bool clear = call.can(auth::Permission::kCustomersReveal);
    return {{"id", note.id},
            {"text", clear ? note.text.reveal() : auth::mask_in_text(note.text.reveal())},
            {"author", note.author},
            {"at", instant_json(note.at)}};
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
        items.push_back(note_json(call, note));
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
        added = note_json(call, or_throw(record::add_note(session, call.at.database.keys(), note)));
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
        record::put_attribute_values(session, call.at.database.keys(), {{*id, name, call.text("value")}},
                                     call.at.clock.now());
        record::append_audit(
            session,
            {call.who.actor(), "customer.custom", "customer " + std::to_string(id->value), "attribute " + name},
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
