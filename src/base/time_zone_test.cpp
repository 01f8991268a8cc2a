// Aim: days and instants are those of the shop's zone, also where its clock jumps.
#include "base/time_zone.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shuke {
namespace {

Instant at(const char* text, const TimeZone& zone) { return to_instant(*parse_time(text), zone); }

TEST(TimeZone, LocalTimesBecomeInstants) {
    const TimeZone shanghai = *TimeZone::find("Asia/Shanghai");
    EXPECT_EQ(format_iso(at("2024-03-01 10:00:00", shanghai)), "2024-03-01T02:00:00Z");
    EXPECT_EQ(format_iso(at("2024-03-01T10:00:00+01:00", shanghai)), "2024-03-01T09:00:00Z");
    EXPECT_EQ(format_iso(at("2024/3/1 9:05", shanghai)), "2024-03-01T01:05:00Z");
    EXPECT_EQ(format_date(shanghai.day_of(at("2024-02-29T23:30:00Z", shanghai))), "2024-03-01");
}

TEST(TimeZone, ASkippedTimeMovesForwardAndARepeatedOneIsTheFirst) {
    const TimeZone london = *TimeZone::find("Europe/London");
    EXPECT_EQ(format_iso(at("2011-03-27 00:59:59", london)), "2011-03-27T00:59:59Z");
    EXPECT_EQ(format_iso(at("2011-03-27 01:30:00", london)), "2011-03-27T01:30:00Z");  // shown as 02:30 BST
    EXPECT_EQ(format_iso(at("2011-03-27 02:00:00", london)), "2011-03-27T01:00:00Z");
    EXPECT_EQ(format_iso(at("2011-10-30 01:30:00", london)), "2011-10-30T00:30:00Z");
    EXPECT_EQ(format_iso(at("2011-10-30 02:00:00", london)), "2011-10-30T02:00:00Z");
}

TEST(TimeZone, UnreadableTimesAreRefused) {
    for (const char* text : {"", "2024", "2024-13-01", "2023-02-29", "2024-03-01 25:00", "yesterday", "01/02/2024",
                             "2024-03-01 10", "1e5"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
    EXPECT_EQ(parse_time("1066-10-14").error().key, "time.out_of_range");
    EXPECT_EQ(TimeZone::find("Mars/Olympus").error().key, "time_zone.unknown");
}

TEST(TimeZone, MonthsAreClampedToTheirEnd) {
    const auto day = [](int y, int m, int d) {
        return to_day({y, static_cast<std::uint8_t>(m), static_cast<std::uint8_t>(d)});
    };
    EXPECT_EQ(add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
    EXPECT_EQ(add_months(day(2024, 3, 31), -1), day(2024, 2, 29));
    EXPECT_EQ(add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
    EXPECT_EQ(weekday(day(2024, 3, 4)), 1);  // a Monday
}

RC_GTEST_PROP(TimeZoneProperty, EveryInstantReadsBackFromItsLocalTime, ()) {
    const TimeZone zone = *TimeZone::find(
        *rc::gen::element<std::string>("Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"));
    const Instant instant = Instant::from_seconds(*rc::gen::inRange<std::int64_t>(-2'000'000'000, 6'000'000'000));
    const Instant back = at(format_local(instant, zone).c_str(), zone);
    // Only the second pass through a repeated hour comes back as the first.
    RC_ASSERT(back == instant || (back < instant && zone.offset_seconds(back) > zone.offset_seconds(instant)));
}

RC_GTEST_PROP(TimeZoneProperty, DaysAndDatesAreTheSame, ()) {
    const Day day{*rc::gen::inRange(-200'000, 200'000)};
    RC_ASSERT(to_day(to_civil(day)) == day);
}

}  // namespace
}  // namespace shuke
