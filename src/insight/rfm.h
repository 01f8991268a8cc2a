// src/insight/rfm.h
//
// RFM: how recently, how often and for how much each customer has bought, scored and sorted into the eight classic
// classes.
//
//   recency_days  calendar days from the shop-local day of the last order to the as-of day in the configured zone
//   frequency     orders
//   monetary      minor units of the base currency; orders without an amount add nothing
//
// Basis net counts kept orders, less their refunds; gross counts paid orders of an amount above zero, before refunds.
// Who has no such order is not in the table.
//
// Scores run from 1 to N, N = best. Quantile scores cut each of the three at its k/N quantiles (linear
// interpolation) over the table; a value equal to a cut belongs to the worse side of frequency and monetary and to
// the better side of recency, so equal values have equal scores. Threshold scores cut at the user's edges:
// recency_days ≤ edge, frequency ≥ edge, monetary ≥ edge reach the better score.
//
// Classes: r, f, m are each high or low: high is a score above the mean score of the table, or from `high_from` on.
//
// With window_days only orders placed on the as-of day or on one of that many days before count, for all three.
//
// Errors   insight.rfm_scores (fewer than 2 or more than 10 scores, edges that do not ascend)
// Cost     three metrics over the blocks, the quantiles of each, and one pass that scores.
// Source   Hughes (1994), Strategic Database Marketing; classes as in the Chinese trade (重要价值 … 一般挽留).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audience/evaluate.h"
#include "insight/quantiles.h"

namespace shuke::insight {

enum class Basis : std::uint8_t { kNet, kGross };

struct QuantileScores {
    int scores = 5;
    bool operator==(const QuantileScores&) const = default;
};
// Ascending edges, each list one shorter than the number of scores: {30, 90} gives 3 scores.
struct ThresholdScores {
    std::vector<std::int64_t> recency_days;
    std::vector<std::int64_t> frequency;
    std::vector<std::int64_t> monetary;  // minor units
    bool operator==(const ThresholdScores&) const = default;
};

struct RfmOptions {
    Basis basis = Basis::kNet;
    std::variant<QuantileScores, ThresholdScores> scoring = QuantileScores{};
    std::int64_t window_days = 0;  // 0: all orders
    int high_from = 0;             // 0: above the mean
    bool operator==(const RfmOptions&) const = default;
    int scores() const;  // of thresholds: those of recency
};

// What is measured, in the words of the audience's language.
struct RfmMetrics {
    std::string last_day, frequency, monetary;
};
RfmMetrics rfm_metrics(const RfmOptions& options, Day as_of);

// In the order of the trade. `key` is what files and JSON say.
enum class RfmClass : std::uint8_t {
    kImportantValue,    // r high  f high  m high
    kImportantDevelop,  // r high  f low   m high
    kImportantKeep,     // r low   f high  m high
    kImportantRetain,   // r low   f low   m high
    kGeneralValue,      // r high  f high  m low
    kGeneralDevelop,    // r high  f low   m low
    kGeneralKeep,       // r low   f high  m low
    kGeneralRetain,     // r low   f low   m low
};
struct RfmClassInfo {
    std::string_view key, en, zh;
};
const RfmClassInfo& info(RfmClass rfm_class);
std::optional<RfmClass> find_class(std::string_view key);

struct RfmRow {
    CustomerId customer;
    std::int32_t recency_days = 0;
    std::int64_t frequency = 0;
    std::int64_t monetary = 0;
    std::uint8_t r = 0, f = 0, m = 0;
    RfmClass rfm_class = RfmClass::kGeneralRetain;
};

struct RfmClassSummary {
    std::uint64_t customers = 0;
    double customer_share = 0;  // of the table
    double monetary_share = 0;  // of the table's money
    double recency_days_mean = 0, frequency_mean = 0, monetary_mean = 0;
};

struct RfmResult {
    std::vector<RfmRow> rows;  // ascending customer id
    Distribution recency_days, frequency, monetary;
    double r_mean = 0, f_mean = 0, m_mean = 0;  // mean scores
    int r_high = 0, f_high = 0, m_high = 0;     // the least score that is high
    std::array<RfmClassSummary, 8> classes;     // by RfmClass
};

// `where`: only these customers; all when null.
Result<RfmResult> rfm(const audience::Version& version, Instant as_of, const RfmOptions& options,
                      const audience::BoundExpression* where = nullptr, audience::WorkerPool* pool = nullptr);

}  // namespace shuke::insight
