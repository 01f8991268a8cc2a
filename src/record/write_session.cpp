#include "record/write_session.h"

#include <utility>

namespace shuke::record {

constexpr std::size_t kWaitingMax = 64;  // bulks of a thousand rows: some megabytes

WriteSession::WriteSession(std::unique_ptr<soci::session> session)
    : session_(std::move(session)), thread_([this] { run(); }) {}

WriteSession::~WriteSession() {
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void WriteSession::later(std::function<void(soci::session&)> work) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_.size() < kWaitingMax || failure_; });
        throw_failure();
        waiting_.push_back(std::move(work));
        unfinished_.fetch_add(1, std::memory_order_relaxed);
    }
    changed_.notify_all();
}

soci::session& WriteSession::now() {
    // Nearly always nothing is under way: the statement that asks is one of many after the last bulk.
    if (unfinished_.load(std::memory_order_acquire) == 0) return *session_;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return unfinished_.load(std::memory_order_relaxed) == 0 || failure_; });
    throw_failure();
    return *session_;
}

soci::session& WriteSession::after_failure() {
    std::unique_lock lock(mutex_);
    unfinished_.fetch_sub(waiting_.size(), std::memory_order_relaxed);
    waiting_.clear();
    changed_.wait(lock, [this] { return unfinished_.load(std::memory_order_relaxed) == 0; });
    failure_ = nullptr;
    return *session_;
}

void WriteSession::throw_failure() {
    if (failure_) std::rethrow_exception(failure_);
}

void WriteSession::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return !waiting_.empty() || stopped_; });
        if (waiting_.empty()) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        const bool runs = !failure_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            if (runs) work(*session_);
        } catch (...) {
            failure = std::current_exception();
        }
        work = nullptr;  // what it owns goes before it counts as done
        lock.lock();
        if (failure) failure_ = failure;
        unfinished_.fetch_sub(1, std::memory_order_release);
        changed_.notify_all();
    }
}

}  // namespace shuke::record
