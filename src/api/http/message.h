// src/api/http/message.h: a request and its answer as handlers see them; nothing of sockets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shuke::api::http {

using Header = std::pair<std::string, std::string>;

struct Request {
    std::string method;  // upper case
    std::string target;  // as it came
    std::string path;    // without query, as it came: segments are decoded by the router
    std::string query;
    std::vector<Header> headers;
    std::string body;               // up to Limits::memory_body_bytes
    std::filesystem::path spooled;  // the body, where it is larger; removed after the answer
    std::uint64_t body_bytes = 0;   // also of a body that went straight to its file
    std::string peer;               // address without port
    std::string id;                 // of this request, for logs and problems
    bool tls = false;

    std::string_view header(std::string_view name) const;  // "" when absent; name in lower case
    std::string body_text() const;                         // all of it, wherever it is
};

// News for server-sent events: what to write now, and whether that was all.
struct EventNews {
    std::string text;
    bool ended = false;
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::vector<Header> headers;
    std::filesystem::path file;         // sent instead of the body
    std::function<EventNews()> events;  // asked again and again by a worker until it has ended
    bool close = false;                 // the connection ends with this answer

    // For logs and metrics, never sent.
    std::string route;      // pattern, not the raw path
    std::string principal;  // kind and id

    void set(std::string_view name, std::string value) { headers.emplace_back(name, std::move(value)); }
};

// Where the body of a request goes, decided from its head alone.
struct BodyPlan {
    std::uint64_t max_bytes = 1 << 20;
    // Straight to this file from `offset` on; what arrived stays when the client breaks off.
    std::filesystem::path file;
    std::uint64_t offset = 0;
    std::shared_ptr<void> held;       // let go of when the body has come, or the client is gone
    std::optional<Response> refusal;  // answered without reading the body
};

// What the server serves. plan() and handle() are called in worker threads, at_once(), refuse() and note() by those of the
// sockets.
class Handler {
public:
    virtual ~Handler() = default;
    // The answer to what needs no worker, since it asks nobody and takes no time; nothing: handle() it.
    virtual std::optional<Response> at_once(const Request& request) = 0;
    // For requests whose body is large or of unknown size.
    virtual BodyPlan plan(const Request& head) = 0;
    // Exactly one answer, from any thread.
    virtual void handle(Request request, std::function<void(Response)> answer) = 0;
    // A problem document for what the server itself refuses.
    virtual Response refuse(int status, std::string_view key, std::string_view detail, const Request& head) = 0;
    // After the answer was written, or could not be.
    virtual void note(const Request& request, const Response& response, double milliseconds, std::uint64_t bytes) = 0;
};

}  // namespace shuke::api::http
