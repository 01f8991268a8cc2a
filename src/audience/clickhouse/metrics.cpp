#include "audience/clickhouse/metrics.h"

#include <algorithm>
#include <cmath>

#include "audience/clickhouse/fields.h"
#include "audience/clickhouse/sql_text.h"
#include "audience/engine/block.h"
#include "audience/schema.h"
#include "base/check.h"

namespace shuke::audience::clickhouse {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

// ---- aggregates ----

std::string count(const ChosenRows& rows, Query& query) {
    RowScope scope(query, rows.level);
    const std::string holds = write(rows.condition, scope);
    return scope.call("arrayCount", holds);
}

std::string is_present(const Field& field, const std::string& value) {
    if (field.type == Type::kText) return value + " != ''";
    return field.type == Type::kChoice ? value + " != 0" : is_known(value);
}

// A field's values for the chosen rows, in their order.
std::string values(const ChosenRows& rows, const Field& field, Form form, bool only_known, Query& query) {
    RowScope scope(query, rows.level);
    const std::string of_all_rows = [&] {
        RowScope of_values(query, rows.level);
        const std::string value = field_value(of_values, field.key, form);
        return of_values.array_of(value);
    }();
    std::vector<std::string> conditions{write(rows.condition, scope)};
    if (only_known) conditions.push_back(is_present(field, field_value(scope, field.key)));
    return scope.filtered(of_all_rows, all_of(conditions));
}

// The sum of the known values and how many they are.
std::string sum(const ChosenRows& rows, const Field& field, Query& query) {
    RowScope scope(query, rows.level);
    const std::string holds = write(rows.condition, scope);
    const std::string value = field_value(scope, field.key);
    return scope.call("arraySum", "if(" + all_of({holds, is_known(value)}) + ", " + value + ", 0)");
}

// What first, last, min or max choose of a field; `missing` where there is nothing.
std::string picked(const bound::Metric& metric, const ChosenRows& rows, Form form, std::string_view missing,
                   Query& query) {
    const bool extreme = metric.aggregate == Aggregate::kMin || metric.aggregate == Aggregate::kMax;
    const std::string all = values(rows, *metric.field, form, extreme, query);
    const bool front = metric.aggregate == Aggregate::kFirst || metric.aggregate == Aggregate::kMin;
    const std::string sorted = extreme ? "arraySort(" + all + ")" : all;
    return front ? "arrayElement(arrayPushBack(" + sorted + ", " + std::string(missing) + "), 1)"
                 : "arrayElement(arrayPushFront(" + sorted + ", " + std::string(missing) + "), -1)";
}

// The day of the row that `picked` takes: the first of those whose time is the least or greatest.
std::string picked_day(const bound::Metric& metric, const ChosenRows& rows, const std::string& second, Query& query) {
    const bool extreme = metric.aggregate == Aggregate::kMin || metric.aggregate == Aggregate::kMax;
    if (!extreme) return picked(metric, rows, Form::kDay, kMissingNumber, query);
    const std::string seconds = values(rows, *metric.field, Form::kValue, true, query);
    const std::string days = values(rows, *metric.field, Form::kDay, true, query);
    return "arrayElement(arrayPushFront(" + days + ", " + std::string(kMissingNumber) + "), indexOf(" + seconds + ", " +
           second + ") + 1)";
}

std::string scaled(const std::string& value, double factor) {
    return factor == 1 ? value : "(" + value + " * " + literal(factor) + ")";
}
std::string as_double(const std::string& whole) { return "toFloat64(" + whole + ")"; }
// A whole number that may be missing, as a double.
std::string double_or_nan(const std::string& whole, Query& query) {
    const std::string named = query.define("number", whole);
    return "if(" + is_known(named) + ", " + as_double(named) + ", nan)";
}

ChosenRows rows_of(const bound::Metric& metric) {
    ChosenRows rows = chosen_rows(metric.facts);
    if (metric.aggregate == Aggregate::kCount && metric.field != nullptr)
        rows.condition = both(std::move(rows.condition), field_is_known(*metric.field));
    return rows;
}

std::string aggregate_number(const bound::Metric& metric, double factor, Query& query) {
    const ChosenRows rows = rows_of(metric);
    switch (metric.aggregate) {
        case Aggregate::kCount: return scaled(as_double(count(rows, query)), factor);
        case Aggregate::kDistinct:
            return scaled(as_double("arrayUniq(" + values(rows, *metric.field, Form::kValue, true, query) + ")"),
                          factor);
        case Aggregate::kSum: return scaled(as_double(sum(rows, *metric.field, query)), factor);
        case Aggregate::kAvg: {
            ChosenRows known = rows;
            known.condition = both(std::move(known.condition), field_is_known(*metric.field));
            const std::string how_many = query.define("known_rows", count(known, query));
            return "if(" + how_many + " = 0, nan, " + scaled(as_double(sum(rows, *metric.field, query)), factor) +
                   " / " + how_many + ")";
        }
        default: break;
    }
    return scaled(double_or_nan(picked(metric, rows, Form::kValue, kMissingNumber, query), query), factor);
}

// ---- attributes ----

const Field& order_field(std::string_view name) { return *find_field(*find_fact("orders"), name); }

// Of the kept orders, what is left after refunds.
std::string total_spent(Query& query) {
    RowScope orders(query, Level::kOrder);
    const std::string amount = field_value(orders, FieldKey::kAmount);
    return as_double(orders.call("arraySum", "if(" + all_of({is_kept(orders), is_known(amount)}) + ", " + amount +
                                                 " - " + field_value(orders, FieldKey::kRefunded) + ", 0)"));
}

bound::Metric edge_of_kept_orders(Aggregate aggregate) {
    bound::Metric metric;
    metric.kind = bound::Metric::Kind::kAggregate;
    metric.type = Type::kTime;
    metric.aggregate = aggregate;
    metric.field = &order_field("at");
    return metric;
}

[[noreturn]] void refuse(const Attribute& attribute) {
    throw Failure{{Code::kInvalid, "clickhouse.not_mirrored",
                   std::string(attribute.name) + " is not in the ClickHouse mirror yet"}};
}

// Of the rows of this trait not later than the instant the newest's.
std::string trait(const bound::Metric& metric, std::string_view column, std::string_view missing, Query& query) {
    const TraitType type = metric.type == Type::kMoney                                  ? TraitType::kMoney
                           : metric.type == Type::kTime                                 ? TraitType::kTime
                           : metric.type == Type::kDate                                 ? TraitType::kDate
                           : metric.type == Type::kText || metric.type == Type::kChoice ? TraitType::kText
                                                                                        : TraitType::kNumber;
    return "arrayElement(arrayPushFront(arrayFilter((value, type, name, since) -> type = " +
           literal(static_cast<std::int64_t>(type)) + " AND name = " + quote(metric.trait) +
           " AND since <= " + literal(query.now()) + ", `traits." + std::string(column) +
           "`, `traits.type`, `traits.name`, `traits.from`), " + std::string(missing) + "), -1)";
}

std::string trait_number(const bound::Metric& metric, double factor, Query& query) {
    const std::string value = query.define("trait", trait(metric, "number", kMissingNumber, query));
    const std::string number = scaled(as_double(value), factor);
    return "if(" + is_known(value) + ", " + number +
           (metric.type == Type::kNumber ? " / " + literal(std::int64_t{kTraitUnit}) : "") + ", nan)";
}

// 29 February counts as 28 February in other years: see age_at in engine/metric_plan.cpp.
std::string age(Query& query) {
    const CivilDate date = to_civil(query.asked().today());
    const std::int64_t today = pack_date(date);
    const bool stands_for_29 = date.month == 2 && date.day == 28 && days_in_month(date.year, 2) == 28;
    return "if(" + is_known("birthday_packed") + " AND birthday_packed <= " + literal(today) + ", toFloat64(intDiv(" +
           literal(today + (stands_for_29 ? 1 : 0)) + " - birthday_packed, " + literal(kPackedYear) + ")), nan)";
}

std::string attribute_number(const bound::Metric& metric, double factor, Query& query) {
    if (is_trait(metric.attribute->key)) return trait_number(metric, factor, query);
    switch (metric.attribute->key) {
        case AttributeKey::kPoints: {
            static const Field kLeft{key_of({EventKind::kPoints, EventPlace::kLeft}), "left", Type::kNumber, {}, {}};
            return scaled(as_double(sum(all_rows(Level::kPoints), kLeft, query)), factor);
        }
        case AttributeKey::kId: return scaled("toFloat64(customer)", factor);
        case AttributeKey::kBirthday:
            return scaled("if(" + is_known("birthday") + ", toFloat64(birthday), nan)", factor);
        case AttributeKey::kAge: return scaled(age(query), factor);
        case AttributeKey::kOrderCount: return scaled(as_double(count(kept_orders(), query)), factor);
        case AttributeKey::kPurchaseCount: return scaled(as_double(count(all_rows(Level::kPurchase), query)), factor);
        case AttributeKey::kTotalSpent: return scaled(total_spent(query), factor);
        case AttributeKey::kAvgOrderValue: {
            const std::string orders = query.define("kept_count", count(kept_orders(), query));
            return "if(" + orders + " = 0, nan, " + scaled(total_spent(query), factor) + " / " + orders + ")";
        }
        default: refuse(*metric.attribute);
    }
}

// Where the profile has none, the latest order's.
std::string place(const std::string& column, const std::string& of_profile, Form form, Query& query) {
    const std::string of_orders = values(all_rows(Level::kOrder), order_field(column), form, false, query);
    return "if(" + column + " != '', " + of_profile + ", arrayElement(arrayPushFront(" + of_orders + ", ''), -1))";
}

TextForms attribute_text(const bound::Metric& metric, Query& query) {
    const Attribute& attribute = *metric.attribute;
    if (is_trait(attribute.key)) {
        const std::string text = trait(metric, "text", "''", query);
        const std::string normal = trait(metric, "text_nfkc", "''", query);
        return {text, "if(" + normal + " = '', " + text + ", " + normal + ")"};
    }
    const std::string column(attribute.name);
    const std::string normal = "if(" + column + "_nfkc = '', " + column + ", " + column + "_nfkc)";
    switch (attribute.key) {
        case AttributeKey::kProvince:
        case AttributeKey::kCity:
            return {place(column, column, Form::kValue, query), place(column, normal, Form::kNormal, query)};
        case AttributeKey::kDistrict:
        case AttributeKey::kPlatform:
        case AttributeKey::kShop: return {column, normal};
        default: refuse(attribute);
    }
}

std::string lifecycle(Query& query) {
    const std::string last = query.define("last_order_at", picked(edge_of_kept_orders(Aggregate::kMax), kept_orders(),
                                                                  Form::kValue, kMissingNumber, query));
    const LifecycleEdges& edges = query.asked().config.lifecycle;
    const auto not_before = [&](int days) { return last + " >= " + literal(query.now() - days * kSecondsPerDay); };
    return call("multiIf", {negation(is_known(last)), "0", not_before(edges.silent_after_days), "1",
                            not_before(edges.sleeping_after_days), "2", not_before(edges.lost_after_days), "3", "4"});
}

// ---- arithmetic, as calculate() in engine/metric_plan.cpp does it ----

std::string calculated(const bound::Metric& metric, double factor, Query& query) {
    const bool sums = metric.signs.front() == '+' || metric.signs.front() == '-';
    const auto part = [&](const bound::Metric& one) {
        return number(one, sums ? std::pow(10.0, metric.scale - one.scale) : 1.0, query);
    };
    std::string result = part(metric.parts.front());
    int scale = metric.parts.front().scale;
    for (std::size_t i = 1; i < metric.parts.size(); ++i) {
        const bound::Metric& next = metric.parts[i];
        const char sign = metric.signs[i - 1];
        std::string value = part(next);
        if (sign != '/') {
            result = "(" + result + " " + sign + " " + value + ")";
            if (sign == '*') scale += next.scale;
            continue;
        }
        const double finer = std::pow(10.0, std::abs(scale - next.scale));
        (scale < next.scale ? result : value) = scaled(scale < next.scale ? result : value, finer);
        value = query.define("divisor", value);
        result = "if(" + value + " = 0, nan, " + result + " / " + value + ")";
        scale = 0;
    }
    return scaled(result, factor);
}

// ---- over all customers ----

std::string over_all(const bound::Metric& metric, Query& query) {
    Query inner(query.asked());
    const std::string value = inner.define("metric", number(metric.parts.front(), 1, inner));
    const std::string known = "NOT isNaN(" + value + ")";
    if (metric.population == Population::Kind::kAverage) {
        const std::string average =
            "if(countIf(" + known + ") = 0, nan, sumIf(" + value + ", " + known + ") / countIf(" + known + "))";
        return query.define("average_of_all", "(" + inner.select(average, "1") + ")");
    }
    const double percent = metric.population == Population::Kind::kMedian ? 50 : metric.percent;
    const std::string sorted = inner.select("arraySort(groupArrayIf(" + value + ", " + known + ")) AS sorted", "1");
    // As percentile() in engine/metric_values.cpp; beyond the last element there is 0, which a whole rank never adds.
    const std::string rank = literal(percent) + " * toFloat64(greatest(length(sorted), 1) - 1) / 100";
    const std::string low = "arrayElement(sorted, toUInt64(floor(rank)) + 1)";
    const std::string high = "arrayElement(sorted, toUInt64(floor(rank)) + 2)";
    const std::string between = low + " + (" + high + " - " + low + ") * (rank - floor(rank))";
    return query.define("percentile_of_all", "(SELECT if(empty(sorted), nan, if(rank = floor(rank), " + low + ", " +
                                                 between + ")) FROM (SELECT sorted, " + rank + " AS rank FROM (" +
                                                 sorted + ")))");
}

}  // namespace

