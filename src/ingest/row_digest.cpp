#include "ingest/row_digest.h"

namespace shuke::ingest {
namespace {

std::int64_t digest_header(const OrderRow& row) {
    FieldHasher hasher;
    const BuyerColumns& buyer = row.buyer;
    for (const auto text :
         {buyer.external_id, buyer.open_id, buyer.union_id, buyer.nick, buyer.payer_account, buyer.member_no,
          buyer.phone, buyer.telephone, buyer.email, buyer.name, buyer.province, buyer.city, buyer.district,
          buyer.street, buyer.postcode, row.channel, row.coupon, row.note}) {
        hasher.add(text);
    }
    for (const Instant at : {row.created_at, row.paid_at, row.shipped_at, row.signed_at, row.finished_at, row.closed_at,
                             row.updated_at, row.refunded_at}) {
        hasher.add(at.us_since_epoch);
    }
    hasher.add(static_cast<std::int64_t>(buyer.gender)).add(std::int64_t{buyer.birthday.days_since_epoch});
    hasher.add(row.status ? static_cast<std::int64_t>(*row.status) : -1).add(static_cast<std::int64_t>(row.currency));
    hasher.add(row.amount).add(row.discount).add(row.refunded);
    return static_cast<std::int64_t>(hasher.finish().low);
}

std::int64_t digest_line(const OrderRow& row) {
    FieldHasher hasher;
    hasher.add(row.source_line_id).add(row.product).add(row.title).add(row.sku).add(row.category).add(row.brand);
    hasher.add(row.source_line_no).add(row.quantity_milli).add(row.price).add(row.line_amount).add(row.line_discount);
    return static_cast<std::int64_t>(hasher.finish().low);
}

}  // namespace

RowDigest digest(const OrderRow& row) {
    FieldHasher document;
    document.add(row.platform).add(row.shop);
    document.add(row.kind == RowKind::kCancelledLine ? std::int64_t{1}
                 : row.kind == RowKind::kAdjustment  ? std::int64_t{2}
                                                     : std::int64_t{0});
    document.add(row.order_no).add(row.order_key);
    const bool has_line = row.kind != RowKind::kOrder;
    return {document.finish(), digest_header(row), has_line ? digest_line(row) : 0};
}

std::int64_t line_sum_term(std::int64_t line, std::int64_t refunded) {
    return static_cast<std::int64_t>(FieldHasher().add(line).add(refunded).finish().low);
}

}  // namespace shuke::ingest
