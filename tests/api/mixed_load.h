// tests/api/mixed_load.h
//
// A working day pressed into minutes: orders one by one and in batches (some of them sent twice, some under an
// Idempotency-Key, some faulty), interactions, tags, customer search, customer 360 and timeline, segment counts with ever other
// conditions, RFM, today; half of the connections are signed in, half use an API key.
//
// Every answer is judged as it comes: its status must be declared, its body as declared, and what it says true of what was
// asked. What the server acknowledged is kept, so that it can be looked for in the record afterwards.
#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <set>

#include "api/load_client.h"
#include "api/server_for_test.h"

namespace shuke::tests {

struct MixedShape {
    std::size_t connections = 40;
    int seconds = 3;
    std::int64_t customers = 1000;       // of merchant_file.h, already in the record
    std::chrono::milliseconds pause{0};  // of a connection between two requests, on average
};

class MixedLoad final : public Script {
public:
    MixedLoad(TestServer& server, const MixedShape& shape);

    std::optional<Ask> next(std::size_t connection) override;
    bool heard(std::size_t connection, const Ask& ask, const Heard& heard) override;

    // What the server acknowledged: order number → lines.
    const std::map<std::string, int>& orders() const { return orders_; }
    const std::set<std::string>& buyers() const { return buyers_; }
    std::int64_t interactions() const { return interactions_; }
    std::int64_t requests() const { return requests_; }
    const std::map<int, std::int64_t>& statuses() const { return statuses_; }
    // What was wrong, at most twenty of them.
    const std::vector<std::string>& faults() const { return faults_; }
    const Latencies& latencies() const { return latencies_; }
    double rate() const { return static_cast<double>(requests_) / shape_.seconds; }
    // The server's memory in MB: the mean of each minute, or fifth of the time where that is shorter.
    struct Memory {
        double at = 0;   // seconds since the start
        double all = 0;  // resident
        double kept =
            0;  // of it the audience, which grows with the record, and what it remembers of conditions, which has a bound
    };
    std::vector<Memory> memory() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Kind {
        const char* name;
        const char* operation;
        int weight;
        Ask (MixedLoad::*ask)(std::size_t);
        void (MixedLoad::*judge)(std::size_t, const Json&);
    };
    static const std::vector<Kind>& kinds();

    Ask single_order(std::size_t connection);
    Ask order_batch(std::size_t connection);
    Ask interaction(std::size_t connection);
    Ask search(std::size_t connection);
    Ask customer(std::size_t connection);
    Ask timeline(std::size_t connection);
    Ask count(std::size_t connection);
    Ask rfm(std::size_t connection);
    Ask today(std::size_t connection);
    Ask tags(std::size_t connection);
    void judge_orders(std::size_t connection, const Json& body);
    void judge_interaction(std::size_t connection, const Json& body);
    void judge_search(std::size_t connection, const Json& body);
    void judge_customer(std::size_t connection, const Json& body);
    void judge_count(std::size_t connection, const Json& body);
    void judge_tags(std::size_t connection, const Json& body);
    void judge_nothing(std::size_t, const Json&) {}

    struct Order {
        std::string number, buyer;
        int lines = 0;
        bool faulty = false, repeated = false;
    };
    Order new_order();
    static Json order_json(const Order& order);
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
    std::int64_t some_customer() { return below(shape_.customers); }
    void fault(const std::string& what);
    void sample_memory();

    TestServer& server_;
    MixedShape shape_;
    std::string key_;
    std::vector<SignedIn> people_;
    std::mt19937_64 random_{7};
    Clock::time_point start_ = Clock::now(), sampled_ = start_;

    struct UnderWay {
        const Kind* kind = nullptr;
        std::vector<Order> orders;
        std::int64_t customer = 0;
        std::string text;
    };
    std::vector<UnderWay> under_way_;
    std::int64_t made_orders_ = 0, made_interactions_ = 0, last_tag_ = 0;
    std::vector<Order> repeatable_;

    std::map<std::string, int> orders_;
    std::set<std::string> buyers_;
    std::int64_t interactions_ = 0, requests_ = 0;
    std::map<int, std::int64_t> statuses_;
    std::vector<std::string> faults_;
    Latencies latencies_;
    std::vector<Memory> memory_;
};

}  // namespace shuke::tests
