// src/audience/worker_pool.h
//
// A few threads that share out the blocks of one question. run(tasks, work) calls work(task, worker) for every task in
// [0, tasks), on the pool's threads and the caller's, and returns when all are done; worker is a number below
// threads(), never in two calls at once. When a task throws, tasks not begun are dropped and the first exception
// comes out of run().
//
// Threads  several callers may call run(); they wait for each other. work must not call run() of the same pool.
// Cost     waking the pool costs about 10 µs, so fewer than kWorthwhile tasks run on the caller alone.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace shuke::audience {

class WorkerPool {
public:
    using Work = std::function<void(std::size_t task, unsigned worker)>;
    static constexpr std::size_t kWorthwhile = 4;

    explicit WorkerPool(unsigned threads);  // all in all, the caller's among them; 0 counts as 1
    ~WorkerPool();

    void run(std::size_t tasks, const Work& work);
    unsigned threads() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// On the pool, or on the calling thread where there is none.
void run_tasks(WorkerPool* pool, std::size_t tasks, const WorkerPool::Work& work);
unsigned workers(const WorkerPool* pool);

}  // namespace shuke::audience
