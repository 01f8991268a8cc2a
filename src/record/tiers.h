// src/record/tiers.h: the tiers there are, by rank, and who was of which from when on.
//
// Errors   driver exceptions
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/instant.h"

namespace shuke::record {

using TierId = Id<struct TierTag>;

struct Tier {
    TierId id = {};
    std::string name = {};
    int rank = 0;
};

std::vector<Tier> all_tiers(soci::session& session);  // the lowest first
// The tiers there are from now on, the lowest first: known names keep their id and take the new rank. Tiers that are
// left out go, and who was of them was of none.
void set_tiers(soci::session& session, const std::vector<std::string>& names);

struct CustomerTier {
    CustomerId customer = {};
    TierId tier = {};  // 0: of none from then on
    Instant at = kNever;
    std::string reason = {};
};
// One row for each customer and moment; a second one replaces the first. Stamps them.
void put_customer_tiers(soci::session& session, const std::vector<CustomerTier>& rows);

}  // namespace shuke::record
