// src/audience/testing/fact_world.h
//
// Test-only: a small world of facts as plain vectors, a random one from a seed, and the Version the engine makes of it.
// Texts are literals, so the facts' string_views stay good.
//
// The random world holds what is awkward: several shops and zones with summer time, guests, baskets without time,
// orders at one instant, every state with and without its time, refunds without time or order or before their order,
// missing amounts, gifts, birthdays on 29 February, times around local midnights and around the as-of instants.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "audience/builder.h"
#include "audience/config.h"
#include "audience/expression.h"
#include "audience/schema.h"
#include "base/check.h"
#include "domain/events.h"
#include "domain/facts.h"

namespace shuke::audience::testing {

struct FactWorld {
    Config config;
    std::vector<Shop> shops;
    std::vector<LabelFact> labels;
    std::vector<CustomerFact> customers;  // ascending ids
    std::vector<OrderFact> orders;
    std::vector<LineFact> lines;
    std::vector<RefundFact> refunds;
    std::vector<SpanFact> spans;
    std::vector<TraitFact> traits;
    std::vector<EventFact> events;
};

inline std::shared_ptr<const Version> build(const FactWorld& world, WorkerPool* pool = nullptr) {
    Builder builder(world.config);
    for (const Shop& shop : world.shops) SHUKE_CHECK(builder.add_shop(shop).has_value(), "the shop's zone");
    for (const LabelFact& label : world.labels) builder.add_label(label);
    for (const CustomerFact& customer : world.customers) builder.add_customer(customer);
    for (const OrderFact& order : world.orders) builder.add_order(order);
    for (const LineFact& line : world.lines) builder.add_line(line);
    for (const RefundFact& refund : world.refunds) builder.add_refund(refund);
    for (const SpanFact& span : world.spans) builder.add_span(span);
    for (const TraitFact& trait : world.traits) builder.add_trait(trait);
    for (const EventFact& event : world.events) builder.add_event(event);
    return builder.build(pool);
}

inline constexpr std::string_view kProvinces[] = {"浙江", "江苏", "广东", "ＡＢ", "AB"};
inline constexpr std::string_view kCities[] = {"杭州", "苏州", "Ａ市", "A市"};
inline constexpr std::string_view kChannels[] = {"app", "web", "pos"};
inline constexpr std::string_view kCategories[] = {"连衣裙", "T恤", "鞋", "箱包"};
inline constexpr std::string_view kBrands[] = {"甲", "乙"};
inline constexpr std::string_view kProducts[] = {"p1", "p2", "p3", "85123A"};
inline constexpr std::string_view kSpanNames[] = {"大客户", "sms", "x y"};
inline constexpr std::string_view kReasons[] = {"尺码不合", "质量", "七天无理由"};
inline constexpr std::string_view kEventWords[] = {"sms", "双11", "电话 回访"};
inline constexpr std::string_view kTiers[] = {"普通", "银卡", "金卡", "钻石"};  // ascending; nobody is of the last
inline constexpr std::string_view kTraitNames[] = {
    "tier", "rfm.r", "rfm.f", "rfm.m", "rfm.class", "next_order_expected_at", "churn_risk", "clv", "influence"};

inline std::vector<CustomAttribute> world_customs() {
    return {{"身高", Type::kNumber, {}},
            {"爱好", Type::kText, {}},
            {"纪念日", Type::kDate, {}},
            {"余额", Type::kMoney, {}},
            {"肤质", Type::kChoice, {"干性", "油性"}}};
}
// What binding knows of these worlds.
inline BindOptions bind_options(const FactWorld& world) {
    BindOptions options{world.config.base_currency};
    options.tiers = [] { return std::vector<std::string>(std::begin(kTiers), std::end(kTiers)); };
    options.custom_attributes = world_customs;
    return options;
}

// Times are drawn from a few days around here, so that they meet: 2011-03-01 … 2011-04-10, over Europe's clock change.
inline constexpr std::int64_t kWorldBegin = 1'298'937'600;
inline constexpr std::int64_t kWorldDays = 41;

class WorldMaker {
public:
    explicit WorldMaker(std::uint64_t seed) : random_(seed) {}

