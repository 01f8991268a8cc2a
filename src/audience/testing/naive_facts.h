// src/audience/testing/naive_facts.h
//
// Test-only: what the facts of a world are as of an instant, straight from the definitions: states, what is kept, rows
// of a fact in their order, fields, attributes. The naive evaluator asks it.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audience/expression/ast.h"
#include "audience/testing/fact_world.h"
#include "audience/testing/naive_events.h"
#include "audience/testing/naive_seen.h"
#include "base/text.h"
#include "base/time_zone.h"

namespace shuke::audience::testing {

class NaiveFacts {
public:
    NaiveFacts(const FactWorld& world, Instant as_of)
        : world_(world),
          as_of_(as_of),
          now_(as_of.seconds()),
          digits_(info(world.config.base_currency).digits),
          events_(world, as_of.seconds()) {
        for (const Shop& shop : world.shops) zones_.emplace(shop.id.value, *TimeZone::find(shop.time_zone));
        today_ = world.config.zone.day_of(Instant::from_seconds(now_)).days_since_epoch;
        for (const OrderFact& order : world.orders) {
            order_by_id_.emplace(order.id.value, &order);
            orders_by_customer_[order.customer.value].push_back(&order);
        }
        for (const LineFact& line : world.lines) lines_by_order_[line.order.value].push_back(&line);
        for (const RefundFact& refund : world.refunds) {
            if (refund.order) refunds_by_order_[refund.order.value].push_back(&refund);
            refunds_by_customer_[owner(refund).value].push_back(&refund);
        }
    }

protected:
    struct Purchase;
    struct Row {
        const OrderFact* order = nullptr;
        const LineFact* line = nullptr;
        const RefundFact* refund = nullptr;
        const Purchase* purchase = nullptr;
        const EventFact* event = nullptr;
    };
    struct Purchase {
        std::vector<const OrderFact*> orders;
        std::int64_t day, nth;
        std::optional<std::int64_t> gap;
    };

    // ---- time ----
    static std::optional<std::int64_t> second_of(Instant at) {
        return at == kNever ? std::nullopt : std::optional(at.seconds());
    }
    std::optional<std::int64_t> seen_second(Instant at) const {  // not later than the instant
        const auto second = second_of(at);
        return second && *second <= now_ ? second : std::nullopt;
    }
    const TimeZone& zone_of(ShopId shop) const { return zones_.at(shop.value); }
    static std::int64_t local_day(std::int64_t second, const TimeZone& zone) {
        return zone.day_of(Instant::from_seconds(second)).days_since_epoch;
    }

    // ---- states: a moment from which on, or always, or never ----
    struct From {
        enum { kNeverSo, kAlwaysSo, kSince } when = kNeverSo;
        std::int64_t second = 0;
    };
    static From since(Instant at) { return {From::kSince, at.seconds()}; }
    bool by_now(const From& from) const {
        return from.when == From::kAlwaysSo || (from.when == From::kSince && from.second <= now_);
    }

