// src/audience/testing/naive_evaluator.h
//
// Test-only: the language straight from its definitions, one customer and one row at a time, over plain facts. Written
// from the specification, not from the engine: it walks the syntax tree by names, keeps numbers as exact fractions and
// asks for the local day of every single time. Slow on purpose.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "audience/engine/selection.h"
#include "audience/expression.h"
#include "audience/testing/naive_facts.h"

namespace shuke::audience::testing {

class NaiveEvaluator : private NaiveFacts {
public:
    using Segments = std::map<std::string, Expression>;

    NaiveEvaluator(const FactWorld& world, Instant as_of, Segments segments = {})
        : NaiveFacts(world, as_of), segments_(std::move(segments)) {}

    std::vector<std::int64_t> evaluate(const Expression& expression) const {
        std::vector<std::int64_t> ids = evaluate(expression.root);
        if (expression.top) ids = best(*expression.top, ids);
        if (const auto& sample = expression.sample) {
            const std::int64_t below =
                sample->percent.units * 100 / static_cast<std::int64_t>(power(sample->percent.scale));
            std::erase_if(ids, [&](std::int64_t id) {
                return !in_sample(id, sample->seed.value_or(0), static_cast<std::uint32_t>(below));
            });
        }
        return ids;
    }

    std::vector<std::int64_t> evaluate(const Predicate& predicate) const {
        std::vector<std::int64_t> ids;
        for (const CustomerFact& customer : world_.customers) {
            if (exists(customer) && holds(predicate, customer)) ids.push_back(customer.id.value);
        }
        return ids;
    }

private:
    std::vector<std::int64_t> best(const Top& top, const std::vector<std::int64_t>& among) const {
        std::vector<std::pair<Seen, std::int64_t>> ranked;
        for (const CustomerFact& customer : world_.customers) {
            if (!std::ranges::binary_search(among, customer.id.value)) continue;
            Seen value = operand(top.metric, customer);
            if (known(value)) ranked.emplace_back(std::move(value), customer.id.value);
        }
        std::ranges::stable_sort(ranked,
                                 [](const auto& a, const auto& b) { return compare_seen(a.first, b.first) > 0; });
        Wide wanted = top.amount.units;
        if (top.percent) {
            const Wide hundredths = power(top.amount.scale) * 100;
            wanted = (wanted * static_cast<Wide>(among.size()) + hundredths - 1) / hundredths;
        }
        std::vector<std::int64_t> ids;
        for (const auto& [value, id] : ranked) {
            if (static_cast<Wide>(ids.size()) < wanted) ids.push_back(id);
        }
        std::ranges::sort(ids);
        return ids;
    }

