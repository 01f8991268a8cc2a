// src/audience/engine/window_range.h
//
// A window as ranges of seconds, for one as-of instant: rolling windows are the same for every shop, calendar windows
// are the shop's local days.
//
// Threads  pure.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "audience/expression/ast.h"
#include "base/instant.h"
#include "base/time_zone.h"

namespace shuke::audience {

inline constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min() + 2;
inline constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

// Seconds since 1970 or days since 1970, both ends included; low > high: nothing.
struct WindowRange {
    std::int64_t low = kEarliest, high = kLatest;
    bool contains(std::int64_t value) const { return value >= low && value <= high; }
    bool operator==(const WindowRange&) const = default;
};

bool is_calendar_window(const Window& window);

// The calendar days of a window, seen from the as-of day; of rolling windows those that the range touches.
WindowRange day_range(const Window& window, Instant as_of, const TimeZone& zone);

// Every day of the year (as pack_date of block.h counts it, modulo kPackedYear) on which a birthday of the window's days
// falls; in a common year 28 February stands for the 29th as well.
std::vector<std::uint8_t> birthdays_in(const WindowRange& days);

// One range of seconds per shop zone.
std::vector<WindowRange> window_ranges(const Window& window, Instant as_of, const TimeZone& zone,
                                       std::span<const TimeZone> shop_zones);
WindowRange window_range(const Window& window, Instant as_of, const TimeZone& zone, const TimeZone& shop_zone);

}  // namespace shuke::audience
