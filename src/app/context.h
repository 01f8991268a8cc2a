// src/app/context.h: what every subcommand shares: the data folder, the clock, how answers and errors are printed.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/time_zone.h"
#include "record/database.h"

namespace shuke::app {

// The stable contract of scripts.
enum ExitCode : int { kDone = 0, kFailed = 1, kWrongUsage = 2, kDoneWithRejectedRows = 3 };

struct Context {
    std::filesystem::path data = "shuke-data";
    SystemClock clock;
    int exit_code = kDone;

    Result<std::unique_ptr<record::Database>> open(bool create = false) const;
};

// Prints "shuke: <detail> [key]" to stderr; returns kFailed.
int report(const Error& error);
// One JSON document and a line end on stdout.
void print_json(const nlohmann::ordered_json& document);

// `--as-of`: an instant, or a date = 00:00 of that day in the zone; "" = now. Error time.invalid.
Result<Instant> parse_as_of(const std::string& text, const TimeZone& zone, const Clock& clock);

// "1,234,567"
std::string grouped(std::int64_t number);
// A value as a CSV field: quoted where needed, and guarded where a spreadsheet would take it for a formula.
std::string csv_field(std::string_view value);
// How many columns a terminal needs for the text: Chinese characters take two.
std::size_t display_width(std::string_view text);
std::string padded(std::string_view text, std::size_t width);

// "cli:root": who is at the terminal, for the audit log.
std::string actor_name();

}  // namespace shuke::app