    // ---- metrics ----
    Seen operand(const Operand& operand, const CustomerFact& customer) const {
        if (const auto* name = std::get_if<Name>(&operand)) return attribute(name->text, customer);
        if (const auto* call = std::get_if<Call>(&operand)) return aggregate(*call, customer);
        if (const auto* number = std::get_if<Number>(&operand))
            return Fraction{number->value.units, power(number->value.scale)};
        if (const auto* node = std::get_if<Arithmetic>(&operand)) return arithmetic(*node, customer);
        if (const auto* node = std::get_if<Population>(&operand)) return population(*node);
        SHUKE_CHECK(false, "an operand without a value");
        return Missing{};
    }
    Seen arithmetic(const Arithmetic& node, const CustomerFact& customer) const {
        Seen result = operand(node.parts.front().value, customer);
        for (std::size_t i = 1; i < node.parts.size(); ++i) {
            const Seen next = operand(node.parts[i].value, customer);
            if (!known(result) || !known(next)) return Missing{};
            const Fraction& a = std::get<Fraction>(result);
            const Fraction& b = std::get<Fraction>(next);
            const char sign = node.signs[i - 1];
            if (sign == '/' && b.top == 0) return Missing{};
            const Wide flip = b.top < 0 ? -1 : 1;
            result = sign == '+'   ? Fraction{a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom}
                     : sign == '-' ? Fraction{a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom}
                     : sign == '*' ? Fraction{a.top * b.top, a.bottom * b.bottom}
                                   : Fraction{a.top * b.bottom * flip, a.bottom * b.top * flip};
        }
        return result;
    }
    Seen population(const Population& node) const {
        const auto [known, is_new] = of_all_.try_emplace(&node);
        if (is_new) known->second = over_all(node);
        return known->second;
    }
    Seen over_all(const Population& node) const {
        std::vector<Fraction> values;
        for (const CustomerFact& customer : world_.customers) {
            if (!exists(customer)) continue;
            const Seen value = operand(node.metric.front().value, customer);
            if (known(value)) values.push_back(std::get<Fraction>(value));
        }
        if (values.empty()) return Missing{};
        const Wide bottom = values.front().bottom;  // all of one unit
        if (node.kind == Population::Kind::kAverage) {
            Fraction sum{0, bottom * static_cast<Wide>(values.size())};
            for (const Fraction& value : values) sum.top += value.top;
            return sum;
        }
        std::ranges::sort(values, [](const Fraction& a, const Fraction& b) { return a.compare(b) < 0; });
        const bool median = node.kind == Population::Kind::kMedian;
        const Wide hundredths = 100 * (median ? 1 : power(node.percent.scale));
        const Wide rank = (median ? 50 : Wide{node.percent.units}) * static_cast<Wide>(values.size() - 1);
        const auto below = static_cast<std::size_t>(rank / hundredths);
        const Wide share = rank % hundredths;
        if (share == 0) return values[below];
        return Fraction{values[below].top * (hundredths - share) + values[below + 1].top * share, bottom * hundredths};
    }
    std::vector<Seen> selected(const FactSet& facts, const CustomerFact& customer) const {
        std::vector<Purchase> hold;
        std::vector<Seen> values;
        for (const Row& row : rows(facts.fact, customer, hold)) {
            if (!facts.where.empty() && !row_holds(facts.where.front(), row, customer)) continue;
            if (!facts.window.empty() && !in_window(field("at", row, customer), facts.window.front())) continue;
            values.push_back(facts.field.empty() ? Seen{true} : field(facts.field, row, customer));
        }
        return values;
    }
    Seen aggregate(const Call& call, const CustomerFact& customer) const {
        const std::vector<Seen> all = selected(call.facts, customer);
        std::vector<Seen> present;
        std::ranges::copy_if(all, std::back_inserter(present), known);
        switch (call.aggregate) {
            case Aggregate::kCount: return whole(static_cast<std::int64_t>(present.size()));
            case Aggregate::kFirst: return all.empty() ? Seen{Missing{}} : all.front();
            case Aggregate::kLast: return all.empty() ? Seen{Missing{}} : all.back();
            case Aggregate::kMin:
                return present.empty() ? Seen{Missing{}}
                                       : *std::ranges::min_element(present, [](const Seen& a, const Seen& b) {
                                             return compare_seen(a, b) < 0;
                                         });
            case Aggregate::kMax:
                return present.empty() ? Seen{Missing{}}
                                       : *std::ranges::max_element(present, [](const Seen& a, const Seen& b) {
                                             return compare_seen(a, b) < 0;
                                         });
            case Aggregate::kDistinct: {
                std::vector<Seen> different;
                for (const Seen& value : present) {
                    if (std::ranges::none_of(different,
                                             [&](const Seen& other) { return compare_seen(other, value) == 0; }))
                        different.push_back(value);
                }
                return whole(static_cast<std::int64_t>(different.size()));
            }
            default: break;
        }
        Fraction sum;
        for (const Seen& value : present) {  // all of one unit
            sum.top += std::get<Fraction>(value).top;
            sum.bottom = std::get<Fraction>(value).bottom;
        }
        if (call.aggregate == Aggregate::kSum) return sum;
        return present.empty() ? Seen{Missing{}} : Fraction{sum.top, sum.bottom * static_cast<Wide>(present.size())};
    }

