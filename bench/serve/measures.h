// bench/serve/measures.h: what bench/serve.cpp puts into tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shuke::bench {

struct ServeShape {
    int seconds = 10;
    std::size_t connections = 64;
};

// One way of taking orders in.
struct Taken {
    std::string what, goal;
    std::int64_t orders = 0;
    double seconds = 0;
    double p50 = 0, p99 = 0;  // of a request; 0: not told
    double server_processor = 0, client_processor = 0;
    double busiest_thread = 0;  // of the server; 0: not told
    double rate() const { return static_cast<double>(orders) / seconds; }
};

void measure_server(const ServeShape& shape, std::vector<Taken>& rows);
void measure_postgres(const ServeShape& shape, std::vector<Taken>& rows);
// A data folder with an invented merchant of that many customers.
void make_record(const std::string& folder, std::int64_t customers);
// A table of what is asked of the server over this data folder.
std::string measure_record(const std::string& folder);

}  // namespace shuke::bench
