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

#include "domain/events.h"

namespace shuke::audience {

enum class Type : std::uint8_t {
    kText,    // any text
    kChoice,  // one of a few words, listed in `choices`
    kNumber,  // whole, scores apart
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

// From kShipments on: the events of domain/events.h, in their order.
enum class FactKind : std::uint8_t {
    kOrders,
    kLines,
    kRefunds,
    kPurchases,
    kShipments,
    kReviews,
    kMessages,
    kInteractions,
    kPoints,
    kCoupons,
    kTickets,
};

// The columns behind fields. One key is one column whichever fact reads it: `lines.paid_at` is kPaidAt too. From kEvents
// on, fields of events: see event_field.
enum class FieldKey : std::uint16_t {
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
    kListPrice,
    kCost,
    kListedAt,
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
    kEvents,
};

// What a field of an event reads.
enum class EventPlace : std::uint8_t {
    kAt,
    kShop,
    kPlatform,
    kProduct,  // … kBrand: of the product it is about
    kTitle,
    kSku,
    kCategory,
    kBrand,
    kStatus,       // the last of its states that has been reached
    kLeft,         // of points: what is left of the entry, see engine/points_left.h
    kColumn = 16,  // a column as it is
    kReached = 40  // a column's moment has come
};
struct EventField {
    EventKind kind;
    EventPlace place;
    std::size_t column = 0;  // of event_columns(kind); of kColumn and kReached
};
inline constexpr unsigned kKeysAnEvent = 64;
constexpr bool is_event_field(FieldKey key) { return key >= FieldKey::kEvents; }
constexpr FieldKey key_of(EventField field) {
    return static_cast<FieldKey>(static_cast<unsigned>(FieldKey::kEvents) +
                                 static_cast<unsigned>(field.kind) * kKeysAnEvent + static_cast<unsigned>(field.place) +
                                 static_cast<unsigned>(field.column));
}
constexpr EventField event_field(FieldKey key) {
    const unsigned number = static_cast<unsigned>(key) - static_cast<unsigned>(FieldKey::kEvents);
    const unsigned place = number % kKeysAnEvent;
    const auto kind = static_cast<EventKind>(number / kKeysAnEvent);
    for (const EventPlace begin : {EventPlace::kReached, EventPlace::kColumn}) {
        if (place >= static_cast<unsigned>(begin)) return {kind, begin, place - static_cast<unsigned>(begin)};
    }
    return {kind, static_cast<EventPlace>(place)};
}

// Whose rows a condition runs over; from kShipment on, those of an event.
enum class Level : std::uint8_t {
    kOrder,
    kLine,
    kRefund,
    kPurchase,
    kShipment,
    kReview,
    kMessage,
    kInteraction,
    kPoints,
    kCoupon,
    kTicket,
};
constexpr bool is_event(Level level) { return level >= Level::kShipment; }
constexpr EventKind event_of(Level level) {
    return static_cast<EventKind>(static_cast<unsigned>(level) - static_cast<unsigned>(Level::kShipment));
}
constexpr Level level_of(EventKind kind) {
    return static_cast<Level>(static_cast<unsigned>(Level::kShipment) + static_cast<unsigned>(kind));
}
Level level_of(FieldKey key);
bool is_past_time(FieldKey key);  // a moment that is not known before it has come
bool is_text_field(FieldKey key);

struct Field {
    FieldKey key;
    std::string_view name;
    Type type;
    Words words;
    std::span<const Choice> choices = {};
};

struct Fact {
    FactKind kind;
    std::string_view name;
    Words words;
    FieldKey at;                     // the fact's own time
    std::span<const Field> own;      // looked at first
    std::span<const Field> inherit;  // the order's
};

std::span<const Fact> facts();
const Fact* find_fact(std::string_view name);
const Field* find_field(const Fact& fact, std::string_view name);
std::vector<std::string_view> field_names(const Fact& fact);
std::vector<std::string_view> fact_names();

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
    kPoints,
    // of these the newest not later than the instant: see TraitFact
    kTier,
    kRfmR,
    kRfmF,
    kRfmM,
    kRfmClass,
    kNextOrderExpectedAt,
    kChurnRisk,
    kClv,
    kInfluence,
    kCustom,  // custom.NAME: type and words are the attribute's own, see CustomAttribute
};
inline bool is_trait(AttributeKey key) { return key >= AttributeKey::kTier; }

struct Attribute {
    AttributeKey key;
    std::string_view name;
    Type type;
    Words words;
    std::span<const Choice> choices = {};
};

std::span<const Attribute> attributes();
inline constexpr std::string_view kCustomPrefix = "custom.";
const Attribute* find_attribute(std::string_view name);  // custom.NAME is one, whatever the name
std::vector<std::string_view> attribute_names();         // custom ones apart

}  // namespace shuke::audience