    FactWorld make(int customers) {
        FactWorld world;
        world.config.zone = pick_zone();
        world.config.base_currency = chance(0.8) ? Currency::kCNY : Currency::kJPY;
        world.config.lifecycle = chance(0.5) ? LifecycleEdges{} : LifecycleEdges{3, 10, 20};
        add_shops(world);
        add_labels(world);
        std::int64_t id = 0;
        for (int i = 0; i < customers; ++i) {
            id += chance(0.7) ? 1 : below(50) + 1;
            world.customers.push_back(customer(id));
        }
        const std::int64_t orders = customers == 0 ? below(4) : below(customers * 6 + 3);
        for (std::int64_t i = 0; i < orders; ++i) add_order(world, i);
        const std::int64_t refunds = below(orders / 2 + 3);
        for (std::int64_t i = 0; i < refunds; ++i) add_refund(world, i);
        for (std::int64_t i = 0, spans = below(customers * 4); i < spans; ++i) add_span(world);
        add_traits(world);
        for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
            if (chance(0.4)) continue;  // nobody has any
            for (std::int64_t i = 0, events = below(customers * 3 + 2); i < events; ++i)
                add_event(world, static_cast<EventKind>(kind), i);
        }
        if (chance(0.3)) std::shuffle(world.events.begin(), world.events.end(), random_);
        if (chance(0.3)) std::shuffle(world.orders.begin(), world.orders.end(), random_);
        if (chance(0.3)) std::shuffle(world.lines.begin(), world.lines.end(), random_);
        return world;
    }

