// Aim: a job tells how far it is and how it ended, to followers at once and to the record at a bounded rate; it can be
// cancelled, and a crash leaves none that seems to be running. Gates hold the work where a test looks at it.
#include "schedule/jobs.h"

#include <atomic>
#include <future>

#include "record/testing/record_for_test.h"

namespace shuke::schedule {
namespace {

using namespace std::chrono_literals;

class JobsTest : public record::RecordTest {
protected:
    // Follows the job to its end.
    static Job follow(JobRunner& runner, JobId id) {
        for (std::uint64_t seen = 0;;) {
            const auto news = runner.wait_for_news(id, seen, 60s);
            if (!news) throw std::runtime_error(news.error().detail);
            if (has_ended(news->job.state)) return news->job;
            seen = news->version;
        }
    }
    std::string stored(const std::string& column, JobId id) {
        std::string value;
        const auto done = database().read([&](soci::session& session) {
            session << "SELECT " << column << " FROM jobs WHERE id = " << id.value, soci::into(value);
        });
        EXPECT_TRUE(done);
        return value;
    }
};

TEST_P(JobsTest, RunsAndKeepsItsResult) {
    JobRunner runner(database(), 2);
    ASSERT_TRUE(runner.start());
    const auto job = runner.submit({"import", "orders.csv", "rows"}, "user:ann", [](JobProgress& progress) {
        progress.report(3, 10, "reading");
        return Result<std::string>(R"({"orders": 3})");
    });
    ASSERT_TRUE(job);
    EXPECT_EQ(job->state, JobState::kQueued);
    const Job ended = follow(runner, job->id);
    EXPECT_EQ(ended.state, JobState::kDone);
    EXPECT_EQ(ended.result, R"({"orders": 3})");
    EXPECT_EQ(ended.done, 3);
    EXPECT_EQ(ended.total, 10);
    const auto kept = runner.find(job->id);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->state, JobState::kDone);
    EXPECT_EQ(kept->created_by, "user:ann");
    EXPECT_EQ(kept->unit, "rows");
    EXPECT_EQ(kept->ended_at, clock_.now());
}

TEST_P(JobsTest, AnErrorOrExceptionFailsTheJobWithItsWords) {
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    const auto bad = runner.submit({"import", "a"}, "x", [](JobProgress&) -> Result<std::string> {
        return fail(Code::kInvalid, "file.empty", "the file is empty");
    });
    const auto crash = runner.submit(
        {"import", "b"}, "x", [](JobProgress&) -> Result<std::string> { throw std::runtime_error("out of luck"); });
    EXPECT_EQ(follow(runner, bad->id).message, "the file is empty [file.empty]");
    const Job crashed = follow(runner, crash->id);
    EXPECT_EQ(crashed.state, JobState::kFailed);
    EXPECT_EQ(crashed.message, "unexpected: out of luck [job.crashed]");
}

TEST_P(JobsTest, NoMoreThanItsThreadsRunAtOnceAndTheOthersWait) {
    JobRunner runner(database(), 2);
    ASSERT_TRUE(runner.start());
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    std::atomic<int> running = 0, most = 0;
    std::vector<JobId> jobs;
    for (int i = 0; i < 6; ++i) {
        jobs.push_back(runner
                           .submit({"work", "w"}, "x",
                                   [&, opened](JobProgress&) -> Result<std::string> {
                                       const int now = ++running;
                                       int seen = most;
                                       while (now > seen && !most.compare_exchange_weak(seen, now)) {
                                       }
                                       opened.wait();
                                       --running;
                                       return "";
                                   })
                           ->id);
    }
    gate.set_value();
    for (const JobId id : jobs) EXPECT_EQ(follow(runner, id).state, JobState::kDone);
    EXPECT_LE(most, 2);
}

TEST_P(JobsTest, ProgressIsSeenAtOnceAlsoFromWithinAWriteTransaction) {
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    std::promise<void> reported, finish;
    const auto job = runner.submit({"work", "w"}, "x", [&](JobProgress& progress) -> Result<std::string> {
        const auto written = database().write("test.import", [&](soci::session& session) {
            session << "UPDATE settings SET changed_at = changed_at";
            progress.report(3, 9, "half way");
            reported.set_value();
            finish.get_future().wait();
        });
        return written ? Result<std::string>("") : std::unexpected(written.error());
    });
    reported.get_future().wait();
    EXPECT_EQ(runner.find(job->id)->done, 3);
    EXPECT_EQ(runner.find(job->id)->message, "half way");
    finish.set_value();
    EXPECT_EQ(follow(runner, job->id).done, 3);
    EXPECT_EQ(number("SELECT done FROM jobs WHERE id = " + std::to_string(job->id.value)), 3);
}

TEST_P(JobsTest, ARunningJobIsToldToStopAndAQueuedOneNeverBegins) {
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    std::promise<void> begun;
    const auto running = runner.submit({"work", "a"}, "x", [&](JobProgress& progress) -> Result<std::string> {
        begun.set_value();
        while (!progress.cancelled()) std::this_thread::yield();
        return "";
    });
    bool ran = false;
    const auto queued = runner.submit({"work", "b"}, "x", [&](JobProgress&) -> Result<std::string> {
        ran = true;
        return "";
    });
    begun.get_future().wait();
    ASSERT_TRUE(runner.cancel(queued->id));
    EXPECT_EQ(runner.find(queued->id)->state, JobState::kCancelled);
    ASSERT_TRUE(runner.cancel(running->id));
    EXPECT_EQ(follow(runner, running->id).state, JobState::kCancelled);
    EXPECT_FALSE(ran);
    EXPECT_EQ(runner.cancel(running->id).error().key, "job.ended");
    EXPECT_EQ(runner.cancel(JobId{99}).error().key, "job.unknown");
}

TEST_P(JobsTest, JobsThatRanWhenTheProcessDiedAreFailedAtTheNextStartAndSaySo) {
    write([&](soci::session& session) {
        for (const int state : {1, 2, 3, 4}) {
            session << "INSERT INTO jobs (id, kind, title, state, done, total, unit, message, result, created_by, "
                       "created_at) VALUES ("
                    << state << ", 'work', 'w', " << state << ", 5, 9, '', 'half way', '', 'x', 1)";
        }
    });
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    for (const int id : {1, 2}) {
        const auto job = runner.find(JobId{id});
        EXPECT_EQ(job->state, JobState::kFailed);
        EXPECT_NE(job->message.find("was stopped"), std::string::npos);
        EXPECT_EQ(job->ended_at, clock_.now());
        EXPECT_EQ(job->done, 5);
    }
    EXPECT_EQ(runner.find(JobId{3})->state, JobState::kAwaitingApproval);
    EXPECT_EQ(runner.find(JobId{4})->state, JobState::kDone);
}

TEST_P(JobsTest, AJobThatAwaitsApprovalBeginsWhenItIsReleasedAlsoAfterARestartAndOnce) {
    JobId id;
    {
        JobRunner runner(database(), 1);
        ASSERT_TRUE(runner.start());
        id = runner.submit_waiting({"export", "e"}, "user:ann")->id;
        EXPECT_EQ(runner.find(id)->state, JobState::kAwaitingApproval);
    }
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    const auto seen = runner.wait_for_news(id, 0, 0ms)->version;
    auto follower = std::async(std::launch::async, [&] { return runner.wait_for_news(id, seen, 60s); });
    ASSERT_TRUE(runner.release(id, [](JobProgress&) { return Result<std::string>("7"); }));
    EXPECT_TRUE(follower.get());
    EXPECT_EQ(follow(runner, id).result, "7");
    const auto again = runner.release(id, [](JobProgress&) { return Result<std::string>("8"); });
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().key, "job.not_waiting");
    const auto rejected = runner.submit_waiting({"export", "f"}, "user:ann");
    ASSERT_TRUE(runner.cancel(rejected->id));
    EXPECT_EQ(runner.find(rejected->id)->state, JobState::kCancelled);
}

