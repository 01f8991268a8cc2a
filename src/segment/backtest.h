// src/segment/backtest.h
//
// If this segment had been chosen on that day: who would have been in it, and what did they do in the N days after,
// beside everybody else who was a customer then?
//
//   in    a bound expression, the day (an instant D), N
//   out   members and the rest, each with buyers, orders, revenue and refunds in the N days after D
//
// The N days begin one second after D, since what happened at D is known as of D, and include both their ends, as
// windows do. An order counts when it was paid in them; where its payment time is not known, when it was placed in them.
// Revenue is what was paid for these orders. Refunds are those of the same orders, asked until the end; an order without
// a payment time has its refunds counted when they were asked within the days. A refund without a time of its own is
// left out, since nobody knows whether it had happened by then, and so is one of no known order; both are told beside.
// Customers who came after D are in neither group.
//
// Errors   segment.back_test_days, segment.back_test_future (D is not over)
// Threads  pure
// Cost     two evaluations and ten metrics over the blocks
#pragma once

#include <cstdint>

#include "audience/evaluate.h"
#include "base/error.h"

namespace shuke::segment {

struct BackTestOptions {
    Instant as_of = kNever;  // D
    int days = 30;           // N, 1 … 3650
    Instant now = kNever;    // what lies after it has not happened yet
};

// Amounts in minor units of the base currency.
struct GroupOutcome {
    std::uint64_t customers = 0, buyers = 0, orders = 0;
    std::int64_t revenue = 0, refunds = 0;
    std::int64_t undated_refunds = 0, stray_refunds = 0;  // without a time; of no known order: neither is taken off
    std::int64_t net() const { return revenue - refunds; }
    double buyer_share() const { return per(buyers); }
    double orders_per_head() const { return per(orders); }
    double net_per_head() const { return per(net()); }

private:
    double per(auto amount) const {
        return customers == 0 ? 0 : static_cast<double>(amount) / static_cast<double>(customers);
    }
};

struct BackTest {
    Instant from = kNever, until = kNever;  // of the days after, both included
    bool is_complete = true;                // false: the days are not over yet
    GroupOutcome members, rest;
};

Result<BackTest> back_test(const audience::Version& version, const audience::BoundExpression& segment,
                           const BackTestOptions& options, audience::WorkerPool* pool = nullptr);

}  // namespace shuke::segment
