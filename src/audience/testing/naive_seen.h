// src/audience/testing/naive_seen.h: test-only: what the naive evaluator sees: exact values of each kind, and nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/time_zone.h"

namespace shuke::audience::testing {

__extension__ using Wide = __int128;

struct Missing {
    auto operator<=>(const Missing&) const = default;
};
struct Fraction {
    Wide top = 0, bottom = 1;  // bottom > 0
    int compare(const Fraction& other) const {
        const Wide a = top * other.bottom;
        const Wide b = other.top * bottom;
        return a < b ? -1 : a > b ? 1 : 0;
    }
};
struct Moment {
    std::int64_t second = 0;
    const TimeZone* zone = nullptr;  // whose calendar days
};
struct CalendarDay {
    std::int64_t day = 0;
};
using Seen = std::variant<Missing, Fraction, std::string, Moment, CalendarDay, bool>;

inline int compare_seen(const Seen& a, const Seen& b) {  // of one kind, not missing
    if (const auto* x = std::get_if<Fraction>(&a)) return x->compare(std::get<Fraction>(b));
    if (const auto* x = std::get_if<Moment>(&a))
        return x->second < std::get<Moment>(b).second ? -1 : x->second > std::get<Moment>(b).second ? 1 : 0;
    if (const auto* x = std::get_if<CalendarDay>(&a))
        return x->day < std::get<CalendarDay>(b).day ? -1 : x->day > std::get<CalendarDay>(b).day ? 1 : 0;
    return std::get<std::string>(a).compare(std::get<std::string>(b));
}
inline bool known(const Seen& seen) { return !std::holds_alternative<Missing>(seen); }

inline Seen seen_text(std::string_view text) { return text.empty() ? Seen{Missing{}} : Seen{std::string(text)}; }
inline Wide power_of_ten(int exponent) {
    Wide result = 1;
    while (exponent-- > 0) result *= 10;
    return result;
}

}  // namespace shuke::audience::testing
