// tests/api/load_client.h
//
// Many keep-alive connections to a server, all from one thread, each with one request under way. What is asked, and what
// becomes of the answers, is a Script's; it is called from that thread only.
//
// For tests, proofs and benchmarks of `shuke serve`: the same code with other numbers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shuke::tests {

struct Ask {
    std::string kind;  // for the figures
    std::string method, path, body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::chrono::milliseconds pause{0};  // before it is sent
};

struct Heard {
    int status = 0;                              // 0: the connection ended before the answer did
    bool broke_off = false;                      // … after a part of it
    bool no_connection = false;                  // none could be made, nothing was sent
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    std::string problem;  // of a status 0, in the words of the system
    double milliseconds = 0;
};

class Script {
public:
    virtual ~Script() = default;
    // The next request of this connection; nothing: it is done.
    virtual std::optional<Ask> next(std::size_t connection) = 0;
    // False: the connection is done.
    virtual bool heard(std::size_t connection, const Ask& ask, const Heard& heard) = 0;
};

// Returns when all connections are done. A connection that the server ends is made anew for the next request.
void run_load(int port, std::size_t connections, Script& script);

// Times of answers, by kind.
class Latencies {
public:
    void add(const std::string& kind, double milliseconds) { times_[kind].push_back(milliseconds); }
    struct Line {
        std::string kind;
        std::size_t number = 0;
        double p50 = 0, p99 = 0, most = 0;
    };
    std::vector<Line> lines() const;

private:
    std::map<std::string, std::vector<double>> times_;
};

}  // namespace shuke::tests
