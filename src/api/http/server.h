// src/api/http/server.h
//
// HTTP/1.1 over TCP or TLS. A few threads read and write sockets and do nothing else; whatever asks the record or the
// engine runs in workers, whose queue is bounded: what finds it full is answered 429 at once.
//
//   limits    of head, cookies, target, body, connections: each has its 4xx and a problem document, then the connection
//             is closed
//   deadlines for the head, for the body as it comes, for an idle connection, for a client that does not read
//   bodies    up to memory_body_bytes in memory, larger ones in a file under `spool` while they are received, so that
//             no worker waits for a client; parts of uploads go straight to their file
//   TLS       certificate and key are read again when their files change, or on reload(); connections keep theirs
//   drain()   no new connections; idle ones are closed; what runs is finished; returns when all are gone or the time is up
//
// Errors   server.address (cannot listen), server.tls (certificate or key)
// Threads  start(), drain() and reload() from one
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "api/http/message.h"
#include "base/error.h"

namespace shuke::api::http {

struct Limits {
    std::size_t head_bytes = 32 * 1024;
    std::size_t target_bytes = 8 * 1024;
    std::size_t cookie_bytes = 8 * 1024;
    std::size_t memory_body_bytes = 1 << 20;
    std::uint64_t body_bytes = 64ull << 20;  // where the handler plans no more
    std::size_t connections = 2000;
    std::size_t waiting_requests = 1024;  // for a worker
    std::chrono::milliseconds head_time{10'000};
    std::chrono::milliseconds body_time{20'000};  // for each body_step bytes
    std::uint64_t body_step = 64 * 1024;
    std::chrono::milliseconds idle_time{60'000};
    std::chrono::milliseconds write_time{30'000};  // for each piece that is written
    std::chrono::milliseconds drain_time{30'000};
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;               // 0: any free one
    std::filesystem::path certificate, key;  // both or none
    std::filesystem::path spool;
    int http_threads = 2;
    int workers = 4;
    Limits limits;
};

struct ServerLoad {
    std::size_t connections = 0, waiting = 0, running = 0;
    std::uint64_t accepted = 0, refused_connections = 0, refused_requests = 0, certificate_loads = 0;
};

class Server {
public:
    static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler& handler);
    ~Server();

    std::uint16_t port() const;
    bool is_tls() const;
    ServerLoad load() const;
    Status reload();
    void drain();
    bool is_draining() const;

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace shuke::api::http
