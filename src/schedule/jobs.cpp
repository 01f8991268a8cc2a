#include "schedule/jobs.h"

#include <algorithm>
#include <atomic>

#include "base/text.h"

namespace shuke::schedule {
namespace {

constexpr std::string_view kInterrupted = "job.interrupted";
constexpr std::size_t kMessageBytesMax = 1'000;

constexpr const char* kColumns =
    "SELECT id, kind, title, state, done, total, unit, message, result, created_by, created_at, started_at, ended_at "
    "FROM jobs ";

// Bound to the columns above.
struct JobRow {
    long long id = 0, done = 0, total = 0, created_at = 0;
    int state = 0;
    record::Nullable started, ended;
    Job job;

    template <class Exchange>
    void bind(Exchange&& into) {
        into(soci::into(id));
        into(soci::into(job.kind));
        into(soci::into(job.title));
        into(soci::into(state));
        into(soci::into(done));
        into(soci::into(total));
        into(soci::into(job.unit));
        into(soci::into(job.message));
        into(soci::into(job.result));
        into(soci::into(job.created_by));
        into(soci::into(created_at));
        into(soci::into(started.value, started.indicator));
        into(soci::into(ended.value, ended.indicator));
    }
    Job take() {
        job.id = JobId{id};
        job.state = static_cast<JobState>(state);
        job.done = done;
        job.total = total;
        job.created_at = Instant{created_at};
        job.started_at = Instant{started.or_else(kNever.us_since_epoch)};
        job.ended_at = Instant{ended.or_else(kNever.us_since_epoch)};
        return job;
    }
};

std::unexpected<Error> unknown(JobId id) {
    return fail(Code::kNotFound, "job.unknown", "there is no job " + std::to_string(id.value));
}

Result<Job> read_job(soci::session& session, JobId id) {
    const long long wanted = id.value;
    JobRow row;
    soci::statement select(session);
    select.exchange(soci::use(wanted, "id"));
    row.bind([&](auto&& into) { select.exchange(into); });
    select.alloc();
    select.prepare(std::string(kColumns) + "WHERE id = :id");
    select.define_and_bind();
    if (!select.execute(true)) return unknown(id);
    return row.take();
}

}  // namespace

std::string_view to_string(JobState state) {
    constexpr std::string_view kNames[] = {"", "queued", "running", "awaiting_approval", "done", "failed", "cancelled"};
    return kNames[static_cast<std::size_t>(state)];
}

std::vector<Job> list_jobs(soci::session& session, const JobFilter& filter) {
    std::string sql = std::string(kColumns) + "WHERE 1 = 1";
    const long long before = filter.before;
    const int limit = filter.limit;
    JobRow row;
    soci::statement select(session);
    if (!filter.kind.empty()) {
        sql += " AND kind = :kind";
        select.exchange(soci::use(filter.kind, "kind"));
    }
    if (filter.unfinished) sql += " AND state <= 3";
    if (filter.before > 0) {
        sql += " AND id < :before";
        select.exchange(soci::use(before, "before"));
    }
    sql += " ORDER BY id DESC LIMIT :limit";
    select.exchange(soci::use(limit, "limit"));
    row.bind([&](auto&& into) { select.exchange(into); });
    select.alloc();
    select.prepare(sql);
    select.define_and_bind();
    select.execute();
    std::vector<Job> jobs;
    while (select.fetch()) jobs.push_back(row.take());
    return jobs;
}

// Guarded by the runner's mutex, but for `cancelled`.
struct JobRunner::Live {
    Job job;
    JobWork work;
    std::uint64_t version = 0;
    std::atomic<bool> cancelled = false;
};

class JobRunner::Progress final : public JobProgress {
public:
    Progress(JobRunner& runner, Live& live) : runner_(runner), live_(live), id_(live.job.id) {}
    void report(std::int64_t done, std::int64_t total, std::string_view message) override {
        runner_.report(live_, done, total, message);
    }
    bool cancelled() const override { return live_.cancelled; }
    JobId id() const override { return id_; }

private:
    JobRunner& runner_;
    Live& live_;
    JobId id_;
};

JobRunner::JobRunner(record::Database& database, int threads)
    : database_(database), thread_count_(std::max(threads, 1)) {}

JobRunner::~JobRunner() { stop(); }

Status JobRunner::start() {
    auto failed = database_.write("jobs.start", [&](soci::session& session) {
        const long long now = database_.clock().now().us_since_epoch;
        const int queued = static_cast<int>(JobState::kQueued);
        const int running = static_cast<int>(JobState::kRunning);
        const int ended = static_cast<int>(JobState::kFailed);
        const std::string message =
            "Shuke was stopped before this was done; start it again [" + std::string(kInterrupted) + "]";
        session << "UPDATE jobs SET state = :failed, message = :message, ended_at = :now WHERE state IN (:queued, "
                   ":running)",
            soci::use(ended), soci::use(message), soci::use(now), soci::use(queued), soci::use(running);
    });
    if (!failed) return failed;
    const std::lock_guard lock(mutex_);
    stopping_ = false;
    while (threads_.size() < static_cast<std::size_t>(thread_count_)) threads_.emplace_back([this] { run_jobs(); });
    return {};
}

void JobRunner::stop() {
    std::vector<std::shared_ptr<Live>> waiting;
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting.assign(queue_.begin(), queue_.end());
        queue_.clear();
        for (auto& [id, one] : live_) one->cancelled = true;
        threads.swap(threads_);
    }
    work_arrived_.notify_all();
    for (const auto& one : waiting) end(one, JobState::kCancelled, "Shuke was stopped before this began", "");
    for (auto& thread : threads) thread.join();
    news_.notify_all();
}

