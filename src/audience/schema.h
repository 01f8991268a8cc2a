// src/audience/schema.h
//
// Every attribute, fact and field of the audience language, once: its name, its type and its words for the console.
// A new one is added in schema.cpp, given a source in the engine, and appears in the language and in its messages.
//
// Threads  constant data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace shuke::audience {

enum class Type : std::uint8_t {
    kText,    // any text
    kChoice,  // one of a few words, listed in `choices`
    kNumber,  // whole
    kMoney,   // minor units of the base currency; typed as decimals
    kPieces,  // thousandths of a piece; typed as decimals
    kTime,    // a moment, floored to the second
    kDate,    // a calendar day
    kFlag,    // yes or no
};
std::string_view describe(Type type);  // "a number", "money", …
inline bool is_numeric(Type type) { return type == Type::kNumber || type == Type::kMoney || type == Type::kPieces; }

struct Words {
    std::string_view zh, en;
};

struct Choice {
    std::string_view key;
    Words words;
    std::string_view alias;  // another spelling that is understood; empty: none
};

enum class FactKind : std::uint8_t { kOrders, kLines, kRefunds, kPurchases };

// The columns behind fields. One key is one column whichever fact reads it: `lines.paid_at` is kPaidAt too.
enum class FieldKey : std::uint8_t {
    // of an order
    kAt,
    kPaidAt,
    kShippedAt,
    kSignedAt,
    kFinishedAt,
    kClosedAt,
    kStatus,
    kPaid,
    kKept,
    kAmount,
    kDiscount,
    kRefunded,
    kItems,
    kShop,
    kPlatform,
    kChannel,
    kProvince,
    kCity,
    kCoupon,
    kWeekday,
    kHour,
    kDay,
    kNth,
    kGapDays,
    // of a line
    kProduct,
    kTitle,
    kSku,
    kCategory,
    kBrand,
    kQuantity,
    kPrice,
    kLineAmount,
    kLineDiscount,
    kLineRefunded,
    // of a refund
    kRefundAt,
    kRefundDoneAt,
    kRefundAmount,
    kRefundKind,
    kRefundReason,
    kRefundStatus,
    kRefundDated,
    kRefundShop,
    kRefundPlatform,
    // of a purchase
    kPurchaseAt,
    kPurchaseDay,
    kPurchaseShop,
    kPurchasePlatform,
    kPurchaseAmount,
    kPurchaseOrders,
    kPurchaseItems,
    kPurchaseGapDays,
    kPurchaseNth,
    kNotAvailable,  // known to the language, its owner does not exist yet
};

enum class Level : std::uint8_t { kOrder, kLine, kRefund, kPurchase };
Level level_of(FieldKey key);
bool is_time_field(FieldKey key);
bool is_text_field(FieldKey key);

struct Field {
    FieldKey key;
    std::string_view name;
    Type type;
    Words words;
    std::span<const Choice> choices = {};
    bool available() const { return key != FieldKey::kNotAvailable; }
};

struct Fact {
    FactKind kind;
    std::string_view name;
    Words words;
    FieldKey at;                     // the fact's own time
    std::span<const Field> own;      // looked at first
    std::span<const Field> inherit;  // the order's
    bool available = true;
};

std::span<const Fact> facts();
const Fact* find_fact(std::string_view name);
const Field* find_field(const Fact& fact, std::string_view name);
std::vector<std::string_view> field_names(const Fact& fact);  // available ones
std::vector<std::string_view> fact_names();                   // available ones

enum class AttributeKey : std::uint8_t {
    kId,
    kExternalId,
    kGender,
    kAge,
    kBirthday,
    kProvince,
    kCity,
    kDistrict,
    kCreatedAt,
    kPlatform,
    kShop,
    kLifecycle,
    kOrderCount,
    kPurchaseCount,
    kTotalSpent,
    kAvgOrderValue,
    kFirstOrderAt,
    kLastOrderAt,
    kNotAvailable,
};

struct Attribute {
    AttributeKey key;
    std::string_view name;
    Type type;
    Words words;
    std::span<const Choice> choices = {};
    bool available() const { return key != AttributeKey::kNotAvailable; }
};

std::span<const Attribute> attributes();
const Attribute* find_attribute(std::string_view name);  // custom.NAME is not available yet, whatever the name
std::vector<std::string_view> attribute_names();         // available ones

}  // namespace shuke::audience
