#include "api/refresher.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "record/changes.h"

namespace shuke::api {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(250);
constexpr int kRefreshesASave = 1200;  // at most every five minutes

}  // namespace

Refresher::Refresher(record::Database& database, live::LiveAudience& live)
    : database_(database), live_(live), thread_([this] { run(); }) {}

Refresher::~Refresher() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stop_.notify_all();
    thread_.join();
    const std::lock_guard lock(refreshing_);
    live_.save_if_worthwhile();
}

void Refresher::run() {
    for (int turn = 1;; ++turn) {
        {
            std::unique_lock lock(mutex_);
            if (stop_.wait_for(lock, kInterval, [this] { return stopped_; })) return;
        }
        if (auto done = refresh(); !done) {
            ++failures_;
            spdlog::warn(R"({{"event":"refresh_failed","key":"{}"}})", done.error().key);
        }
        if (turn % kRefreshesASave != 0) continue;
        const std::lock_guard lock(refreshing_);
        live_.save_if_worthwhile();
    }
}

Status Refresher::refresh() {
    const std::lock_guard lock(refreshing_);
    const auto start = std::chrono::steady_clock::now();
    const auto changed = live_.refresh();
    if (!changed) return std::unexpected(changed.error());
    if (*changed) {
        ++refreshes_;
        last_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return {};
}

Status Refresher::catch_up() { return refresh(); }

void Refresher::forget_snapshots() {
    const std::lock_guard lock(refreshing_);
    live::forget_snapshots(database_.folder());
}

}  // namespace shuke::api