    // An instant about which something may differ: anywhere, or exactly at an event.
    Instant as_of(const FactWorld& world) {
        if (!world.orders.empty() && chance(0.3)) {
            const OrderFact& order =
                world.orders[static_cast<std::size_t>(below(static_cast<std::int64_t>(world.orders.size())))];
            if (order.created_at != kNever) return Instant{order.created_at.us_since_epoch + below(3) - 1};
        }
        if (chance(0.3)) return Instant::from_seconds(kWorldBegin + (below(kWorldDays + 200) - 20) * 86'400);
        return time();
    }

    std::int64_t below(std::int64_t n) {
        return n <= 0 ? 0 : static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
    }
    bool chance(double p) { return std::uniform_real_distribution<double>()(random_) < p; }
    template <class T, std::size_t N>
    T pick(const T (&from)[N]) {
        return from[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
    }

private:
    TimeZone pick_zone() {
        constexpr std::string_view kZones[] = {"Asia/Shanghai", "Europe/London", "America/New_York", "UTC"};
        return *TimeZone::find(pick(kZones));
    }

    void add_shops(FactWorld& world) {
        constexpr std::string_view kPlatforms[] = {"taobao", "jd", "own"};
        constexpr std::string_view kNames[] = {"旗舰店", "second", "旗舰店"};
        const std::int64_t count = 1 + below(3);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto at = static_cast<std::size_t>(i);
            world.shops.push_back({ShopId{i * 3 + 1}, std::string(kPlatforms[at]), std::string(kNames[at]),
                                   Currency::kCNY, pick_zone().name()});
        }
    }

    void add_labels(FactWorld& world) {
        const std::int64_t count = below(8);
        for (std::int64_t i = 0; i < count; ++i) {
            LabelFact label;
            label.id = LabelId{i + 1};
            label.product = pick(kProducts);
            label.title = chance(0.5) ? "新款 连衣裙" : "T恤 ＡＢＣ";
            label.sku = chance(0.5) ? "红/M" : "";
            label.category = chance(0.8) ? pick(kCategories) : "";
            label.brand = chance(0.5) ? pick(kBrands) : "";
            if (chance(0.5)) label.list_price = money();
            if (chance(0.5)) label.cost = money();
            label.listed_at = maybe_time(0.5);
            world.labels.push_back(label);
        }
    }

    void add_span(FactWorld& world) {
        SpanFact span;
        const auto whose = static_cast<std::size_t>(below(static_cast<std::int64_t>(world.customers.size())));
        span.customer = chance(0.9) ? world.customers[whose].id : CustomerId{999'999};
        span.kind = static_cast<SpanKind>(below(6));
        span.name = pick(kSpanNames);
        span.from = maybe_time(0.8);
        if (chance(0.4)) span.until = Instant{std::max(span.from.us_since_epoch, time().us_since_epoch)};
        world.spans.push_back(span);
    }

    void add_traits(FactWorld& world) {
        const std::vector<CustomAttribute> customs = world_customs();
        const auto words = [&](std::string_view name) -> std::string_view {
            if (name == "tier") return chance(0.1) ? "" : kTiers[below(3)];
            if (name == "rfm.class") return chance(0.5) ? "important_value" : chance(0.8) ? "general_keep" : "other";
            return name == "custom.肤质" ? (chance(0.5) ? "干性" : "油性") : pick(kEventWords);
        };
        constexpr std::string_view kCustomNames[] = {"custom.身高", "custom.爱好", "custom.纪念日", "custom.余额",
                                                     "custom.肤质"};
        for (std::int64_t i = 0, count = below(static_cast<std::int64_t>(world.customers.size()) * 12); i < count;
             ++i) {
            TraitFact trait;
            trait.customer =
                world.customers[static_cast<std::size_t>(below(static_cast<std::int64_t>(world.customers.size())))].id;
            if (chance(0.05)) trait.customer = CustomerId{999'999};
            const bool custom = chance(0.3);
            const auto which = static_cast<std::size_t>(below(static_cast<std::int64_t>(customs.size())));
            trait.name = custom ? kCustomNames[which] : pick(kTraitNames);
            if (!custom) trait.from = maybe_time(0.8);
            const Type type = custom ? customs[which].type : find_attribute(trait.name)->type;
            switch (type) {
                case Type::kMoney:
                    trait.type = TraitType::kMoney;
                    trait.number = money();
                    break;
                case Type::kTime:
                    trait.type = TraitType::kTime;
                    trait.number = maybe_time(0.9).us_since_epoch;
                    break;
                case Type::kDate:
                    trait.type = TraitType::kDate;
                    trait.number = kWorldBegin / 86'400 + below(kWorldDays);
                    break;
                case Type::kNumber:
                    if (chance(0.9)) trait.number = chance(0.6) ? below(6) * kTraitUnit : below(60) * kTraitUnit / 10;
                    break;
                default: trait.type = TraitType::kText; trait.text = words(trait.name);
            }
            world.traits.push_back(trait);
        }
    }

    void add_event(FactWorld& world, EventKind kind, std::int64_t i) {
        EventFact event;
        event.kind = kind;
        event.id = i * 3 + 1;
        event.customer = any_customer(world);
        if (chance(0.6)) event.shop = any_shop(world);
        event.label = LabelId{below(static_cast<std::int64_t>(world.labels.size()) + 2)};
        event.at = chance(0.1) && !world.events.empty() ? world.events.back().at : time();
        const auto later = [&] {
            return chance(0.2) ? time() : Instant{event.at.us_since_epoch + below(240) * 3'600'000'000};
        };
        for (const EventColumn& column : event_columns(kind)) {
            EventFact::Value value;
            switch (column.value) {
                case EventValue::kTime:
                case EventValue::kPlanned: value.number = (chance(0.4) ? later() : kNever).us_since_epoch; break;
                case EventValue::kMoney: value.number = money(); break;
                case EventValue::kFlag:
                    if (chance(0.8)) value.number = below(2);
                    break;
                case EventValue::kChoice: {
                    const Fact& fact = facts()[4 + static_cast<std::size_t>(kind)];
                    const auto words = static_cast<std::int64_t>(find_field(fact, column.name)->choices.size());
                    if (chance(0.9)) value.number = 1 + below(words);
                    break;
                }
                case EventValue::kNumber:
                    if (chance(0.9)) value.number = column.name == "amount" ? below(9) - 3 : below(7) - 1;
                    break;
                case EventValue::kText:
                    if (chance(0.7)) value.text = column.name == "channel" ? pick(kChannels) : pick(kEventWords);
            }
            event.values.push_back(value);
        }
        world.events.push_back(std::move(event));
    }

    Instant time() {
        const std::int64_t day = kWorldBegin + below(kWorldDays) * 86'400;
        const std::int64_t second = chance(0.3) ? pick(kEdges) : below(86'400);
        return Instant{(day + second) * 1'000'000 + (chance(0.2) ? below(1'000'000) : 0)};
    }
    static constexpr std::int64_t kEdges[] = {0, 86'399, 3600, 16 * 3600, 16 * 3600 - 1, 5 * 3600, 4 * 3600, 23 * 3600};
    Instant maybe_time(double known) { return chance(known) ? time() : kNever; }

    std::int64_t money() {
        if (chance(0.15)) return kMissingAmount;
        if (chance(0.05)) return below(2) == 0 ? -below(500) : below(4'000'000'000);
        return chance(0.3) ? below(4) * 1000 : below(30'000);
    }

    CustomerFact customer(std::int64_t id) {
        CustomerFact customer;
        customer.id = CustomerId{id};
        customer.created_at = maybe_time(0.5);
        customer.gender = static_cast<Gender>(below(3));
        if (chance(0.6)) {
            const CivilDate leap{static_cast<std::int32_t>(1980 + below(4) * 4), 2, 29};
            const CivilDate spring{static_cast<std::int32_t>(1975 + below(45)), static_cast<std::uint8_t>(2 + below(3)),
                                   static_cast<std::uint8_t>(1 + below(28))};
            customer.birthday = to_day(chance(0.2) ? leap : spring);
        }
        if (chance(0.5)) customer.province = pick(kProvinces);
        if (chance(0.5)) customer.city = pick(kCities);
        if (chance(0.5)) customer.district = "西湖区";
        if (chance(0.7)) customer.shop = chance(0.8) ? "旗舰店" : "unknown shop";
        return customer;
    }

    CustomerId any_customer(const FactWorld& world) {
        if (world.customers.empty() || chance(0.1))
            return CustomerId{chance(0.5) ? 0 : 999'999};  // a guest, a forgotten one
        return world.customers[static_cast<std::size_t>(below(static_cast<std::int64_t>(world.customers.size())))].id;
    }
    ShopId any_shop(const FactWorld& world) {
        return world.shops[static_cast<std::size_t>(below(static_cast<std::int64_t>(world.shops.size())))].id;
    }

    void add_order(FactWorld& world, std::int64_t i) {
        OrderFact order;
        order.id = OrderId{i * 2 + 10};
        order.customer = any_customer(world);
        order.shop = any_shop(world);
        order.created_at = maybe_time(0.93);
        if (!world.orders.empty() && chance(0.1)) order.created_at = world.orders.back().created_at;
        order.status = static_cast<OrderStatus>(below(6));
        const auto later = [&](double known) {
            if (!chance(known)) return kNever;
            if (order.created_at == kNever || chance(0.1)) return time();
            return Instant{order.created_at.us_since_epoch + below(10) * 3'600'000'000};
        };
        const double known = order.status == OrderStatus::kCreated ? 0.05 : 0.6;
        order.paid_at = later(known);
        order.shipped_at = later(known / 2);
        order.signed_at = later(known / 3);
        order.finished_at = later(known / 4);
        order.closed_at = later(order.status == OrderStatus::kClosed ? 0.5 : 0.05);
        order.amount = money();
        order.discount = chance(0.4) ? money() : kMissingAmount;
        if (chance(0.7)) order.channel = pick(kChannels);
        if (chance(0.7)) order.province = pick(kProvinces);
        if (chance(0.7)) order.city = pick(kCities);
        if (chance(0.3)) order.coupon = "满100减10";
        world.orders.push_back(order);
        const std::int64_t lines = below(4);
        for (std::int64_t line = 0; line < lines; ++line) add_line(world, order, line);
    }

    void add_line(FactWorld& world, const OrderFact& order, std::int64_t number) {
        LineFact line;
        line.order = order.id;
        line.line_no = static_cast<std::int32_t>(chance(0.9) ? number + 1 : 10 - number);
        line.label =
            LabelId{below(static_cast<std::int64_t>(world.labels.size()) + 2)};  // sometimes 0, sometimes unknown
        line.quantity_milli = chance(0.8) ? (1 + below(5)) * 1000 : below(5000) - 500;
        line.price = money();
        line.amount = money();
        line.discount = chance(0.3) ? money() : kMissingAmount;
        line.refunded = chance(0.3) ? money() : kMissingAmount;
        world.lines.push_back(line);
    }

    void add_refund(FactWorld& world, std::int64_t i) {
        RefundFact refund;
        refund.id = RefundId{i + 1};
        refund.shop = any_shop(world);
        refund.customer = any_customer(world);
        refund.at = maybe_time(0.7);
        refund.amount = money();
        if (!world.orders.empty() && chance(0.85)) {
            const OrderFact& order =
                world.orders[static_cast<std::size_t>(below(static_cast<std::int64_t>(world.orders.size())))];
            refund.order = order.id;
            if (order.amount != kMissingAmount && chance(0.6))
                refund.amount = chance(0.5) ? order.amount : order.amount / 2;
            if (order.created_at != kNever && refund.at != kNever && chance(0.6)) {
                refund.at = Instant{order.created_at.us_since_epoch + below(20) * 43'200'000'000};
            }
        } else if (chance(0.1)) {
            refund.order = OrderId{7'777'777};  // not known
        }
        refund.done_at = chance(0.5) ? time() : kNever;
        if (chance(0.7)) refund.kind = chance(0.5) ? "仅退款" : "退货退款";
        if (chance(0.7)) refund.reason = pick(kReasons);
        if (chance(0.7)) refund.status = chance(0.5) ? "done" : "asked";
        world.refunds.push_back(refund);
    }

    std::mt19937_64 random_;
};

}  // namespace shuke::audience::testing
