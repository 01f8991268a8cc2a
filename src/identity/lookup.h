// src/identity/lookup.h: finding customers by what a person types.
#pragma once

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "domain/order.h"
#include "identity/identifiers.h"

namespace shuke::identity {

// The keyed fingerprint under which an identifier is stored. External and open ids are the shop's, account names
// and union ids the platform's, everything else is the same everywhere.
Hash128 fingerprint_of(const KeyRing& keys, const Identifier& identifier, const Shop& shop);
// Of everything the text may be in any of the shops: each kind of identifier that it can be read as.
std::vector<Hash128> fingerprints_of(const KeyRing& keys, const std::vector<Shop>& shops, std::string_view text);
bool is_of_one_shop(IdentifierKind kind);

// Customers, ascending, that `text` may mean: Shuke's id (also "id:812"), else any identifier ("13800000001",
// "ann@example.com", a nick, an external id …); with a kind in front ("phone:…", "external_id:…") that kind alone.
// Several when shops use the same number. Error customer.not_found says what was looked for.
Result<std::vector<CustomerId>> find_customers(soci::session& session, const KeyRing& keys, std::string_view text);

// Customers with one of these external ids in any shop, ascending.
std::vector<CustomerId> find_by_external_ids(soci::session& session, const KeyRing& keys,
                                             const std::vector<std::string>& external_ids);

}  // namespace shuke::identity
