#include "record/settings.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/crypto.h"
#include "base/text.h"
#include "record/database.h"

namespace shuke::record {
namespace {

constexpr std::int64_t kDays = 36'500;
constexpr std::size_t kMostEdges = 9;

constexpr Setting kSettings[] = {
    {"base_currency", SettingKind::kCurrency, "", 0, 0,
     "Currency in which amounts of all shops are compared (ISO 4217). Empty: the first imported shop's."},
    {"time_zone", SettingKind::kTimeZone, "", 0, 0,
     "Zone of the dates you type, of birthdays and of 'today'. Empty: the first shop's."},
    {"identity.shared_names_max", SettingKind::kInteger, "5", 1, 50,
     "A phone or email used under more different names than this is shared (office, forwarding agent) and unites "
     "nobody."},
    {"lifecycle.active_days", SettingKind::kInteger, "45", 1, kDays,
     "Active: last kept order at most this many days ago."},
    {"lifecycle.silent_days", SettingKind::kInteger, "90", 1, kDays, "Silent: at most this many days ago."},
    {"lifecycle.sleeping_days", SettingKind::kInteger, "140", 1, kDays,
     "Sleeping: at most this many days ago; lost after that."},
    {"rfm.basis", SettingKind::kChoice, "net", 0, 0,
     "Which orders RFM counts. net: kept orders, less their refunds; gross: paid orders, before refunds.", "net,gross"},
    {"rfm.window_days", SettingKind::kInteger, "0", 0, kDays,
     "RFM counts orders of this many days before today only; 0: all of them."},
    {"rfm.scoring", SettingKind::kChoice, "quantiles", 0, 0,
     "How scores are given. quantiles: customers are cut into equal parts; thresholds: at the edges below.",
     "quantiles,thresholds"},
    {"rfm.scores", SettingKind::kInteger, "5", 2, 10, "Quantiles: scores run from 1 to this, the best."},
    {"rfm.recency_edges", SettingKind::kNumbers, "30,90,180,365", 0, 0,
     "Thresholds: days since the last order; up to the first edge is the best score."},
    {"rfm.frequency_edges", SettingKind::kNumbers, "2,3,5,10", 0, 0,
     "Thresholds: orders; from the last edge on is the best score."},
    {"rfm.monetary_edges", SettingKind::kNumbers, "100,300,1000,3000", 0, 4,
     "Thresholds: money in the base currency; from the last edge on is the best score."},
    {"rfm.high_from", SettingKind::kInteger, "0", 0, 10,
     "The eight classes: from which score on R, F and M are high; 0: above the mean score of all."},
    {"export_approval_rows", SettingKind::kInteger, "1000", 0, 1'000'000'000,
     "An export of more customers than this waits until a second person approves it."},
    {"access.export_approval_hours", SettingKind::kInteger, "72", 1, 8'760,
     "A request for an export, and its approval, lapse after this time."},
    {"access.export_file_hours", SettingKind::kInteger, "168", 1, 8'760,
     "Files of finished exports are deleted this long after they were written."},
    {"access.upload_file_hours", SettingKind::kInteger, "168", 1, 8'760,
     "Uploaded files that nobody imported, and broken-off uploads, are deleted this long after their last part."},
    {"access.session_idle_minutes", SettingKind::kInteger, "720", 5, 43'200,
     "Whoever does nothing for this long has to sign in again."},
    {"access.session_days", SettingKind::kInteger, "14", 1, 365,
     "Everybody has to sign in again this long after they did."},
    {"key_check", SettingKind::kHidden, "", 0, 0, ""},
    {"record_id", SettingKind::kHidden, "", 0, 0, ""},
    {"demo", SettingKind::kHidden, "", 0, 0, ""},
};

const Setting* find(std::string_view name) {
    for (const auto& setting : kSettings) {
        if (setting.name == name) return &setting;
    }
    return nullptr;
}

// Nothing where it is no ascending list of positive numbers.
std::optional<std::vector<std::int64_t>> read_numbers(std::string_view text, int places) {
    std::vector<std::int64_t> numbers;
    for (const auto part : split(text, ',')) {
        const auto decimal = parse_decimal(trim(part));
        if (!decimal || decimal->scale > places) return std::nullopt;
        const auto number = to_minor(*decimal, places);
        if (!number || number->minor <= (numbers.empty() ? 0 : numbers.back())) return std::nullopt;
        numbers.push_back(number->minor);
    }
    return numbers;
}

bool is_choice(const Setting& setting, std::string_view value) {
    const auto choices = split(setting.choices, ',');
    return std::ranges::find(choices, value) != choices.end();
}

std::unexpected<Error> unknown(std::string_view name) {
    std::string names;
    for (const auto& setting : kSettings) {
        if (setting.kind != SettingKind::kHidden) names += (names.empty() ? "" : ", ") + std::string(setting.name);
    }
    return fail(Code::kNotFound, "setting.unknown",
                "there is no setting '" + std::string(name.substr(0, 60)) + "'; there are: " + names);
}

Status check_value(const Setting& setting, std::string_view value) {
    const auto invalid = [&](const std::string& expected) {
        return fail(Code::kInvalid, "setting.invalid",
                    "'" + std::string(value.substr(0, 60)) + "' is no value for " + std::string(setting.name) +
                        "; expected " + expected);
    };
    switch (setting.kind) {
        case SettingKind::kHidden: return {};
        case SettingKind::kCurrency:
            if (!value.empty() && !parse_currency(value)) return invalid("a currency code such as CNY");
            return {};
        case SettingKind::kTimeZone:
            if (!value.empty() && !TimeZone::find(value)) return invalid("a time zone such as Asia/Shanghai");
            return {};
        case SettingKind::kChoice:
            if (!is_choice(setting, value)) return invalid("one of " + std::string(setting.choices));
            return {};
        case SettingKind::kNumbers: {
            const auto numbers = read_numbers(value, static_cast<int>(setting.max));
            if (!numbers || numbers->size() > kMostEdges)
                return invalid("one to nine numbers that ascend, such as " + std::string(setting.initial));
            return {};
        }
        case SettingKind::kInteger: {
            std::int64_t number = 0;
            const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
            if (problem != std::errc() || end != value.data() + value.size() || number < setting.min ||
                number > setting.max) {
                return invalid("a whole number from " + std::to_string(setting.min) + " to " +
                               std::to_string(setting.max));
            }
            return {};
        }
    }
    return {};
}

std::string stored(soci::session& session, std::string_view name) {
    std::string value;
    const std::string key(name);
    session << "SELECT value FROM settings WHERE name = :name", soci::use(key), soci::into(value);
    return session.got_data() ? value : std::string(find(name)->initial);
}

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

Result<std::string> get_setting(soci::session& session, std::string_view name) {
    if (find(name) == nullptr) return unknown(name);
    return stored(session, name);
}

Status set_setting(soci::session& session, std::string_view name, std::string_view value, Instant now) {
    const Setting* setting = find(name);
    if (setting == nullptr) return unknown(name);
    if (auto valid = check_value(*setting, value); !valid) return valid;
    const std::string key(name);
    const std::string text(value);
    const long long at = now.us_since_epoch;
    session << "DELETE FROM settings WHERE name = :name", soci::use(key);
    session << "INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :at)", soci::use(key),
        soci::use(text), soci::use(at);
    return {};
}

Status check_settings(soci::session& session) {
    const auto contradiction = [](const std::string& what) {
        return fail(Code::kInvalid, "setting.contradiction", what);
    };
    std::int64_t before = 0;
    for (const char* name : {"lifecycle.active_days", "lifecycle.silent_days", "lifecycle.sleeping_days"}) {
        const std::int64_t days = integer_setting(session, name);
        if (days <= before)
            return contradiction("the days of the life cycle must ascend from active over silent to sleeping; found " +
                                 std::to_string(days) + " for " + name + " after " + std::to_string(before));
        before = days;
    }
    const std::size_t edges = numbers_setting(session, "rfm.recency_edges", 0).size();
    if (numbers_setting(session, "rfm.frequency_edges", 0).size() != edges ||
        numbers_setting(session, "rfm.monetary_edges", 4).size() != edges)
        return contradiction("the edges of R, F and M must be equally many, so that each has the same scores");
    const bool quantiles = stored(session, "rfm.scoring") == "quantiles";
    const std::int64_t scores =
        quantiles ? integer_setting(session, "rfm.scores") : static_cast<std::int64_t>(edges) + 1;
    const std::int64_t high = integer_setting(session, "rfm.high_from");
    if (high == 1 || high > scores)
        return contradiction("rfm.high_from must be 0, or from 2 to the best score, " + std::to_string(scores));
    return {};
}

std::vector<std::int64_t> numbers_setting(soci::session& session, std::string_view name, int places) {
    const auto numbers = read_numbers(stored(session, name), places);
    SHUKE_CHECK(numbers.has_value(), "not a setting of numbers");
    return *numbers;
}

std::int64_t integer_setting(soci::session& session, std::string_view name) {
    SHUKE_CHECK(find(name) != nullptr && find(name)->kind == SettingKind::kInteger, "not an integer setting");
    return std::stoll(stored(session, name));
}

Currency base_currency(soci::session& session) {
    if (const auto chosen = stored(session, "base_currency"); !chosen.empty())
        return parse_currency(chosen).value_or(Currency::kCNY);
    int number = 0;
    session << "SELECT currency FROM shops ORDER BY id LIMIT 1", soci::into(number);
    return session.got_data() ? static_cast<Currency>(number) : Currency::kCNY;
}

TimeZone configured_zone(soci::session& session) {
    std::string name = stored(session, "time_zone");
    if (name.empty()) {
        session << "SELECT time_zone FROM shops ORDER BY id LIMIT 1", soci::into(name);
        if (!session.got_data()) name = "Asia/Shanghai";
    }
    return TimeZone::find(name).value_or(TimeZone::utc());
}

std::string record_id(soci::session& session) { return stored(session, "record_id"); }

Status check_key(Database& database) {
    std::string known;
    std::string id;
    auto looked = guarded([&] {
        const auto session = database.connect();
        known = stored(*session, "key_check");
        id = stored(*session, "record_id");
    });
    if (!looked) return looked;
    const std::string ours = database.keys().check_value();
    if (known == ours && !id.empty()) return {};
    if (!known.empty() && known != ours) {
        return fail(Code::kForbidden, "key.wrong",
                    "the key does not belong to this record; put back the shuke.key (or SHUKE_KEY) it was made with");
    }
    return database.write("key_check", [&](soci::session& session) {
        or_throw(set_setting(session, "key_check", ours, database.clock().now()));
        or_throw(set_setting(session, "record_id", random_name(), database.clock().now()));
    });
}

}  // namespace shuke::record
