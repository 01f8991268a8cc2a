// src/audience/testing/small_world.h
//
// Test-only: worlds written by hand, a line a fact, and questions asked of them.
//
//   SmallWorld world;
//   world.customer(1);
//   world.order({.customer = 1, .at = "2024-03-01 10:00", .amount = 100'00});
//   EXPECT_EQ(world.who("order_count >= 1", "2024-03-02"), Ids({1}));
//
// Times are in the world's zone (Asia/Shanghai), orders in shop 1 of that zone and paid when created, unless said.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "audience/evaluate.h"
#include "audience/testing/fact_world.h"
#include "base/time_zone.h"

namespace shuke::audience::testing {

using Ids = std::vector<std::int64_t>;

class SmallWorld {
public:
    SmallWorld() {
        world_.config.zone = *TimeZone::find("Asia/Shanghai");
        shop(1, "taobao", "旗舰店", "Asia/Shanghai");
    }

    FactWorld& facts() { return world_; }
    Instant time(std::string_view text) const {
        return text.empty() ? kNever : to_instant(*parse_time(text), world_.config.zone);
    }

    void shop(std::int64_t id, std::string platform, std::string name, std::string zone) {
        world_.shops.push_back({ShopId{id}, std::move(platform), std::move(name), Currency::kCNY, std::move(zone)});
    }
    CustomerFact& customer(std::int64_t id) {
        CustomerFact fact;
        fact.id = CustomerId{id};
        return world_.customers.emplace_back(fact);
    }

    struct OrderLine {
        std::string_view product, category;
        std::int64_t amount = 0;
        std::int64_t quantity = 1;
    };
    struct Order {
        std::int64_t customer = 1;
        std::string_view at;
        std::string_view paid = "as created";  // "" = not known
        OrderStatus status = OrderStatus::kPaid;
        std::int64_t amount = 100'00;
        std::int64_t shop = 1;
        std::vector<OrderLine> lines = {};
    };
    OrderFact& order(const Order& order) {
        OrderFact fact;
        fact.id = OrderId{static_cast<std::int64_t>(world_.orders.size()) + 1};
        fact.customer = CustomerId{order.customer};
        fact.shop = ShopId{order.shop};
        fact.created_at = time(order.at);
        fact.paid_at = order.paid == "as created" ? fact.created_at : time(order.paid);
        fact.status = order.status;
        fact.amount = order.amount;
        for (const OrderLine& line : order.lines) add_line(fact.id, line);
        return world_.orders.emplace_back(fact);
    }

    struct Refund {
        std::int64_t order = 0;
        std::string_view at;
        std::int64_t amount = 100'00;
        std::int64_t customer = 0;
    };
    RefundFact& refund(const Refund& refund) {
        RefundFact fact;
        fact.id = RefundId{static_cast<std::int64_t>(world_.refunds.size()) + 1};
        fact.order = OrderId{refund.order};
        fact.customer = CustomerId{refund.customer};
        fact.shop = ShopId{1};
        fact.at = time(refund.at);
        fact.amount = refund.amount;
        return world_.refunds.emplace_back(fact);
    }

    // Values by column: moments as times of the world's zone, choices by their words, everything else as it is written.
    EventFact& event(EventKind kind, std::int64_t customer, std::string_view at,
                     const std::vector<std::pair<std::string_view, std::string_view>>& values) {
        EventFact fact;
        fact.kind = kind;
        fact.id = static_cast<std::int64_t>(world_.events.size()) + 1;
        fact.customer = CustomerId{customer};
        fact.at = time(at);
        fact.values.resize(event_columns(kind).size());
        for (const auto& [name, text] : values) {
            const std::size_t column = event_column(kind, name);
            SHUKE_CHECK(column != kNoEventColumn, std::string(name));
            fact.values[column] = value_of(kind, name, event_columns(kind)[column].value, text);
        }
        return world_.events.emplace_back(std::move(fact));
    }
    // Of the attribute's own type; the caller gives the number or the text.
    TraitFact& trait(std::int64_t customer, std::string_view name, std::string_view from) {
        TraitFact fact;
        fact.customer = CustomerId{customer};
        fact.name = name;
        fact.from = time(from);
        Type type = find_attribute(name)->type;
        for (const CustomAttribute& custom : world_customs()) {
            if (name == std::string(kCustomPrefix) + custom.name) type = custom.type;
        }
        fact.type = type == Type::kMoney                           ? TraitType::kMoney
                    : type == Type::kTime                          ? TraitType::kTime
                    : type == Type::kDate                          ? TraitType::kDate
                    : type == Type::kText || type == Type::kChoice ? TraitType::kText
                                                                   : TraitType::kNumber;
        return world_.traits.emplace_back(fact);
    }

    std::shared_ptr<const Version> version() const { return build(world_); }

    // The ids of those chosen; -1 alone when the expression is refused.
    Ids who(std::string_view expression, std::string_view as_of) const {
        const auto bound = parse_and_bind(expression, bind_options(world_));
        if (!bound) return {-1};
        const auto built = version();
        Ids ids;
        for (const CustomerId id : customers(*built, evaluate(*built, *bound, time(as_of)))) ids.push_back(id.value);
        return ids;
    }

private:
    EventFact::Value value_of(EventKind kind, std::string_view name, EventValue type, std::string_view text) const {
        if (type == EventValue::kText) return {kMissingAmount, text};
        if (type == EventValue::kTime || type == EventValue::kPlanned) return {time(text).us_since_epoch, {}};
        if (type != EventValue::kChoice) return {std::stoll(std::string(text)), {}};
        const auto choices = find_field(facts_of(kind), name)->choices;
        const auto found = std::ranges::find(choices, text, &Choice::key);
        SHUKE_CHECK(found != choices.end(), std::string(text));
        return {found - choices.begin() + 1, {}};
    }
    static const Fact& facts_of(EventKind kind) {
        return audience::facts()[static_cast<std::size_t>(FactKind::kShipments) + static_cast<std::size_t>(kind)];
    }

    void add_line(OrderId order, const OrderLine& line) {
        LabelFact label;
        label.id = LabelId{static_cast<std::int64_t>(world_.labels.size()) + 1};
        label.product = line.product;
        label.category = line.category;
        world_.labels.push_back(label);
        LineFact fact;
        fact.order = order;
        fact.line_no = static_cast<std::int32_t>(world_.lines.size()) + 1;
        fact.label = label.id;
        fact.quantity_milli = line.quantity * 1000;
        fact.amount = line.amount;
        world_.lines.push_back(fact);
    }

    FactWorld world_;
};

}  // namespace shuke::audience::testing
