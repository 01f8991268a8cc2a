// src/audience/expression/bound.h
//
// An expression with its names resolved and its values converted: what the engine compiles. Its and/or/not have the
// parts of the syntax tree, one for one and in the same order, so that explain can walk both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audience/expression/ast.h"
#include "audience/schema.h"

namespace shuke::audience::bound {

// A known whole value lies in [low, high], or, negated, is known and lies outside. `op` and `constant` say the same
// for values that need not be whole (avg). All in the field's own unit: minor units, thousandths, days.
struct NumberTest {
    Op op = Op::kEqual;
    double constant = 0;
    std::int64_t low = 0, high = 0;
    bool negated = false;
};
struct NumberSetTest {
    std::vector<std::int64_t> values;  // ascending, each once
};
struct TextTest {
    enum class Kind : std::uint8_t { kEqualsAny, kContains, kStartsWith };
    Kind kind = Kind::kEqualsAny;
    std::vector<std::string> values;
    bool negated = false;  // known and not so
};
struct ChoiceTest {
    std::uint32_t allowed = 0;  // bit i: the i-th choice
};
struct KnownTest {
    bool known = true;  // false: is missing
};
struct WindowTest {
    Window window;
    bool negated = false;  // known and not so
};
struct FlagTest {};
using Test = std::variant<NumberTest, NumberSetTest, TextTest, ChoiceTest, KnownTest, WindowTest, FlagTest>;

struct Row {
    enum class Kind : std::uint8_t { kAnd, kOr, kNot, kLeaf };
    Kind kind = Kind::kLeaf;
    std::vector<Row> parts;
    const Field* field = nullptr;  // of a leaf
    Test test;
};

struct Facts {
    const Fact* fact = nullptr;
    std::optional<Row> where;
    std::optional<Window> window;
};

struct Metric {
    enum class Kind : std::uint8_t { kConstant, kAttribute, kAggregate };
    Kind kind = Kind::kConstant;
    Type type = Type::kNumber;
    int scale = 0;        // decimals of the unit: 2 for money in cents
    double constant = 0;  // in that unit
    const Attribute* attribute = nullptr;
    Aggregate aggregate = Aggregate::kCount;
    Facts facts;
    const Field* field = nullptr;  // null: count of rows
};

struct Predicate {
    enum class Kind : std::uint8_t { kAll, kAnd, kOr, kNot, kAny, kTest, kCompare, kIds };
    Kind kind = Kind::kAll;
    std::vector<Predicate> parts;   // of and, or, not
    Facts facts;                    // of any
    Metric left;                    // of test and compare
    Test test;                      // of test
    Op op = Op::kEqual;             // of compare
    Metric right;                   // of compare
    std::vector<std::int64_t> ids;  // of ids: ascending, each once
    bool negated = false;           // of `not in`: nothing but the opposite
};

}  // namespace shuke::audience::bound