    // ---- windows ----
    static std::int64_t shifted(Instant as_of, const Window& window, int direction, const TimeZone& zone) {
        const std::int64_t second = as_of.seconds();
        const std::int64_t n = window.n * direction;
        if (window.unit == Unit::kMinute) return second + n * 60;
        if (window.unit == Unit::kHour) return second + n * 3600;
        if (window.unit == Unit::kDay) return second + n * 86'400;
        if (window.unit == Unit::kWeek) return second + n * 604'800;
        const std::int64_t day = local_day(second, zone);
        const CivilDate date = to_civil(Day{static_cast<std::int32_t>(day)});
        const std::int64_t months =
            std::int64_t{date.year} * 12 + date.month - 1 + n * (window.unit == Unit::kYear ? 12 : 1);
        const auto year = static_cast<std::int32_t>(months / 12);
        const auto month = static_cast<std::uint8_t>(months % 12 + 1);
        const auto clamped = static_cast<std::uint8_t>(std::min<int>(date.day, days_in_month(year, month)));
        const std::int64_t local = second + zone.offset_seconds(Instant::from_seconds(second)) - day * 86'400;
        return zone.to_instant(to_day({year, month, clamped}), local * 1'000'000).seconds();
    }
    // Does a calendar day lie in a calendar window, seen from today?
    bool day_in_window(std::int64_t day, const Window& window) const {
        if (window.kind == Window::Kind::kOn) return day == window.from.days_since_epoch;
        if (window.kind == Window::Kind::kBetween)
            return day >= window.from.days_since_epoch && day <= window.to.days_since_epoch;
        if (window.kind == Window::Kind::kSince) return day >= window.from.days_since_epoch;
        if (window.kind == Window::Kind::kBefore) return day < window.from.days_since_epoch;
        const auto number = [&](std::int64_t of) -> std::int64_t {  // of the day, week, month … that holds it
            const CivilDate date = to_civil(Day{static_cast<std::int32_t>(of)});
            switch (window.unit) {
                case Unit::kWeek: return (of + 3 + 7'000'000) / 7;
                case Unit::kMonth: return date.year * 12 + date.month;
                case Unit::kQuarter: return date.year * 4 + (date.month - 1) / 3;
                case Unit::kYear: return date.year;
                default: return of;
            }
        };
        return number(day) == number(today_) - (window.kind == Window::Kind::kLast ? 1 : 0);
    }
    bool in_window(const Seen& seen, const Window& window) const {
        if (!known(seen)) return false;
        if (const auto* day = std::get_if<CalendarDay>(&seen)) return birthday_in_window(day->day, window);
        const Moment& at = std::get<Moment>(seen);
        const TimeZone& zone = world_.config.zone;
        switch (window.kind) {
            case Window::Kind::kWithinLast: return at.second >= shifted(as_of_, window, -1, zone) && at.second <= now_;
            case Window::Kind::kWithinNext: return at.second >= now_ && at.second <= shifted(as_of_, window, +1, zone);
            case Window::Kind::kMoreThanAgo: return at.second < shifted(as_of_, window, -1, zone);
            default: return day_in_window(local_day(at.second, *at.zone), window);
        }
    }
    // A date of its own year.
    bool date_in_window(const Seen& seen, const Window& window) const {
        if (!known(seen)) return false;
        const std::int64_t day = std::get<CalendarDay>(seen).day;
        const auto edge = [&](int direction) {
            if (window.unit == Unit::kDay) return today_ + direction * window.n;
            if (window.unit == Unit::kWeek) return today_ + direction * window.n * 7;
            return local_day(shifted(as_of_, window, direction, world_.config.zone), world_.config.zone);
        };
        if (window.kind == Window::Kind::kWithinLast) return day >= edge(-1) && day <= today_;
        if (window.kind == Window::Kind::kWithinNext) return day >= today_ && day <= edge(+1);
        if (window.kind == Window::Kind::kMoreThanAgo) return day < edge(-1);
        return day_in_window(day, window);
    }
    // Some anniversary, in any year near, lies in the window.
    bool birthday_in_window(std::int64_t birthday, const Window& window) const {
        const CivilDate birth = to_civil(Day{static_cast<std::int32_t>(birthday)});
        const auto edge = [&](int direction) {
            if (window.unit == Unit::kDay) return today_ + direction * window.n;
            if (window.unit == Unit::kWeek) return today_ + direction * window.n * 7;
            return local_day(shifted(as_of_, window, direction, world_.config.zone), world_.config.zone);
        };
        const bool last = window.kind == Window::Kind::kWithinLast;
        const bool next = window.kind == Window::Kind::kWithinNext;
        for (int year = 1890; year < 2250; ++year) {
            const auto day = static_cast<std::uint8_t>(std::min<int>(birth.day, days_in_month(year, birth.month)));
            const std::int64_t anniversary = to_day({year, birth.month, day}).days_since_epoch;
            const bool inside = last   ? anniversary >= edge(-1) && anniversary <= today_
                                : next ? anniversary >= today_ && anniversary <= edge(+1)
                                       : day_in_window(anniversary, window);
            if (inside) return true;
        }
        return false;
    }

