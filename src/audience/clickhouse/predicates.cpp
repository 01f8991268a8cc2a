#include "audience/clickhouse/predicates.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "audience/clickhouse/conditions.h"
#include "audience/clickhouse/fields.h"
#include "audience/clickhouse/metrics.h"
#include "audience/clickhouse/sql_text.h"
#include "audience/clickhouse/tables.h"
#include "audience/engine/block.h"
#include "audience/expression/printer.h"

namespace shuke::audience::clickhouse {
namespace {

using Kind = bound::Predicate::Kind;

// ---- tests of one metric ----

struct TestMetric {
    const bound::Metric& metric;
    Query& query;

    std::string operator()(const bound::NumberTest& test) const {
        const std::string value = query.define("tested", number(metric, 1, query));
        const std::string compared = value + " " + std::string(word_of(test.op)) + " " + literal(test.constant);
        return test.op == Op::kNotEqual ? all_of({compared, "NOT isNaN(" + value + ")"}) : compared;
    }
    std::string operator()(const bound::NumberSetTest& test) const {
        const std::string value = query.define("tested", number(metric, 1, query));
        std::vector<std::string> among{is_among(value, test.values)};
        for (const double fraction : test.fractions) among.push_back(value + " = " + literal(fraction));
        return any_of(among);
    }
    std::string operator()(const bound::TextTest& test) const { return text_test(test, text(metric, query)); }
    std::string operator()(const bound::ChoiceTest& test) const { return choice_test(test, choice(metric, query)); }
    std::string operator()(const bound::KnownTest& test) const {
        const std::string known = is_known();
        return test.known ? known : negation(known);
    }
    std::string operator()(const bound::WindowTest& test) const {
        if (metric.attribute != nullptr && metric.attribute->key == AttributeKey::kBirthday)
            return birthday_window(test.window);
        if (metric.type == Type::kDate) return day_window(test);
        const TimeForms moment = time(metric, query);
        if (!moment.day.empty() || !is_calendar_window(test.window)) return window_test(test, moment, query.asked());
        return configured_days(test, moment.second);
    }
    std::string operator()(const bound::FlagTest&) const { return "0"; }

private:
    std::string is_known() const {
        switch (metric.type) {
            case Type::kText: return text(metric, query).text + " != ''";
            case Type::kChoice: return choice(metric, query) + " != 0";
            case Type::kTime: return clickhouse::is_known(time(metric, query).second);
            default: return "NOT isNaN(" + number(metric, 1, query) + ")";
        }
    }
    // Calendar days of a time that belongs to no shop: the configured zone's, as seconds.
    std::string configured_days(const bound::WindowTest& test, const std::string& second) const {
        const TimeZone& zone = query.asked().config.zone;
        const WindowRange range = window_range(test.window, query.asked().as_of, zone, zone);
        std::vector<std::string> inside{second + " <= " + literal(range.high)};
        if (range.low != kEarliest) inside.push_back(second + " >= " + literal(range.low));
        const std::string holds = all_of(inside);
        return all_of({clickhouse::is_known(second), test.negated ? negation(holds) : holds});
    }
    // Of a date that is no birthday: its very days.
    std::string day_window(const bound::WindowTest& test) const {
        const std::string day = query.define("tested", number(metric, 1, query));
        const WindowRange days = day_range(test.window, query.asked().as_of, query.asked().config.zone);
        std::vector<std::string> inside{"NOT isNaN(" + day + ")"};
        if (days.low != kEarliest) inside.push_back(day + " >= " + literal(days.low));
        if (days.high != kLatest) inside.push_back(day + " <= " + literal(days.high));
        const std::string holds = all_of(inside);
        return test.negated ? all_of({inside.front(), negation(holds)}) : holds;
    }
    std::string birthday_window(const Window& window) const {
        const std::vector<std::uint8_t> passes =
            birthdays_in(day_range(window, query.asked().as_of, query.asked().config.zone));
        std::vector<std::int64_t> days;
        for (std::size_t day = 0; day < passes.size(); ++day) {
            if (passes[day] != 0) days.push_back(static_cast<std::int64_t>(day));
        }
        return all_of(
            {clickhouse::is_known("birthday_packed"), is_among("birthday_packed % " + literal(kPackedYear), days)});
    }
};

// ---- two metrics ----

std::string comparison(const bound::Predicate& predicate, Query& query) {
    const bound::Metric& left = predicate.left;
    const bound::Metric& right = predicate.right;
    const std::string op = " " + std::string(word_of(predicate.op)) + " ";
    if (left.type == Type::kText) {
        const std::string a = query.define("left_text", text(left, query).text);
        const std::string b = query.define("right_text", text(right, query).text);
        return all_of({a + " != ''", b + " != ''", a + op + b});
    }
    std::string a, b;
    if (left.type == Type::kTime) {
        a = measure(left, query);
        b = measure(right, query);
    } else {  // numbers of different units meet in the finer one
        const double finer = std::pow(10.0, std::abs(left.scale - right.scale));
        a = number(left, left.scale < right.scale ? finer : 1.0, query);
        b = number(right, left.scale < right.scale ? 1.0 : finer, query);
    }
    a = query.define("compared", a);
    b = query.define("compared", b);
    return all_of({a + op + b, "NOT isNaN(" + a + ")", "NOT isNaN(" + b + ")"});
}

// ---- membership ----

std::string lasts(SpanKind kind, const std::string& name, Query& query) {
    const std::string now = literal(query.now());
    return "arrayExists((kind, name, since, until) -> kind = " + literal(static_cast<std::int64_t>(kind)) +
           " AND name = " + quote(name) + " AND since <= " + now + " AND until > " + now +
           ", `spans.kind`, `spans.name`, `spans.from`, `spans.until`)";
}

// An array is one literal, so a hundred thousand ids are no more to the parser than their text.
std::string is_one_of(const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return "0";
    std::string list;
    for (const std::int64_t id : ids) (list += list.empty() ? "" : ",") += std::to_string(id);
    return "customer IN (SELECT toInt64(arrayJoin([" + list + "])))";
}

std::string affirmed(const bound::Predicate& predicate, Query& query) {
    std::vector<std::string> parts;
    for (const bound::Predicate& part : predicate.parts) parts.push_back(condition(part, query));
    switch (predicate.kind) {
        case Kind::kAll: return "1";
        case Kind::kAnd: return all_of(parts);
        case Kind::kOr: return any_of(parts);
        case Kind::kNot: return negation(parts.front());
        case Kind::kAny: return any_row(chosen_rows(predicate.facts), query);
        case Kind::kTest: return std::visit(TestMetric{predicate.left, query}, predicate.test);
        case Kind::kCompare: return comparison(predicate, query);
        case Kind::kIds: return is_one_of(predicate.ids);
        case Kind::kSegment:
            if (predicate.segment->is_plain()) return condition(predicate.segment->root, query);
            return "customer GLOBAL IN (" + selection(*predicate.segment, query.asked()) + ")";
        case Kind::kSpan: break;
    }
    std::string holds = lasts(predicate.span, predicate.name, query);
    if (predicate.span != SpanKind::kAddress) return holds;
    return all_of({std::move(holds), negation(lasts(SpanKind::kRefused, predicate.name, query))});
}

// Ties go to the lower id; a percentage of all who satisfy the root, rounded up.
std::string top_of(const bound::Top& top, const std::string& root, Query& query) {
    const std::string metric = query.define("rank_by", measure(top.metric, query));
    const std::string known = "NOT isNaN(" + metric + ")";
    if (!top.percent) {
        return query.select(
            "customer", all_of({root, known}),
            "ORDER BY " + metric + " DESC, customer LIMIT " + literal(static_cast<std::int64_t>(top.amount)));
    }
    const std::string ranked = "arraySort(groupArrayIf((-" + metric + ", customer), " + known + "))";
    const std::string best =
        "arraySlice(" + ranked + ", 1, toUInt64(ceil(count() * " + literal(top.amount) + " / 100)))";
    return "SELECT tupleElement(one, 2) AS customer FROM (" + query.select("arrayJoin(" + best + ") AS one", root) +
           ")";
}

}  // namespace

std::string condition(const bound::Predicate& predicate, Query& query) {
    const std::string holds = affirmed(predicate, query);
    return predicate.negated ? negation(holds) : holds;
}

std::string selection(const bound::Selection& selection, const Asked& asked) {
    Query query(asked);
    std::string root = condition(selection.root, query);
    std::string sampled;
    if (selection.sample_below)
        sampled = "sipHash64(concat(" + quote(std::to_string(selection.seed) + ":") +
                  ", toString(customer))) % 10000 < " + std::to_string(*selection.sample_below);
    if (!selection.top) return query.select("customer", sampled.empty() ? root : all_of({root, sampled}));
    const std::string best = top_of(*selection.top, root, query);
    return sampled.empty() ? best : "SELECT customer FROM (" + best + ") WHERE " + sampled;
}

Result<std::string> translate(const BoundExpression& expression, const Config& config, Instant as_of,
                              const std::optional<Picture>& picture, Want want) {
    try {
        const std::string chosen = selection(expression.selection(), {config, as_of, picture});
        if (want == Want::kCount) return "SELECT count() FROM (\n" + chosen + "\n)";
        return "SELECT customer FROM (\n" + chosen + "\n) ORDER BY customer";
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::audience::clickhouse
