// src/audience/engine/expiry.h
//
// Until when does a condition's answer about a block hold, if it is asked again later? Never too long; sometimes less
// long than it might.
//
// Something may change
//   - when a time of the block comes: a fact, a state, a span begins or ends; all times of the block count;
//   - when a time that a rolling window tests comes to lie on the window's edge: the time plus the window's length.
//     A month is as long as it is on that day;
//   - at the next midnight of the configured zone, where the calendar or an age has a say.
//
// Threads  immutable.
// Cost     next_change: a pass over each tested column, and over those times that the zone map does not rule out.
#pragma once

#include <cstdint>
#include <vector>

#include "audience/engine/block.h"
#include "audience/engine/plan_context.h"
#include "audience/expression/bound.h"

namespace shuke::audience {

class Expiry {
public:
    Expiry(const bound::Predicate& leaf, const Config& config);
    Expiry(const bound::Metric& metric, const Config& config);

    // The first second after `from` at which the answer may differ.
    std::int64_t next_change(const Block& block, std::int64_t from) const;

private:
    struct Edge {
        FieldKey field;
        Window window;  // a rolling one
    };

    void add(const bound::Facts& facts);
    void add(const bound::Row& row);
    void add(const bound::Metric& metric);
    void add(FieldKey field, const Window& window);
    void add_window_of(const bound::Metric& metric, const Window& window);
    std::int64_t next_on_edge(const Edge& edge, const Block& block, std::int64_t from) const;
    std::int64_t next_midnight(std::int64_t from) const;

    const LifecycleEdges lifecycle_;
    const TimeZone zone_;
    std::vector<Edge> edges_;
    bool by_calendar_ = false;
    bool at_once_ = false;  // of a kind about which nothing is known: any second may change it
};

}  // namespace shuke::audience
