// bench/serve/orders.cpp: orders into the server: one, or 500, a request.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "api/load_client.h"
#include "api/server_for_test.h"
#include "serve/measures.h"

namespace shuke::bench {
namespace {

using tests::Ask;
using tests::Heard;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 500;
constexpr std::size_t kBatchConnections = 4;

enum class Form { kSingle, kJson, kNdjson };

double own_processor() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Of the server's thread that worked most, so far.
double busiest_thread(int process) {
    double most = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        std::ifstream stat(task.path() / "stat");
        std::string text;
        std::getline(stat, text);
        std::istringstream fields(text.substr(text.rfind(')') + 2));
        std::string skipped;
        for (int i = 0; i < 11; ++i) fields >> skipped;
        double user = 0, system = 0;
        fields >> user >> system;
        most = std::max(most, (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)));
    }
    return most;
}

class Orders final : public tests::Script {
public:
    Orders(Form form, std::string key, int seconds)
        : form_(form), key_(std::move(key)), until_(Clock::now() + std::chrono::seconds(seconds)) {}

    std::optional<Ask> next(std::size_t) override {
        if (Clock::now() > until_) return std::nullopt;
        Ask ask{.kind = "request", .method = "POST", .path = "/api/v1/orders"};
        ask.headers = {{"Authorization", "Bearer " + key_},
                       {"Content-Type", form_ == Form::kNdjson ? "application/x-ndjson" : "application/json"}};
        const std::size_t orders = form_ == Form::kSingle ? 1 : kBatch;
        if (form_ == Form::kJson) ask.body += '[';
        for (std::size_t i = 0; i < orders; ++i) {
            if (i > 0) ask.body += form_ == Form::kJson ? ',' : '\n';
            add_order(ask.body);
        }
        if (form_ == Form::kJson) ask.body += ']';
        return ask;
    }

    bool heard(std::size_t, const Ask& ask, const Heard& heard) override {
        const std::string all_new = "\"new\":" + std::to_string(form_ == Form::kSingle ? 1 : kBatch) + ",";
        if (heard.status != 200 || heard.body.find(all_new) == std::string::npos)
            throw std::runtime_error("the server said " + std::to_string(heard.status) + " " +
                                     heard.body.substr(0, 500));
        latencies_.add(ask.kind, heard.milliseconds);
        taken_ += form_ == Form::kSingle ? 1 : kBatch;
        return true;
    }

    std::int64_t taken() const { return taken_; }
    const tests::Latencies& latencies() const { return latencies_; }

private:
    void add_order(std::string& body) {
        const std::int64_t number = ++made_;
        const std::string prefix = form_ == Form::kSingle ? "S" : form_ == Form::kJson ? "J" : "N";
        const std::string buyer =
            number % 5 == 0 ? prefix + std::to_string(number) : "c" + std::to_string(number * 7919 % 20'000);
        body +=
            "{\"order_no\":\"" + prefix + std::to_string(number) + "\",\"external_id\":\"" + buyer +
            "\",\"name\":\"王芳\",\"province\":\"浙江\",\"city\":\"杭州\",\"status\":\"paid\",\"created_at\":"
            "\"2026-11-20T08:00:00Z\",\"paid_at\":\"2026-11-20T08:01:00Z\",\"amount\":\"129.50\",\"channel\":\"app\","
            "\"lines\":[";
        for (int line = 1; line <= 2; ++line) {
            const std::string product = std::to_string((number * 31 + line) % 2000);
            body += std::string(line > 1 ? "," : "") + "{\"line_no\":" + std::to_string(line) + ",\"product\":\"p" +
                    product + "\",\"title\":\"商品" + product +
                    "\",\"category\":\"c7\",\"quantity\":1,\"price\":\"64.75\"}";
        }
        body += "]}";
    }

    Form form_;
    std::string key_;
    Clock::time_point until_;
    std::int64_t made_ = 0, taken_ = 0;
    tests::Latencies latencies_;
};

Taken measure(tests::TestServer& server, const std::string& key, Form form, const ServeShape& shape) {
    const auto connections = form == Form::kSingle ? shape.connections : kBatchConnections;
    Taken taken;
    taken.what = form == Form::kSingle
                     ? "`POST /api/v1/orders`, one a request, " + std::to_string(connections) + " connections"
                 : form == Form::kJson ? "the same, 500 a request as JSON, 4 connections"
                                       : "the same, 500 a request as NDJSON, 4 connections";
    taken.goal = form == Form::kSingle ? "3,000" : "20,000";
    Orders orders(form, key, shape.seconds);
    const double server_before = server.processor_seconds(), client_before = own_processor();
    const auto start = Clock::now();
    tests::run_load(server.port(), connections, orders);
    taken.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    taken.orders = orders.taken();
    taken.server_processor = server.processor_seconds() - server_before;
    taken.client_processor = own_processor() - client_before;
    taken.busiest_thread = busiest_thread(server.process());
    const auto line = orders.latencies().lines().front();
    taken.p50 = line.p50;
    taken.p99 = line.p99;
    return taken;
}

}  // namespace

void measure_server(const ServeShape& shape, std::vector<Taken>& rows) {
    for (const Form form : {Form::kSingle, Form::kJson, Form::kNdjson}) {
        tests::TestServer server;
        const std::string key = server.key("ingest.write");
        rows.push_back(measure(server, key, form, shape));
    }
}

}  // namespace shuke::bench
