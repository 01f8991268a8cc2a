// src/audience/testing/naive_events.h
//
// Test-only: events and traits of a world as of an instant, straight from their definitions: fields and states, what is left of points, tiers, scores and custom attributes.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audience/testing/fact_world.h"
#include "audience/testing/naive_seen.h"
#include "base/check.h"

namespace shuke::audience::testing {

class NaiveEvents {
public:
    NaiveEvents(const FactWorld& world, std::int64_t now)
        : world_(world), now_(now), digits_(info(world.config.base_currency).digits) {
        for (const Shop& shop : world.shops) zones_.emplace(shop.id.value, *TimeZone::find(shop.time_zone));
        for (const EventFact& event : world.events) by_customer_[event.customer.value].push_back(&event);
        for (auto& [customer, events] : by_customer_) {
            std::ranges::sort(events, {},
                              [](const EventFact* event) { return std::pair(event->at.seconds(), event->id); });
        }
    }

    static std::optional<EventKind> kind_of(const std::string& fact) {
        constexpr std::string_view kNames[] = {"shipments", "reviews", "messages", "interactions",
                                               "points",    "coupons", "tickets"};
        const auto found = std::ranges::find(kNames, fact);
        if (found == std::end(kNames)) return std::nullopt;
        return static_cast<EventKind>(found - std::begin(kNames));
    }

    std::vector<const EventFact*> all_of(CustomerId customer) const {  // later ones too
        const auto found = by_customer_.find(customer.value);
        return found == by_customer_.end() ? std::vector<const EventFact*>() : found->second;
    }
    std::vector<const EventFact*> of(EventKind kind, CustomerId customer) const {
        std::vector<const EventFact*> events = all_of(customer);
        std::erase_if(events, [&](const EventFact* one) { return one->kind != kind || one->at.seconds() > now_; });
        return events;
    }

    Seen field(const std::string& name, const EventFact& event, CustomerId customer) const {
        if (name == "at") return Moment{event.at.seconds(), &zone_of(event)};
        if (name == "shop" || name == "platform") {
            if (!event.shop) return Missing{};
            const Shop& shop = *std::ranges::find(world_.shops, event.shop, &Shop::id);
            return seen_text(name == "shop" ? shop.name : shop.platform);
        }
        if (const auto* part = label_part(name)) {
            const auto label = std::ranges::find(world_.labels, event.label, &LabelFact::id);
            return label == world_.labels.end() ? Seen{Missing{}} : seen_text((*label).*(*part));
        }
        if (name == "left") return left_of(event, customer);
        if (name == "status") return seen_text(status(event));
        const auto columns = event_columns(event.kind);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].state == name) return reached(event.values[i]);
            if (columns[i].name == name) return column(columns[i], event.values[i], event);
        }
        SHUKE_CHECK(false, name);
        return Missing{};
    }

    Seen points(CustomerId customer) const {
        std::int64_t sum = 0;
        for (const auto& [entry, left] : all_left(customer)) sum += left;
        return Fraction{sum, 1};
    }

    // ---- traits ----
    static bool is_trait(const std::string& name) {
        return name.starts_with("custom.") || std::ranges::find(kTraitNames, name) != std::end(kTraitNames);
    }
    Seen trait(const std::string& name, CustomerId customer) const {
        const TraitFact* newest = nullptr;
        for (const TraitFact& one : world_.traits) {
            if (one.customer != customer || one.name != name) continue;
            if (one.from != kNever && one.from.seconds() > now_) continue;
            const auto second = [](const TraitFact& of) { return of.from == kNever ? INT64_MIN : of.from.seconds(); };
            if (newest == nullptr || second(one) >= second(*newest)) newest = &one;
        }
        if (newest == nullptr) return Missing{};
        if (newest->type == TraitType::kText) {
            const bool known =
                name != "rfm.class" || newest->text == "important_value" || newest->text == "general_keep";
            return known ? seen_text(newest->text) : Seen{Missing{}};
        }
        if (newest->number == kMissingAmount) return Missing{};
        switch (newest->type) {
            case TraitType::kNumber: return Fraction{newest->number, 1'000'000};
            case TraitType::kMoney: return Fraction{newest->number, power_of_ten(digits_)};
            case TraitType::kDate: return CalendarDay{newest->number};
            default: return Moment{Instant{newest->number}.seconds(), &world_.config.zone};
        }
    }

