// src/domain/facts.h
//
// What the record knows of customers, as plain rows: the shape in which facts travel from the record to the
// audience engine. Amounts are minor units of the base currency, converted at the rate of the order's day;
// kMissingAmount where the source gave none or no rate is known. Texts are lent for the call.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "domain/order.h"

namespace shuke {

enum class Gender : std::uint8_t { kUnknown, kMale, kFemale };

// Whoever has asked to be forgotten or was merged into another is not among these.
struct CustomerFact {
    CustomerId id;
    Instant created_at = kNever;  // when the source says the customer began; kNever: then the first fact decides
    Gender gender = Gender::kUnknown;
    Day birthday = kNoDay;
    std::string_view province, city, district;  // of the profile; empty = missing (then the latest order's)
    std::string_view shop;                      // shop of the first identifier
};

// A title with its product: what order lines point to.
struct LabelFact {
    LabelId id;
    std::string_view product, title, sku, category, brand;  // empty = missing
    // of the product, as they are today
    std::int64_t list_price = kMissingAmount, cost = kMissingAmount;
    Instant listed_at = kNever;
};

struct OrderFact {
    OrderId id;
    CustomerId customer;  // 0 = guest
    ShopId shop;
    Instant created_at = kNever;  // kNever: the source has no time (baskets); such an order is outside every window
    Instant paid_at = kNever, shipped_at = kNever, signed_at = kNever, finished_at = kNever, closed_at = kNever;
    OrderStatus status = OrderStatus::kCreated;  // the newest known
    std::int64_t amount = kMissingAmount;        // paid for the order, before refunds
    std::int64_t discount = kMissingAmount;
    std::string_view channel, province, city, coupon;  // empty = missing
};

struct LineFact {
    OrderId order;
    std::int32_t line_no = 0;
    LabelId label;
    std::int64_t quantity_milli = 0;  // thousandths of a piece, so that weighed goods fit
    std::int64_t price = kMissingAmount;
    std::int64_t amount = kMissingAmount;
    std::int64_t discount = kMissingAmount;
    std::int64_t refunded = kMissingAmount;
};

struct RefundFact {
    RefundId id;
    OrderId order;        // 0 = belongs to no known order
    CustomerId customer;  // 0 = guest
    ShopId shop;
    Instant at = kNever;  // asked; kNever: counts from its order's payment and is marked
    Instant done_at = kNever;
    std::int64_t amount = kMissingAmount;
    std::string_view kind, reason, status;
};

// Something that was so for a while: from `from` (inclusive; kNever: from always) until `until` (exclusive; kNever:
// still). Several spans of one kind and name may follow each other.
enum class SpanKind : std::uint8_t {
    kMember,      // of a saved segment, as recorded
    kList,        // on a static list
    kTag,         // has the tag
    kAddress,     // has an address of the channel: sms, email, wechat …
    kSubscribed,  // has agreed to marketing by the channel
    kRefused,     // has refused it
};
struct SpanFact {
    CustomerId customer;
    SpanKind kind = SpanKind::kTag;
    std::string_view name;  // of the segment, list, tag or channel
    Instant from = kNever, until = kNever;
};

// What a customer is from a moment on, until a newer row says otherwise: of a tier, with a score, with a custom
// attribute. Of rows of one moment the one that came last holds.
enum class TraitType : std::uint8_t { kNumber, kMoney, kTime, kDate, kText };
struct TraitFact {
    CustomerId customer;
    std::string_view name;  // of the attribute: tier, rfm.r, custom.身高 …
    TraitType type = TraitType::kNumber;
    Instant from = kNever;                 // kNever: from always
    std::int64_t number = kMissingAmount;  // millionths; minor units; microseconds since 1970; days since 1970
    std::string_view text;                 // of a text; empty: from now on none
};
inline constexpr std::int64_t kTraitUnit = 1'000'000;  // of numbers

}  // namespace shuke
