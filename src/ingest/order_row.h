// src/ingest/order_row.h
//
// One row of a source file once its format has been understood: the same shape for every platform. Texts point
// into the batch that owns the row. Empty text, kNever, kNoDay, nullopt = the source did not say; what is not
// said never overwrites what is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "base/money.h"
#include "domain/facts.h"
#include "domain/order.h"

namespace shuke::ingest {

enum class RowKind : std::uint8_t {
    kLine,           // an order line with what the row says of its order
    kOrder,          // an order without a line (Taobao's order list)
    kCancelledLine,  // a line of a cancelled invoice: order_no is the refund's number, quantity and amount are positive
    kAdjustment,     // stock or book-keeping: counted and kept apart, not sold
};

// Who bought. Values as the source gives them; identity normalises them and decides which may unite people.
struct BuyerColumns {
    std::string_view external_id;    // the shop system's customer number
    std::string_view open_id;        // platform's buyer id (ouid, openid, pin …)
    std::string_view union_id;       // joins accounts of one owner (unionid, omid)
    std::string_view nick;           // 旺旺, WeChat name …
    std::string_view payer_account;  // 支付宝账号: often someone else's; kept, never unites
    std::string_view member_no;
    std::string_view phone, telephone, email, name;
    std::string_view province, city, district, street, postcode;
    Gender gender = Gender::kUnknown;
    Day birthday = kNoDay;
};

struct OrderRow {
    RowKind kind = RowKind::kLine;
    std::uint64_t row_number = 0;   // 1-based among data rows of the file
    std::uint64_t line_number = 0;  // 1-based line of the file where the row begins
    std::string_view raw;           // the whole row as UTF-8 text, without its line end

    std::string_view platform, shop;  // empty: the import's
    // Empty order_no: the source numbers no orders. Then `order_key` names the purchase by its content, and the
    // n-th row with the same key in a file is the n-th such purchase.
    std::string_view order_no;
    std::string_view order_key;
    BuyerColumns buyer;

    std::optional<OrderStatus> status;
    Instant created_at = kNever, paid_at = kNever, shipped_at = kNever, signed_at = kNever, finished_at = kNever,
            closed_at = kNever, updated_at = kNever;
    Currency currency = Currency::kNone;   // kNone: the shop's
    std::int64_t amount = kMissingAmount;  // paid for the whole order; missing: the sum of its lines
    std::int64_t discount = kMissingAmount;
    std::int64_t refunded = kMissingAmount;
    Instant refunded_at = kNever;
    std::string_view channel, coupon, note;

    std::int32_t source_line_no = 0;  // the source's own number of the line in its order; 0 = none given
    std::string_view source_line_id;  // or its own id of the line (子订单编号)
    std::string_view product, title, sku, category, brand;
    std::int64_t quantity_milli = 0;
    std::int64_t price = kMissingAmount;
    std::int64_t line_amount = kMissingAmount;
    std::int64_t line_discount = kMissingAmount;
    std::int64_t line_refunded = kMissingAmount;
    double rounding = 0;  // rounded − exact, in minor units, of line_amount
};

}  // namespace shuke::ingest
