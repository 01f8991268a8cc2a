// Aim: see what the engine costs, before the benchmarks of bench/ compare it with others. Nothing is asserted about
// time. Method: a generated shop; run with
//   audience_tests --gtest_also_run_disabled_tests --gtest_filter='EngineSpeed.*'       (SHUKE_CUSTOMERS=1000000)
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "audience/evaluate.h"
#include "audience/measure.h"
#include "audience/testing/big_world.h"
#include "audience/testing/online_retail.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using testing::BigWorld;

double seconds_of(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Of all threads: what the work would take alone on a busy machine.
double cpu_seconds_of(const auto& work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

struct Sink {  // takes the facts and drops them: what the generator itself costs
    std::uint64_t rows = 0;
    Status add_shop(const Shop&) { return {}; }
    void add_label(const LabelFact&) {}
    void add_customer(const CustomerFact& customer) { rows += static_cast<std::uint64_t>(customer.id.value & 1); }
    void add_order(const OrderFact& order) { rows += static_cast<std::uint64_t>(order.amount & 1); }
    void add_line(const LineFact& line) { rows += static_cast<std::uint64_t>(line.price & 1); }
    void add_refund(const RefundFact& refund) { rows += static_cast<std::uint64_t>(refund.amount & 1); }
};

void time_segment(const Version& version, const std::string& text, Instant as_of, WorkerPool& pool, int repeats) {
    const auto bound = parse_and_bind(text, {version.config().base_currency, nullptr});
    ASSERT_TRUE(bound.has_value()) << bound.error().detail;
    std::uint64_t count = 0;
    std::vector<double> times;
    const double cpu = cpu_seconds_of([&] {
        for (int i = 0; i < repeats; ++i)
            times.push_back(seconds_of([&] { count = evaluate(version, *bound, as_of, &pool).count(); }));
    });
    std::ranges::sort(times);
    std::printf("%9.3f ms, cpu %9.3f ms %9llu  %s\n", times[times.size() / 2] * 1e3, cpu / repeats * 1e3,
                static_cast<unsigned long long>(count), text.c_str());
}

TEST(EngineSpeed, DISABLED_GeneratedShop) {
    BigWorld world;
    if (const char* wanted = std::getenv("SHUKE_CUSTOMERS"))
        world.customers = static_cast<std::uint32_t>(std::atoi(wanted));
    WorkerPool pool(2);
    Sink sink;
    const double making = cpu_seconds_of([&] { world.feed(sink); });
    std::shared_ptr<const Version> version;
    double adding = 0;
    double building = 0;
    double wall = 0;
    {
        Builder builder({Currency::kCNY, *TimeZone::find("Asia/Shanghai"), {}});
        adding = cpu_seconds_of([&] { world.feed(builder); }) - making;
        building = cpu_seconds_of([&] { wall = seconds_of([&] { version = builder.build(&pool); }); });
    }
    const MemoryReport bytes = version->bytes();
    std::printf("customers %u orders %llu lines %llu refunds %llu (sink %llu)\n", version->customers(),
                static_cast<unsigned long long>(version->facts().orders),
                static_cast<unsigned long long>(version->facts().lines),
                static_cast<unsigned long long>(version->facts().refunds), static_cast<unsigned long long>(sink.rows));
    std::printf(
        "cpu: making %.2f s, adding %.2f s, building %.2f s (%.2f s of time): %.2f M lines/s and core; %.1f "
        "bytes/fact, %.0f MB (customers %.0f, orders %.0f, lines %.0f, refunds %.0f, shared %.0f)\n",
        making, adding, building, wall, static_cast<double>(version->facts().lines) / (adding + building) / 1e6,
        bytes.bytes_per_fact(), static_cast<double>(bytes.total()) / 1e6,
        static_cast<double>(bytes.customers_bytes) / 1e6, static_cast<double>(bytes.orders_bytes) / 1e6,
        static_cast<double>(bytes.lines_bytes) / 1e6, static_cast<double>(bytes.refunds_bytes) / 1e6,
        static_cast<double>(bytes.shared_bytes) / 1e6);
    const Instant as_of = version->config().zone.start_of(to_day({2025, 1, 16}));
    for (const char* text : {
             "all customers",
             "province in [浙江, 江苏] and gender = female",
             "any(orders where paid within last 90 days)",
             "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid) >= 300",
             "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid within last 365 days) "
             ">= 300 and "
             "any(lines where category = \"category-7\" within last 180 days) and not any(orders within last 7 days) "
             "and province in [\"浙江\", \"江苏\"]",
             "sum(orders.amount where kept) >= 5000",
             "any(lines where category = \"category-7\")",
             "any(lines where product = P1234)",
             "sum(lines.amount where category in [\"category-7\", \"category-8\"] within last 365 days) >= 200",
             "last(orders.at where paid) more than 140 days ago",
             "first(orders.platform where paid) = taobao and last(orders.platform where paid) = jd",
             "distinct(orders.platform where paid) >= 2",
             "distinct(lines.category where paid) >= 10",
             "lifecycle = sleeping",
             "total_spent > 10000",
             "count(orders where hour >= 22) >= 3",
             "count(purchases) >= 5",
             "any(orders where nth = 2 and gap_days <= 7)",
             "not any(orders where kept)",
             "any(orders on 2023-11-11)",
             "any(refunds where reason = \"七天无理由\" within last 30 days)",
             "birthday within next 7 days",
         }) {
        time_segment(*version, text, as_of, pool, 7);
    }
}

TEST(EngineSpeed, DISABLED_OnlineRetail) {
    const auto data = testing::read_online_retail("examples/online-retail/online_retail.csv.zst");
    if (!data) GTEST_SKIP() << "examples/online-retail/online_retail.csv.zst is not there";
    WorkerPool pool(2);
    std::shared_ptr<const Version> version;
    const double building = seconds_of([&] { version = testing::build(data->world, &pool); });
    std::printf("%zu lines in %.3f s: %.2f M lines/s; %.1f bytes/fact\n", data->world.lines.size(), building,
                static_cast<double>(data->world.lines.size()) / building / 1e6, version->bytes().bytes_per_fact());
    const Instant as_of = version->config().zone.start_of(to_day({2011, 12, 10}));
    for (const char* text : {
             "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid) >= 300",
             "any(lines where product = 22423 within last 180 days)",
             "count(purchases) >= 5",
             "distinct(lines.product where paid) >= 100",
         }) {
        time_segment(*version, text, as_of, pool, 21);
    }
}

}  // namespace
}  // namespace shuke::audience