    static From created_or_always(const OrderFact& order) {
        return order.created_at == kNever ? From{From::kAlwaysSo, 0} : since(order.created_at);
    }
    static From paid_from(const OrderFact& order) {
        if (order.paid_at != kNever) return since(order.paid_at);
        const bool implied = order.status >= OrderStatus::kPaid && order.status <= OrderStatus::kFinished;
        return implied ? created_or_always(order) : From{};
    }
    static From shipped_from(const OrderFact& order) {
        if (order.shipped_at != kNever) return since(order.shipped_at);
        return order.status >= OrderStatus::kShipped && order.status <= OrderStatus::kFinished ? paid_from(order)
                                                                                               : From{};
    }
    static From signed_from(const OrderFact& order) {
        if (order.signed_at != kNever) return since(order.signed_at);
        return order.status >= OrderStatus::kSigned && order.status <= OrderStatus::kFinished ? shipped_from(order)
                                                                                              : From{};
    }
    static From finished_from(const OrderFact& order) {
        if (order.finished_at != kNever) return since(order.finished_at);
        return order.status == OrderStatus::kFinished ? signed_from(order) : From{};
    }
    static From closed_from(const OrderFact& order) {
        if (order.closed_at != kNever) return since(order.closed_at);
        if (order.status != OrderStatus::kClosed) return {};
        Instant latest = kNever;
        for (const Instant at : {order.created_at, order.paid_at, order.shipped_at, order.signed_at, order.finished_at})
            latest = std::max(latest, at);
        return latest == kNever ? From{From::kAlwaysSo, 0} : since(latest);
    }
    bool order_exists(const OrderFact& order) const {
        return order.created_at == kNever || order.created_at.seconds() <= now_;
    }
    bool paid(const OrderFact& order) const { return order_exists(order) && by_now(paid_from(order)); }
    std::string status(const OrderFact& order) const {
        if (by_now(closed_from(order))) return "closed";
        if (by_now(finished_from(order))) return "finished";
        if (by_now(signed_from(order))) return "signed";
        if (by_now(shipped_from(order))) return "shipped";
        return by_now(paid_from(order)) ? "paid" : "created";
    }
    const OrderFact* order_of(const RefundFact& refund) const {
        const auto found = order_by_id_.find(refund.order.value);
        return !refund.order || found == order_by_id_.end() ? nullptr : found->second;
    }
    From refund_from(const RefundFact& refund) const {
        if (refund.at != kNever) return since(refund.at);
        const OrderFact* order = order_of(refund);
        return order == nullptr ? From{From::kAlwaysSo, 0} : paid_from(*order);
    }
    bool refund_exists(const RefundFact& refund) const {
        const OrderFact* order = order_of(refund);
        return by_now(refund_from(refund)) && (order == nullptr || order_exists(*order));
    }
    Wide refunded(const OrderFact& order) const {
        Wide sum = 0;
        for (const RefundFact* refund : all(refunds_by_order_, order.id.value)) {
            if (by_now(refund_from(*refund)) && refund->amount != kMissingAmount)
                sum += std::max<std::int64_t>(refund->amount, 0);
        }
        return sum;
    }
    bool kept(const OrderFact& order) const {
        return paid(order) && (order.amount <= 0 || refunded(order) < order.amount);
    }

    // ---- whose facts ----
    template <class Fact>
    using ByNumber = std::map<std::int64_t, std::vector<const Fact*>>;
    template <class Fact>
    static const std::vector<const Fact*>& all(const ByNumber<Fact>& facts, std::int64_t number) {
        static const std::vector<const Fact*> kNone;
        const auto found = facts.find(number);
        return found == facts.end() ? kNone : found->second;
    }
    static bool time_then_id(const std::optional<std::int64_t>& a, std::int64_t a_id,
                             const std::optional<std::int64_t>& b, std::int64_t b_id) {
        if (a != b) return a < b;  // nullopt first
        return a_id < b_id;
    }
    std::vector<const OrderFact*> orders_of(const CustomerFact& customer) const {
        std::vector<const OrderFact*> orders;
        for (const OrderFact* order : all(orders_by_customer_, customer.id.value)) {
            if (order_exists(*order)) orders.push_back(order);
        }
        std::ranges::sort(orders, [](const OrderFact* a, const OrderFact* b) {
            return time_then_id(second_of(a->created_at), a->id.value, second_of(b->created_at), b->id.value);
        });
        return orders;
    }
    CustomerId owner(const RefundFact& refund) const {
        const OrderFact* order = order_of(refund);
        return order != nullptr ? order->customer : refund.customer;
    }
    bool exists(const CustomerFact& customer) const {
        std::optional<std::int64_t> first = second_of(customer.created_at);
        bool always = false;
        bool any = first.has_value();
        const auto sign = [&](std::optional<std::int64_t> at) {
            any = true;
            if (!at) always = true;
            if (at && (!first || *at < *first)) first = at;
        };
        for (const OrderFact* order : all(orders_by_customer_, customer.id.value)) sign(second_of(order->created_at));
        for (const RefundFact* refund : all(refunds_by_customer_, customer.id.value)) {
            if (order_of(*refund) == nullptr) sign(second_of(refund->at));
        }
        for (const EventFact* event : events_.all_of(customer.id)) sign(second_of(event->at));
        return !any || always || *first <= now_;
    }
    Seen created_at(const CustomerFact& customer) const {
        std::optional<std::int64_t> at = second_of(customer.created_at);
        if (!at) {
            for (const OrderFact* order : all(orders_by_customer_, customer.id.value)) {
                if (order->created_at == kNever) return Missing{};
                if (!at || order->created_at.seconds() < *at) at = order->created_at.seconds();
            }
            for (const RefundFact* refund : all(refunds_by_customer_, customer.id.value)) {
                if (order_of(*refund) != nullptr) continue;
                if (refund->at == kNever) return Missing{};
                if (!at || refund->at.seconds() < *at) at = refund->at.seconds();
            }
            for (const EventFact* event : events_.all_of(customer.id)) {
                if (!at || event->at.seconds() < *at) at = event->at.seconds();
            }
        }
        if (!at || *at > now_) return Missing{};
        return Moment{*at, &world_.config.zone};
    }

