// src/segment/comparison.h
//
// What sets a segment apart from everybody: for each value of each attribute its share in the segment, its share among
// all customers, and the lift between them (2 = twice as common here). Each value carries the expression that says it,
// so that it can be counted, explained and put into a segment as it stands.
//
//   in   a segment, and the values to look at: those of attribute_values, or the caller's own
//   out  in the order of the values; those that too few customers have are left out and counted
//
// Attributes: gender, age, province, city, platform, shop, life cycle, orders and spend in classes (spend at its fifths
// among buyers), month of the first order (years where there are many), categories bought. Texts come from the record:
// at most kMostTexts of each, the most frequent ones.
//
// Errors   those of the record and of binding
// Threads  pure, but for the scan that finds the texts
// Cost     one evaluation a value; finding the texts reads orders and accounts once
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audience/evaluate.h"
#include "record/database.h"

namespace shuke::segment {

inline constexpr std::size_t kMostTexts = 300;

struct AttributeValue {
    std::string attribute;                   // "province"
    std::string attribute_zh, attribute_en;  // "省份", "province"
    std::string value;                       // "浙江", "3-5", "" = missing
    std::string expression;                  // province = 浙江
};
// What there is to compare by, as of the instant.
Result<std::vector<AttributeValue>> attribute_values(record::Database& database, const audience::Version& version,
                                                     Instant as_of, audience::WorkerPool* pool = nullptr);

struct ValueLift {
    AttributeValue value;
    std::uint64_t in_segment = 0, in_all = 0;
    double segment_share = 0, all_share = 0;
    double lift = 0;  // segment_share / all_share
};
struct Comparison {
    std::uint64_t segment = 0, all = 0;
    std::vector<ValueLift> values;
    std::uint64_t left_out = 0;  // values that fewer than min_support customers have
};
struct ComparisonOptions {
    std::uint64_t min_support = 30;  // of all customers
};

Result<Comparison> compare(const audience::Version& version, const audience::Selection& segment,
                           const std::vector<AttributeValue>& values, Instant as_of, const ComparisonOptions& options,
                           audience::WorkerPool* pool = nullptr);

// The values that stand out most first: those that add most to the distance between segment and whole, so that a large
// lift of a large share comes before a large lift of a small one.
std::vector<ValueLift> outstanding(const Comparison& comparison, std::size_t most);

}  // namespace shuke::segment
