// src/record/write_session.h
//
// A session whose bulk statements run in a thread of their own, so that a long import prepares its next rows while
// the database takes the last ones in.
//
//   later(work)   runs work(session) in that thread, in the order handed over, and returns at once
//   now()         the session for use here, after everything handed over has run; also by conversion, so that
//                 functions of a plain session are called with a WriteSession as they are
//
// Errors   what failed in the thread is thrown by the next later() or now(), and what waited behind it never runs
// Threads  one caller
#pragma once

#include <soci/soci.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace shuke::record {

class WriteSession {
public:
    explicit WriteSession(std::unique_ptr<soci::session> session);
    ~WriteSession();  // waits for what runs; what waits behind it is dropped

    void later(std::function<void(soci::session&)> work);
    soci::session& now();
    operator soci::session&() { return now(); }
    // For the rollback: waits, drops what waits and forgets the failure.
    soci::session& after_failure();

    WriteSession(const WriteSession&) = delete;
    WriteSession& operator=(const WriteSession&) = delete;

private:
    void run();
    void throw_failure();

    std::unique_ptr<soci::session> session_;
    std::atomic<std::size_t> unfinished_ = 0;  // handed over and not done
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void(soci::session&)>> waiting_;
    std::exception_ptr failure_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace shuke::record
