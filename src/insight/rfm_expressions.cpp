#include "insight/rfm_expressions.h"

#include <algorithm>

#include "base/money.h"
#include "base/time_zone.h"

namespace shuke::insight {
namespace {

using Range = RfmExpressions::Range;

constexpr const char* kNobody = "id = 0";

std::vector<Range> ranges_of(const RfmResult& table, std::uint8_t RfmRow::* score, auto value, int scores) {
    std::vector<Range> ranges(static_cast<std::size_t>(scores));
    for (const RfmRow& row : table.rows) {
        if (row.*score > ranges.size()) ranges.resize(row.*score);
        Range& range = ranges[row.*score - std::size_t{1}];
        const std::int64_t number = row.*value;
        range.least = range.customers == 0 ? number : std::min(range.least, number);
        range.greatest = range.customers == 0 ? number : std::max(range.greatest, number);
        ++range.customers;
    }
    return ranges;
}

// What the scores from … to … hold, and whether somebody lies below and above.
struct Bounds {
    Range inside;
    bool below = false, above = false;
};
Bounds bounds_of(const std::vector<Range>& ranges, int from, int to) {
    Bounds bounds;
    for (int score = 1; score <= static_cast<int>(ranges.size()); ++score) {
        const Range& one = ranges[static_cast<std::size_t>(score - 1)];
        if (one.customers == 0) continue;
        if (score < from) bounds.below = true;
        if (score > to) bounds.above = true;
        if (score < from || score > to) continue;
        Range& inside = bounds.inside;
        inside.least = inside.customers == 0 ? one.least : std::min(inside.least, one.least);
        inside.greatest = inside.customers == 0 ? one.greatest : std::max(inside.greatest, one.greatest);
        inside.customers += one.customers;
    }
    return bounds;
}

// METRIC >= least and METRIC <= greatest, as far as each is needed.
void add_bounds(std::vector<std::string>& conditions, const std::string& metric, bool from_below, bool from_above,
                const std::string& least, const std::string& greatest) {
    if (from_below && from_above && least == greatest) {
        conditions.push_back(metric + " = " + least);
        return;
    }
    if (from_below) conditions.push_back(metric + " >= " + least);
    if (from_above) conditions.push_back(metric + " <= " + greatest);
}

}  // namespace

RfmExpressions::RfmExpressions(const RfmResult& table, const RfmOptions& options, Day as_of, int digits,
                               std::string where)
    : metrics_(rfm_metrics(options, as_of)),
      as_of_(as_of),
      digits_(digits),
      r_high_(table.r_high),
      f_high_(table.f_high),
      m_high_(table.m_high),
      where_(std::move(where)),
      r_(ranges_of(table, &RfmRow::r, &RfmRow::recency_days, options.scores())),
      f_(ranges_of(table, &RfmRow::f, &RfmRow::frequency, options.scores())),
      m_(ranges_of(table, &RfmRow::m, &RfmRow::monetary, options.scores())) {}

std::string RfmExpressions::expression(Band r, Band f, Band m) const {
    const Bounds days = bounds_of(r_, r.from, r.to), orders = bounds_of(f_, f.from, f.to),
                 money = bounds_of(m_, m.from, m.to);
    if (days.inside.customers == 0 || orders.inside.customers == 0 || money.inside.customers == 0) return kNobody;
    std::vector<std::string> conditions;
    const auto day = [&](std::int64_t days_ago) {
        return format_date(Day{static_cast<std::int32_t>(as_of_.days_since_epoch - days_ago)});
    };
    // The more days ago, the lower the score.
    add_bounds(conditions, metrics_.last_day, days.below, days.above, day(days.inside.greatest),
               day(days.inside.least));
    if (conditions.empty())
        conditions.push_back(metrics_.last_day + " is known");  // who never bought is not in the table
    add_bounds(conditions, metrics_.frequency, orders.below, orders.above, std::to_string(orders.inside.least),
               std::to_string(orders.inside.greatest));
    add_bounds(conditions, metrics_.monetary, money.below, money.above, format_minor(money.inside.least, digits_),
               format_minor(money.inside.greatest, digits_));
    std::string text = where_.empty() ? "" : "(" + where_ + ")";
    for (const auto& one : conditions) text += (text.empty() ? "" : " and ") + one;
    return text;
}

std::string RfmExpressions::cell(int r, int f) const {
    return expression({r, r}, {f, f}, {1, static_cast<int>(m_.size())});
}

std::string RfmExpressions::of(RfmClass rfm_class) const {
    const auto band = [](bool high, int least_high, const std::vector<Range>& ranges) {
        return high ? Band{least_high, static_cast<int>(ranges.size())} : Band{1, least_high - 1};
    };
    using enum RfmClass;
    const bool r = rfm_class == kImportantValue || rfm_class == kImportantDevelop || rfm_class == kGeneralValue ||
                   rfm_class == kGeneralDevelop;
    const bool f = rfm_class == kImportantValue || rfm_class == kImportantKeep || rfm_class == kGeneralValue ||
                   rfm_class == kGeneralKeep;
    const bool m = rfm_class <= kImportantRetain;
    return expression(band(r, r_high_, r_), band(f, f_high_, f_), band(m, m_high_, m_));
}

}  // namespace shuke::insight
