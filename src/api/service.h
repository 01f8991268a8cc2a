// src/api/service.h
//
// What the HTTP server serves: the API, health and metrics, the console's files. Every call of the API goes the same way
// before its handler runs: route → caller → permission → CSRF → parameters and body against the declaration → If-Match →
// Idempotency-Key; and after it: entity tag, compression, headers, log line, metrics. So no handler can forget one of them.
//
// Start-up fails (SHUKE_CHECK) when an operation of the declaration has no handler, or a handler no operation.
//
// Threads  any
#pragma once

#include <atomic>
#include <functional>

#include "api/call.h"
#include "api/http/server.h"
#include "api/idempotency.h"
#include "api/metrics.h"

namespace shuke::api {

class Service final : public http::Handler {
public:
    explicit Service(Services services);
    ~Service() override;

    // For /metrics and /readyz; before the first request.
    void watch(const http::Server& server) { server_ = &server; }
    void stop_being_ready() { ready_ = false; }

    http::BodyPlan plan(const http::Request& head) override;
    std::optional<http::Response> at_once(const http::Request& request) override;
    void handle(http::Request request, std::function<void(http::Response)> answer) override;
    http::Response refuse(int status, std::string_view key, std::string_view detail,
                          const http::Request& head) override;
    void note(const http::Request& request, const http::Response& response, double milliseconds,
              std::uint64_t bytes) override;

private:
    class Exchange;

    std::optional<std::string> below_base(const std::string& path) const;
    http::Response serve_plain(const http::Request& request, const std::string& path);
    http::Response ready(const http::Request& request);
    http::Response metrics_page();
    void finish(const http::Request& request, http::Response& response) const;

    Services at_;
    Router router_;
    Handlers handlers_;
    IdempotentWrites once_;
    Metrics metrics_;
    const http::Server* server_ = nullptr;
    std::atomic<bool> ready_ = true;
};

// Every resource's handlers (resources/*.cpp).
void add_resources(Handlers& handlers);

}  // namespace shuke::api
