// tests/api/server_for_test.h: `shuke serve` as a child on a free port over a data folder of its own, and a plain client.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace shuke::tests {

using Json = nlohmann::ordered_json;

// A browser that is signed in.
struct SignedIn {
    std::string cookie, csrf;  // "shuke_session=…"
    std::vector<std::string> headers(std::vector<std::string> more = {}) const;
};

struct Answer {
    int status = 0;                              // 0: no answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    Json json() const { return Json::parse(body, nullptr, false); }
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
    // A user of this role ("analyst", or the key of one that was made) with kPassword, signed in over HTTP.
    static constexpr const char* kPassword = "purple tractor banana seven";
    SignedIn user(const std::string& name, const std::string& role);
    SignedIn sign_in(const std::string& name, const std::string& password = kPassword) const;
    // What it has said on stderr so far.
    std::string said() const;
    // Waits until it has said this; false after some seconds.
    bool says(const std::string& text) const;
    // Asks for the job of a 202 until it has ended.
    Json job_of(const Answer& accepted, const std::string& key) const;
    // The first administrator, once a record; later the same by name and password.
    SignedIn administrator();
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
    bool tls_ = false;
    mutable std::mutex said_mutex_;
    std::string said_;
    std::thread listener_;
};

}  // namespace shuke::tests
