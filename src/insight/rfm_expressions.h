// src/insight/rfm_expressions.h
//
// The customers of a cell or class of an RFM table as an expression that counts exactly them as of the table's instant:
//
//   max(orders.day where kept) >= 2026-08-24 and count(orders where kept) = 2
//
// Days are written out, so that later it still means these days; who wants it to go with time asks for rfm.class.
// Short, however many customers there are: between the scores lie the least and the greatest value of each.
#pragma once

#include <string>
#include <vector>

#include "insight/rfm.h"

namespace shuke::insight {

class RfmExpressions {
public:
    // `where`: the expression that the table was restricted to, without top and sample; "": all customers.
    // `digits`: of the base currency.
    RfmExpressions(const RfmResult& table, const RfmOptions& options, Day as_of, int digits, std::string where);

    std::string cell(int r, int f) const;
    std::string of(RfmClass rfm_class) const;

    struct Range {
        std::int64_t least = 0, greatest = 0;
        std::uint64_t customers = 0;  // 0: nobody has this score
    };
    // By score − 1.
    const std::vector<Range>& recency_days() const { return r_; }
    const std::vector<Range>& frequency() const { return f_; }
    const std::vector<Range>& monetary() const { return m_; }

private:
    // The customers with scores from … to …, of each of the three.
    struct Band {
        int from, to;
    };
    std::string expression(Band r, Band f, Band m) const;

    RfmMetrics metrics_;
    Day as_of_;
    int digits_;
    int r_high_, f_high_, m_high_;
    std::string where_;
    std::vector<Range> r_, f_, m_;
};

}  // namespace shuke::insight
