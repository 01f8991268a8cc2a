// src/audience/testing/random_expression.h
//
// Test-only: random well-typed expressions over the schema, with values that occur in a FactWorld. Every available
// attribute, fact, field, aggregate, operator and window has its turn.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "audience/expression.h"
#include "audience/schema.h"
#include "audience/testing/fact_world.h"
#include "base/time_zone.h"

namespace shuke::audience::testing {

class ExpressionMaker {
public:
    explicit ExpressionMaker(std::uint64_t seed) : random_(seed) {}

    // With a top or a sample now and then. `segments`: names that segment() may have.
    Expression expression(int depth, std::vector<std::string> segments = {}) {
        segments_ = std::move(segments);
        Expression result{predicate(depth)};
        if (chance(0.15)) {
            const bool percent = chance(0.5);
            result.top = Top{
                {static_cast<std::int64_t>(1 + below(percent ? 100 : 8)), 0}, percent, call_or_attribute(depth), {}};
        }
        if (chance(0.1)) result.sample = Sample{{static_cast<std::int64_t>(1 + below(1000)), 1}, {}, {}};
        if (result.sample && chance(0.5)) result.sample->seed = static_cast<std::int64_t>(below(9)) - 2;
        return result;
    }

    Predicate predicate(int depth) {
        if (depth <= 0 || chance(0.35)) return customer_leaf(depth);
        return joined([&] { return predicate(depth - 1); });
    }

    Predicate row_predicate(const Fact& fact, int depth) {
        if (depth <= 0 || chance(0.5)) return row_leaf(fact);
        return joined([&] { return row_predicate(fact, depth - 1); });
    }

    FactSet fact_set(int depth) {
        const Fact& fact = facts()[below(facts().size())];
        FactSet set;
        set.fact = fact.name;
        if (chance(0.7)) set.where.push_back(row_predicate(fact, std::min(depth, 2)));
        if (chance(0.5)) set.window.push_back(window());
        return set;
    }

    Window window() {
        using Kind = Window::Kind;
        Window result;
        result.kind = static_cast<Kind>(below(9));
        switch (result.kind) {
            case Kind::kWithinLast:
            case Kind::kWithinNext:
            case Kind::kMoreThanAgo: {
                constexpr Unit kUnits[] = {Unit::kMinute, Unit::kHour,  Unit::kDay, Unit::kDay,
                                           Unit::kWeek,   Unit::kMonth, Unit::kYear};
                result.unit = kUnits[below(7)];
                result.n = static_cast<std::int64_t>(below(result.unit == Unit::kMinute ? 5000
                                                           : result.unit == Unit::kHour ? 300
                                                           : result.unit == Unit::kDay  ? 60
                                                                                        : 4));
                break;
            }
            case Kind::kThis:
            case Kind::kLast: {
                constexpr Unit kUnits[] = {Unit::kDay, Unit::kWeek, Unit::kMonth, Unit::kQuarter, Unit::kYear};
                result.unit = kUnits[below(5)];
                break;
            }
            case Kind::kBetween:
                result.from = day();
                result.to = Day{result.from.days_since_epoch + static_cast<std::int32_t>(below(15))};
                break;
            default: result.from = day();
        }
        return result;
    }

    bool chance(double p) { return std::uniform_real_distribution<double>()(random_) < p; }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

private:
    template <class Make>
    Predicate joined(Make make) {
        const std::size_t kind = below(5);
        if (kind == 0) {
            Not node;
            node.part.push_back(make());
            return {std::move(node), {}};
        }
        std::vector<Predicate> parts;
        for (std::size_t i = 0, count = 2 + below(2); i < count; ++i) parts.push_back(make());
        if (kind <= 2) return {And{std::move(parts)}, {}};
        return {Or{std::move(parts)}, {}};
    }