    std::vector<Purchase> purchases_of(const CustomerFact& customer) const {
        std::vector<Purchase> purchases;
        for (const OrderFact* order : orders_of(customer)) {
            if (!kept(*order) || order->created_at == kNever) continue;
            const std::int64_t day = local_day(order->created_at.seconds(), zone_of(order->shop));
            const auto same = std::ranges::find_if(
                purchases, [&](const Purchase& p) { return p.day == day && p.orders.front()->shop == order->shop; });
            if (same != purchases.end()) {
                same->orders.push_back(order);
                continue;
            }
            std::optional<std::int64_t> gap;
            if (!purchases.empty()) gap = std::max<std::int64_t>(0, day - purchases.back().day);
            purchases.push_back({{order}, day, static_cast<std::int64_t>(purchases.size()) + 1, gap});
        }
        return purchases;
    }

    // ---- rows of a fact, in order; `hold` keeps purchases alive ----
    std::vector<Row> rows(const std::string& fact, const CustomerFact& customer, std::vector<Purchase>& hold) const {
        std::vector<Row> rows;
        if (fact == "purchases") {
            hold = purchases_of(customer);
            for (const Purchase& purchase : hold) rows.push_back({nullptr, nullptr, nullptr, &purchase, nullptr});
        } else if (fact == "refunds") {
            std::vector<const RefundFact*> refunds;
            for (const RefundFact* refund : all(refunds_by_customer_, customer.id.value)) {
                if (refund_exists(*refund)) refunds.push_back(refund);
            }
            std::ranges::sort(refunds, [&](const RefundFact* a, const RefundFact* b) {
                return time_then_id(refund_second(*a), a->id.value, refund_second(*b), b->id.value);
            });
            for (const RefundFact* refund : refunds)
                rows.push_back({order_of(*refund), nullptr, refund, nullptr, nullptr});
        } else if (const auto kind = NaiveEvents::kind_of(fact)) {
            for (const EventFact* event : events_.of(*kind, customer.id))
                rows.push_back({nullptr, nullptr, nullptr, nullptr, event});
        } else {
            for (const OrderFact* order : orders_of(customer)) {
                if (fact == "orders") {
                    rows.push_back({order, nullptr, nullptr, nullptr, nullptr});
                    continue;
                }
                for (const LineFact* line : lines_of(*order)) rows.push_back({order, line, nullptr, nullptr, nullptr});
            }
        }
        return rows;
    }
    std::vector<const LineFact*> lines_of(const OrderFact& order) const {
        std::vector<const LineFact*> lines = all(lines_by_order_, order.id.value);
        std::ranges::sort(lines, {}, [](const LineFact* line) { return line->line_no; });
        return lines;
    }
    std::optional<std::int64_t> refund_second(const RefundFact& refund) const {
        const From from = refund_from(refund);
        return from.when == From::kSince ? std::optional(from.second) : std::nullopt;
    }

