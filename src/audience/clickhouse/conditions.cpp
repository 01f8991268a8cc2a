#include "audience/clickhouse/conditions.h"

#include <algorithm>

#include "audience/clickhouse/fields.h"
#include "audience/clickhouse/sql_text.h"
#include "audience/engine/facts_plan.h"
#include "base/text.h"

namespace shuke::audience::clickhouse {
namespace {

std::string in_range(const std::string& value, WindowRange range) {
    if (range.low > range.high) return "0";
    if (range.low == range.high) return "(" + value + " = " + literal(range.low) + ")";
    std::vector<std::string> edges{range.low <= kEarliest ? is_known(value) : value + " >= " + literal(range.low)};
    if (range.high != kLatest) edges.push_back(value + " <= " + literal(range.high));
    return all_of(edges);
}

Condition join_conditions(std::vector<Condition> parts, bool with_and) {
    Condition joined;
    joined.of_order = std::ranges::all_of(parts, &Condition::of_order);
    joined.write = [parts = std::move(parts), with_and](RowScope& scope) {
        std::vector<Condition> of_orders;
        std::vector<std::string> written;
        for (const Condition& part : parts) {
            if (scope.level() == Level::kLine && part.of_order)
                of_orders.push_back(part);
            else
                written.push_back(part.write(scope));
        }
        if (!of_orders.empty()) written.push_back(write(join_conditions(std::move(of_orders), with_and), scope));
        return with_and ? all_of(written) : any_of(written);
    };
    return joined;
}

// A test of a field; the field outlives the query, the test is copied.
struct WriteTest {
    RowScope& scope;
    const Field& field;

