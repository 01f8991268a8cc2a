// src/api/refresher.h
//
// Keeps the audience up to date beside the server: brings in what changed (also what other processes wrote) four times a
// second, and saves a snapshot when it pays, now and then and at the end.
//
// Threads  any
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "live/live_audience.h"

namespace shuke::api {

class Refresher {
public:
    Refresher(record::Database& database, live::LiveAudience& live);
    ~Refresher();  // saves

    // Waits until the audience holds what was committed before the call. Error of the record.
    Status catch_up();
    // An older snapshot must not come back: somebody was erased.
    void forget_snapshots();

    std::uint64_t refreshes() const { return refreshes_; }
    double last_seconds() const { return last_seconds_; }
    std::uint64_t failures() const { return failures_; }

    Refresher(const Refresher&) = delete;
    Refresher& operator=(const Refresher&) = delete;

private:
    void run();
    Status refresh();

    record::Database& database_;
    live::LiveAudience& live_;
    std::mutex refreshing_;  // refresh() and save() one at a time
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopped_ = false;
    std::atomic<std::uint64_t> refreshes_ = 0, failures_ = 0;
    std::atomic<double> last_seconds_ = 0;
    std::thread thread_;
};

}  // namespace shuke::api
