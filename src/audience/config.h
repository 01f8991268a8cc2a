// src/audience/config.h: what the engine must be told besides the facts. All of it comes from the settings.
#pragma once

#include "base/money.h"
#include "base/time_zone.h"

namespace shuke::audience {

// Days since the last kept order: active ≤ silent_after < silent ≤ sleeping_after < sleeping ≤ lost_after < lost.
struct LifecycleEdges {
    int silent_after_days = 45;
    int sleeping_after_days = 90;
    int lost_after_days = 140;
    bool operator==(const LifecycleEdges&) const = default;
};

struct Config {
    Currency base_currency = Currency::kCNY;  // of every amount
    TimeZone zone = TimeZone::utc();          // of the as-of day, of birthdays and of dates that belong to no shop
    LifecycleEdges lifecycle;
};

}  // namespace shuke::audience
