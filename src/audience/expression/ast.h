// src/audience/expression/ast.h
//
// The expression as its author wrote it: a tree of plain values, easy to copy, compare, print and walk
// (std::visit over Predicate::node). Names are not resolved and types not checked here; bind does that.
//
// One Predicate type serves both levels. About customers: every node. About the rows of a fact (FactSet::where):
// AllCustomers, Any and Membership never occur, every operand on the left is a Name (a field), and Flag is a yes/no
// field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/money.h"

namespace shuke::audience {

// Where in the source text something began, in bytes. Takes no part in comparisons.
struct Place {
    std::uint32_t offset = 0;
    bool operator==(const Place&) const { return true; }
};

enum class Unit : std::uint8_t { kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kYear };

struct Window {
    enum class Kind : std::uint8_t {
        kWithinLast,   // within last N units
        kWithinNext,   // within next N units
        kMoreThanAgo,  // more than N units ago
        kOn,           // on FROM
        kBetween,      // between FROM and TO
        kSince,        // since FROM
        kBefore,       // before FROM
        kThis,         // this UNIT
        kLast,         // last UNIT
    };
    Kind kind = Kind::kWithinLast;
    std::int64_t n = 0;
    Unit unit = Unit::kDay;
    Day from{}, to{};
    Place place;
    bool operator==(const Window&) const = default;
};

// An attribute, a field, or a bare word as a value (`lifecycle = sleeping`): bind knows which.
struct Name {
    std::string text;
    Place place;
    bool operator==(const Name&) const = default;
};
struct Text {
    std::string text;
    Place place;
    bool operator==(const Text&) const = default;
};
struct Number {
    Decimal value;  // the scale is kept: 2.50 prints as 2.50
    Place place;
    bool operator==(const Number&) const = default;
};
struct Date {
    Day day{};
    Place place;
    bool operator==(const Date&) const = default;
};
using Value = std::variant<Name, Text, Number, Date>;

struct Predicate;

// FACTS[.FIELD] [where PREDICATE] [WINDOW]
struct FactSet {
    std::string fact;
    std::string field;             // empty: none
    std::vector<Predicate> where;  // none or one
    std::vector<Window> window;    // none or one
    Place place, field_place;
    bool operator==(const FactSet&) const = default;
};

enum class Aggregate : std::uint8_t { kCount, kSum, kAvg, kMin, kMax, kFirst, kLast, kDistinct };

struct Call {
    Aggregate aggregate = Aggregate::kCount;
    FactSet facts;
    Place place;
    bool operator==(const Call&) const = default;
};

struct OperandNode;  // an Operand: what stands inside one

// Terms joined by + and -, or factors joined by * and /; signs[i] stands between parts[i] and parts[i + 1].
struct Arithmetic {
    std::string signs;
    std::vector<OperandNode> parts;  // two or more
    Place place;
    bool operator==(const Arithmetic&) const = default;
};

// average(METRIC), median(METRIC), percentile P (METRIC): over all customers who have it.
struct Population {
    enum class Kind : std::uint8_t { kAverage, kMedian, kPercentile };
    Kind kind = Kind::kAverage;
    Decimal percent;                  // of a percentile
    std::vector<OperandNode> metric;  // exactly one
    Place place;
    bool operator==(const Population&) const = default;
};

using Operand = std::variant<Name, Text, Number, Date, Call, Arithmetic, Population>;
struct OperandNode {
    Operand value;
    bool operator==(const OperandNode&) const = default;
};

enum class Op : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kContains, kStartsWith };

struct AllCustomers {
    bool operator==(const AllCustomers&) const = default;
};
struct And {
    std::vector<Predicate> parts;  // two or more
    bool operator==(const And&) const = default;
};
struct Or {
    std::vector<Predicate> parts;  // two or more
    bool operator==(const Or&) const = default;
};
struct Not {
    std::vector<Predicate> part;  // exactly one
    bool operator==(const Not&) const = default;
};
struct Compare {
    Operand left;
    Op op = Op::kEqual;
    Operand right;
    bool operator==(const Compare&) const = default;
};
struct In {
    Operand left;
    bool negated = false;
    std::vector<Value> values;
    bool operator==(const In&) const = default;
};
struct IsMissing {  // is missing; negated: is known
    Operand left;
    bool negated = false;
    bool operator==(const IsMissing&) const = default;
};
struct InWindow {
    Operand left;
    Window window;
    bool operator==(const InWindow&) const = default;
};
struct Any {
    FactSet facts;
    bool operator==(const Any&) const = default;
};
struct Flag {
    Name name;
    bool operator==(const Flag&) const = default;
};
// segment("x"): its definition holds; the others are facts with a beginning and an end.
struct Membership {
    enum class Kind : std::uint8_t { kSegment, kWasIn, kList, kTag, kReachable, kSubscribed };
    Kind kind = Kind::kSegment;
    std::string name;
    Place place;
    bool operator==(const Membership&) const = default;
};

struct Predicate {
    std::variant<AllCustomers, And, Or, Not, Compare, In, IsMissing, InWindow, Any, Flag, Membership> node;
    Place place;
    bool operator==(const Predicate&) const = default;
};

// top N by METRIC, top N% by METRIC
struct Top {
    Decimal amount;  // how many, or how many of a hundred
    bool percent = false;
    Operand metric;
    Place place;
    bool operator==(const Top&) const = default;
};
// sample P% [seed N]
struct Sample {
    Decimal percent;
    std::optional<std::int64_t> seed;  // 0 where none is written
    Place place;
    bool operator==(const Sample&) const = default;
};

}  // namespace shuke::audience