    // ---- predicates ----
    bool holds(const Predicate& predicate, const CustomerFact& customer) const {
        return std::visit([&](const auto& node) { return customer_node(node, customer); }, predicate.node);
    }
    bool customer_node(const AllCustomers&, const CustomerFact&) const { return true; }
    bool customer_node(const Flag&, const CustomerFact&) const { return false; }
    bool customer_node(const Membership& node, const CustomerFact& customer) const {
        using enum Membership::Kind;
        if (node.kind == kSegment) {
            const auto [known, is_new] = members_.try_emplace(node.name);
            if (is_new) known->second = evaluate(segments_.at(node.name));
            return std::ranges::binary_search(known->second, customer.id.value);
        }
        if (node.kind == kReachable)
            return lasts(SpanKind::kAddress, node.name, customer) && !lasts(SpanKind::kRefused, node.name, customer);
        return lasts(node.kind == kWasIn  ? SpanKind::kMember
                     : node.kind == kList ? SpanKind::kList
                     : node.kind == kTag  ? SpanKind::kTag
                                          : SpanKind::kSubscribed,
                     node.name, customer);
    }
    bool lasts(SpanKind kind, const std::string& name, const CustomerFact& customer) const {
        return std::ranges::any_of(world_.spans, [&](const SpanFact& span) {
            return span.customer == customer.id && span.kind == kind && span.name == name &&
                   (span.from == kNever || span.from.seconds() <= now_) &&
                   (span.until == kNever || span.until.seconds() > now_);
        });
    }
    bool customer_node(const And& node, const CustomerFact& customer) const {
        return std::ranges::all_of(node.parts, [&](const Predicate& part) { return holds(part, customer); });
    }
    bool customer_node(const Or& node, const CustomerFact& customer) const {
        return std::ranges::any_of(node.parts, [&](const Predicate& part) { return holds(part, customer); });
    }
    bool customer_node(const Not& node, const CustomerFact& customer) const {
        return !holds(node.part.front(), customer);
    }
    bool customer_node(const Any& node, const CustomerFact& customer) const {
        return !selected(node.facts, customer).empty();
    }
    bool customer_node(const Compare& node, const CustomerFact& customer) const {
        const Seen left = operand(node.left, customer);
        const auto* attribute = std::get_if<Name>(&node.left);
        if (attribute != nullptr && attribute->text == "tier" && node.op >= Op::kLess && node.op <= Op::kGreaterEqual) {
            const auto rank = [](const std::string& tier) {
                return static_cast<int>(std::ranges::find(kTiers, tier) - std::begin(kTiers));
            };
            return known(left) && ordered(rank(std::get<std::string>(left)) - rank(literal_text(node.right)), node.op);
        }
        const bool left_is_text = std::holds_alternative<std::string>(left);
        const bool metric = std::holds_alternative<Call>(node.right) ||
                            std::holds_alternative<Arithmetic>(node.right) ||
                            std::holds_alternative<Population>(node.right) ||
                            (std::holds_alternative<Name>(node.right) && !left_is_text && known(left));
        return metric ? compare(left, node.op, operand(node.right, customer))
                      : compare_value(left, node.op, node.right);
    }
    bool customer_node(const In& node, const CustomerFact& customer) const {
        return among(operand(node.left, customer), node.values) != node.negated;
    }
    bool customer_node(const IsMissing& node, const CustomerFact& customer) const {
        return known(operand(node.left, customer)) == node.negated;
    }
    bool customer_node(const InWindow& node, const CustomerFact& customer) const {
        const Seen left = operand(node.left, customer);
        const auto* name = std::get_if<Name>(&node.left);
        if (name != nullptr && name->text.starts_with("custom.")) return date_in_window(left, node.window);
        return in_window(operand(node.left, customer), node.window);
    }

