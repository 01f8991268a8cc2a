// src/audience/clickhouse/conditions.h
//
// Conditions on the rows of a fact. What a line's condition says of its order alone is decided once an order and then
// spread over the order's lines.
//
// Threads  one
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audience/clickhouse/row_scope.h"
#include "audience/expression/bound.h"

namespace shuke::audience::clickhouse {

struct Condition {
    bool of_order = false;  // it asks nothing but the order
    std::function<std::string(RowScope&)> write;
};

// In a scope of the condition's fact.
std::string write(const Condition& condition, RowScope& scope);
Condition both(Condition a, Condition b);

// The rows of a fact that exist and satisfy its condition and window.
struct ChosenRows {
    Level level = Level::kOrder;
    Condition condition;
};
ChosenRows chosen_rows(const bound::Facts& facts);
ChosenRows kept_orders();
ChosenRows all_rows(Level level);
Condition field_is_known(const Field& field);

// Tests of one value, which is written by the caller.
std::string number_test(const bound::NumberTest& test, const std::string& value);  // of a whole number
struct TextForms {
    std::string text, normal;
};
std::string text_test(const bound::TextTest& test, const TextForms& value);
std::string choice_test(const bound::ChoiceTest& test, const std::string& value);
// Second and local day of a time. Of a calendar window, and of a negated one, a time after the instant is the caller's
// affair.
struct TimeForms {
    std::string second, day;
    bool is_past = false;  // not known before it has come
};
std::string window_test(const bound::WindowTest& test, const TimeForms& value, const Asked& asked);

}  // namespace shuke::audience::clickhouse
