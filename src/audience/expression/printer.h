// src/audience/expression/printer.h: the canonical text of every part of an expression. parse(print(x)) == x.
#pragma once

#include <string>

#include "audience/expression/ast.h"

namespace shuke::audience {

std::string_view word_of(Op op);
std::string_view word_of(Aggregate aggregate);
std::string_view word_of(Membership::Kind kind);
std::string_view word_of(Population::Kind kind);
std::string print(const Window& window);
std::string print(const Operand& operand);
std::string print(const Value& value);
std::string print(const FactSet& facts);
std::string print(const Decimal& number);

}  // namespace shuke::audience
