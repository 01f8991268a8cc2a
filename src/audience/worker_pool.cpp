#include "audience/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace shuke::audience {

struct WorkerPool::State {
    std::mutex run_mutex;  // one run at a time

    std::mutex mutex;
    std::condition_variable begin, end;
    std::uint64_t run_number = 0;
    unsigned working = 0;
    bool stopping = false;
    std::exception_ptr failure;

    std::size_t tasks = 0;
    const Work* work = nullptr;
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;

    void take_tasks(unsigned worker) {
        try {
            for (std::size_t task = 0; (task = next.fetch_add(1, std::memory_order_relaxed)) < tasks;)
                (*work)(task, worker);
        } catch (...) {
            next.store(tasks, std::memory_order_relaxed);
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    }

    void serve(unsigned worker) {
        std::uint64_t seen = 0;
        for (;;) {
            {
                std::unique_lock lock(mutex);
                begin.wait(lock, [&] { return stopping || run_number != seen; });
                if (stopping) return;
                seen = run_number;
            }
            take_tasks(worker);
            const std::lock_guard lock(mutex);
            if (--working == 0) end.notify_one();
        }
    }
};

WorkerPool::WorkerPool(unsigned threads) : state_(std::make_unique<State>()) {
    for (unsigned worker = 1; worker < threads; ++worker) {
        state_->threads.emplace_back([state = state_.get(), worker] { state->serve(worker); });
    }
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->begin.notify_all();
}

unsigned WorkerPool::threads() const { return static_cast<unsigned>(state_->threads.size()) + 1; }

void WorkerPool::run(std::size_t tasks, const Work& work) {
    if (tasks < kWorthwhile || state_->threads.empty()) {
        for (std::size_t task = 0; task < tasks; ++task) work(task, 0);
        return;
    }
    const std::lock_guard one_run(state_->run_mutex);
    {
        const std::lock_guard lock(state_->mutex);
        state_->tasks = tasks;
        state_->work = &work;
        state_->next.store(0, std::memory_order_relaxed);
        state_->working = static_cast<unsigned>(state_->threads.size());
        state_->failure = nullptr;
        ++state_->run_number;
    }
    state_->begin.notify_all();
    state_->take_tasks(0);
    std::unique_lock lock(state_->mutex);
    state_->end.wait(lock, [&] { return state_->working == 0; });
    if (state_->failure) std::rethrow_exception(state_->failure);
}

void run_tasks(WorkerPool* pool, std::size_t tasks, const WorkerPool::Work& work) {
    if (pool != nullptr) return pool->run(tasks, work);
    for (std::size_t task = 0; task < tasks; ++task) work(task, 0);
}

unsigned workers(const WorkerPool* pool) { return pool == nullptr ? 1 : pool->threads(); }

}  // namespace shuke::audience
