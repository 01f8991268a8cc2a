// Aim: a window is the range of seconds it says, also over clock changes and at the ends of months.
// Method: known dates; every hour of a year against the local day of each.
#include "audience/engine/window_range.h"

#include <gtest/gtest.h>

#include "audience/expression.h"

namespace shuke::audience {
namespace {

Window window_of(std::string_view text) {
    return std::get<InWindow>(parse("created_at " + std::string(text))->root.node).window;
}
TimeZone zone(std::string_view name) { return *TimeZone::find(name); }
Instant at(std::string_view text, const TimeZone& in) { return to_instant(*parse_time(text), in); }

WindowRange range(std::string_view text, std::string_view as_of, std::string_view zone_name) {
    return window_range(window_of(text), at(as_of, zone(zone_name)), zone(zone_name), zone(zone_name));
}
std::int64_t second(std::string_view time, std::string_view zone_name) { return at(time, zone(zone_name)).seconds(); }

TEST(WindowRange, ADayIsEightySixThousandFourHundredSecondsEvenOverAClockChange) {
    const WindowRange day = range("within last 1 days", "2024-03-31 12:00", "Europe/London");
    EXPECT_EQ(day.high - day.low, 86'400);
    const WindowRange date = range("on 2024-03-31", "2024-06-01", "Europe/London");
    EXPECT_EQ(date.high - date.low + 1, 23 * 3600);
    EXPECT_EQ(range("on 2024-10-27", "2024-12-01", "Europe/London").high -
                  range("on 2024-10-27", "2024-12-01", "Europe/London").low + 1,
              25 * 3600);
}

TEST(WindowRange, MonthsKeepTheTimeOfDayAndClampTheDay) {
    EXPECT_EQ(range("within last 1 months", "2024-03-31 10:00", "Asia/Shanghai").low,
              second("2024-02-29 10:00", "Asia/Shanghai"));
    EXPECT_EQ(range("within last 1 years", "2024-02-29 10:00", "Asia/Shanghai").low,
              second("2023-02-28 10:00", "Asia/Shanghai"));
    EXPECT_EQ(range("within next 1 months", "2024-01-31 10:00", "Asia/Shanghai").high,
              second("2024-02-29 10:00", "Asia/Shanghai"));
    EXPECT_EQ(range("more than 2 months ago", "2024-03-31 10:00", "Asia/Shanghai").high,
              second("2024-01-31 10:00", "Asia/Shanghai") - 1);
}

TEST(WindowRange, FarAwayIsWithoutAnEnd) {
    EXPECT_EQ(range("within last 1000000 years", "2024-03-31", "UTC").low, kEarliest);
    EXPECT_EQ(range("within next 1000000 months", "2024-03-31", "UTC").high, kLatest);
    EXPECT_LT(range("within last 1000000 weeks", "2024-03-31", "UTC").low, second("1900-01-01", "UTC"));
}

TEST(WindowRange, CalendarUnitsBeginWhereTheyShould) {
    const auto days = [](std::string_view text, std::string_view from, std::string_view to) {
        const WindowRange got = range(text, "2024-05-15 10:00", "Asia/Shanghai");  // a Wednesday
        EXPECT_EQ(got.low, second(from, "Asia/Shanghai")) << text;
        EXPECT_EQ(got.high, second(to, "Asia/Shanghai") + 86'399) << text;
    };
    days("this day", "2024-05-15", "2024-05-15");
    days("last day", "2024-05-14", "2024-05-14");
    days("this week", "2024-05-13", "2024-05-19");
    days("last week", "2024-05-06", "2024-05-12");
    days("this month", "2024-05-01", "2024-05-31");
    days("last month", "2024-04-01", "2024-04-30");
    days("this quarter", "2024-04-01", "2024-06-30");
    days("last quarter", "2024-01-01", "2024-03-31");
    days("this year", "2024-01-01", "2024-12-31");
    days("last year", "2023-01-01", "2023-12-31");
}

TEST(WindowRange, TheAsOfDayIsTheConfiguredZonesAndTheRangeTheShops) {
    const Instant as_of = at("2024-05-15 03:00", zone("Asia/Shanghai"));  // in New York still the 14th
    const WindowRange today =
        window_range(window_of("this day"), as_of, zone("Asia/Shanghai"), zone("America/New_York"));
    EXPECT_EQ(today.low, second("2024-05-15", "America/New_York"));
}

TEST(WindowRange, EveryHourOfAYearIsInTheWindowOfItsLocalDayAndInNoOther) {
    for (const char* name : {"Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
                             "Pacific/Apia", "Asia/Kathmandu"}) {
        const TimeZone local = zone(name);
        for (std::int64_t hour = 0; hour < 366 * 24; ++hour) {
            const Instant instant = Instant::from_seconds(1'293'840'000 + hour * 3600);  // 2011: Apia skipped a day
            const Day day = local.day_of(instant);
            for (const int step : {-1, 0, 1}) {
                Window on;
                on.kind = Window::Kind::kOn;
                on.from = Day{day.days_since_epoch + step};
                EXPECT_EQ(window_range(on, instant, TimeZone::utc(), local).contains(instant.seconds()), step == 0)
                    << name << " " << format_iso(instant);
            }
        }
    }
}

TEST(DayRange, RollingDaysAreCalendarDaysForBirthdays) {
    const WindowRange days = day_range(window_of("within next 7 days"), at("2024-05-15 23:30", zone("Asia/Shanghai")),
                                       zone("Asia/Shanghai"));
    EXPECT_EQ(days.low, to_day({2024, 5, 15}).days_since_epoch);
    EXPECT_EQ(days.high, to_day({2024, 5, 22}).days_since_epoch);
}

}  // namespace
}  // namespace shuke::audience
