// src/api/resources/settings.cpp: settings, shops, exchange rates, attributes of the merchant's own.
#include "record/settings.h"

#include <xxhash.h>

#include "api/resources.h"
#include "api/upkeep.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "record/changes.h"
#include "record/custom_attributes.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

const char* name_of(record::SettingKind kind) {
    switch (kind) {
        case record::SettingKind::kInteger: return "integer";
        case record::SettingKind::kCurrency: return "currency";
        case record::SettingKind::kTimeZone: return "time_zone";
        case record::SettingKind::kChoice: return "choice";
        case record::SettingKind::kNumbers: return "numbers";
        case record::SettingKind::kHidden: break;
    }
    return "";
}

Json settings_json(soci::session& session) {
    Json items = Json::array();
    for (const auto& one : record::all_settings()) {
        if (one.kind == record::SettingKind::kHidden) continue;
        const std::string value = or_throw(record::get_setting(session, one.name));
        const bool integer = one.kind == record::SettingKind::kInteger;
        Json choices;
        if (one.kind == record::SettingKind::kChoice) choices = split(one.choices, ',');
        items.push_back({{"name", one.name},
                         {"value", value},
                         {"initial", one.initial},
                         {"kind", name_of(one.kind)},
                         {"min", integer ? Json(one.min) : Json()},
                         {"max", integer ? Json(one.max) : Json()},
                         {"choices", choices},
                         {"help", one.help},
                         {"is_set", value != one.initial}});
    }
    return {{"items", items}};
}

std::int64_t version_of(const Json& settings) {
    const std::string text = settings.dump();
    return static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()) >> 1);
}

Reply list_settings(Call& call) {
    Json settings;
    auto read = call.at.database.read([&](soci::session& session) { settings = settings_json(session); });
    if (!read) return std::unexpected(read.error());
    return with_version(json(settings), version_of(settings));
}

Reply update_settings(Call& call) {
    Json settings;
    auto written = call.at.database.write("settings.set", [&](soci::session& session) {
        or_throw(check_version(call, version_of(settings_json(session))));
        const Instant now = call.at.clock.now();
        for (const auto& [name, value] : call.body.at("values").items()) {
            or_throw(record::set_setting(session, name, value.get<std::string>(), now));
            record::append_audit(session, {call.who.actor(), "settings.set", name, value.get<std::string>()}, now);
        }
        or_throw(record::check_settings(session));
        settings = settings_json(session);
    });
    if (!written) return std::unexpected(written.error());
    bool rescore = false;
    for (const auto& [name, value] : call.body.at("values").items()) rescore = rescore || name.starts_with("rfm.");
    if (rescore) call.at.upkeep.score_soon();
    return with_version(json(settings), version_of(settings));
}

Json shop_json(soci::session& session, const Shop& shop) {
    const long long id = shop.id.value;
    long long orders = 0;
    session << "SELECT count(*) FROM orders WHERE shop_id = :id", soci::use(id), soci::into(orders);
    return {{"id", shop.id.value},         {"platform", shop.platform},
            {"name", shop.name},           {"currency", std::string(code(shop.currency))},
            {"time_zone", shop.time_zone}, {"orders", orders}};
}

Reply list_shops(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& shop : record::all_shops(session)) items.push_back(shop_json(session, shop));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply update_shop(Call& call) {
    Json shown;
    auto written = call.at.database.write("shop.set", [&](soci::session& session) {
        for (auto shop : record::all_shops(session)) {
            if (shop.id.value != call.id()) continue;
            if (call.body.contains("currency")) shop.currency = or_throw(parse_currency(call.text("currency")));
            if (call.body.contains("time_zone"))
                shop.time_zone = or_throw(TimeZone::find(call.text("time_zone"))).name();
            or_throw(record::set_shop(session, shop));
            record::append_audit(session,
                                 {call.who.actor(), "shop.set", "shop " + std::to_string(shop.id.value),
                                  std::string(code(shop.currency)) + " " + shop.time_zone},
                                 call.at.clock.now());
            shown = shop_json(session, shop);
            return;
        }
        throw Failure{{Code::kNotFound, "shop.unknown", "there is no shop of this number"}};
    });
    if (!written) return std::unexpected(written.error());
    return json(shown);
}

