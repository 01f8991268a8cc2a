// src/schedule/jobs.h
//
// Long work that somebody watches: kept in the record, run by a bounded number of threads.
//
//   JobRunner runner(database, 2);
//   runner.start();                                    // jobs that were running when the process died are failed
//   auto job = runner.submit({"import", "tmall.csv"}, "user:ann", [&](JobProgress& progress) -> Result<std::string> {
//       for (…) { progress.report(done, total, "rows"); if (progress.cancelled()) break; }
//       return R"({"orders": 812})";                    // JSON; or an Error, whose key and detail are shown
//   });
//
// Progress is in memory, and in the record when the job ends. Followers (server-sent events) wait for news
// in memory, so that a hundred of them cost the record nothing.
//
// Errors   job.unknown, job.ended (cannot be cancelled), job.not_waiting, and the record's
// Threads  all functions, from any thread. Work runs in the runner's threads, outside any transaction.
#pragma once

#include <soci/soci.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "base/instant.h"
#include "record/database.h"

namespace shuke::schedule {

using JobId = Id<struct JobTag>;

enum class JobState : std::uint8_t { kQueued = 1, kRunning, kAwaitingApproval, kDone, kFailed, kCancelled };
std::string_view to_string(JobState state);  // "queued", "awaiting_approval" …
inline bool has_ended(JobState state) { return state >= JobState::kDone; }

struct Job {
    JobId id;
    std::string kind, title;  // "customers.export", "482 customers as CSV"; no personal data
    JobState state = JobState::kQueued;
    std::int64_t done = 0, total = 0;  // total 0: not known
    std::string unit, message;         // "rows"; of a failed job: "detail [key]"
    std::string result;                // JSON; "": none
    std::string created_by;
    Instant created_at = kNever, started_at = kNever, ended_at = kNever;
};

struct NewJob {
    std::string kind, title, unit = {};
};

// What the work is handed: to tell how far it is, and to learn that it should stop.
class JobProgress {
public:
    virtual void report(std::int64_t done, std::int64_t total, std::string_view message) = 0;
    virtual bool cancelled() const = 0;
    virtual JobId id() const = 0;

protected:
    ~JobProgress() = default;
};

using JobWork = std::function<Result<std::string>(JobProgress&)>;

struct JobFilter {
    std::string kind;         // "" = any
    bool unfinished = false;  // only those that have not ended
    std::int64_t before = 0;  // ids below this one, for paging
    int limit = 50;
};
// Newest first; as the record has them.
std::vector<Job> list_jobs(soci::session& session, const JobFilter& filter);

class JobRunner {
public:
    JobRunner(record::Database& database, int threads);
    ~JobRunner();  // stop()

    Status start();
    // No new work begins; running work is told to cancel and waited for. What was queued is cancelled with a message.
    void stop();

    Result<Job> submit(const NewJob& job, const std::string& actor, JobWork work);
    // A job that waits for a second person, also across restarts: release() hands it its work, cancel() ends it.
    Result<Job> submit_waiting(const NewJob& job, const std::string& actor);
    Result<Job> release(JobId id, JobWork work);

    // Queued and waiting jobs end at once; running ones when their work notices.
    Status cancel(JobId id);
    // The newest state: of unfinished jobs from memory, else from the record.
    Result<Job> find(JobId id);
    Result<std::vector<Job>> list(const JobFilter& filter);

    // Waits until the job has news since `seen` (0 at first), it has ended, or the time is up; 0 ms only looks.
    // `version` is what to hand in next time.
    struct News {
        Job job;
        std::uint64_t version = 0;
    };
    Result<News> wait_for_news(JobId id, std::uint64_t seen, std::chrono::milliseconds at_most);

    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

private:
    struct Live;  // a job that has not ended
    class Progress;

    Result<Job> insert(const NewJob& job, const std::string& actor, JobState state);
    void enqueue(const std::shared_ptr<Live>& live, JobWork work);
    void run_jobs();
    void run(const std::shared_ptr<Live>& live);
    void end(const std::shared_ptr<Live>& live, JobState state, std::string message, std::string result);
    void report(Live& live, std::int64_t done, std::int64_t total, std::string_view message);
    Status store(const Job& job);
    std::shared_ptr<Live> live(JobId id);

    record::Database& database_;
    const int thread_count_;
    std::mutex mutex_;
    std::condition_variable work_arrived_, news_;
    std::map<std::int64_t, std::shared_ptr<Live>> live_;
    std::deque<std::shared_ptr<Live>> queue_;
    std::uint64_t version_ = 0;          // of the newest news of any job
    std::uint64_t waiting_changes_ = 0;  // how many jobs that waited for approval were cancelled
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace shuke::schedule
