// src/record/settings.h
//
// Settings kept in the record. One entry a setting feeds `shuke settings`, its documentation and its checks.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/money.h"
#include "base/time_zone.h"

namespace shuke::record {

class Database;

// kChoice: one of `choices`. kNumbers: decimals above zero that ascend, with commas between; at most `max` places.
enum class SettingKind { kInteger, kCurrency, kTimeZone, kChoice, kNumbers, kHidden };

struct Setting {
    std::string_view name;
    SettingKind kind;
    std::string_view initial;
    std::int64_t min, max;  // of integers
    std::string_view help;
    std::string_view choices = {};  // "net,gross"
};

std::span<const Setting> all_settings();

// The stored value, else the initial one. Error setting.unknown suggests the nearest name.
Result<std::string> get_setting(soci::session& session, std::string_view name);
// Errors setting.unknown, setting.invalid (found, expected). Audited by the caller's transaction.
Status set_setting(soci::session& session, std::string_view name, std::string_view value, Instant now);
// Do the settings go together? For after several were set. Error setting.contradiction.
Status check_settings(soci::session& session);

std::int64_t integer_setting(soci::session& session, std::string_view name);
// The numbers of a list, each times ten to the power `places`: "100,300.5" with 2 is {10000, 30050}.
std::vector<std::int64_t> numbers_setting(soci::session& session, std::string_view name, int places);

// The base currency: the setting, else the first shop's, else CNY. The zone likewise, else Asia/Shanghai.
Currency base_currency(soci::session& session);
TimeZone configured_zone(soci::session& session);

// Tells this record from every other one; drawn by chance when it was made.
std::string record_id(soci::session& session);

// Writes the key's check value on the first open, refuses another key afterwards (key.wrong).
Status check_key(Database& database);

}  // namespace shuke::record
