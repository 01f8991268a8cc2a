// bench/serve/record.cpp: how soon the first useful answer comes over a large record, and the next ones.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

#include "api/load_client.h"
#include "api/merchant_file.h"
#include "api/server_for_test.h"
#include "serve/measures.h"

namespace shuke::bench {
namespace {

using tests::TestServer;
using Clock = std::chrono::steady_clock;

constexpr int kAgain = 10;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Page {
    const char* what;
    const char *method, *path, *body;
    const char* number;  // in path and body "%" stands for a number that differs each time; nullptr: the same question
};

constexpr Page kPages[] = {
    {"today", "GET", "/api/v1/today", "", nullptr},
    {"customers: the first page", "GET", "/api/v1/customers", "", nullptr},
    {"search by the shop's own id", "GET", "/api/v1/customers?q=c%", "", "id"},
    {"search by phone", "GET", "/api/v1/customers?q=%", "", "phone"},
    {"customer 360", "GET", "/api/v1/customers/%", "", "id"},
    {"customer 360: timeline", "GET", "/api/v1/customers/%/timeline", "", "id"},
    {"customers by an expression, newest order first", "GET",
     "/api/v1/customers?where=total_spent%20%3E=%20%&sort=-last_order_at", "", "amount"},
    {"segment count, ever another threshold", "POST", "/api/v1/segments/count",
     R"({"expression": "count(orders where paid within last 365 days) >= 2 and total_spent >= %", "sample": 10})",
     "amount"},
    {"segment count, five conditions, ever others", "POST", "/api/v1/segments/count",
     R"({"expression": "total_spent >= % and any(orders where paid within last 90 days) and not any(lines where category = c7 )"
     R"(within last 180 days) and province in [浙江, 上海] and order_count >= 2"})",
     "amount"},
    {"segment count, the same again", "POST", "/api/v1/segments/count",
     R"({"expression": "count(orders where paid within last 365 days) >= 2 and total_spent >= 300", "sample": 10})",
     nullptr},
    {"composition of an audience", "POST", "/api/v1/segments/composition", R"({"expression": "total_spent >= %"})",
     "amount"},
    {"RFM page", "POST", "/api/v1/insight/rfm", "{}", nullptr},
};

std::string filled(std::string text, const Page& page, int turn) {
    if (page.number == nullptr) return text;
    std::string number =
        std::to_string(page.number == std::string("amount") ? 100 + turn : 1 + turn * 30'011 % 999'983);
    if (page.number == std::string("phone")) number = tests::phone_of(std::atoll(number.c_str()));
    // "%20" and "%3E" are blanks and signs of an address; a lone % is the number's place.
    for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
        const bool escape = at + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[at + 1])) != 0 &&
                            std::isxdigit(static_cast<unsigned char>(text[at + 2])) != 0;
        if (!escape) return text.replace(at, 1, number);
    }
    return text;
}

// One page after the other over one kept connection, as a browser would.
class Asking final : public tests::Script {
public:
    Asking(const std::string& key, const Page& page, int number) : key_(key), page_(page), number_(number) {}

    std::optional<tests::Ask> next(std::size_t) override {
        if (turn_ == number_) return std::nullopt;
        tests::Ask ask{.kind = "",
                       .method = page_.method,
                       .path = filled(page_.path, page_, turn_),
                       .body = filled(page_.body, page_, turn_)};
        ask.headers = {{"Authorization", "Bearer " + key_}, {"Accept-Encoding", "gzip"}};
        if (!ask.body.empty()) ask.headers.emplace_back("Content-Type", "application/json");
        ++turn_;
        return ask;
    }
    bool heard(std::size_t, const tests::Ask& ask, const tests::Heard& heard) override {
        if (heard.status != 200)
            throw std::runtime_error(ask.path + " gave " + std::to_string(heard.status) + " " +
                                     heard.body.substr(0, 300));
        times.push_back(heard.milliseconds);
        bytes = heard.body.size();
        return true;
    }

    std::vector<double> times;
    std::size_t bytes = 0;

private:
    const std::string& key_;
    const Page& page_;
    int number_, turn_ = 0;
};

double start_time(TestServer* server, const std::string& folder, std::unique_ptr<TestServer>& made) {
    const auto start = Clock::now();
    if (server == nullptr)
        made = std::make_unique<TestServer>(folder, std::vector<std::string>{});
    else
        server->start();
    while (made->send("GET", "/readyz").status != 200) {
    }
    return milliseconds_since(start);
}

}  // namespace

void make_record(const std::string& folder, std::int64_t customers) {
    const std::string file = folder + ".csv";
    tests::write_merchant({.customers = customers, .until = std::time(nullptr)}, file);
    const std::string import =
        "'" + std::string(SHUKE_PROGRAM) + "' import '" + file + "' --format native --data '" + folder + "'";
    if (std::system(import.c_str()) != 0) throw std::runtime_error("failed: " + import);
    std::filesystem::remove(file);
}

std::string measure_record(const std::string& folder) {
    std::unique_ptr<TestServer> server;
    const double first = start_time(nullptr, folder, server);
    const std::string key = server->key("admin");
    const auto stopping = Clock::now();
    server->stop();
    const double stopped = milliseconds_since(stopping);
    const double again = start_time(server.get(), folder, server);
    const std::string metrics = server->send("GET", "/metrics").body;
    const auto customers = metrics.find("\nshuke_audience_customers ");
    char line[400];
    std::snprintf(
        line, sizeof line,
        "%.0f customers. From starting the program to /readyz: %.0f ms as it was found, %.0f ms from the snapshot "
        "that a clean stop left (stopping took %.0f ms).\n\n",
        customers == std::string::npos ? 0 : std::atof(metrics.c_str() + customers + 25), first, again, stopped);
    std::string text = line;
    text += "| page, after that start | first time ms | median of 10 | most | kB as gzip |\n|---|---|---|---|---|\n";
    for (const auto& page : kPages) {
        Asking asking(key, page, kAgain + 1);
        tests::run_load(server->port(), 1, asking);
        std::vector<double> later(asking.times.begin() + 1, asking.times.end());
        std::ranges::sort(later);
        std::snprintf(line, sizeof line, "| %s | %.1f | %.1f | %.1f | %.1f |\n", page.what, asking.times.front(),
                      later[later.size() / 2], later.back(), static_cast<double>(asking.bytes) / 1024);
        text += line;
    }
    std::snprintf(line, sizeof line, "\nMemory of the server afterwards: %lld MB.\n",
                  static_cast<long long>(server->resident_kb() / 1024));
    return text + line;
}

}  // namespace shuke::bench