TEST_P(JobsTest, StoppingCancelsWhatIsQueuedAndWaitsForWhatRuns) {
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    std::promise<void> begun;
    const auto running = runner.submit({"work", "a"}, "x", [&](JobProgress& progress) -> Result<std::string> {
        begun.set_value();
        while (!progress.cancelled()) std::this_thread::yield();
        return "";
    });
    const auto queued = runner.submit({"work", "b"}, "x", [](JobProgress&) { return Result<std::string>(""); });
    begun.get_future().wait();
    runner.stop();
    EXPECT_EQ(stored("message", running->id), "cancelled");
    EXPECT_EQ(stored("message", queued->id), "Shuke was stopped before this began");
    EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE state = 6"), 2);
}

TEST_P(JobsTest, ListsTheNewestFirstByKindAndByWhetherTheyHaveEnded) {
    JobRunner runner(database(), 1);
    ASSERT_TRUE(runner.start());
    const auto a = runner.submit({"import", "a"}, "x", [](JobProgress&) { return Result<std::string>(""); });
    follow(runner, a->id);
    const auto b = runner.submit_waiting({"export", "b"}, "x");
    EXPECT_EQ(runner.list({})->size(), 2u);
    EXPECT_EQ(runner.list({})->front().id, b->id);
    JobFilter imports;
    imports.kind = "import";
    EXPECT_EQ(runner.list(imports)->front().id, a->id);
    JobFilter unfinished;
    unfinished.unfinished = true;
    ASSERT_EQ(runner.list(unfinished)->size(), 1u);
    EXPECT_EQ(runner.list(unfinished)->front().id, b->id);
    JobFilter older;
    older.before = b->id.value;
    ASSERT_EQ(runner.list(older)->size(), 1u);
}

SHUKE_ON_BOTH_DATABASES(JobsTest);

}  // namespace
}  // namespace shuke::schedule