Result<Job> JobRunner::insert(const NewJob& wanted, const std::string& actor, JobState state) {
    Job job;
    job.kind = wanted.kind;
    job.title = wanted.title;
    job.unit = wanted.unit;
    job.state = state;
    job.created_by = actor;
    job.created_at = database_.clock().now();
    auto done = database_.write("job.submit", [&](soci::session& session) {
        long long id = 0;
        session << "SELECT coalesce(max(id), 0) + 1 FROM jobs", soci::into(id);
        job.id = JobId{id};
        const int number = static_cast<int>(state);
        const long long at = job.created_at.us_since_epoch;
        session << "INSERT INTO jobs (id, kind, title, state, done, total, unit, message, result, created_by, "
                   "created_at) VALUES (:id, :kind, :title, :state, 0, 0, :unit, '', '', :by, :at)",
            soci::use(id), soci::use(job.kind), soci::use(job.title), soci::use(number), soci::use(job.unit),
            soci::use(job.created_by), soci::use(at);
    });
    if (!done) return std::unexpected(done.error());
    return job;
}

Result<Job> JobRunner::submit(const NewJob& wanted, const std::string& actor, JobWork work) {
    auto job = insert(wanted, actor, JobState::kQueued);
    if (!job) return job;
    auto one = std::make_shared<Live>();
    one->job = *job;
    enqueue(one, std::move(work));
    return job;
}

Result<Job> JobRunner::submit_waiting(const NewJob& wanted, const std::string& actor) {
    return insert(wanted, actor, JobState::kAwaitingApproval);
}

Result<Job> JobRunner::release(JobId id, JobWork work) {
    Job job;
    // The state changes in the record first: of two that release it at once only one goes on.
    auto done = database_.write("job.release", [&](soci::session& session) {
        job = or_throw(read_job(session, id));
        if (job.state != JobState::kAwaitingApproval) {
            throw Failure{{Code::kConflict, "job.not_waiting",
                           "job " + std::to_string(id.value) + " does not wait for approval; it is " +
                               std::string(to_string(job.state))}};
        }
        job.state = JobState::kQueued;
        const int state = static_cast<int>(job.state);
        const long long own = id.value;
        session << "UPDATE jobs SET state = :state WHERE id = :id", soci::use(state), soci::use(own);
    });
    if (!done) return std::unexpected(done.error());
    auto one = std::make_shared<Live>();
    one->job = job;
    enqueue(one, std::move(work));
    return job;
}

