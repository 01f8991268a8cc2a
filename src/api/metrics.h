// src/api/metrics.h: what the server did, in Prometheus' text form.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace shuke::api {

class Metrics {
public:
    void count(const std::string& method, const std::string& route, int status, double milliseconds,
               std::uint64_t bytes);
    void put(std::string& out) const;

    // One metric of one value, with its help and type.
    static void gauge(std::string& out, std::string_view name, std::string_view help, double value);
    static void counter(std::string& out, std::string_view name, std::string_view help, double value);

private:
    static constexpr std::array<double, 12> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                       0.1,   0.25,   0.5,   1,    2.5,   10};
    struct Route {
        std::map<int, std::uint64_t> by_status;
        std::array<std::uint64_t, kBounds.size() + 1> buckets{};
        double seconds = 0;
        std::uint64_t bytes = 0;
    };
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Route> routes_;
};

}  // namespace shuke::api
