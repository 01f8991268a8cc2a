#include "record/shops.h"

#include <algorithm>

#include "record/database.h"

namespace shuke::record {

std::vector<Shop> all_shops(soci::session& session) {
    std::vector<Shop> shops;
    Shop shop;
    long long id = 0;
    int currency = 0;
    soci::statement select =
        (session.prepare << "SELECT id, platform, name, currency, time_zone FROM shops ORDER BY id", soci::into(id),
         soci::into(shop.platform), soci::into(shop.name), soci::into(currency), soci::into(shop.time_zone));
    select.execute();
    while (select.fetch()) {
        shop.id = ShopId{id};
        shop.currency = static_cast<Currency>(currency);
        shops.push_back(shop);
    }
    return shops;
}

std::optional<Shop> find_shop(soci::session& session, std::string_view platform, std::string_view name) {
    for (auto& shop : all_shops(session)) {
        if (shop.platform == platform && shop.name == name) return shop;
    }
    return std::nullopt;
}

Shop ensure_shop(soci::session& session, const Shop& shop, Instant now) {
    if (auto known = find_shop(session, shop.platform, shop.name)) return *known;
    Shop added = shop;
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM shops", soci::into(id);
    added.id = ShopId{id};
    const int currency = static_cast<int>(shop.currency);
    const long long at = now.us_since_epoch;
    session << "INSERT INTO shops (id, platform, name, currency, time_zone, created_at) VALUES (:id, :platform, :name, "
               ":currency, :zone, :at)",
        soci::use(id), soci::use(added.platform), soci::use(added.name), soci::use(currency),
        soci::use(added.time_zone), soci::use(at);
    return added;
}

Status set_shop(soci::session& session, const Shop& shop) {
    const auto shops = all_shops(session);
    const auto known = std::find_if(shops.begin(), shops.end(), [&](const Shop& one) { return one.id == shop.id; });
    if (known == shops.end()) {
        return fail(Code::kNotFound, "shop.unknown",
                    "there is no shop " + std::to_string(shop.id.value) + "; see: shuke shop list");
    }
    const long long id = shop.id.value;
    if (known->currency != shop.currency || known->time_zone != shop.time_zone) {
        int orders = 0;
        session << "SELECT count(*) FROM (SELECT 1 FROM orders WHERE shop_id = :id LIMIT 1) AS first_one",
            soci::use(id), soci::into(orders);
        if (orders > 0) {
            return fail(Code::kConflict, "shop.in_use",
                        "shop '" + known->name + "' has orders whose days and amounts were stored in " +
                            known->time_zone + " and " + std::string(code(known->currency)) +
                            "; import them into a new shop instead");
        }
    }
    const int currency = static_cast<int>(shop.currency);
    session << "UPDATE shops SET name = :name, currency = :currency, time_zone = :zone WHERE id = :id",
        soci::use(shop.name), soci::use(currency), soci::use(shop.time_zone), soci::use(id);
    return {};
}

std::vector<Rate> all_rates(soci::session& session) {
    std::vector<Rate> rates;
    int from = 0;
    int to = 0;
    int day = 0;
    long long rate_e7 = 0;
    soci::statement select =
        (session.prepare << "SELECT currency, base, day, rate_e7 FROM exchange_rates ORDER BY currency, base, day",
         soci::into(from), soci::into(to), soci::into(day), soci::into(rate_e7));
    select.execute();
    while (select.fetch()) rates.push_back({static_cast<Currency>(from), static_cast<Currency>(to), Day{day}, rate_e7});
    return rates;
}

void set_rate(soci::session& session, const Rate& rate) {
    const int from = static_cast<int>(rate.from);
    const int to = static_cast<int>(rate.to);
    const int day = rate.day.days_since_epoch;
    const long long rate_e7 = rate.rate_e7;
    session << "DELETE FROM exchange_rates WHERE currency = :a AND base = :b AND day = :c", soci::use(from),
        soci::use(to), soci::use(day);
    session << "INSERT INTO exchange_rates (currency, base, day, rate_e7) VALUES (:a, :b, :c, :d)", soci::use(from),
        soci::use(to), soci::use(day), soci::use(rate_e7);
}

Converter::Converter(std::vector<Rate> rates, Currency base) : base_(base), base_digits_(info(base).digits) {
    std::copy_if(rates.begin(), rates.end(), std::back_inserter(rates_),
                 [base](const Rate& rate) { return rate.to == base; });
}

std::int64_t Converter::convert(std::int64_t minor, Currency from, Day day) {
    if (minor == kMissingAmount || from == base_) return minor;
    const auto after =
        std::upper_bound(rates_.begin(), rates_.end(), std::pair(from, day),
                         [](const auto& wanted, const Rate& rate) { return wanted < std::pair(rate.from, rate.day); });
    if (after != rates_.begin() && std::prev(after)->from == from) {
        return convert_minor(minor, info(from).digits, std::prev(after)->rate_e7, base_digits_)
            .value_or(kMissingAmount);
    }
    auto entry =
        std::find_if(missing_.begin(), missing_.end(), [from](const Missing& one) { return one.currency == from; });
    if (entry == missing_.end()) entry = missing_.insert(missing_.end(), {from, 0, day, day});
    ++entry->amounts;
    entry->first = std::min(entry->first, day);
    entry->last = std::max(entry->last, day);
    return kMissingAmount;
}

}  // namespace shuke::record