void JobRunner::enqueue(const std::shared_ptr<Live>& one, JobWork work) {
    bool stopping = false;
    {
        const std::lock_guard lock(mutex_);
        stopping = stopping_;
        one->work = std::move(work);
        one->version = ++version_;
        live_[one->job.id.value] = one;
        if (!stopping) queue_.push_back(one);
    }
    work_arrived_.notify_one();
    news_.notify_all();
    if (stopping) end(one, JobState::kCancelled, "Shuke is being stopped", "");
}

void JobRunner::run_jobs() {
    while (true) {
        std::shared_ptr<Live> next;
        {
            std::unique_lock lock(mutex_);
            work_arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            next = queue_.front();
            queue_.pop_front();
        }
        run(next);
    }
}

void JobRunner::run(const std::shared_ptr<Live>& one) {
    Job begun;
    {
        const std::lock_guard lock(mutex_);
        one->job.state = JobState::kRunning;
        one->job.started_at = database_.clock().now();
        one->version = ++version_;
        begun = one->job;
    }
    news_.notify_all();
    if (auto stored = store(begun); !stored)
        return end(one, JobState::kFailed, stored.error().detail + " [" + stored.error().key + "]", "");
    Progress progress(*this, *one);
    Result<std::string> result = fail(Code::kInternal, "job.crashed", "");
    try {
        result = one->work(progress);
    } catch (const Failure& failure) {
        result = std::unexpected(failure.error);
    } catch (const std::exception& error) {
        result = fail(Code::kInternal, "job.crashed", std::string("unexpected: ") + error.what());
    }
    if (one->cancelled) return end(one, JobState::kCancelled, "cancelled", result.value_or(""));
    if (!result) return end(one, JobState::kFailed, result.error().detail + " [" + result.error().key + "]", "");
    end(one, JobState::kDone, "", *result);
}

void JobRunner::end(const std::shared_ptr<Live>& one, JobState state, std::string message, std::string result) {
    Job ended;
    {
        const std::lock_guard lock(mutex_);
        if (has_ended(one->job.state)) return;
        one->job.state = state;
        if (!message.empty()) one->job.message = std::string(cut(message, kMessageBytesMax));
        one->job.result = std::move(result);
        one->job.ended_at = database_.clock().now();
        one->work = nullptr;
        ended = one->job;
    }
    // Told once the record has it: whoever then reads the record finds it ended. If it cannot be written, followers
    // are told all the same, and the next start fails the job.
    [[maybe_unused]] const Status stored = store(ended);
    {
        const std::lock_guard lock(mutex_);
        one->version = ++version_;
        live_.erase(ended.id.value);
    }
    news_.notify_all();
}

// Not into the record: the work that reports may be in the middle of a write transaction of its own, and would wait for
// itself.
void JobRunner::report(Live& one, std::int64_t done, std::int64_t total, std::string_view message) {
    {
        const std::lock_guard lock(mutex_);
        one.job.done = done;
        one.job.total = total;
        one.job.message = std::string(cut(message, kMessageBytesMax));
        one.version = ++version_;
    }
    news_.notify_all();
}

Status JobRunner::store(const Job& job) {
    return database_.write("job.progress", [&](soci::session& session) {
        const long long id = job.id.value;
        const int state = static_cast<int>(job.state);
        const long long done = job.done;
        const long long total = job.total;
        record::Nullable started(job.started_at.us_since_epoch, kNever.us_since_epoch);
        record::Nullable ended(job.ended_at.us_since_epoch, kNever.us_since_epoch);
        session << "UPDATE jobs SET state = :state, done = :done, total = :total, message = :message, result = "
                   ":result, started_at = :started, ended_at = :ended WHERE id = :id",
            soci::use(state), soci::use(done), soci::use(total), soci::use(job.message), soci::use(job.result),
            soci::use(started.value, started.indicator), soci::use(ended.value, ended.indicator), soci::use(id);
    });
}

