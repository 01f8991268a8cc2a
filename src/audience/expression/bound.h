// src/audience/expression/bound.h
//
// An expression with its names resolved and its values converted: what the engine compiles. Its and/or/not have the
// parts of the syntax tree, one for one and in the same order, so that explain can walk both.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audience/expression/ast.h"
#include "audience/schema.h"
#include "domain/facts.h"

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
    std::vector<double> fractions;     // those that are not whole: only averages, scores and the like have them
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

// Arithmetic is done in doubles, in its parts' own units: + and - in the finer unit, * in the product of both, / in
// units of 1. A missing part makes it missing, and so does a division by zero.
struct Metric {
    enum class Kind : std::uint8_t { kConstant, kAttribute, kAggregate, kArithmetic, kPopulation };
    Kind kind = Kind::kConstant;
    Type type = Type::kNumber;
    int scale = 0;        // decimals of the unit: 2 for money in cents
    double constant = 0;  // in that unit
    const Attribute* attribute = nullptr;
    std::string trait;  // of an attribute that is a trait: the name it is recorded under, custom.NAME in full
    Aggregate aggregate = Aggregate::kCount;
    Facts facts;
    const Field* field = nullptr;  // null: count of rows
    std::string signs;             // of arithmetic: + - * /, between its parts
    std::vector<Metric> parts;     // of arithmetic: two or more; of population: one
    Population::Kind population = Population::Kind::kAverage;
    double percent = 0;  // of a percentile
};

struct Selection;

struct Predicate {
    enum class Kind : std::uint8_t { kAll, kAnd, kOr, kNot, kAny, kTest, kCompare, kIds, kSegment, kSpan };
    Kind kind = Kind::kAll;
    std::vector<Predicate> parts;              // of and, or, not
    Facts facts;                               // of any
    Metric left;                               // of test and compare
    Test test;                                 // of test
    Op op = Op::kEqual;                        // of compare
    Metric right;                              // of compare
    std::vector<std::int64_t> ids;             // of ids: ascending, each once
    bool negated = false;                      // of `not in`: nothing but the opposite
    std::shared_ptr<const Selection> segment;  // of segment: its definition
    SpanKind span{};                           // of span: what lasts at the instant …
    std::string name;                          // … under which name
};

struct Top {
    double amount = 0;  // how many, or of a hundred
    bool percent = false;
    Metric metric;
};

// Those who satisfy the root; of them the top; of these a sample.
struct Selection {
    Predicate root;
    std::optional<Top> top;
    std::optional<std::uint32_t> sample_below;  // keeps who hashes below it, of 10,000
    std::int64_t seed = 0;
    bool is_plain() const { return !top && !sample_below; }
};

}  // namespace shuke::audience::bound
