// src/api/http/workers.h: threads that run requests, with a bounded queue: nothing piles up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace shuke::api::http {

class Workers {
public:
    Workers(int threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
        for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
    }
    ~Workers() { stop(); }

    // False: the queue is full, or the workers have stopped.
    bool submit(std::function<void()> work) {
        {
            const std::lock_guard lock(mutex_);
            if (stopped_ || queue_.size() >= waiting_max_) return false;
            queue_.push_back(std::move(work));
        }
        arrived_.notify_one();
        return true;
    }
    // What waits is still run.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        arrived_.notify_all();
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }
    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return queue_.size();
    }
    std::size_t running() const { return running_; }

    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

private:
    void run() {
        for (;;) {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [&] { return stopped_ || !queue_.empty(); });
            if (queue_.empty()) return;
            auto work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            ++running_;
            work();
            --running_;
        }
    }

    const std::size_t waiting_max_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> queue_;
    std::atomic<std::size_t> running_ = 0;
    bool stopped_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace shuke::api::http