    std::string operator()(const bound::NumberTest& test) const { return number_test(test, value()); }
    std::string operator()(const bound::NumberSetTest& test) const { return is_among(value(), test.values); }
    std::string operator()(const bound::TextTest& test) const {
        const bool normal = test.kind != bound::TextTest::Kind::kEqualsAny;
        return text_test(test, {value(), normal ? field_value(scope, field.key, Form::kNormal) : ""});
    }
    std::string operator()(const bound::ChoiceTest& test) const { return choice_test(test, value()); }
    std::string operator()(const bound::KnownTest& test) const {
        const std::string known = field.type == Type::kText     ? value() + " != ''"
                                  : field.type == Type::kChoice ? value() + " != 0"
                                                                : is_known(value());
        return test.known ? known : negation(known);
    }
    std::string operator()(const bound::WindowTest& test) const {
        const bool by_day = is_calendar_window(test.window);
        const std::string second = field_value(scope, field.key, Form::kUncut);
        const bool is_past = is_past_time(field.key);
        const std::string day = by_day ? field_value(scope, field.key, Form::kDay) : "";
        const std::string inside = window_test(test, {second, day, is_past}, scope.query().asked());
        const bool to_be_cut = is_past && (by_day || test.negated);
        return to_be_cut ? all_of({second + " <= " + literal(scope.now()), inside}) : inside;
    }
    std::string operator()(const bound::FlagTest&) const {
        return field.key == FieldKey::kRefundDated ? value() + " = 1"
                                                   : value();  // the others are conditions themselves
    }

private:
    std::string value() const { return field_value(scope, field.key); }
};

Condition field_condition(const Field& field, const bound::Test& test) {
    return {level_of(field.key) == Level::kOrder,
            [&field, test](RowScope& scope) { return std::visit(WriteTest{scope, field}, test); }};
}

Condition row_condition(const bound::Row& row) {
    if (row.kind == bound::Row::Kind::kLeaf) return field_condition(*row.field, row.test);
    std::vector<Condition> parts;
    for (const bound::Row& part : row.parts) parts.push_back(row_condition(part));
    if (row.kind != bound::Row::Kind::kNot)
        return join_conditions(std::move(parts), row.kind == bound::Row::Kind::kAnd);
    const bool of_order = parts.front().of_order;
    return {of_order, [part = parts.front()](RowScope& scope) { return negation(part.write(scope)); }};
}

Condition exists(Level level) {
    const auto by_now = [](std::string_view column) {
        return [column](RowScope& scope) { return scope.column(column) + " <= " + literal(scope.now()); };
    };
    if (level == Level::kOrder || level == Level::kLine) return {true, by_now("orders.at")};
    if (level == Level::kRefund) return {false, by_now("refunds.exists_from")};
    if (is_event(level)) {
        return {false, [at = key_of({event_of(level), EventPlace::kAt})](RowScope& scope) {
                    return field_value(scope, at, Form::kUncut) + " <= " + literal(scope.now());
                }};
    }
    return {false, [](RowScope& scope) { return is_known(field_value(scope, FieldKey::kPurchaseDay)); }};
}

}  // namespace

std::string write(const Condition& condition, RowScope& scope) {
    if (scope.level() != Level::kLine || !condition.of_order) return condition.write(scope);
    RowScope orders(scope.query(), Level::kOrder);
    const std::string holds = condition.write(orders);
    return scope.parameter("order_holds", spread(scope.query(), Level::kLine, orders.array_of(holds), "0"));
}

Condition both(Condition a, Condition b) { return join_conditions({std::move(a), std::move(b)}, true); }

ChosenRows chosen_rows(const bound::Facts& facts) {
    ChosenRows rows{level_of(facts.fact->kind), {}};
    std::vector<Condition> conditions{exists(rows.level)};
    if (facts.where && facts.where->kind == bound::Row::Kind::kAnd) {  // one by one, so that what is of the order meets
        for (const bound::Row& part : facts.where->parts) conditions.push_back(row_condition(part));
    } else if (facts.where) {
        conditions.push_back(row_condition(*facts.where));
    }
    if (facts.window) {
        const Field* at = find_field(*facts.fact, "at");
        conditions.push_back(field_condition(*at, bound::WindowTest{*facts.window}));
    }
    rows.condition = join_conditions(std::move(conditions), true);
    return rows;
}

ChosenRows kept_orders() {
    return {Level::kOrder, {true, [](RowScope& orders) { return is_kept(orders); }}};
}
ChosenRows all_rows(Level level) { return {level, exists(level)}; }

Condition field_is_known(const Field& field) { return field_condition(field, bound::KnownTest{true}); }

std::string number_test(const bound::NumberTest& test, const std::string& value) {
    const std::string inside = in_range(value, {test.low, test.high});
    return test.negated ? all_of({is_known(value), negation(inside)}) : inside;
}

std::string text_test(const bound::TextTest& test, const TextForms& value) {
    std::string holds;
    if (test.kind == bound::TextTest::Kind::kEqualsAny) {
        holds = is_among(value.text, test.values);
    } else {
        const bool contains = test.kind == bound::TextTest::Kind::kContains;
        const std::string wanted = quote(nfkc(test.values.front()));
        const std::string found = contains ? "position(" + value.normal + ", " + wanted + ") > 0"
                                           : "startsWith(" + value.normal + ", " + wanted + ")";
        holds = all_of({value.text + " != ''", wanted == "''" ? "1" : found});
    }
    return test.negated ? all_of({value.text + " != ''", negation(holds)}) : holds;
}

std::string choice_test(const bound::ChoiceTest& test, const std::string& value) {
    std::vector<std::int64_t> numbers;
    for (int choice = 0; choice < 32; ++choice) {
        if ((test.allowed >> choice & 1) != 0) numbers.push_back(choice + 1);
    }
    return is_among(value, numbers);
}

std::string window_test(const bound::WindowTest& test, const TimeForms& value, const Asked& asked) {
    const Window& window = test.window;
    if (is_calendar_window(window)) {
        const std::string inside = in_range(value.day, day_range(window, asked.as_of, asked.config.zone));
        return test.negated ? all_of({is_known(value.second), negation(inside)}) : inside;
    }
    WindowRange seconds = window_range(window, asked.as_of, asked.config.zone, asked.config.zone);
    if (value.is_past) seconds.high = std::min(seconds.high, asked.now());
    const std::string inside = in_range(value.second, seconds);
    return test.negated ? all_of({is_known(value.second), negation(inside)}) : inside;
}

}  // namespace shuke::audience::clickhouse
