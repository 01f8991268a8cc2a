// src/audience/engine/counters.h: what a profile counts while an expression is evaluated.
//
// Threads  counting: any number. Making and finding counters: one, before and after.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "audience/expression/bound.h"

namespace shuke::audience {

struct ConditionCounters {
    std::atomic<std::uint64_t> read{0}, cached{0}, asked{0}, kept{0}, nanoseconds{0};
    int cost = 0;
};

class Counters {
public:
    ConditionCounters& of(const bound::Predicate& condition) {
        const auto [found, is_new] = by_condition_.try_emplace(&condition, nullptr);
        if (is_new) found->second = &all_.emplace_back();
        return *found->second;
    }

private:
    std::deque<ConditionCounters> all_;  // in place while it grows
    std::unordered_map<const bound::Predicate*, ConditionCounters*> by_condition_;
};

}  // namespace shuke::audience
