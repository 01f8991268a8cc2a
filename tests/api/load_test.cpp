// Aim: many people and programs at once get right answers, and what was acknowledged is in the record, once. Method: mixed_load.h
// against the real server; afterwards it is stopped and started again, and the record is compared with what was acknowledged.
//
// Short here. scripts/prove serve runs the same with 500 connections for five minutes over 100,000 customers:
// SHUKE_LOAD_CONNECTIONS, SHUKE_LOAD_SECONDS, SHUKE_LOAD_CUSTOMERS, SHUKE_LOAD_PAUSE_MS.
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "api/merchant_file.h"
#include "api/mixed_load.h"
#include "shuke_program.h"

namespace shuke::tests {
namespace {

int parameter(const char* name, int otherwise) {
    const char* said = std::getenv(name);
    return said == nullptr ? otherwise : std::atoi(said);
}

using product::Sql;

void expect_record_has(const std::filesystem::path& folder, const MixedLoad& load) {
    Sql record((folder / "shuke.db").string());
    std::map<std::string, int> found;
    std::int64_t times = 0;
    for (const auto& row : record.rows("SELECT o.order_no, count(l.line_no) FROM orders o LEFT JOIN order_lines l ON "
                                       "l.order_id = o.id WHERE o.channel = 'load' GROUP BY o.id")) {
        found[row[0]] = std::stoi(row[1]);
        ++times;
    }
    EXPECT_EQ(static_cast<std::size_t>(times), found.size()) << "an order is there twice";
    EXPECT_TRUE(found == load.orders()) << "acknowledged " << load.orders().size() << " orders, the record has "
                                        << found.size() << ", or their lines differ";
    EXPECT_EQ(record.value("SELECT count(*) FROM interactions WHERE channel = 'load'"),
              std::to_string(load.interactions()));
}

void print_figures(const MixedShape& shape, const MixedLoad& load) {
    std::int64_t refused = 0, failed = 0;
    for (const auto& [status, number] : load.statuses()) {
        refused += status == 429 ? number : 0;
        failed += status >= 500 || status == 0 ? number : 0;
    }
    std::printf(
        "figure: %zu connections for %d s over %lld customers: %lld requests (%.0f a second), %lld of them 5xx or "
        "without answer, %lld answered 429\n",
        shape.connections, shape.seconds, static_cast<long long>(shape.customers),
        static_cast<long long>(load.requests()), load.rate(), static_cast<long long>(failed),
        static_cast<long long>(refused));
    std::printf("figure: %zu orders and %lld interactions acknowledged, all in the record after a restart, once\n",
                load.orders().size(), static_cast<long long>(load.interactions()));
    std::string memory;
    for (const auto& mean : load.memory())
        memory += (memory.empty() ? "" : ", ") + std::to_string(std::lround(mean.all)) + " − " +
                  std::to_string(std::lround(mean.kept));
    std::printf("figure: memory by %s in MB, and of it the audience with what it remembers: %s\n",
                shape.seconds >= 300 ? "minute" : "fifth", memory.c_str());
    std::string times;
    for (const auto& line : load.latencies().lines()) {
        char text[120];
        std::snprintf(text, sizeof text, "%s%s %.0f/%.0f", times.empty() ? "" : ", ", line.kind.c_str(), line.p50,
                      line.p99);
        times += text;
    }
    std::printf("figure: p50/p99 in ms: %s\n", times.c_str());
}

TEST(Load, MixedReadsAndWritesOfManyConnections) {
    MixedShape shape;
    shape.connections = static_cast<std::size_t>(parameter("SHUKE_LOAD_CONNECTIONS", 40));
    shape.seconds = parameter("SHUKE_LOAD_SECONDS", 3);
    shape.customers = parameter("SHUKE_LOAD_CUSTOMERS", 2000);
    shape.pause = std::chrono::milliseconds(parameter("SHUKE_LOAD_PAUSE_MS", 20));
    product::Shuke shuke;
    const auto file = shuke.folder() / "merchant.csv";
    write_merchant({.customers = shape.customers, .until = std::time(nullptr)}, file);
    ASSERT_EQ(shuke.run({"import", file.string(), "--format", "native"}).exit_code, 0);
    TestServer server(shuke.data, {});
    MixedLoad load(server, shape);
    run_load(server.port(), shape.connections, load);
    for (const auto& fault : load.faults()) ADD_FAILURE() << fault;
    EXPECT_GT(load.requests(), static_cast<std::int64_t>(shape.connections));
    EXPECT_EQ(server.stop(), 0);
    server.start();
    EXPECT_EQ(server.send("GET", "/readyz").status, 200);
    expect_record_has(shuke.data, load);
    EXPECT_EQ(shuke.count("any(orders where channel = load)"), static_cast<std::int64_t>(load.buyers().size()));
    EXPECT_EQ(shuke.run({"audit", "verify"}).exit_code, 0);
    if (const auto memory = load.memory(); shape.seconds >= 300) {
        // The audience gains what the record gained, and its cache fills up to its bound; nothing else may pile up.
        const auto rest = [&](std::size_t minute) { return memory[minute].all - memory[minute].kept; };
        EXPECT_LT(rest(4), rest(2) * 1.05) << "memory grows";
    }
    print_figures(shape, load);
}

}  // namespace
}  // namespace shuke::tests
