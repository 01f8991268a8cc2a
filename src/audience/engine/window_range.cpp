#include "audience/engine/window_range.h"

#include <algorithm>

#include "audience/engine/block.h"

namespace shuke::audience {
namespace {

using Kind = Window::Kind;

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kUsPerSecond = 1'000'000;
constexpr int kMonthsWithinReach = 12 * 4000;  // farther away than any date: no end

// As-of ± n units, floored to the second. Months and years go by the calendar of the zone, clamped to the month's end.
std::int64_t shift(Instant as_of, std::int64_t n, Unit unit, int direction, const TimeZone& zone) {
    const std::int64_t second = as_of.seconds();
    switch (unit) {
        case Unit::kMinute: return second + direction * n * 60;
        case Unit::kHour: return second + direction * n * 3600;
        case Unit::kDay: return second + direction * n * kSecondsPerDay;
        case Unit::kWeek: return second + direction * n * 7 * kSecondsPerDay;
        default: break;
    }
    const std::int64_t months = n * (unit == Unit::kYear ? 12 : unit == Unit::kQuarter ? 3 : 1);
    if (months > kMonthsWithinReach) return direction < 0 ? kEarliest : kLatest;
    const Instant floored = Instant::from_seconds(second);
    const Day day = zone.day_of(floored);
    const std::int64_t us_of_day =
        zone.local_us(floored) - std::int64_t{day.days_since_epoch} * kSecondsPerDay * kUsPerSecond;
    return zone.to_instant(add_months(day, direction * static_cast<int>(months)), us_of_day).seconds();
}

WindowRange rolling_range(const Window& window, Instant as_of, const TimeZone& zone) {
    const std::int64_t now = as_of.seconds();
    switch (window.kind) {
        case Kind::kWithinLast: return {shift(as_of, window.n, window.unit, -1, zone), now};
        case Kind::kWithinNext: return {now, shift(as_of, window.n, window.unit, +1, zone)};
        default: return {kEarliest, shift(as_of, window.n, window.unit, -1, zone) - 1};  // more than n units ago
    }
}

// First day of the calendar unit that holds `day`.
Day begin_of(Day day, Unit unit) {
    const CivilDate date = to_civil(day);
    switch (unit) {
        case Unit::kWeek: return Day{day.days_since_epoch - (weekday(day) - 1)};
        case Unit::kMonth: return to_day({date.year, date.month, 1});
        case Unit::kQuarter: return to_day({date.year, static_cast<std::uint8_t>((date.month - 1) / 3 * 3 + 1), 1});
        case Unit::kYear: return to_day({date.year, 1, 1});
        default: return day;
    }
}

Day next_begin(Day begin, Unit unit, int direction) {
    switch (unit) {
        case Unit::kWeek: return Day{begin.days_since_epoch + direction * 7};
        case Unit::kMonth: return add_months(begin, direction);
        case Unit::kQuarter: return add_months(begin, direction * 3);
        case Unit::kYear: return add_months(begin, direction * 12);
        default: return Day{begin.days_since_epoch + direction};
    }
}

WindowRange calendar_range(const Window& window, Day today) {
    const auto days = [](Day from, Day to) { return WindowRange{from.days_since_epoch, to.days_since_epoch}; };
    switch (window.kind) {
        case Kind::kOn: return days(window.from, window.from);
        case Kind::kBetween: return days(window.from, window.to);
        case Kind::kSince: return {window.from.days_since_epoch, kLatest};
        case Kind::kBefore: return {kEarliest, std::int64_t{window.from.days_since_epoch} - 1};
        default: break;
    }
    Day begin = begin_of(today, window.unit);
    if (window.kind == Kind::kLast) begin = next_begin(begin, window.unit, -1);
    return days(begin, Day{next_begin(begin, window.unit, +1).days_since_epoch - 1});
}

}  // namespace

bool is_calendar_window(const Window& window) {
    return window.kind != Kind::kWithinLast && window.kind != Kind::kWithinNext && window.kind != Kind::kMoreThanAgo;
}

WindowRange day_range(const Window& window, Instant as_of, const TimeZone& zone) {
    const Day today = zone.day_of(as_of);
    if (is_calendar_window(window)) return calendar_range(window, today);
    const int direction = window.kind == Kind::kWithinNext ? +1 : -1;
    const std::int64_t n = window.unit == Unit::kWeek ? window.n * 7 : window.n;
    std::int64_t end = 0;
    switch (window.unit) {
        case Unit::kDay:
        case Unit::kWeek: end = today.days_since_epoch + direction * n; break;
        default: {
            const std::int64_t second = shift(as_of, n, window.unit, direction, zone);
            const bool beyond = second == kEarliest || second == kLatest;
            end = beyond ? second : zone.day_of(Instant::from_seconds(second)).days_since_epoch;
        }
    }
    if (window.kind == Kind::kMoreThanAgo) return {kEarliest, end == kEarliest ? kEarliest : end - 1};
    return direction > 0 ? WindowRange{today.days_since_epoch, end} : WindowRange{end, today.days_since_epoch};
}

WindowRange window_range(const Window& window, Instant as_of, const TimeZone& zone, const TimeZone& shop_zone) {
    if (!is_calendar_window(window)) return rolling_range(window, as_of, zone);
    const WindowRange days = calendar_range(window, zone.day_of(as_of));
    const auto start = [&](std::int64_t day) {
        return shop_zone.start_of(Day{static_cast<std::int32_t>(day)}).seconds();
    };
    return {days.low == kEarliest ? kEarliest : start(days.low),
            days.high == kLatest ? kLatest : start(days.high + 1) - 1};
}

std::vector<WindowRange> window_ranges(const Window& window, Instant as_of, const TimeZone& zone,
                                       std::span<const TimeZone> shop_zones) {
    std::vector<WindowRange> ranges;
    for (const TimeZone& shop_zone : shop_zones) ranges.push_back(window_range(window, as_of, zone, shop_zone));
    return ranges;
}

std::vector<std::uint8_t> birthdays_in(const WindowRange& days) {
    std::vector<std::uint8_t> passes(static_cast<std::size_t>(kPackedYear), 0);
    if (days.low == kEarliest || days.high == kLatest || days.high - days.low >= 365) {
        std::ranges::fill(passes, 1);
        return passes;
    }
    for (std::int64_t day = days.low; day <= days.high; ++day) {
        const CivilDate date = to_civil(Day{static_cast<std::int32_t>(day)});
        const auto packed = static_cast<std::size_t>(pack_date(date) % kPackedYear);
        passes[packed] = 1;
        if (date.month == 2 && date.day == 28 && days_in_month(date.year, 2) == 28) passes[packed + 1] = 1;
    }
    return passes;
}

}  // namespace shuke::audience
