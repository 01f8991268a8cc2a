// src/domain/events.h
//
// What happens around an order and between the shop and a customer: shipments, reviews, messages, interactions, points,
// coupons, tickets. All seven have one shape: a moment, whose it is, and a few columns, listed here once. The record
// keeps tables with these columns (record/events.h), the audience engine columns in this order, and its schema fields by these names.
//
// A column with a `state` is the moment from which the event is in it: a message with delivered_at is `delivered` from
// then on. Of several the one listed last holds.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"

namespace shuke {

enum class EventKind : std::uint8_t { kShipment, kReview, kMessage, kInteraction, kPoints, kCoupon, kTicket };
inline constexpr std::size_t kEventKinds = 7;

enum class EventValue : std::uint8_t {
    kTime,     // a moment that is known once it has come
    kPlanned,  // a moment that is set beforehand: an expiry, a promise
    kNumber,
    kMoney,   // minor units of the table's currency; of the base currency in an EventFact
    kText,    // empty = missing
    kChoice,  // 1 = the first of the words listed with the schema
    kFlag,    // 1 = yes; 0 and missing = no
};

struct EventColumn {
    std::string_view name;
    EventValue value;
    std::string_view state = {};
};

// `at`: handed to the carrier.
inline constexpr EventColumn kShipmentColumns[] = {
    {"carrier", EventValue::kText},
    {"promised_at", EventValue::kPlanned},
    {"picked_up_at", EventValue::kTime, "picked_up"},
    {"arrived_at", EventValue::kTime, "arrived"},
    {"delivering_at", EventValue::kTime, "delivering"},
    {"problem_at", EventValue::kTime, "problem"},
    {"issue", EventValue::kText},
    {"signed_at", EventValue::kTime, "signed"},
    {"returned_at", EventValue::kTime, "returned"},
};

enum class Sentiment : std::uint8_t { kUnknown, kNegative, kNeutral, kPositive };
// `at`: written.
inline constexpr EventColumn kReviewColumns[] = {
    {"score", EventValue::kNumber},   {"sentiment", EventValue::kChoice}, {"has_text", EventValue::kFlag},
    {"has_photo", EventValue::kFlag}, {"follow_up", EventValue::kFlag},   {"replied_at", EventValue::kTime, "replied"},
};

enum class Purpose : std::uint8_t { kUnknown, kMarketing, kService };
// `at`: handed to the channel.
inline constexpr EventColumn kMessageColumns[] = {
    {"channel", EventValue::kText},
    {"purpose", EventValue::kChoice},
    {"campaign", EventValue::kText},
    {"flow", EventValue::kText},
    {"template", EventValue::kText},
    {"cost", EventValue::kMoney},
    {"delivered_at", EventValue::kTime, "delivered"},
    {"opened_at", EventValue::kTime, "opened"},
    {"clicked_at", EventValue::kTime, "clicked"},
    {"replied_at", EventValue::kTime, "replied"},
    {"unsubscribed_at", EventValue::kTime, "unsubscribed"},
    {"bounced_at", EventValue::kTime, "bounced"},
    {"failed_at", EventValue::kTime, "failed"},
    {"failure", EventValue::kText},
};

enum class Direction : std::uint8_t { kUnknown, kInbound, kOutbound };
// `at`: when it took place.
inline constexpr EventColumn kInteractionColumns[] = {
    {"channel", EventValue::kText},   {"kind", EventValue::kText},  {"direction", EventValue::kChoice},
    {"agent", EventValue::kText},     {"topic", EventValue::kText}, {"outcome", EventValue::kText},
    {"seconds", EventValue::kNumber},
};

// `at`: entered into the ledger. An amount above 0 is a lot that lapses at expires_at; one below 0 takes from lots.
inline constexpr EventColumn kPointsColumns[] = {
    {"amount", EventValue::kNumber},
    {"kind", EventValue::kChoice},
    {"reason", EventValue::kText},
    {"expires_at", EventValue::kPlanned},
};
// Of a points entry. kExpire only writes down what a lot's expires_at has taken already: it counts for nothing.
enum class PointsKind : std::uint8_t { kEarn = 1, kBonus, kRedeem, kRefund, kAdjust, kExpire };

// `at`: issued.
inline constexpr EventColumn kCouponColumns[] = {
    {"template", EventValue::kText},
    {"campaign", EventValue::kText},
    {"value", EventValue::kMoney},
    {"min_spend", EventValue::kMoney},
    {"expires_at", EventValue::kPlanned, "expired"},
    {"redeemed_at", EventValue::kTime, "redeemed"},
    {"voided_at", EventValue::kTime, "voided"},
};

enum class Priority : std::uint8_t { kUnknown, kLow, kNormal, kHigh, kUrgent };
// `at`: opened.
inline constexpr EventColumn kTicketColumns[] = {
    {"kind", EventValue::kText},
    {"topic", EventValue::kText},
    {"channel", EventValue::kText},
    {"priority", EventValue::kChoice},
    {"agent", EventValue::kText},
    {"due_at", EventValue::kPlanned},
    {"first_response_at", EventValue::kTime, "answered"},
    {"closed_at", EventValue::kTime, "closed"},
    {"satisfaction", EventValue::kNumber},
};

constexpr std::span<const EventColumn> event_columns(EventKind kind) {
    switch (kind) {
        case EventKind::kShipment: return kShipmentColumns;
        case EventKind::kReview: return kReviewColumns;
        case EventKind::kMessage: return kMessageColumns;
        case EventKind::kInteraction: return kInteractionColumns;
        case EventKind::kPoints: return kPointsColumns;
        case EventKind::kCoupon: return kCouponColumns;
        case EventKind::kTicket: break;
    }
    return kTicketColumns;
}

inline constexpr std::size_t kNoEventColumn = 0xFF;
constexpr std::size_t event_column(EventKind kind, std::string_view name) {
    const auto columns = event_columns(kind);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == name) return i;
    }
    return kNoEventColumn;
}

// One event on its way from the record to the audience engine. Texts are lent for the call.
struct EventFact {
    struct Value {
        std::int64_t number = kMissingAmount;  // of all but texts; moments in microseconds since 1970
        std::string_view text;
    };
    EventKind kind{};
    std::int64_t id = 0;        // unique among its kind
    CustomerId customer;        // of its order, where it has one; 0 = nobody known
    ShopId shop;                // 0 = of no shop: its days are those of the configured zone
    LabelId label;              // the product it is about; 0 = none
    Instant at = kNever;        // always known
    std::vector<Value> values;  // by event_columns(kind)
};

}  // namespace shuke