    // ---- fields ----
    static Seen text(std::string_view text) { return seen_text(text); }
    static Seen whole(std::int64_t value) { return Fraction{value, 1}; }
    Seen money(Wide minor) const { return Fraction{minor, power(digits_)}; }
    Seen maybe_money(std::int64_t minor) const { return minor == kMissingAmount ? Seen{Missing{}} : money(minor); }
    static Wide power(int exponent) { return power_of_ten(exponent); }
    Seen moment(std::optional<std::int64_t> second, ShopId shop) const {
        return second && *second <= now_ ? Seen{Moment{*second, &zone_of(shop)}} : Seen{Missing{}};
    }
    const Shop& shop(ShopId id) const { return *std::ranges::find(world_.shops, id, &Shop::id); }

    Seen field(const std::string& name, const Row& row, const CustomerFact& customer) const {
        if (row.event != nullptr) return events_.field(name, *row.event, customer.id);
        if (row.purchase != nullptr) return purchase_field(name, *row.purchase);
        if (row.refund != nullptr) {
            if (const auto own = refund_field(name, row)) return *own;
            if (row.order == nullptr) return name == "paid" || name == "kept" ? Seen{false} : Seen{Missing{}};
        }
        if (row.line != nullptr) {
            if (const auto own = line_field(name, *row.line, *row.order)) return *own;
        }
        return order_field(name, *row.order, customer);
    }
    std::optional<Seen> refund_field(const std::string& name, const Row& row) const {
        const RefundFact& refund = *row.refund;
        const ShopId at_shop = row.order != nullptr ? row.order->shop : refund.shop;
        if (name == "at") return moment(refund_second(refund), at_shop);
        if (name == "done_at") return moment(second_of(refund.done_at), at_shop);
        if (name == "amount") return maybe_money(refund.amount);
        if (name == "kind") return text(refund.kind);
        if (name == "reason") return text(refund.reason);
        if (name == "order_at")
            return row.order == nullptr ? Seen{Missing{}} : moment(second_of(row.order->created_at), row.order->shop);
        if (name == "status") {
            const auto done = second_of(refund.done_at);
            return done && *done > now_ ? Seen{Missing{}} : text(refund.status);
        }
        if (name == "dated") return Seen{refund.at != kNever};
        if (name == "shop") return text(shop(at_shop).name);
        if (name == "platform") return text(shop(at_shop).platform);
        return std::nullopt;
    }
    std::optional<Seen> line_field(const std::string& name, const LineFact& line, const OrderFact& order) const {
        const auto label = std::ranges::find(world_.labels, line.label, &LabelFact::id);
        const LabelFact none;
        const LabelFact& of = label == world_.labels.end() ? none : *label;
        if (name == "product") return text(of.product);
        if (name == "title") return text(of.title);
        if (name == "sku") return text(of.sku);
        if (name == "category") return text(of.category);
        if (name == "brand") return text(of.brand);
        if (name == "quantity") return Seen{Fraction{line.quantity_milli, 1000}};
        if (name == "price") return maybe_money(line.price);
        if (name == "amount") return maybe_money(line.amount);
        if (name == "line_discount") return maybe_money(line.discount);
        if (name == "line_refunded") return maybe_money(line.refunded);
        if (name == "list_price") return maybe_money(of.list_price);
        if (name == "cost") return maybe_money(of.cost);
        if (name == "listed_at") return moment(second_of(of.listed_at), order.shop);
        return std::nullopt;
    }
    Seen order_field(const std::string& name, const OrderFact& order, const CustomerFact& customer) const {
        if (name == "at") return moment(second_of(order.created_at), order.shop);
        if (name == "paid_at") return moment(second_of(order.paid_at), order.shop);
        if (name == "shipped_at") return moment(second_of(order.shipped_at), order.shop);
        if (name == "signed_at") return moment(second_of(order.signed_at), order.shop);
        if (name == "finished_at") return moment(second_of(order.finished_at), order.shop);
        if (name == "closed_at") return moment(second_of(order.closed_at), order.shop);
        if (name == "status") return status(order);
        if (name == "paid") return paid(order);
        if (name == "kept") return kept(order);
        if (name == "amount") return maybe_money(order.amount);
        if (name == "discount") return maybe_money(order.discount);
        if (name == "refunded") return money(refunded(order));
        if (name == "items") return items({&order});
        if (name == "shop") return text(shop(order.shop).name);
        if (name == "platform") return text(shop(order.shop).platform);
        if (name == "channel") return text(order.channel);
        if (name == "province") return text(order.province);
        if (name == "city") return text(order.city);
        if (name == "coupon") return text(order.coupon);
        if (name == "nth" || name == "gap_days") return number_among_kept(name, order, customer);
        SHUKE_CHECK(name == "weekday" || name == "hour" || name == "day", name);
        if (order.created_at == kNever) return Missing{};
        const TimeZone& zone = zone_of(order.shop);
        const std::int64_t second = order.created_at.seconds();
        const std::int64_t day = local_day(second, zone);
        if (name == "day") return CalendarDay{day};
        if (name == "weekday") return whole(((day + 3) % 7 + 7) % 7 + 1);
        return whole((second + zone.offset_seconds(Instant::from_seconds(second)) - day * 86'400) / 3600);
    }
    Seen number_among_kept(const std::string& name, const OrderFact& wanted, const CustomerFact& customer) const {
        std::int64_t nth = 0;
        const OrderFact* before = nullptr;
        for (const OrderFact* order : orders_of(customer)) {
            if (!kept(*order)) continue;
            ++nth;
            if (order == &wanted) {
                if (name == "nth") return whole(nth);
                if (before == nullptr || before->created_at == kNever || order->created_at == kNever) return Missing{};
                const std::int64_t days = local_day(order->created_at.seconds(), zone_of(order->shop)) -
                                          local_day(before->created_at.seconds(), zone_of(before->shop));
                return whole(std::max<std::int64_t>(0, days));
            }
            before = order;
        }
        return Missing{};
    }
    Seen items(const std::vector<const OrderFact*>& orders) const {
        Wide sum = 0;
        bool any = false;
        for (const OrderFact* order : orders) {
            for (const LineFact* line : lines_of(*order)) {
                sum += line->quantity_milli;
                any = true;
            }
        }
        return any ? Seen{Fraction{sum, 1000}} : Seen{Missing{}};
    }
    Seen purchase_field(const std::string& name, const Purchase& purchase) const {
        const OrderFact& first = *purchase.orders.front();
        if (name == "at") return moment(second_of(first.created_at), first.shop);
        if (name == "day") return CalendarDay{purchase.day};
        if (name == "shop") return text(shop(first.shop).name);
        if (name == "platform") return text(shop(first.shop).platform);
        if (name == "orders") return whole(static_cast<std::int64_t>(purchase.orders.size()));
        if (name == "items") return items(purchase.orders);
        if (name == "nth") return whole(purchase.nth);
        if (name == "gap_days") return purchase.gap ? whole(*purchase.gap) : Seen{Missing{}};
        SHUKE_CHECK(name == "amount", name);
        Wide sum = 0;
        bool any = false;
        for (const OrderFact* order : purchase.orders) {
            if (order->amount == kMissingAmount) continue;
            sum += order->amount;
            any = true;
        }
        return any ? money(sum) : Seen{Missing{}};
    }

    // ---- attributes ----
    Seen attribute(const std::string& name, const CustomerFact& customer) const {
        if (name == "id") return whole(customer.id.value);
        if (name == "points") return events_.points(customer.id);
        if (NaiveEvents::is_trait(name)) return events_.trait(name, customer.id);
        if (name == "gender")
            return customer.gender == Gender::kUnknown ? Seen{Missing{}}
                                                       : text(customer.gender == Gender::kMale ? "male" : "female");
        if (name == "birthday")
            return customer.birthday == kNoDay ? Seen{Missing{}} : CalendarDay{customer.birthday.days_since_epoch};
        if (name == "age") return age(customer);
        if (name == "province" || name == "city") return place(name, customer);
        if (name == "district") return text(customer.district);
        if (name == "created_at") return created_at(customer);
        if (name == "shop") return text(customer.shop);
        if (name == "platform") {
            const auto found = std::ranges::find(world_.shops, customer.shop, &Shop::name);
            return customer.shop.empty() || found == world_.shops.end() ? Seen{Missing{}} : text(found->platform);
        }
        return order_attribute(name, customer);
    }
    Seen place(const std::string& name, const CustomerFact& customer) const {
        const std::string_view own = name == "province" ? customer.province : customer.city;
        if (!own.empty()) return text(own);
        const auto orders = orders_of(customer);
        if (orders.empty()) return Missing{};
        return text(name == "province" ? orders.back()->province : orders.back()->city);
    }
    Seen age(const CustomerFact& customer) const {
        if (customer.birthday == kNoDay || customer.birthday.days_since_epoch > today_) return Missing{};
        const CivilDate today = to_civil(Day{static_cast<std::int32_t>(today_)});
        const CivilDate birth = to_civil(customer.birthday);
        const int day = std::min<int>(birth.day, days_in_month(today.year, birth.month));
        const bool passed = today.month > birth.month || (today.month == birth.month && today.day >= day);
        return whole(today.year - birth.year - (passed ? 0 : 1));
    }
    Seen order_attribute(const std::string& name, const CustomerFact& customer) const {
        std::vector<const OrderFact*> kept_orders;
        for (const OrderFact* order : orders_of(customer)) {
            if (kept(*order)) kept_orders.push_back(order);
        }
        Wide spent = 0;
        const OrderFact* first = nullptr;
        const OrderFact* last = nullptr;
        for (const OrderFact* order : kept_orders) {
            if (order->amount != kMissingAmount) spent += order->amount - refunded(*order);
            if (order->created_at == kNever) continue;
            if (first == nullptr) first = order;
            if (last == nullptr || order->created_at.seconds() > last->created_at.seconds()) last = order;
        }
        const auto count = static_cast<std::int64_t>(kept_orders.size());
        if (name == "order_count") return whole(count);
        if (name == "purchase_count") return whole(static_cast<std::int64_t>(purchases_of(customer).size()));
        if (name == "total_spent") return money(spent);
        if (name == "avg_order_value") return count == 0 ? Seen{Missing{}} : Fraction{spent, power(digits_) * count};
        if (name == "first_order_at")
            return first == nullptr ? Seen{Missing{}} : moment(second_of(first->created_at), first->shop);
        if (name == "last_order_at")
            return last == nullptr ? Seen{Missing{}} : moment(second_of(last->created_at), last->shop);
        SHUKE_CHECK(name == "lifecycle", name);
        if (last == nullptr) return Missing{};
        const std::int64_t passed = now_ - last->created_at.seconds();
        const LifecycleEdges& edges = world_.config.lifecycle;
        return text(passed <= edges.silent_after_days * 86'400LL     ? "active"
                    : passed <= edges.sleeping_after_days * 86'400LL ? "silent"
                    : passed <= edges.lost_after_days * 86'400LL     ? "sleeping"
                                                                     : "lost");
    }

    const FactWorld& world_;
    Instant as_of_;
    std::int64_t now_;
    std::int64_t today_ = 0;
    int digits_ = 2;
    NaiveEvents events_;
    std::map<std::int64_t, TimeZone> zones_;
    std::map<std::int64_t, const OrderFact*> order_by_id_;
    ByNumber<OrderFact> orders_by_customer_;
    ByNumber<LineFact> lines_by_order_;
    ByNumber<RefundFact> refunds_by_order_, refunds_by_customer_;
};

}  // namespace shuke::audience::testing