private:
    const TimeZone& zone_of(const EventFact& event) const {
        return event.shop ? zones_.at(event.shop.value) : world_.config.zone;
    }
    static const std::string_view LabelFact::* const* label_part(const std::string& name) {
        static const std::map<std::string, std::string_view LabelFact::*> kParts = {{"product", &LabelFact::product},
                                                                                    {"title", &LabelFact::title},
                                                                                    {"sku", &LabelFact::sku},
                                                                                    {"category", &LabelFact::category},
                                                                                    {"brand", &LabelFact::brand}};
        static const std::map<std::string, const std::string_view LabelFact::*> kConst(kParts.begin(), kParts.end());
        const auto found = kConst.find(name);
        return found == kConst.end() ? nullptr : &found->second;
    }
    bool reached(const EventFact::Value& value) const {
        const Instant at{value.number};
        return at != kNever && at.seconds() <= now_;
    }
    Seen column(const EventColumn& column, const EventFact::Value& value, const EventFact& event) const {
        switch (column.value) {
            case EventValue::kTime:
                return reached(value) ? Seen{Moment{Instant{value.number}.seconds(), &zone_of(event)}} : Missing{};
            case EventValue::kPlanned:
                if (Instant{value.number} == kNever) return Missing{};
                return Moment{Instant{value.number}.seconds(), &zone_of(event)};
            case EventValue::kText: return seen_text(value.text);
            case EventValue::kFlag: return value.number == 1;
            default: break;
        }
        if (value.number == kMissingAmount) return Missing{};
        if (column.value == EventValue::kMoney) return Fraction{value.number, power_of_ten(digits_)};
        if (column.value == EventValue::kNumber) return Fraction{value.number, 1};
        constexpr std::string_view kSentiments[] = {"negative", "neutral", "positive"};
        constexpr std::string_view kPurposes[] = {"marketing", "service"};
        constexpr std::string_view kDirections[] = {"inbound", "outbound"};
        constexpr std::string_view kKinds[] = {"earn", "bonus", "redeem", "refund", "adjust", "expire"};
        constexpr std::string_view kPriorities[] = {"low", "normal", "high", "urgent"};
        const auto at = static_cast<std::size_t>(value.number - 1);
        if (value.number <= 0) return Missing{};
        if (column.name == "sentiment") return seen_text(kSentiments[at]);
        if (column.name == "purpose") return seen_text(kPurposes[at]);
        if (column.name == "direction") return seen_text(kDirections[at]);
        return seen_text(column.name == "priority" ? kPriorities[at] : kKinds[at]);
    }
    std::string status(const EventFact& event) const {
        const auto columns = event_columns(event.kind);
        for (std::size_t i = columns.size(); i-- > 0;) {
            if (!columns[i].state.empty() && reached(event.values[i])) return std::string(columns[i].state);
        }
        if (event.kind == EventKind::kShipment) return "shipped";
        if (event.kind == EventKind::kMessage) return "sent";
        return event.kind == EventKind::kCoupon ? "issued" : "open";
    }

    // ---- points, one by one ----
    struct Point {
        const EventFact* of;
        std::int64_t lapses, number;
    };
    std::map<const EventFact*, std::int64_t> all_left(CustomerId customer) const {
        const auto amount = event_column(EventKind::kPoints, "amount");
        const auto kind = event_column(EventKind::kPoints, "kind");
        const auto expires = event_column(EventKind::kPoints, "expires_at");
        std::vector<Point> usable;
        std::vector<const EventFact*> owed;  // one a point
        std::int64_t number = 0;
        const auto drop_lapsed = [&](std::int64_t second) {
            std::erase_if(usable, [&](const Point& point) { return point.lapses <= second; });
        };
        for (const EventFact* entry : of(EventKind::kPoints, customer)) {
            ++number;
            const std::int64_t points = entry->values[amount].number;
            if (points == kMissingAmount || entry->values[kind].number == 6) continue;
            drop_lapsed(entry->at.seconds());
            const Instant at{entry->values[expires].number};
            for (std::int64_t i = 0; i < points; ++i) {
                if (!owed.empty()) {
                    owed.erase(owed.begin());
                } else {
                    usable.push_back({entry, at == kNever ? INT64_MAX : at.seconds(), number});
                }
            }
            for (std::int64_t i = 0; i < -points; ++i) {
                if (usable.empty()) {
                    owed.push_back(entry);
                } else {
                    usable.erase(std::ranges::min_element(
                        usable, {}, [](const Point& point) { return std::pair(point.lapses, point.number); }));
                }
            }
        }
        drop_lapsed(now_);
        std::map<const EventFact*, std::int64_t> left;
        for (const Point& point : usable) ++left[point.of];
        for (const EventFact* entry : owed) --left[entry];
        return left;
    }
    Seen left_of(const EventFact& event, CustomerId customer) const {
        const auto left = all_left(customer);
        const auto found = left.find(&event);
        return Fraction{found == left.end() ? 0 : found->second, 1};
    }

    const FactWorld& world_;
    std::int64_t now_;
    int digits_;
    std::map<std::int64_t, TimeZone> zones_;
    std::map<std::int64_t, std::vector<const EventFact*>> by_customer_;
};

}  // namespace shuke::audience::testing
