// src/record/customer_cards.h: what a list shows of many customers at once: who they are, opened; the caller masks.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/personal.h"

namespace shuke::record {

struct CustomerCard {
    CustomerId id = {};
    Personal<std::string> name{""}, external_id{""}, phone{""},
        email{""};                       // the newest account's name, the oldest's ids
    std::vector<std::string> tags = {};  // held now, by name
};

// In the order of `ids`; at most some hundred, since they are part of the query.
std::vector<CustomerCard> customer_cards(soci::session& session, const KeyRing& keys,
                                         const std::vector<CustomerId>& ids);

// What else belongs to one customer, given all its ids.
struct Belongings {
    struct Value {
        std::string name, value;
    };
    struct Account {
        std::int64_t id = 0;
        ShopId shop;
    };
    std::vector<Value> custom;                 // attributes of the merchant's own, opened
    std::vector<std::string> lists, segments;  // by name; as recorded
    std::vector<Account> accounts;
};
Belongings belongings_of(soci::session& session, const KeyRing& keys, const std::vector<CustomerId>& ids);

// The customer and everybody merged into it: the ids under which rows about it may be kept. Ascending.
std::vector<CustomerId> all_ids_of(soci::session& session, CustomerId customer);
// "812,907": our own numbers, for an IN (…).
std::string in_list(const std::vector<CustomerId>& ids);

}  // namespace shuke::record
