// src/base/instant.h
//
// A moment: microseconds since 1970-01-01T00:00Z. A Day is a calendar day of some zone, counted from
// 1970-01-01; which zone is said where it is used (a fact's day is its shop's).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace shuke {

struct Instant {
    std::int64_t us_since_epoch = 0;
    auto operator<=>(const Instant&) const = default;

    static constexpr Instant from_seconds(std::int64_t seconds) { return Instant{seconds * 1'000'000}; }
    // Floored, also before 1970.
    constexpr std::int64_t seconds() const {
        return us_since_epoch >= 0 ? us_since_epoch / 1'000'000 : -((-us_since_epoch + 999'999) / 1'000'000);
    }
};

// "Has not happened" or "not known".
inline constexpr Instant kNever{std::numeric_limits<std::int64_t>::min()};

struct Day {
    std::int32_t days_since_epoch = 0;
    auto operator<=>(const Day&) const = default;
};

inline constexpr Day kNoDay{std::numeric_limits<std::int32_t>::min()};

}  // namespace shuke
