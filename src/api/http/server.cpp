#include "api/http/server.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <thread>

#include "api/http/connection.h"
#include "api/http/response_head.h"
#include "api/http/tls.h"

namespace shuke::api::http {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

struct Server::Parts {
    Parts(ServerOptions given, Handler& handler)
        : options(std::move(given)),
          context{handler, options.limits, options.spool, {options.workers, options.limits.waiting_requests}},
          acceptor(io) {}

    Status listen();
    void run();
    asio::awaitable<void> accept_all();
    asio::awaitable<void> watch_certificate();
    void welcome(tcp::socket socket);
    void refuse(tcp::socket& socket);
    Status load_certificate();

    ServerOptions options;
    ConnectionContext context;
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
    tcp::acceptor acceptor;
    std::vector<std::thread> threads;

    std::mutex mutex;
    std::shared_ptr<ssl::context> tls;
    std::int64_t tls_stamp = 0;
    std::atomic<std::uint64_t> accepted = 0, refused_connections = 0, certificate_loads = 0;
};

Status Server::Parts::load_certificate() {
    const CertificateFiles files{options.certificate, options.key};
    const auto stamp = stamp_of(files);
    auto loaded = load_tls(files);
    if (!loaded) return std::unexpected(loaded.error());
    const std::lock_guard lock(mutex);
    tls = std::move(*loaded);
    tls_stamp = stamp;
    ++certificate_loads;
    return {};
}

Status Server::Parts::listen() {
    if (!options.certificate.empty()) {
        if (auto loaded = load_certificate(); !loaded) return loaded;
    }
    error_code problem;
    const auto address = asio::ip::make_address(options.address, problem);
    if (!problem) {
        const tcp::endpoint endpoint(address, options.port);
        acceptor.open(endpoint.protocol(), problem);
        if (!problem) acceptor.set_option(asio::socket_base::reuse_address(true), problem);
        if (!problem) acceptor.bind(endpoint, problem);
        if (!problem) acceptor.listen(1024, problem);
        if (!problem) options.port = acceptor.local_endpoint(problem).port();
    }
    if (problem) {
        return fail(Code::kUnavailable, "server.address",
                    "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " +
                        problem.message() + "; is another program there? choose another with --listen ADDRESS:PORT");
    }
    return {};
}

void Server::Parts::run() {
    asio::co_spawn(io, accept_all(), asio::detached);
    if (!options.certificate.empty()) asio::co_spawn(io, watch_certificate(), asio::detached);
    for (int i = 0; i < options.http_threads; ++i) threads.emplace_back([this] { io.run(); });
}

asio::awaitable<void> Server::Parts::accept_all() {
    while (!context.draining) {
        error_code problem;
        tcp::socket socket =
            co_await acceptor.async_accept(asio::make_strand(io), asio::redirect_error(asio::use_awaitable, problem));
        if (context.draining || problem == asio::error::operation_aborted) co_return;
        if (!problem) {
            welcome(std::move(socket));
            continue;
        }
        asio::steady_timer pause(io, std::chrono::milliseconds(50));  // no file descriptors left
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, problem));
    }
}

void Server::Parts::welcome(tcp::socket socket) {
    ++accepted;
    error_code problem;
    const auto endpoint = socket.remote_endpoint(problem);
    if (problem) return;
    socket.set_option(tcp::no_delay(true), problem);
    const std::string peer = endpoint.address().to_string();
    std::shared_ptr<ssl::context> certificate;
    {
        const std::lock_guard lock(mutex);
        certificate = tls;
    }
    if (context.connections.number >= options.limits.connections) {
        ++refused_connections;
        if (!certificate) refuse(socket);
        return;
    }
    ++context.connections.number;
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve_connection(context, std::move(socket), std::move(certificate), peer),
                   asio::detached);
}

void Server::Parts::refuse(tcp::socket& socket) {
    const Response full =
        context.handler.refuse(429, "server.connections", "too many connections; try again in a second", Request{});
    const std::string text = response_head(full, {false, false, full.body.size()}) + full.body;
    error_code problem;
    socket.non_blocking(true, problem);
    socket.write_some(asio::buffer(text), problem);  // it fits the socket's buffer; whoever does not read gets nothing
    socket.shutdown(tcp::socket::shutdown_send, problem);
}

asio::awaitable<void> Server::Parts::watch_certificate() {
    asio::steady_timer pause(io);
    std::int64_t refused = 0, told = 0;  // stamps
    while (!context.draining) {
        pause.expires_after(std::chrono::seconds(1));
        error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const auto stamp = stamp_of({options.certificate, options.key});
        if (stamp == tls_stamp) continue;
        // A pair that does not fit leaves the former one in use. Two files are never replaced at once, so it is told
        // when they have not changed for a second, and once.
        const auto loaded = load_certificate();
        if (loaded) continue;
        if (refused == stamp && told != stamp) {
            log_refusal(loaded.error());
            told = stamp;
        }
        refused = stamp;
    }
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler& handler) {
    auto parts = std::make_unique<Parts>(std::move(options), handler);
    if (auto listening = parts->listen(); !listening) return std::unexpected(listening.error());
    std::error_code ignored;  // what a crash left behind
    std::filesystem::remove_all(parts->options.spool, ignored);
    parts->run();
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::~Server() {
    drain();
    parts_->context.workers.stop();
    parts_->guard.reset();
    parts_->io.stop();
    for (auto& thread : parts_->threads) thread.join();
}

std::uint16_t Server::port() const { return parts_->options.port; }
bool Server::is_tls() const { return !parts_->options.certificate.empty(); }
bool Server::is_draining() const { return parts_->context.draining; }

ServerLoad Server::load() const {
    const auto& context = parts_->context;
    return {context.connections.number,  context.workers.waiting(), context.workers.running(), parts_->accepted,
            parts_->refused_connections, context.refused_requests,  parts_->certificate_loads};
}

Status Server::reload() {
    if (!is_tls()) return {};
    return parts_->load_certificate();
}

void Server::drain() {
    auto& connections = parts_->context.connections;
    if (parts_->context.draining.exchange(true)) return;
    asio::post(parts_->io, [this] {
        error_code ignored;
        parts_->acceptor.cancel(ignored);
        parts_->acceptor.close(ignored);
    });
    const auto deadline = Clock::now() + parts_->options.limits.drain_time;
    while (connections.number > 0 && Clock::now() < deadline) {
        connections.close_idle();
        connections.wait_until_none(std::chrono::milliseconds(50));
    }
    if (connections.number > 0) {
        connections.close_all();
        connections.wait_until_none(std::chrono::seconds(2));
    }
}

}  // namespace shuke::api::http