Json rate_json(const record::Rate& rate) {
    return {{"from", std::string(code(rate.from))},
            {"to", std::string(code(rate.to))},
            {"day", format_date(rate.day)},
            {"rate", format_minor(rate.rate_e7, 7)}};
}

Reply list_exchange_rates(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& rate : record::all_rates(session)) items.push_back(rate_json(rate));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply set_exchange_rate(Call& call) {
    const auto from = parse_currency(call.text("from"));
    if (!from) return std::unexpected(from.error());
    const auto decimal = parse_decimal(call.text("rate"));
    if (!decimal) return std::unexpected(decimal.error());
    const auto rate_e7 = to_minor(*decimal, 7);
    if (!rate_e7) return std::unexpected(rate_e7.error());
    if (rate_e7->minor <= 0) return fail(Code::kInvalid, "rate.invalid", "a rate is above 0");
    record::Rate rate{*from, Currency::kCNY, parse_time(call.text("day"))->day, rate_e7->minor};
    auto written = call.at.database.write("rate.set", [&](soci::session& session) {
        rate.to = record::base_currency(session);
        if (rate.to == rate.from)
            throw Failure{{Code::kInvalid, "rate.invalid", "this is the base currency; rates are of the others"}};
        record::set_rate(session, rate);
        record::append_audit(
            session, {call.who.actor(), "rate.set", call.text("from"), format_date(rate.day) + " " + call.text("rate")},
            call.at.clock.now());
    });
    if (!written) return std::unexpected(written.error());
    return json(rate_json(rate), 201);
}

constexpr std::string_view kTypes[] = {"text", "choice", "number", "money", "date"};

Json attribute_json(const record::AttributeDefinition& one) {
    return {{"name", one.name}, {"type", kTypes[static_cast<std::size_t>(one.type) - 1]}, {"choices", one.choices}};
}

Reply list_custom_attributes(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& one : record::attribute_definitions(session)) items.push_back(attribute_json(one));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply define_custom_attribute(Call& call) {
    record::AttributeDefinition definition;
    definition.name = call.text("name");
    definition.choices = call.body.value("choices", std::vector<std::string>{});
    for (std::size_t i = 0; i < std::size(kTypes); ++i) {
        if (kTypes[i] == call.text("type")) definition.type = static_cast<record::AttributeType>(i + 1);
    }
    auto written = call.at.database.write("attribute.define", [&](soci::session& session) {
        record::define_attribute(session, definition);
        record::append_audit(session, {call.who.actor(), "attribute.define", definition.name, call.text("type")},
                             call.at.clock.now());
    });
    if (!written) return std::unexpected(written.error());
    return json(attribute_json(definition), 201);
}

Reply delete_custom_attribute(Call& call) {
    const std::string name = call.path.at("name");
    auto written = call.at.database.write("attribute.delete", [&](soci::session& session) {
        record::forget_attribute(session, name);
        record::append_audit(session, {call.who.actor(), "attribute.delete", name, ""}, call.at.clock.now());
    });
    if (!written) return std::unexpected(written.error());
    return no_content();
}

}  // namespace

void add_settings(Handlers& handlers) {
    handlers.add("list_settings", list_settings);
    handlers.add("update_settings", update_settings);
    handlers.add("list_shops", list_shops);
    handlers.add("update_shop", update_shop);
    handlers.add("list_exchange_rates", list_exchange_rates);
    handlers.add("set_exchange_rate", set_exchange_rate);
    handlers.add("list_custom_attributes", list_custom_attributes);
    handlers.add("define_custom_attribute", define_custom_attribute);
    handlers.add("delete_custom_attribute", delete_custom_attribute);
}

}  // namespace shuke::api
