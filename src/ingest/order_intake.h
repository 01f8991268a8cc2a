// src/ingest/order_intake.h
//
// Orders that come one or a few at a time, from many callers at once, durably: a thread takes what waits, writes it in one
// transaction and commits once (group commit), then answers everybody. They go the way of a native file, so an order by this
// way and by file give the same record.
//
//   in   orders as texts of the native form's columns; each is complete in itself: what it said before is replaced where it
//        says something newer, and the same again is unchanged
//   out  one outcome an order, after the commit
//
// Errors   of an order: those of the native form and of the record. When a transaction fails because of one of them, halves
//          are tried, then their halves, until the one alone is rejected and all others are written
// Threads  any
// Cost     one fsync for all that waits
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "record/database.h"

namespace shuke::ingest {

// One text a column of native_columns(), in their order, a row a line; "" = not said.
using NativeTexts = std::vector<std::string>;

struct IncomingOrder {
    std::vector<NativeTexts> rows;
};

struct OrderOutcome {
    enum class Kind : std::uint8_t { kNew, kChanged, kUnchanged, kRejected };
    Kind kind = Kind::kUnchanged;
    std::string order_no;
    std::string problem, detail, field;  // of a rejected one
};

class OrderIntake {
public:
    explicit OrderIntake(record::Database& database);
    ~OrderIntake();  // what waits is written

    using Done = std::function<void(std::vector<OrderOutcome>)>;
    // In the transaction of the orders, when their outcomes are known: what must be there exactly when they are. May run
    // again, where the transaction fails. Not where none of the orders could be understood: then nothing is written.
    using Along = std::function<void(soci::session&, const std::vector<OrderOutcome>&)>;
    // Reads the orders here and now, and hands them to the writer. False: too many wait already.
    bool submit(const std::vector<IncomingOrder>& orders, Done done, Along along = {});

    struct Load {
        std::size_t waiting = 0;         // orders that are not answered yet
        std::uint64_t transactions = 0;  // so far
    };
    Load load() const;

    OrderIntake(const OrderIntake&) = delete;
    OrderIntake& operator=(const OrderIntake&) = delete;

private:
    struct Read;     // an order that was understood, or why not
    struct Request;  // the orders of one caller
    class Writer;

    void run();

    record::Database& database_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<Request>> waiting_;
    std::size_t waiting_orders_ = 0;  // also those that are being written
    std::uint64_t transactions_ = 0;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace shuke::ingest