    bool row_holds(const Predicate& predicate, const Row& row, const CustomerFact& customer) const {
        return std::visit([&](const auto& node) { return row_node(node, row, customer); }, predicate.node);
    }
    Seen row_value(const Operand& left, const Row& row, const CustomerFact& customer) const {
        return field(std::get<Name>(left).text, row, customer);
    }
    bool row_node(const AllCustomers&, const Row&, const CustomerFact&) const { return false; }
    bool row_node(const Any&, const Row&, const CustomerFact&) const { return false; }
    bool row_node(const Membership&, const Row&, const CustomerFact&) const { return false; }
    bool row_node(const Flag& node, const Row& row, const CustomerFact& customer) const {
        return std::get<bool>(field(node.name.text, row, customer));
    }
    bool row_node(const And& node, const Row& row, const CustomerFact& customer) const {
        return std::ranges::all_of(node.parts, [&](const Predicate& part) { return row_holds(part, row, customer); });
    }
    bool row_node(const Or& node, const Row& row, const CustomerFact& customer) const {
        return std::ranges::any_of(node.parts, [&](const Predicate& part) { return row_holds(part, row, customer); });
    }
    bool row_node(const Not& node, const Row& row, const CustomerFact& customer) const {
        return !row_holds(node.part.front(), row, customer);
    }
    bool row_node(const Compare& node, const Row& row, const CustomerFact& customer) const {
        return compare_value(row_value(node.left, row, customer), node.op, node.right);
    }
    bool row_node(const In& node, const Row& row, const CustomerFact& customer) const {
        return among(row_value(node.left, row, customer), node.values) != node.negated;
    }
    bool row_node(const IsMissing& node, const Row& row, const CustomerFact& customer) const {
        return known(row_value(node.left, row, customer)) == node.negated;
    }
    bool row_node(const InWindow& node, const Row& row, const CustomerFact& customer) const {
        return in_window(row_value(node.left, row, customer), node.window);
    }

    // ---- comparisons ----
    static bool ordered(int order, Op op) {
        switch (op) {
            case Op::kEqual: return order == 0;
            case Op::kNotEqual: return order != 0;
            case Op::kLess: return order < 0;
            case Op::kLessEqual: return order <= 0;
            case Op::kGreater: return order > 0;
            case Op::kGreaterEqual: return order >= 0;
            default: return false;
        }
    }
    static bool compare(const Seen& left, Op op, const Seen& right) {
        return known(left) && known(right) && ordered(compare_seen(left, right), op);
    }

    static std::string literal_text(const Operand& value) {
        if (const auto* name = std::get_if<Name>(&value)) return name->text;
        if (const auto* text = std::get_if<Text>(&value)) return text->text;
        return std::to_string(std::get<Number>(value).value.units);
    }
    static std::int64_t literal_day(const Operand& value) {
        if (const auto* date = std::get_if<Date>(&value)) return date->day.days_since_epoch;
        return parse_time(std::get<Text>(value).text)->day.days_since_epoch;
    }
    bool compare_value(const Seen& left, Op op, const Operand& value) const {
        if (!known(left)) return false;
        if (const auto* seen = std::get_if<std::string>(&left)) {
            const std::string wanted = literal_text(value);
            if (op == Op::kContains) return nfkc(*seen).find(nfkc(wanted)) != std::string::npos;
            if (op == Op::kStartsWith) return nfkc(*seen).starts_with(nfkc(wanted));
            return ordered(seen->compare(wanted), op);
        }
        if (const auto* number = std::get_if<Fraction>(&left)) {
            const Decimal literal = std::get<Number>(value).value;
            return ordered(number->compare(Fraction{literal.units, power(literal.scale)}), op);
        }
        const auto* moment = std::get_if<Moment>(&left);
        const std::int64_t day =
            moment != nullptr ? local_day(moment->second, *moment->zone) : std::get<CalendarDay>(left).day;
        const std::int64_t wanted = literal_day(value);
        return ordered(day < wanted ? -1 : day > wanted ? 1 : 0, op);
    }
    bool among(const Seen& left, const std::vector<Value>& values) const {
        return std::ranges::any_of(values, [&](const Value& value) {
            return compare_value(left, Op::kEqual, std::visit([](const auto& v) { return Operand{v}; }, value));
        });
    }

    Segments segments_;
    // Asked for every customer, the same for all.
    mutable std::map<std::string, std::vector<std::int64_t>> members_;
    mutable std::map<const Population*, Seen> of_all_;
};

}  // namespace shuke::audience::testing
