// bench/refresh.cpp
//
// How soon does a question see what was just committed, what does following cost, and what do questions notice of it?
//
// A record of --customers customers (default 100,000; about two orders each, two lines an order) is made by an import.
// Then, for --seconds s (default 30), 1,000 orders a second are committed, old ones in another state and new ones alike,
// while the audience is refreshed after each commit and another thread asks questions without pause. Shown: commit to
// visible, processor time of following, and the time of a question before and during all that. Last: a restart.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "audience/evaluate.h"
#include "audience/expression.h"
#include "ingest/import.h"
#include "live/live_audience.h"

namespace shuke {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kNow = 1'760'000'000;
constexpr int kOrdersASecond = 1000;
constexpr const char* kQuestions[] = {
    "any(orders where paid within last 90 days)",
    "count(orders where paid within last 365 days) >= 2 and total_spent >= 300",
    "lifecycle in [sleeping, lost] and not any(lines where category = c7 within last 180 days)",
};

double milliseconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double thread_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return std::move(*result);
}

class Distribution {
public:
    void add(double value) { values_.push_back(value); }
    void print(const char* what) {
        std::ranges::sort(values_);
        std::printf("| %s | %zu |", what, values_.size());
        for (const double share : {0.5, 0.9, 0.99, 1.0}) std::printf(" %.2f |", at(share));
        std::printf("\n");
    }

private:
    double at(double share) const {
        if (values_.empty()) return 0;
        const auto last = static_cast<double>(values_.size() - 1);
        return values_[static_cast<std::size_t>(last * share)];
    }
    std::vector<double> values_;
};

class Merchant {
public:
    Merchant(fs::path folder, std::int64_t customers) : folder_(std::move(folder)), customers_(customers) {
        fs::create_directories(folder_);
        database_ = need(record::Database::open({.url = "", .folder = folder_ / "data", .create = true}, clock_));
    }

    void write_orders(std::int64_t first, std::int64_t count, std::int64_t spread_seconds) {
        const fs::path file = folder_ / "orders.csv";
        std::ofstream out(file);
        out << "order_no,external_id,status,created_at,paid_at,amount,line_no,product,category,quantity,price\n";
        for (std::int64_t order = first; order < first + count; ++order) {
            const std::int64_t customer = below(customers_);
            const std::string head = "N" + std::to_string(order) + ",c" + std::to_string(customer) + ",paid," +
                                     format_iso(Instant::from_seconds(kNow - 1 - below(spread_seconds)));
            const std::string paid = "," + format_iso(Instant::from_seconds(kNow)) + ",";
            const std::string amount = std::to_string(below(400) + 10) + ".00";
            for (int line = 1; line <= 2; ++line) {
                const std::int64_t product = below(20'000);
                out << head << paid << amount << ',' << line << ",p" << product << ",c" << product % 500 << ",1,10\n";
            }
        }
        out.close();
        const auto report = need(ingest::import_file(*database_, file, {}));
        if (report.failure) throw std::runtime_error(report.failure->detail);
    }

    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
    record::Database& database() { return *database_; }

private:
    fs::path folder_;
    std::int64_t customers_;
    SystemClock clock_;
    std::unique_ptr<record::Database> database_;
    std::mt19937_64 random_{1};
};

class Asker {
public:
    Asker(live::LiveAudience& live, audience::WorkerPool& pool) : live_(live), pool_(pool) {
        for (const char* question : kQuestions)
            bound_.push_back(need(audience::parse_and_bind(question, {Currency::kCNY, nullptr})));
    }
    // Without the cache: what a new question costs.
    void ask(Distribution& times) {
        for (const auto& question : bound_) {
            const auto start = SteadyClock::now();
            const auto state = live_.current();
            asked_ += audience::evaluate(*state->version, question, Instant::from_seconds(kNow), &pool_).count();
            times.add(milliseconds_since(start));
        }
    }

private:
    live::LiveAudience& live_;
    audience::WorkerPool& pool_;
    std::vector<audience::BoundExpression> bound_;
    std::uint64_t asked_ = 0;
};

void run(std::int64_t customers, int seconds) {
    const fs::path folder = fs::temp_directory_path() / ("shuke-bench-refresh-" + std::to_string(::getpid()));
    Merchant merchant(folder, customers);
    merchant.write_orders(0, customers * 2, std::int64_t{700} * 86'400);
    audience::WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
    const auto live = need(live::LiveAudience::open(merchant.database(), nullptr));
    Asker asker(*live, pool);
    Distribution before;
    Distribution during;
    Distribution visible;
    for (int i = 0; i < 200; ++i) asker.ask(before);
    std::atomic<bool> stop{false};
    std::thread reader([&] {
        while (!stop) asker.ask(during);
    });
    double following = 0;
    const auto start = SteadyClock::now();
    std::int64_t next = customers * 2;
    for (int second = 0; second < seconds; ++second) {
        merchant.write_orders(next - kOrdersASecond / 2, kOrdersASecond, 86'400);  // half of them come again
        next += kOrdersASecond / 2;
        const auto committed = SteadyClock::now();
        const double processor = thread_seconds();
        need(live->refresh());
        visible.add(milliseconds_since(committed));
        following += thread_seconds() - processor;
        std::this_thread::sleep_until(start + std::chrono::seconds(second + 1));
    }
    const double passed = milliseconds_since(start) / 1000;
    stop = true;
    reader.join();
    std::printf("%u customers, %llu lines; %d orders committed a second for %.0f s\n\n",
                live->current()->version->customers(),
                static_cast<unsigned long long>(live->current()->version->facts().lines), kOrdersASecond, passed);
    std::printf("| milliseconds | number | median | p90 | p99 | most |\n|---|---|---|---|---|---|\n");
    visible.print("committed → visible to questions");
    before.print("a question, nothing else at work");
    during.print("a question while orders are imported and the audience follows");
    std::printf("\nfollowing took %.2f of a processor\n", following / passed);
    const auto saving = SteadyClock::now();
    live->save();
    std::printf("snapshot written in %.2f s", milliseconds_since(saving) / 1000);
    const auto opening = SteadyClock::now();
    const auto again = need(live::LiveAudience::open(merchant.database(), &pool));
    std::printf("; restart from it in %.3f s; from the record in ", milliseconds_since(opening) / 1000);
    const auto reading = SteadyClock::now();
    need(live::load_audience(merchant.database(), &pool));
    std::printf("%.2f s\n", milliseconds_since(reading) / 1000);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace shuke

int main(int argc, char** argv) {
    std::int64_t customers = 100'000;
    int seconds = 30;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--customers") == 0) customers = std::atoll(argv[i + 1]);
        if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::atoi(argv[i + 1]);
    }
    try {
        shuke::run(customers, seconds);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench refresh: %s\n", failure.what());
        return 1;
    }
}
