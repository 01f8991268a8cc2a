#include "record/coupons.h"

namespace shuke::record {

void put_coupons(soci::session& session, std::vector<Coupon>& coupons) {
    EventWriter writer(session, EventKind::kCoupon, {{"code", Type::kText}});
    for (Coupon& one : coupons) {
        StatementBatch& batch = writer.begin(one.head);
        batch.text(one.coupon_template).nullable_text(one.campaign);
        batch.nullable(one.value, kMissingAmount).nullable(one.min_spend, kMissingAmount);
        put_time(batch, one.expires_at);
        put_time(batch, one.redeemed_at);
        put_time(batch, one.voided_at);
        batch.nullable_text(one.code);
    }
    writer.finish();
}

}  // namespace shuke::record
