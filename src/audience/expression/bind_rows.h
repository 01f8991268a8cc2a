// src/audience/expression/bind_rows.h
//
// FACTS [where …] [WINDOW]: the fact and its fields looked up, the conditions about its rows typed.
//
// Errors   expression.unknown_fact, expression.unknown_field, expression.type, expression.value,
//          expression.not_available, as a Failure (problem.h).
#pragma once

#include <string_view>

#include "audience/expression/ast.h"
#include "audience/expression/bound.h"

namespace shuke::audience {

class RowBinder {
public:
    RowBinder(std::string_view source, int money_digits) : source_(source), money_digits_(money_digits) {}

    bound::Facts facts(const FactSet& set) const;
    const Field& field(const Fact& fact, std::string_view name, Place place) const;
    int scale_of(Type type) const;  // decimals of a type's unit

private:
    std::string_view source_;
    int money_digits_;
};

// The value on the right of a comparison; a call there is expression.type.
Value value_of(const Operand& operand, std::string_view source);
Place place_of(const Operand& operand);

}  // namespace shuke::audience
