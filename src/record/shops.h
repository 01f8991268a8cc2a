// src/record/shops.h: shops and the dated exchange rates of their currencies.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <vector>

#include "base/error.h"
#include "base/instant.h"
#include "base/money.h"
#include "domain/order.h"

namespace shuke::record {

std::vector<Shop> all_shops(soci::session& session);
std::optional<Shop> find_shop(soci::session& session, std::string_view platform, std::string_view name);
// Inserts when (platform, name) is new; the id is filled in. Currency and zone of a known shop stay as they are.
Shop ensure_shop(soci::session& session, const Shop& shop, Instant now);
// Error shop.unknown when no shop has this id. Changing currency or zone concerns every fact of the shop, so it is
// refused (shop.in_use) once it has orders.
Status set_shop(soci::session& session, const Shop& shop);

// One unit of `from` in `to`, newest row not later than the day; nullopt where none is known. In 1e-7 units.
struct Rate {
    Currency from;
    Currency to;
    Day day;
    std::int64_t rate_e7;
};
std::vector<Rate> all_rates(soci::session& session);
void set_rate(soci::session& session, const Rate& rate);

// Converts amounts of orders at their order day's rate into the base currency, rounded per row.
class Converter {
public:
    Converter(std::vector<Rate> rates, Currency base);
    Currency base() const { return base_; }
    // kMissingAmount in: kMissingAmount out. Missing rate: kMissingAmount, counted in missing().
    std::int64_t convert(std::int64_t minor, Currency from, Day day);

    struct Missing {
        Currency currency;
        std::int64_t amounts;
        Day first, last;
    };
    const std::vector<Missing>& missing() const { return missing_; }

private:
    std::vector<Rate> rates_;  // of pairs with base_ as target, sorted by (from, day)
    Currency base_;
    int base_digits_;
    std::vector<Missing> missing_;
};

}  // namespace shuke::record
