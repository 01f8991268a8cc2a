// src/app/demo_command.cpp: shuke demo: the bundled real data set in a fresh data folder.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "app/commands.h"
#include "ingest/import.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

constexpr const char* kBundled = SHUKE_SOURCE_DIR "/examples/online-retail/online_retail.csv.zst";

// The last day of UCI Online Retail.
constexpr CivilDate kLastDay{2011, 12, 9};

// "": nothing yet, "loading DAYS": broken off, "loaded": done. Error demo.not_fresh.
Result<std::string> demo_state(const Context& context) {
    if (!std::filesystem::exists(context.data / "shuke.db")) return std::string();
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    std::string how;
    int shops = 0;
    auto read = (*database)->read([&](soci::session& session) {
        how = or_throw(record::get_setting(session, "demo"));
        session << "SELECT count(*) FROM shops", soci::into(shops);
    });
    if (!read) return std::unexpected(read.error());
    if (how.empty() && shops > 0) {
        return fail(Code::kConflict, "demo.not_fresh",
                    context.data.string() +
                        " holds a record of your own; the demo wants a folder for itself: shuke demo --data DIR");
    }
    return how;
}

}  // namespace

Status load_demo(Context& context, const DemoArguments& arguments) {
    const auto state = demo_state(context);
    if (!state) return std::unexpected(state.error());
    if (*state == "loaded") {
        std::printf("the demo is in %s already\n", context.data.c_str());
        return {};
    }
    const TimeZone zone = TimeZone::find("Europe/London").value_or(TimeZone::utc());
    const Day yesterday{zone.day_of(context.clock.now()).days_since_epoch - 1};
    ingest::ImportOptions options;
    options.source.format = "online-retail";
    options.actor = actor_name();
    options.move_days = arguments.original_dates ? 0 : yesterday.days_since_epoch - to_day(kLastDay).days_since_epoch;
    // A demo that broke off goes on with the dates it began with.
    if (state->starts_with("loading ")) options.move_days = std::stoll(state->substr(8));
    std::printf(
        "UCI Online Retail (CC BY 4.0; Chen, Sain, Guo 2012): the real orders of a British gift shop, 2010-12-01 to "
        "2011-12-09\n");
    if (options.move_days == 0)
        std::printf("dates are left as they are; ask with --as-of 2011-12-10\n");
    else
        std::printf(
            "dates are moved by %lld days, so that the data end yesterday, %s; --original-dates keeps them\n",
            static_cast<long long>(options.move_days),
            format_date(Day{to_day(kLastDay).days_since_epoch + static_cast<std::int32_t>(options.move_days)}).c_str());
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    const auto mark = [&](const std::string& how) {
        return (*database)->write("demo", [&](soci::session& session) {
            or_throw(record::set_setting(session, "demo", how, context.clock.now()));
        });
    };
    if (auto marked = mark("loading " + std::to_string(options.move_days)); !marked) return marked;
    auto imported = ingest::import_file(**database, arguments.from.empty() ? kBundled : arguments.from, options);
    if (!imported) return std::unexpected(imported.error());
    if (imported->failure) return std::unexpected(*imported->failure);
    const auto& counts = imported->counts;
    std::printf(
        "%s rows in %.1f s: %s imported, %s adjustments kept apart, %s rejected → %s customers, %s orders, %s lines, "
        "%s refunds\n",
        grouped(counts.rows).c_str(), imported->seconds, grouped(counts.imported).c_str(),
        grouped(counts.adjustments).c_str(), grouped(counts.rejected).c_str(), grouped(imported->customers).c_str(),
        grouped(imported->orders).c_str(), grouped(imported->lines).c_str(), grouped(imported->refunds).c_str());
    return mark("loaded");
}

}  // namespace shuke::app
