// src/api/upkeep.h
//
// What the server does by itself: scores everybody (RFM) once a night, and soon after the definition changed or a file was
// imported; and takes away files that were made for somebody and have had their time: exports and uploads.
//
// Threads  any
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "audience/worker_pool.h"
#include "live/live_audience.h"
#include "schedule/jobs.h"

namespace shuke::api {

class Refresher;

class Upkeep {
public:
    struct Parts {
        record::Database& database;
        live::LiveAudience& live;
        audience::WorkerPool& pool;
        schedule::JobRunner& jobs;
        Refresher& refresher;
        std::filesystem::path folder;
    };
    explicit Upkeep(const Parts& parts);
    ~Upkeep();

    // As a job; one at a time. Asked for while one runs: once more after it.
    void score_soon();
    // Files of customers' data that lie beside the record: somebody was erased who may be in them.
    void forget_files();

    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

private:
    void run();
    void tidy();
    void submit_scoring();
    Result<std::string> score(schedule::JobProgress& progress);
    bool is_night(Instant now) const;

    const Parts at_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    bool wanted_ = false, scoring_ = false;
    std::thread thread_;
};

}  // namespace shuke::api
