#include "api/upkeep.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "api/refresher.h"
#include "base/time_zone.h"
#include "ingest/dry_run.h"
#include "insight/rfm_scores.h"
#include "record/settings.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

constexpr auto kLook = std::chrono::seconds(5);
constexpr int kLooksATidying = 120;                       // ten minutes
constexpr std::int64_t kNightBegins = 3, kNightEnds = 5;  // hours of the configured zone

void remove_older(const fs::path& folder, std::chrono::hours age) {
    std::error_code ignored;
    const auto since = fs::file_time_type::clock::now() - age;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.last_write_time(ignored) < since) fs::remove(entry.path(), ignored);
    }
}

}  // namespace

Upkeep::Upkeep(const Parts& parts) : at_(parts), thread_([this] { run(); }) {}

Upkeep::~Upkeep() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Upkeep::score_soon() {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    wake_.notify_all();
}

void Upkeep::forget_files() {
    for (const char* name : {"exports", "uploads"}) remove_older(at_.folder / name, std::chrono::hours(0));
}

// Between three and five, so that a night the server slept through is not made up for in the morning's work.
bool Upkeep::is_night(Instant now) const {
    const auto& zone = at_.live.current()->version->config().zone;
    const std::int64_t hour = (now.us_since_epoch - zone.start_of(zone.day_of(now)).us_since_epoch) / 3'600'000'000;
    return hour >= kNightBegins && hour < kNightEnds;
}

void Upkeep::run() {
    Day scored_on = kNoDay;
    for (int look = 0;; ++look) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, kLook, [this] { return stopped_ || (wanted_ && !scoring_); });
            if (stopped_) return;
            const Instant now = at_.database.clock().now();
            const Day today = at_.live.current()->version->config().zone.day_of(now);
            if (today != scored_on && is_night(now)) {
                scored_on = today;
                wanted_ = true;
            }
        }
        if (look % kLooksATidying == 0) tidy();
        submit_scoring();
    }
}

void Upkeep::tidy() {
    std::int64_t export_hours = 0, upload_hours = 0;
    auto read = at_.database.read([&](soci::session& session) {
        export_hours = record::integer_setting(session, "access.export_file_hours");
        upload_hours = record::integer_setting(session, "access.upload_file_hours");
    });
    if (!read) return;
    remove_older(at_.folder / "exports", std::chrono::hours(export_hours));
    remove_older(at_.folder / "uploads", std::chrono::hours(upload_hours));
    ingest::forget_dry_runs(at_.folder);
}

void Upkeep::submit_scoring() {
    {
        const std::lock_guard lock(mutex_);
        if (!wanted_ || scoring_) return;
        wanted_ = false;
        scoring_ = true;
    }
    const auto job = at_.jobs.submit({"rfm.scores", "RFM", "customers"}, "upkeep",
                                     [this](schedule::JobProgress& progress) { return score(progress); });
    if (job) return;
    spdlog::warn(R"({{"event":"scoring_failed","key":"{}"}})", job.error().key);
    const std::lock_guard lock(mutex_);
    scoring_ = false;
}

Result<std::string> Upkeep::score(schedule::JobProgress& progress) {
    const auto done = [&]() -> Result<std::string> {
        if (auto fresh = at_.refresher.catch_up(); !fresh) return std::unexpected(fresh.error());
        const auto audience = at_.live.current();
        const auto kept = insight::keep_rfm_scores(at_.database, *audience->version, at_.database.clock().now(),
                                                   &at_.pool, [&](std::int64_t written, std::int64_t total) {
                                                       progress.report(written, total, "");
                                                       return !progress.cancelled();
                                                   });
        if (!kept) return std::unexpected(kept.error());
        return nlohmann::json{{"customers", kept->customers}, {"changed", kept->changed}}.dump();
    }();
    {
        const std::lock_guard lock(mutex_);
        scoring_ = false;
    }
    wake_.notify_all();
    return done;
}

}  // namespace shuke::api
