// src/app/shop_command.cpp: shuke shop list|set and shuke rate list|set.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "record/changes.h"
#include "record/settings.h"
#include "record/shops.h"

namespace shuke::app {
Status list_shops(Context& context, const ShopArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        auto list = nlohmann::ordered_json::array();
        for (const Shop& shop : record::all_shops(session)) {
            list.push_back({{"shop", shop.id.value},
                            {"platform", shop.platform},
                            {"name", shop.name},
                            {"currency", std::string(code(shop.currency))},
                            {"time_zone", shop.time_zone}});
            if (!arguments.json) {
                std::printf("%3lld  %s %s %s %s\n", static_cast<long long>(shop.id.value),
                            padded(shop.platform, 16).c_str(), padded(shop.name, 24).c_str(),
                            code(shop.currency).data(), shop.time_zone.c_str());
            }
        }
        if (arguments.json)
            print_json(list);
        else if (list.empty())
            std::printf("no shop yet; the first import makes one\n");
    });
}

Status set_shop(Context& context, const ShopArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->write("shop.set", [&](soci::session& session) {
        Shop shop;
        for (const Shop& one : record::all_shops(session)) {
            if (one.id.value == arguments.id) shop = one;
        }
        shop.id = ShopId{arguments.id};
        if (!arguments.name.empty()) shop.name = arguments.name;
        if (!arguments.currency.empty()) shop.currency = or_throw(parse_currency(arguments.currency));
        if (!arguments.time_zone.empty()) shop.time_zone = or_throw(TimeZone::find(arguments.time_zone)).name();
        or_throw(record::set_shop(session, shop));
        record::append_audit(
            session, {actor_name(), "shop.set", "shop " + std::to_string(arguments.id), "name, currency or zone"},
            context.clock.now());
    });
}

Status list_rates(Context& context, const RateArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& rate : record::all_rates(session)) {
            const std::string number = format_minor(rate.rate_e7, 7);
            list.push_back({{"currency", std::string(code(rate.from))},
                            {"base", std::string(code(rate.to))},
                            {"from", format_date(rate.day)},
                            {"rate", number}});
            if (!arguments.json)
                std::printf("1 %s = %s %s from %s on\n", code(rate.from).data(), number.c_str(), code(rate.to).data(),
                            format_date(rate.day).c_str());
        }
        if (arguments.json)
            print_json(list);
        else if (list.empty())
            std::printf("no exchange rates; set one: shuke rate set CURRENCY DATE RATE\n");
    });
}

Status set_rate(Context& context, const RateArguments& arguments) {
    const auto currency = parse_currency(arguments.currency);
    if (!currency) return std::unexpected(currency.error());
    const auto day = parse_time(arguments.date);
    if (!day) return std::unexpected(day.error());
    const auto decimal = parse_decimal(arguments.rate);
    if (!decimal) return std::unexpected(decimal.error());
    const auto rate = to_minor(*decimal, 7);
    if (!rate) return std::unexpected(rate.error());
    if (rate->minor <= 0)
        return fail(Code::kInvalid, "rate.invalid",
                    "a rate is above zero with at most 7 decimals; found '" + arguments.rate + "'");
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    return (*database)->write("rate.set", [&](soci::session& session) {
        const Currency base = record::base_currency(session);
        if (*currency == base)
            throw Failure{{Code::kInvalid, "rate.invalid",
                           std::string(code(base)) + " is the base currency itself; its rate is always 1"}};
        record::set_rate(session, {*currency, base, day->day, rate->minor});
        record::append_audit(session,
                             {actor_name(), "rate.set", arguments.currency, arguments.date + " " + arguments.rate},
                             context.clock.now());
        std::printf("1 %s = %s %s from %s on\n", code(*currency).data(), format_minor(rate->minor, 7).c_str(),
                    code(base).data(), format_date(day->day).c_str());
    });
}

}  // namespace shuke::app
