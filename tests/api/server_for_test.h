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

// What a signed-in person's browser sends.
struct SignedIn {
    std::string cookie, csrf_token;
};

class TestServer {
public:
    explicit TestServer(const std::vector<std::string>& options = {});
    // Over a data folder that is there, and stays.
    TestServer(std::filesystem::path folder, const std::vector<std::string>& options);
    ~TestServer();  // SIGTERM, and waits

    int port() const { return port_; }
    int process() const { return pid_; }
    const std::filesystem::path& folder() const { return folder_; }
    // A key with these permissions ("admin": all).
    std::string key(const std::string& scopes);
    // The first administrator, once a record; later the same by name and password.
    SignedIn sign_in();
    int stop();              // SIGTERM; the exit code
    void terminate() const;  // SIGTERM, without waiting
    void kill_hard();        // SIGKILL, as the out-of-memory killer or a power cut would
    void start();            // again, on the same folder with the same options, on another port
    bool runs() const;
    std::int64_t resident_kb() const;
    double processor_seconds() const;  // so far, of all its threads

    Answer send(const std::string& method, const std::string& path, const std::string& body = {},
                std::vector<std::string> headers = {}) const;
    // Bytes as they are, and everything that comes back until the server closes, or `seconds` have passed.
    std::string raw(const std::string& bytes, int seconds = 5) const;
    int connect() const;
    // Waits until /metrics has all these lines, five times in a row; false after a minute.
    bool shows(const std::vector<std::string>& metrics) const;

    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

private:
    int wait();

    std::filesystem::path folder_;
    bool owns_folder_ = true;
    std::vector<std::string> options_;
    int pid_ = -1, port_ = 0, keys_ = 0;
    int said_ = -1;  // the end of the pipe that the server speaks into
};

}  // namespace shuke::tests
