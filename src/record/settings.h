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

enum class SettingKind { kInteger, kCurrency, kTimeZone, kHidden };

struct Setting {
    std::string_view name;
    SettingKind kind;
    std::string_view initial;
    std::int64_t min, max;  // of integers
    std::string_view help;
};

std::span<const Setting> all_settings();

// The stored value, else the initial one. Error setting.unknown suggests the nearest name.
Result<std::string> get_setting(soci::session& session, std::string_view name);
// Errors setting.unknown, setting.invalid (found, expected). Audited by the caller's transaction.
Status set_setting(soci::session& session, std::string_view name, std::string_view value, Instant now);
std::int64_t integer_setting(soci::session& session, std::string_view name);

// The base currency: the setting, else the first shop's, else CNY. The zone likewise, else Asia/Shanghai.
Currency base_currency(soci::session& session);
TimeZone configured_zone(soci::session& session);

// Tells this record from every other one; drawn by chance when it was made.
std::string record_id(soci::session& session);

// Writes the key's check value on the first open, refuses another key afterwards (key.wrong).
Status check_key(Database& database);

}  // namespace shuke::record