std::string any_row(const ChosenRows& rows, Query& query) {
    RowScope scope(query, rows.level);
    const std::string holds = write(rows.condition, scope);
    return scope.call("arrayExists", holds);
}

std::string number(const bound::Metric& metric, double factor, Query& query) {
    switch (metric.kind) {
        case bound::Metric::Kind::kConstant: return "toFloat64(" + literal(metric.constant * factor) + ")";
        case bound::Metric::Kind::kAttribute: return attribute_number(metric, factor, query);
        case bound::Metric::Kind::kAggregate: return aggregate_number(metric, factor, query);
        case bound::Metric::Kind::kArithmetic: return calculated(metric, factor, query);
        case bound::Metric::Kind::kPopulation: break;
    }
    return scaled(over_all(metric, query), factor);
}

TimeForms time(const bound::Metric& metric, Query& query) {
    if (metric.kind == bound::Metric::Kind::kAttribute) {
        if (is_trait(metric.attribute->key)) return {trait(metric, "number", kMissingNumber, query), ""};
        switch (metric.attribute->key) {
            case AttributeKey::kCreatedAt:
                return {
                    "if(created_at <= " + literal(query.now()) + ", created_at, " + std::string(kMissingNumber) + ")",
                    ""};
            case AttributeKey::kFirstOrderAt:
            case AttributeKey::kLastOrderAt: {
                const bool first = metric.attribute->key == AttributeKey::kFirstOrderAt;
                const bound::Metric edge = edge_of_kept_orders(first ? Aggregate::kMin : Aggregate::kMax);
                const std::string second = query.define(
                    metric.attribute->name, picked(edge, kept_orders(), Form::kValue, kMissingNumber, query));
                return {second, picked_day(edge, kept_orders(), second, query)};
            }
            default: refuse(*metric.attribute);
        }
    }
    SHUKE_CHECK(metric.kind == bound::Metric::Kind::kAggregate, "a time is an attribute or of a fact");
    const ChosenRows rows = rows_of(metric);
    const std::string second = query.define("moment", picked(metric, rows, Form::kValue, kMissingNumber, query));
    return {second, picked_day(metric, rows, second, query)};
}

