// Aim: every task runs once, failures come out, callers wait for each other. Method: counting.
#include "audience/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace shuke::audience {
namespace {

TEST(WorkerPool, RunsEveryTaskOnce) {
    WorkerPool pool(3);
    EXPECT_EQ(pool.threads(), 3u);
    for (const std::size_t tasks : {0, 1, 3, 100, 5000}) {
        std::vector<std::atomic<int>> runs(tasks);
        pool.run(tasks, [&](std::size_t task, unsigned worker) {
            EXPECT_LT(worker, 3u);
            ++runs[task];
        });
        for (const auto& count : runs) EXPECT_EQ(count, 1);
    }
}

TEST(WorkerPool, TheFirstFailureComesOutAndThePoolGoesOn) {
    WorkerPool pool(2);
    EXPECT_THROW(pool.run(100,
                          [](std::size_t task, unsigned) {
                              if (task == 50) throw std::runtime_error("task");
                          }),
                 std::runtime_error);
    std::atomic<int> runs = 0;
    pool.run(100, [&](std::size_t, unsigned) { ++runs; });
    EXPECT_EQ(runs, 100);
}

TEST(WorkerPool, CallersOfOnePoolWaitForEachOther) {
    WorkerPool pool(2);
    std::atomic<int> runs = 0;
    {
        std::vector<std::jthread> callers;
        for (int caller = 0; caller < 4; ++caller) {
            callers.emplace_back([&] {
                for (int i = 0; i < 50; ++i) pool.run(20, [&](std::size_t, unsigned) { ++runs; });
            });
        }
    }
    EXPECT_EQ(runs, 4 * 50 * 20);
}

}  // namespace
}  // namespace shuke::audience