std::shared_ptr<JobRunner::Live> JobRunner::live(JobId id) {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(id.value);
    return found == live_.end() ? nullptr : found->second;
}

Status JobRunner::cancel(JobId id) {
    if (const auto one = live(id)) {
        bool was_queued = false;
        {
            const std::lock_guard lock(mutex_);
            one->cancelled = true;
            const auto waiting = std::find(queue_.begin(), queue_.end(), one);
            was_queued = waiting != queue_.end();
            if (was_queued) queue_.erase(waiting);
        }
        if (was_queued) end(one, JobState::kCancelled, "cancelled", "");
        return {};
    }
    auto done = database_.write("job.cancel", [&](soci::session& session) {
        const Job job = or_throw(read_job(session, id));
        if (job.state != JobState::kAwaitingApproval) {
            throw Failure{{Code::kConflict, "job.ended",
                           "job " + std::to_string(id.value) + " is " + std::string(to_string(job.state)) +
                               " already and cannot be cancelled"}};
        }
        const long long own = id.value;
        const int state = static_cast<int>(JobState::kCancelled);
        const long long now = database_.clock().now().us_since_epoch;
        session << "UPDATE jobs SET state = :state, message = 'cancelled', ended_at = :now WHERE id = :id",
            soci::use(state), soci::use(now), soci::use(own);
    });
    {
        const std::lock_guard lock(mutex_);
        ++waiting_changes_;
    }
    news_.notify_all();
    return done;
}

Result<Job> JobRunner::find(JobId id) {
    auto news = wait_for_news(id, 0, std::chrono::milliseconds(0));
    if (!news) return std::unexpected(news.error());
    return news->job;
}

Result<std::vector<Job>> JobRunner::list(const JobFilter& filter) {
    std::vector<Job> jobs;
    auto looked = database_.read([&](soci::session& session) { jobs = list_jobs(session, filter); });
    if (!looked) return std::unexpected(looked.error());
    const std::lock_guard lock(mutex_);
    for (Job& job : jobs) {
        const auto newer = live_.find(job.id.value);
        if (newer != live_.end() && !has_ended(newer->second->job.state)) job = newer->second->job;
    }
    return jobs;
}

Result<JobRunner::News> JobRunner::wait_for_news(JobId id, std::uint64_t seen, std::chrono::milliseconds at_most) {
    if (const auto one = live(id)) {
        std::unique_lock lock(mutex_);
        news_.wait_for(lock, at_most, [&] { return one->version > seen || stopping_; });
        // Between its end and the record's knowing of it a job still looks as it was.
        if (!has_ended(one->job.state) || one->version > seen) return News{one->job, one->version};
    }
    const auto read = [&]() -> Result<News> {
        News news;
        auto looked = database_.read([&](soci::session& session) { news.job = or_throw(read_job(session, id)); });
        if (!looked) return std::unexpected(looked.error());
        const std::lock_guard lock(mutex_);
        news.version = std::max({version_, seen, std::uint64_t{1}});
        return news;
    };
    auto news = read();
    if (!news || seen == 0 || has_ended(news->job.state) || at_most.count() == 0) return news;
    {
        // It waits for approval: the news is that it was released or cancelled.
        std::unique_lock lock(mutex_);
        const auto before = waiting_changes_;
        news_.wait_for(lock, at_most,
                       [&] { return live_.contains(id.value) || waiting_changes_ != before || stopping_; });
        const auto found = live_.find(id.value);
        if (found != live_.end()) return News{found->second->job, found->second->version};
    }
    return read();
}

}  // namespace shuke::schedule
