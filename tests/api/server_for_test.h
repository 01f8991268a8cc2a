// tests/api/server_for_test.h: `shuke serve` as a child on a free port over a data folder of its own, and a plain client.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace shuke::tests {

using Json = nlohmann::ordered_json;

struct Answer {
    int status = 0;                              // 0: no answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    Json json() const { return Json::parse(body, nullptr, false); }
};

class TestServer {
public:
    explicit TestServer(const std::vector<std::string>& options = {});
    ~TestServer();  // SIGTERM, and waits

    int port() const { return port_; }
    const std::filesystem::path& folder() const { return folder_; }
    // A key with these permissions ("admin": all).
    std::string key(const std::string& scopes);
    int stop();  // SIGTERM; the exit code
    bool runs() const;

    Answer send(const std::string& method, const std::string& path, const std::string& body = {},
                std::vector<std::string> headers = {}) const;
    // Bytes as they are, and everything that comes back until the server closes, or `seconds` have passed.
    std::string raw(const std::string& bytes, int seconds = 5) const;
    int connect() const;

    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

private:
    std::filesystem::path folder_;
    int pid_ = -1, port_ = 0, keys_ = 0;
};

}  // namespace shuke::tests