    Day day() {
        return Day{
            static_cast<std::int32_t>(kWorldBegin / 86'400 + static_cast<std::int64_t>(below(kWorldDays + 10)) - 5)};
    }

    static bool numeric(Type type) { return is_numeric(type); }

    Op order_op() { return static_cast<Op>(below(6)); }
    Op equality() { return chance(0.7) ? Op::kEqual : Op::kNotEqual; }

    // ---- values ----
    Number number(Type type, std::string_view name) {
        if (name == "weekday") return Number{{static_cast<std::int64_t>(below(8)), 0}, {}};
        if (name == "hour") return Number{{static_cast<std::int64_t>(below(25)), 0}, {}};
        if (name == "age") return Number{{static_cast<std::int64_t>(below(45)), 0}, {}};
        if (name == "id") return Number{{static_cast<std::int64_t>(below(200)), 0}, {}};
        if (type == Type::kPieces) return Number{{static_cast<std::int64_t>(below(8000)), 3}, {}};
        if (type == Type::kMoney) {
            if (chance(0.1)) return Number{{static_cast<std::int64_t>(below(300'000)), 3}, {}};
            return chance(0.3) ? Number{{static_cast<std::int64_t>(below(4)) * 10, 0}, {}}
                               : Number{{static_cast<std::int64_t>(below(40'000)) - 1000, 2}, {}};
        }
        return chance(0.1) ? Number{{static_cast<std::int64_t>(below(50)), 1}, {}}
                           : Number{{static_cast<std::int64_t>(below(7)), 0}, {}};
    }
    static bool bare(const std::string& text) {
        return text != "T恤" && text.find_first_of(" /+") == std::string::npos && !text.empty() &&
               (text[0] < '0' || text[0] > '9');
    }
    std::string text_of(std::string_view name) {
        constexpr std::string_view kShops[] = {"旗舰店", "second", "nowhere"};
        constexpr std::string_view kPlatforms[] = {"taobao", "jd", "own"};
        if (name == "province") return std::string(kProvinces[below(5)]);
        if (name == "city") return std::string(kCities[below(4)]);
        if (name == "channel") return std::string(kChannels[below(3)]);
        if (name == "category") return std::string(kCategories[below(4)]);
        if (name == "brand") return std::string(kBrands[below(2)]);
        if (name == "product") return std::string(kProducts[below(4)]);
        if (name == "reason") return std::string(kReasons[below(3)]);
        if (name == "shop") return std::string(kShops[below(3)]);
        if (name == "platform") return std::string(kPlatforms[below(3)]);
        if (name == "title") return chance(0.5) ? "连衣裙" : "ABC";
        if (name == "status") return chance(0.5) ? "done" : "asked";
        if (name == "tier") return std::string(kTiers[below(4)]);
        if (chance(0.6)) return std::string(kEventWords[below(3)]);
        return chance(0.5) ? "仅退款" : "西湖区";
    }
    template <class Variant>
    Variant text_value(std::string text) {
        if (bare(text) && chance(0.5)) return Name{std::move(text), {}};
        return Text{std::move(text), {}};
    }
    std::string choice(std::span<const Choice> choices) { return std::string(choices[below(choices.size())].key); }

    // A condition on something of this type, named so; `left` is it.
    Predicate test(Operand left, Type type, std::string_view name, std::span<const Choice> choices) {
        if (type == Type::kFlag) return {Flag{std::get<Name>(left)}, {}};
        if (chance(0.1)) return {IsMissing{std::move(left), chance(0.5)}, {}};
        if (type == Type::kText || type == Type::kChoice) return text_test(std::move(left), type, name, choices);
        if (type == Type::kTime) {
            if (chance(0.8)) return {InWindow{std::move(left), window()}, {}};
            return {Compare{std::move(left), order_op(), Date{day(), {}}}, {}};
        }
        if (type == Type::kDate) {
            if (chance(0.2)) return {In{std::move(left), chance(0.3), {Date{day(), {}}, Date{day(), {}}}}, {}};
            return {
                Compare{std::move(left), order_op(),
                        Date{name == "birthday" ? Day{static_cast<std::int32_t>(below(18'000)) + 1800} : day(), {}}},
                {}};
        }
        if (chance(0.2))
            return {In{std::move(left), chance(0.3), {number(type, name), number(type, name), number(type, name)}}, {}};
        return {Compare{std::move(left), order_op(), number(type, name)}, {}};
    }
    Predicate text_test(Operand left, Type type, std::string_view name, std::span<const Choice> choices) {
        const auto word = [&] { return type == Type::kChoice ? choice(choices) : text_of(name); };
        if (chance(0.3)) {
            In in{std::move(left), chance(0.3), {}};
            for (std::size_t i = 0, count = 1 + below(3); i < count; ++i)
                in.values.push_back(text_value<Value>(word()));
            return {std::move(in), {}};
        }
        if (type == Type::kText && chance(0.3)) {
            std::string whole = word();
            return {Compare{std::move(left), chance(0.5) ? Op::kContains : Op::kStartsWith,
                            Text{whole.substr(0, static_cast<unsigned char>(whole[0]) >= 0x80 ? 3 : 1), {}}},
                    {}};
        }
        return {Compare{std::move(left), equality(), text_value<Operand>(word())}, {}};
    }

    Predicate row_leaf(const Fact& fact) {
        const std::vector<std::string_view> names = field_names(fact);
        const Field& field = *find_field(fact, names[below(names.size())]);
        if (chance(0.25) && fact.kind < FactKind::kPurchases)
            return {Flag{Name{chance(0.5) ? "paid" : "kept", {}}}, {}};
        return test(Name{std::string(field.name), {}}, field.type, field.name, field.choices);
    }

    // An aggregate over some field that it suits.
    struct TypedCall {
        Call call;
        Type type;
        const Field* field;
    };
    TypedCall call(int depth) {
        for (;;) {
            Call call{static_cast<Aggregate>(below(8)), fact_set(depth), {}};
            const Fact& fact = *find_fact(call.facts.fact);
            if (call.aggregate == Aggregate::kCount && chance(0.8)) return {std::move(call), Type::kNumber, nullptr};
            const std::vector<std::string_view> names = field_names(fact);
            const Field& field = *find_field(fact, names[below(names.size())]);
            const bool adds = call.aggregate == Aggregate::kSum || call.aggregate == Aggregate::kAvg;
            const bool extremes = call.aggregate == Aggregate::kMin || call.aggregate == Aggregate::kMax;
            const bool words = field.type == Type::kText || field.type == Type::kChoice;
            if (field.type == Type::kFlag || (adds && !numeric(field.type)) || (extremes && words)) continue;
            call.facts.field = field.name;
            const bool counts = call.aggregate == Aggregate::kCount || call.aggregate == Aggregate::kDistinct;
            return {std::move(call), counts ? Type::kNumber : field.type, &field};
        }
    }

    Predicate customer_leaf(int depth) {
        const std::size_t kind = below(12);
        if (kind == 10) return membership();
        if (kind == 11) return calculation(depth);
        if (kind == 0 && chance(0.2)) return {AllCustomers{}, {}};
        if (kind <= 2) return {Any{fact_set(depth)}, {}};
        if (kind <= 5) return attribute_leaf();
        TypedCall left = call(depth);
        if (kind == 6) return metric_comparison(std::move(left), depth);
        const bool counted = left.field != nullptr && left.type == Type::kNumber && left.field->type != Type::kNumber;
        const std::string name = left.field == nullptr || counted ? "count" : std::string(left.field->name);
        const auto choices = left.field == nullptr ? std::span<const Choice>() : left.field->choices;
        return test(std::move(left.call), left.type, name, choices);
    }

    Predicate membership() {
        Membership node;
        node.kind = static_cast<Membership::Kind>(below(6));
        node.name = kSpanNames[below(3)];
        if (node.kind == Membership::Kind::kSegment) {
            if (segments_.empty())
                node.kind = Membership::Kind::kTag;
            else
                node.name = segments_[below(segments_.size())];
        }
        return {std::move(node), {}};
    }

    // Something numeric, in exact units: avg would be a fraction, whose quotients doubles only come near to.
    Operand numeric_operand(int depth) {
        constexpr std::string_view kNumbers[] = {"order_count", "purchase_count", "total_spent",
                                                 "age",         "points",         "clv"};
        if (chance(0.2)) return number(Type::kNumber, "count");
        if (chance(0.4)) return Name{std::string(kNumbers[below(6)]), {}};
        for (;;) {
            TypedCall made = call(depth);
            if (numeric(made.type) && made.call.aggregate != Aggregate::kAvg) return std::move(made.call);
        }
    }
    Operand calculated(int depth) {
        if (chance(0.3)) {
            constexpr std::int64_t kPercents[] = {0, 25, 50, 75, 100};
            Population node;
            node.kind = static_cast<Population::Kind>(below(3));
            if (node.kind == Population::Kind::kPercentile) node.percent = {kPercents[below(5)], 0};
            node.metric.push_back({numeric_operand(depth)});
            return node;
        }
        Arithmetic node;
        node.parts.push_back({numeric_operand(depth)});
        node.signs = "+-*/"[below(4)];
        node.parts.push_back({numeric_operand(depth)});
        return node;
    }
    Predicate calculation(int depth) {
        Operand left = calculated(depth);
        if (chance(0.1)) return {IsMissing{std::move(left), chance(0.5)}, {}};
        Operand right = chance(0.5) ? Operand{number(Type::kNumber, "count")} : numeric_operand(depth);
        return {Compare{std::move(left), order_op(), std::move(right)}, {}};
    }
    Operand call_or_attribute(int depth) {
        for (;;) {
            if (chance(0.3)) return Name{chance(0.5) ? "last_order_at" : "total_spent", {}};
            TypedCall made = call(depth);
            if (made.type != Type::kText && made.type != Type::kChoice) return std::move(made.call);
        }
    }

    Predicate metric_comparison(TypedCall left, int depth) {
        if (left.type == Type::kChoice || left.type == Type::kDate) return {IsMissing{std::move(left.call), false}, {}};
        if (numeric(left.type) && chance(0.4)) {
            constexpr std::string_view kNumbers[] = {
                "order_count", "purchase_count", "total_spent", "avg_order_value", "age", "id",
                "points",      "churn_risk",     "clv"};
            if (chance(0.2)) return {Compare{number(Type::kNumber, "count"), order_op(), std::move(left.call)}, {}};
            return {Compare{std::move(left.call), order_op(), Name{std::string(kNumbers[below(9)]), {}}}, {}};
        }
        if (left.type == Type::kTime && chance(0.3)) {
            Name right{chance(0.6) ? "created_at" : "next_order_expected_at", {}};
            return {Compare{std::move(left.call), order_op(), std::move(right)}, {}};
        }
        for (;;) {
            TypedCall right = call(depth);
            const bool fits = left.type == right.type || (numeric(left.type) && numeric(right.type));
            if (fits)
                return {Compare{std::move(left.call), left.type == Type::kText ? equality() : order_op(),
                                std::move(right.call)},
                        {}};
        }
    }

    Predicate attribute_leaf() {
        for (;;) {
            if (chance(0.1)) return custom_leaf();
            const Attribute& attribute = attributes()[below(attributes().size())];
            if (attribute.key == AttributeKey::kExternalId) continue;
            if (attribute.key == AttributeKey::kTier && chance(0.4)) {
                return {Compare{Name{"tier", {}}, order_op(), text_value<Operand>(text_of("tier"))}, {}};
            }
            Name name{std::string(attribute.name), {}};
            if (attribute.key == AttributeKey::kBirthday && chance(0.6)) {
                Window chosen = window();
                while (chosen.kind == Window::Kind::kSince || chosen.kind == Window::Kind::kBefore ||
                       chosen.kind == Window::Kind::kMoreThanAgo)
                    chosen = window();
                return {InWindow{std::move(name), chosen}, {}};
            }
            return test(std::move(name), attribute.type, attribute.name, attribute.choices);
        }
    }

    Predicate custom_leaf() {
        const std::vector<CustomAttribute> customs = world_customs();
        const CustomAttribute& custom = customs[below(customs.size())];
        Name name{"custom." + custom.name, {}};
        if (custom.type == Type::kDate && chance(0.6)) return {InWindow{std::move(name), window()}, {}};
        if (custom.type == Type::kChoice) {
            const std::string word = custom.choices[below(custom.choices.size())];
            if (chance(0.3)) return {In{std::move(name), chance(0.3), {text_value<Value>(word)}}, {}};
            return {Compare{std::move(name), equality(), text_value<Operand>(word)}, {}};
        }
        return test(std::move(name), custom.type, custom.name, {});
    }

    std::vector<std::string> segments_;
    std::mt19937_64 random_;
};

}  // namespace shuke::audience::testing
