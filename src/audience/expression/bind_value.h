// src/audience/expression/bind_value.h
//
// A typed value beside what it is compared with: turns `>= 300`, `in [浙江, 江苏]`, `= sleeping` into a Test in the
// field's own unit.
//
// Errors   expression.type, expression.value, as a Failure (problem.h).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/expression/bound.h"

namespace shuke::audience {

struct ValueBinder {
    std::string name;  // of what is compared, for messages
    Type type;
    int scale;
    std::span<const Choice> choices;
    std::string_view source;

    bound::Test compare(Op op, const Value& value) const;
    bound::Test in(const std::vector<Value>& values) const;

private:
    bound::Test compare_text(Op op, const Value& value) const;
    bound::Test compare_choice(Op op, const Value& value) const;
    bound::Test compare_number(Op op, const Value& value) const;
    bound::Test compare_date(Op op, const Value& value) const;
    bound::Test compare_time(Op op, const Value& value) const;
    Decimal number_of(const Value& value) const;
    Day day_of(const Value& value) const;
    std::uint32_t choice_of(const Value& value) const;
    void refuse_text_op(Op op, const Value& value) const;
    [[noreturn]] void complain(std::string key, const Value& value, std::string message) const;
};

// A text value: quoted, a bare word, or a whole number without quotes (external_id = 12346).
std::string text_of(const Value& value, std::string_view name, std::string_view source);

// op and an exact decimal as a range of whole units of 10^-scale.
bound::NumberTest number_test(Op op, Decimal value, int scale);

}  // namespace shuke::audience
