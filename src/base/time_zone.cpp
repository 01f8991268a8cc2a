#include "base/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <mutex>

namespace shuke {
namespace {

constexpr std::int64_t kUsPerSecond = 1'000'000;
constexpr std::int64_t kUsPerDay = 86'400 * kUsPerSecond;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

}  // namespace

// The zone's offsets from 1890 to 2200, read once: conversion is then a binary search, without locks.
struct TimeZone::Data {
    std::string name;
    std::vector<std::int64_t> begins;  // seconds since epoch at which offsets[i] begins
    std::vector<std::int32_t> offsets;

    std::size_t index_at(std::int64_t seconds) const {
        const auto after = std::upper_bound(begins.begin(), begins.end(), seconds);
        return after == begins.begin() ? 0 : static_cast<std::size_t>(after - begins.begin()) - 1;
    }
};

Result<TimeZone> TimeZone::find(std::string_view name) {
    static std::mutex mutex;
    static std::map<std::string, Data, std::less<>> zones;
    const std::lock_guard lock(mutex);
    if (const auto known = zones.find(name); known != zones.end()) return TimeZone(&known->second);
    Data data;
    data.name = std::string(name);
    try {
        const auto* zone = date::locate_zone(data.name);
        auto at = date::sys_seconds(date::sys_days(date::year{1890} / 1 / 1));
        const auto end = date::sys_seconds(date::sys_days(date::year{2200} / 1 / 1));
        while (at < end) {
            const auto about = zone->get_info(at);
            data.begins.push_back(at.time_since_epoch().count());
            data.offsets.push_back(static_cast<std::int32_t>(about.offset.count()));
            if (about.end <= at) break;
            at = about.end;
        }
    } catch (const std::exception&) {
        return fail(Code::kInvalid, "time_zone.unknown",
                    "'" + data.name.substr(0, 60) +
                        "' is not a time zone; expected a name such as Asia/Shanghai, Europe/London or UTC");
    }
    const auto [entry, inserted] = zones.emplace(data.name, std::move(data));
    return TimeZone(&entry->second);
}

TimeZone TimeZone::utc() { return *find("UTC"); }

const std::string& TimeZone::name() const { return data_->name; }

std::int32_t TimeZone::offset_seconds(Instant at) const { return data_->offsets[data_->index_at(at.seconds())]; }

Instant TimeZone::to_instant(Day day, std::int64_t us_of_day) const {
    const std::int64_t local_us = std::int64_t{day.days_since_epoch} * kUsPerDay + us_of_day;
    const std::int64_t local_seconds = floor_div(local_us, kUsPerSecond);
    // The first offset under which the local time lies before that offset ends: the first of two, or past a gap.
    std::size_t i = data_->index_at(local_seconds - data_->offsets[data_->index_at(local_seconds)]);
    if (i > 0) --i;
    for (; i + 1 < data_->begins.size(); ++i) {
        if (local_seconds - data_->offsets[i] < data_->begins[i + 1]) break;
    }
    std::int64_t offset = data_->offsets[i];
    if (i > 0 && local_seconds - offset < data_->begins[i]) offset = data_->offsets[i - 1];  // inside a gap
    return Instant{local_us - offset * kUsPerSecond};
}

Day TimeZone::day_of(Instant at) const { return Day{static_cast<std::int32_t>(floor_div(local_us(at), kUsPerDay))}; }

Day to_day(CivilDate date) {
    // Days from civil: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    const int y = date.year - (date.month <= 2 ? 1 : 0);
    const int era = (y >= 0 ? y : y - 399) / 400;
    const unsigned yoe = static_cast<unsigned>(y - era * 400);
    const unsigned shifted = date.month > 2 ? date.month - 3u : date.month + 9u;
    const unsigned doy = (153 * shifted + 2) / 5 + date.day - 1u;
    const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return Day{era * 146097 + static_cast<int>(doe) - 719468};
}

CivilDate to_civil(Day day) {
    const int z = day.days_since_epoch + 719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const unsigned doe = static_cast<unsigned>(z - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int y = static_cast<int>(yoe) + era * 400;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const unsigned mp = (5 * doy + 2) / 153;
    const unsigned d = doy - (153 * mp + 2) / 5 + 1;
    const unsigned m = mp < 10 ? mp + 3 : mp - 9;
    return CivilDate{y + (m <= 2 ? 1 : 0), static_cast<std::uint8_t>(m), static_cast<std::uint8_t>(d)};
}

int weekday(Day day) {
    const int since_monday =
        static_cast<int>(((std::int64_t{day.days_since_epoch} + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
    return since_monday + 1;
}

int days_in_month(std::int32_t year, int month) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : kDays[month - 1];
}

Day add_months(Day day, int months) {
    CivilDate date = to_civil(day);
    const std::int64_t total = std::int64_t{date.year} * 12 + (date.month - 1) + months;
    date.year = static_cast<std::int32_t>(floor_div(total, 12));
    date.month = static_cast<std::uint8_t>(total - std::int64_t{date.year} * 12 + 1);
    date.day = static_cast<std::uint8_t>(std::min<int>(date.day, days_in_month(date.year, date.month)));
    return to_day(date);
}

namespace {

// Reads a time text from left to right.
struct Cursor {
    std::string_view rest;

    bool take(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    // At least `least` and at most `most` digits; -1 when there are fewer.
    int number(int least, int most) {
        int value = 0;
        int count = 0;
        while (count < most && !rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            value = value * 10 + (rest.front() - '0');
            rest.remove_prefix(1);
            ++count;
        }
        return count >= least ? value : -1;
    }
};

std::size_t leading_digits(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    return count;
}

// "+08:00", "+0800", "+08", "Z"; false when what is there is none of these.
bool take_offset(Cursor& in, ParsedTime& out) {
    if (in.rest.empty()) return true;
    if (in.take('Z') || in.take('z')) {
        out.has_offset = true;
        return true;
    }
    const bool minus = in.rest.front() == '-';
    if (!in.take('+') && !in.take('-')) return false;
    const int hours = in.number(2, 2);
    in.take(':');
    const int minutes = in.rest.empty() ? 0 : in.number(2, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return false;
    out.has_offset = true;
    out.offset_seconds = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
    return true;
}

bool take_time_of_day(Cursor& in, ParsedTime& out) {
    const int hour = in.number(1, 2);
    if (hour < 0 || !in.take(':')) return false;
    const int minute = in.number(1, 2);
    int second = 0;
    std::int64_t micros = 0;
    if (in.take(':')) {
        second = in.number(1, 2);
        if (in.take('.') || in.take(',')) {
            const std::size_t digits = leading_digits(in.rest);
            if (digits == 0 || digits > 9) return false;
            for (std::size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < digits ? in.rest[i] - '0' : 0);
            in.rest.remove_prefix(digits);
        }
    }
    if (minute < 0 || second < 0 || hour > 24 || minute > 59 || second > 60) return false;
    if (hour == 24 && (minute != 0 || second != 0)) return false;
    out.has_time = true;
    out.us_of_day = (std::int64_t{hour} * 3600 + minute * 60 + std::min(second, 59)) * kUsPerSecond + micros;
    return true;
}

}  // namespace

Result<ParsedTime> parse_time(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    const auto invalid = [&] {
        return fail(Code::kInvalid, "time.invalid",
                    "'" + std::string(text.substr(0, 40)) +
                        "' is not a date or time; expected a form such as 2024-03-01 or 2024-03-01 10:00:00");
    };
    Cursor in{text};
    int year = -1;
    int month = -1;
    int day = -1;
    if (leading_digits(text) == 8) {
        year = in.number(4, 4);
        month = in.number(2, 2);
        day = in.number(2, 2);
    } else {
        year = in.number(4, 4);
        const char separator = in.rest.empty() ? '\0' : in.rest.front();
        if (separator != '-' && separator != '/' && separator != '.') return invalid();
        in.take(separator);
        month = in.number(1, 2);
        if (!in.take(separator)) return invalid();
        day = in.number(1, 2);
    }
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return invalid();
    if (year < 1900 || year > 2199) {
        return fail(Code::kInvalid, "time.out_of_range",
                    "'" + std::string(text.substr(0, 40)) + "' is out of range; expected a year from 1900 to 2199");
    }
    ParsedTime out;
    out.day = to_day(CivilDate{year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)});
    if (in.rest.empty()) return out;
    if (!in.take('T') && !in.take('t') && !in.take(' ')) return invalid();
    while (in.take(' ')) {
    }
    if (!take_time_of_day(in, out)) return invalid();
    while (in.take(' ')) {
    }
    if (!take_offset(in, out) || !in.rest.empty()) return invalid();
    return out;
}

Instant to_instant(const ParsedTime& time, const TimeZone& zone) {
    if (!time.has_offset) return zone.to_instant(time.day, time.us_of_day);
    return Instant{std::int64_t{time.day.days_since_epoch} * kUsPerDay + time.us_of_day -
                   std::int64_t{time.offset_seconds} * kUsPerSecond};
}

std::string format_date(Day day) {
    const CivilDate date = to_civil(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
    return text;
}

namespace {

std::string format_clock(std::int64_t local_us, char separator) {
    const Day day{static_cast<std::int32_t>(floor_div(local_us, kUsPerDay))};
    const std::int64_t seconds = (local_us - std::int64_t{day.days_since_epoch} * kUsPerDay) / kUsPerSecond;
    char text[32];
    std::snprintf(text, sizeof text, "%c%02d:%02d:%02d", separator, static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    return format_date(day) + text;
}

}  // namespace

std::string format_local(Instant at, const TimeZone& zone) { return format_clock(zone.local_us(at), ' '); }

std::string format_iso(Instant at) {
    std::string text = format_clock(at.us_since_epoch, 'T');
    const std::int64_t micros = at.us_since_epoch - at.seconds() * kUsPerSecond;
    if (micros != 0) {
        char fraction[16];
        std::snprintf(fraction, sizeof fraction, ".%06d", static_cast<int>(micros));
        text += fraction;
    }
    return text + "Z";
}

}  // namespace shuke