TextForms text(const bound::Metric& metric, Query& query) {
    if (metric.kind == bound::Metric::Kind::kAttribute) return attribute_text(metric, query);
    const ChosenRows rows = rows_of(metric);
    return {picked(metric, rows, Form::kValue, "''", query), picked(metric, rows, Form::kNormal, "''", query)};
}

std::string choice(const bound::Metric& metric, Query& query) {
    if (metric.kind == bound::Metric::Kind::kAggregate)
        return picked(metric, rows_of(metric), Form::kValue, "0", query);
    if (metric.attribute->key == AttributeKey::kGender) return "gender";
    if (metric.attribute->key == AttributeKey::kLifecycle) return lifecycle(query);
    if (is_trait(metric.attribute->key)) {  // its place among the words of the schema
        std::vector<std::string> keys;
        for (const Choice& one : metric.attribute->choices) keys.push_back(quote(one.key));
        return "indexOf([" + join(keys, ", ") + "], " + trait(metric, "text", "''", query) + ")";
    }
    refuse(*metric.attribute);
}

std::string measure(const bound::Metric& metric, Query& query) {
    if (metric.type != Type::kTime) return number(metric, 1, query);
    return double_or_nan(time(metric, query).second, query);
}

}  // namespace shuke::audience::clickhouse
