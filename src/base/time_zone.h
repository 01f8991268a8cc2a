// src/base/time_zone.h
//
// Civil time of a named zone, and the text forms of dates and times. A local time that a clock change skips
// is moved forward by the gap; one that it repeats is the first of the two.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/instant.h"

namespace shuke {

struct CivilDate {
    std::int32_t year = 1970;
    std::uint8_t month = 1;  // 1 … 12
    std::uint8_t day = 1;
    bool operator==(const CivilDate&) const = default;
};

Day to_day(CivilDate date);  // proleptic Gregorian
CivilDate to_civil(Day day);
int weekday(Day day);  // 1 = Monday … 7 = Sunday
int days_in_month(std::int32_t year, int month);
Day add_months(Day day, int months);  // clamped to the month's end

// A zone of the tz database. Cheap to copy; threads may share one.
class TimeZone {
public:
    // "Asia/Shanghai", "Europe/London", "UTC". Error time_zone.unknown.
    static Result<TimeZone> find(std::string_view name);
    static TimeZone utc();

    const std::string& name() const;
    std::int32_t offset_seconds(Instant at) const;              // local − UTC
    Instant to_instant(Day day, std::int64_t us_of_day) const;  // local → UTC
    Instant start_of(Day day) const { return to_instant(day, 0); }
    Day day_of(Instant at) const;
    std::int64_t local_us(Instant at) const { return at.us_since_epoch + std::int64_t{offset_seconds(at)} * 1'000'000; }
    bool operator==(const TimeZone& other) const { return data_ == other.data_; }

private:
    struct Data;
    explicit TimeZone(const Data* data) : data_(data) {}
    const Data* data_;  // interned, lives as long as the process
};

// What a file's time column says: a local day and time of day, or an exact instant when it carries an offset.
struct ParsedTime {
    Day day;
    std::int64_t us_of_day = 0;
    bool has_time = false;    // false: only a date was given
    bool has_offset = false;  // then `offset_seconds` is local − UTC
    std::int32_t offset_seconds = 0;
};

// ISO 8601 and its everyday spellings: "2024-03-01", "2024-03-01 10:00[:00[.ffffff]]", with T or blank,
// "Z" or "+08:00" or " +0800" behind, "/" or "." for "-", one-digit months and days ("2024/3/1 9:05"), "20240301".
// Years 1900 … 2199. Errors time.invalid, time.out_of_range; both say what was found.
Result<ParsedTime> parse_time(std::string_view text);
Instant to_instant(const ParsedTime& time, const TimeZone& zone);

std::string format_date(Day day);                            // "2024-03-01"
std::string format_local(Instant at, const TimeZone& zone);  // "2024-03-01 10:00:00"
std::string format_iso(Instant at);                          // "2024-03-01T02:00:00Z", with .ffffff if not whole

}  // namespace shuke
