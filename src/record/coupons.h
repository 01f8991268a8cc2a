// src/record/coupons.h: coupons as customers hold them: issued, redeemed, lapsed, voided.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "record/events.h"

namespace shuke::record {

struct Coupon {
    EventHead head = {};
    std::string coupon_template = {}, campaign = {}, code = {};
    std::int64_t value = kMissingAmount, min_spend = kMissingAmount;  // of head.currency
    Instant expires_at = kNever, redeemed_at = kNever, voided_at = kNever;
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_coupons(soci::session& session, std::vector<Coupon>& coupons);

}  // namespace shuke::record
