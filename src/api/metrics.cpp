#include "api/metrics.h"

#include <fmt/format.h>

namespace shuke::api {

void Metrics::count(const std::string& method, const std::string& route, int status, double milliseconds,
                    std::uint64_t bytes) {
    const double seconds = milliseconds / 1000;
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
    const std::lock_guard lock(mutex_);
    Route& known = routes_[{method, route}];
    ++known.by_status[status];
    ++known.buckets[bucket];
    known.seconds += seconds;
    known.bytes += bytes;
}

void Metrics::put(std::string& out) const {
    const std::lock_guard lock(mutex_);
    out += "# HELP shuke_http_requests_total Requests answered\n# TYPE shuke_http_requests_total counter\n";
    for (const auto& [name, route] : routes_) {
        for (const auto& [status, count] : route.by_status)
            out += fmt::format("shuke_http_requests_total{{method=\"{}\",route=\"{}\",status=\"{}\"}} {}\n", name.first,
                               name.second, status, count);
    }
    out +=
        "# HELP shuke_http_request_seconds From the first byte of the request to the last of its answer\n"
        "# TYPE shuke_http_request_seconds histogram\n";
    for (const auto& [name, route] : routes_) {
        const std::string labels = fmt::format("method=\"{}\",route=\"{}\"", name.first, name.second);
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < kBounds.size(); ++i) {
            below += route.buckets[i];
            out += fmt::format("shuke_http_request_seconds_bucket{{{},le=\"{}\"}} {}\n", labels, kBounds[i], below);
        }
        below += route.buckets.back();
        out += fmt::format("shuke_http_request_seconds_bucket{{{},le=\"+Inf\"}} {}\n", labels, below);
        out += fmt::format("shuke_http_request_seconds_sum{{{}}} {}\n", labels, route.seconds);
        out += fmt::format("shuke_http_request_seconds_count{{{}}} {}\n", labels, below);
    }
    out +=
        "# HELP shuke_http_response_bytes_total Bytes of answers' bodies\n# TYPE shuke_http_response_bytes_total "
        "counter\n";
    for (const auto& [name, route] : routes_)
        out += fmt::format("shuke_http_response_bytes_total{{method=\"{}\",route=\"{}\"}} {}\n", name.first,
                           name.second, route.bytes);
}

void Metrics::gauge(std::string& out, std::string_view name, std::string_view help, double value) {
    out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n{} {}\n", name, help, name, name, value);
}
void Metrics::counter(std::string& out, std::string_view name, std::string_view help, double value) {
    out += fmt::format("# HELP {} {}\n# TYPE {} counter\n{} {}\n", name, help, name, name, value);
}

}  // namespace shuke::api
