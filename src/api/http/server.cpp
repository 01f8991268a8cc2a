#include "api/http/server.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <condition_variable>
#include <fstream>
#include <limits>
#include <list>
#include <thread>

#include "api/http/body_sink.h"
#include "api/http/response_head.h"
#include "api/http/tls.h"
#include "api/http/workers.h"
#include "base/crypto.h"
#include "base/text.h"

namespace shuke::api::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr auto kNewsPause = std::chrono::milliseconds(250);
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kLingerBytes = 4 << 20;

// What drain() needs of a connection; close() runs on its strand.
struct Link {
    asio::any_io_executor executor;
    std::function<void()> close;
    bool idle = false;  // touched on the strand only
};

// An answer on its way from a worker to the strand that waits for it.
template <class T>
struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : timer(executor, Clock::time_point::max()) {}
    void arrive(T answer) {
        value = std::move(answer);
        timer.cancel();
    }
    asio::steady_timer timer;
    std::optional<T> value;
};

template <class T>
void deliver(const std::shared_ptr<Pending<T>>& pending, T value) {
    asio::post(pending->timer.get_executor(),
               [pending, value = std::make_shared<T>(std::move(value))] { pending->arrive(std::move(*value)); });
}

// Stops what is being read when its time is over, and leaves the socket open, so that the client can be told. (The
// stream's own deadline closes it.) Lives within one coroutine of the connection's strand.
class ReadDeadline {
public:
    ReadDeadline(beast::tcp_stream& stream, std::chrono::milliseconds time)
        : stream_(stream), timer_(stream.get_executor()) {
        stream.expires_never();
        renew(time);
    }
    ~ReadDeadline() { *state_ = State::kGone; }
    ReadDeadline(const ReadDeadline&) = delete;
    ReadDeadline& operator=(const ReadDeadline&) = delete;

    void renew(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        timer_.async_wait([state = state_, stream = &stream_](const error_code& stopped) {
            if (stopped || *state != State::kRunning) return;
            *state = State::kOver;
            error_code ignored;
            stream->socket().cancel(ignored);
        });
    }
    bool is_over() const { return *state_ == State::kOver; }

private:
    enum class State { kRunning, kOver, kGone };
    beast::tcp_stream& stream_;
    asio::steady_timer timer_;
    std::shared_ptr<State> state_ = std::make_shared<State>(State::kRunning);
};

struct BadHead {
    int status;
    const char* key;
    const char* detail;
};

BadHead bad_head(const error_code& problem) {
    using E = beast::http::error;
    if (problem == E::header_limit || problem == E::buffer_overflow)
        return {431, "request.head_too_large", "the request's header is larger than is taken"};
    if (problem == beast::error::timeout)
        return {408, "request.head_timeout", "the request's header did not come in time"};
    return {400, "request.malformed", "this is not a well-formed HTTP/1.1 request"};
}

}  // namespace

struct Server::Parts {
    Parts(ServerOptions given, Handler& handles)
        : options(std::move(given)),
          handler(handles),
          acceptor(io),
          workers(options.workers, options.limits.waiting_requests) {}

    Status listen();
    void run();
    asio::awaitable<void> accept_all();
    asio::awaitable<void> watch_certificate();
    void welcome(tcp::socket socket);
    Status load_certificate();

    ServerOptions options;
    Handler& handler;
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
    tcp::acceptor acceptor;
    Workers workers;
    std::vector<std::thread> threads;

    std::mutex mutex;
    std::condition_variable gone;
    std::list<std::shared_ptr<Link>> links;
    std::shared_ptr<ssl::context> tls;
    std::int64_t tls_stamp = 0;
    std::atomic<bool> draining = false;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::uint64_t> accepted = 0, refused_connections = 0, refused_requests = 0, certificate_loads = 0;
};

namespace {

// One client. Everything runs on the connection's strand.
template <class Stream>
class Connection {
public:
    Connection(Server::Parts& parts, Stream stream, std::string peer, bool tls)
        : parts_(parts), limits_(parts.options.limits), stream_(std::move(stream)), peer_(std::move(peer)), tls_(tls) {}

    Stream& stream() { return stream_; }
    beast::tcp_stream& socket() { return beast::get_lowest_layer(stream_); }

    asio::awaitable<void> serve(std::shared_ptr<Link> link) {
        link_ = std::move(link);
        bool go_on = co_await shake_hands();
        while (go_on && !parts_.draining) {
            go_on = co_await wait_for_request();
            if (go_on) go_on = co_await serve_one();
        }
        co_await end();
    }

private:
    using Parser = beast::http::request_parser<beast::http::buffer_body>;

    asio::awaitable<bool> shake_hands() {
        error_code problem;
        if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
            socket().expires_after(limits_.head_time);
            co_await stream_.async_handshake(ssl::stream_base::server,
                                             asio::redirect_error(asio::use_awaitable, problem));
        }
        co_return !problem;
    }

    // The first bytes of the next request; false when none come in time.
    asio::awaitable<bool> wait_for_request() {
        if (buffer_.size() > 0) co_return true;
        socket().expires_after(limits_.idle_time);
        link_->idle = true;
        error_code problem;
        const std::size_t size =
            co_await stream_.async_read_some(buffer_.prepare(8192), asio::redirect_error(asio::use_awaitable, problem));
        link_->idle = false;
        buffer_.commit(size);
        co_return !problem && size > 0;
    }

    asio::awaitable<bool> serve_one() {
        start_ = Clock::now();
        Request request;
        request.peer = peer_;
        request.tls = tls_;
        request.id = random_name().substr(0, 16);
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(limits_.head_bytes));
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // ours are checked by read_body
        error_code problem;
        {
            const ReadDeadline deadline(socket(), limits_.head_time);
            co_await beast::http::async_read_header(stream_, buffer_, parser,
                                                    asio::redirect_error(asio::use_awaitable, problem));
            if (deadline.is_over()) problem = beast::error::timeout;
        }
        if (problem == beast::http::error::end_of_stream || problem == asio::error::eof ||
            problem == asio::error::operation_aborted || problem == asio::error::connection_reset)
            co_return false;
        if (problem) {
            const BadHead bad = bad_head(problem);
            co_return co_await refuse(request, bad.status, bad.key, bad.detail);
        }
        take_head(parser, request);
        http_1_0_ = parser.get().version() < 11;
        if (const auto bad = fault_of(parser, request))
            co_return co_await refuse(request, bad->status, bad->key, bad->detail);
        const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
        if (has_body && !co_await read_body(parser, request)) co_return false;
        keep_alive_ = parser.get().keep_alive();
        co_return co_await answer(std::move(request));
    }

    void take_head(const Parser& parser, Request& request) {
        const auto& head = parser.get();
        request.method = std::string(head.method_string());
        request.target = std::string(head.target());
        const auto mark = request.target.find('?');
        request.path = request.target.substr(0, mark);
        if (mark != std::string::npos) request.query = request.target.substr(mark + 1);
        for (const auto& field : head) {
            std::string name(field.name_string());
            for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
            request.headers.emplace_back(std::move(name), std::string(field.value()));
        }
    }

    std::optional<BadHead> fault_of(const Parser& parser, const Request& request) const {
        std::size_t cookies = 0;
        std::size_t hosts = 0;
        for (const auto& [name, value] : request.headers) {
            if (name == "cookie") cookies += value.size();
            hosts += name == "host" ? 1 : 0;
        }
        if (request.target.size() > limits_.target_bytes)
            return BadHead{414, "request.target_too_long", "the address asked for is longer than is taken"};
        if (cookies > limits_.cookie_bytes)
            return BadHead{431, "request.cookie_too_large", "the cookies are larger than is taken"};
        if (parser.get().version() != 11 && parser.get().version() != 10)
            return BadHead{400, "request.malformed", "HTTP/1.1 is expected"};
        if (request.path.empty() || request.path[0] != '/')
            return BadHead{400, "request.malformed", "the address must begin with /"};
        if (hosts > 1 || (hosts == 0 && parser.get().version() == 11))
            return BadHead{400, "request.malformed", "exactly one Host header is expected"};
        const auto expect = request.header("expect");
        if (!expect.empty() && fold(expect) != "100-continue")
            return BadHead{417, "request.expectation", "only 100-continue can be expected"};
        return std::nullopt;
    }

    // False: it was answered, or the client is gone; the connection ends.
    asio::awaitable<bool> read_body(Parser& parser, Request& request) {
        BodyPlan plan;
        plan.max_bytes = limits_.memory_body_bytes;
        if (parser.chunked() || *parser.content_length() > limits_.memory_body_bytes) {
            auto planned = co_await ask<BodyPlan>([&](auto deliver_plan) {
                return [this, head = request, deliver_plan] { deliver_plan(parts_.handler.plan(head)); };
            });
            if (!planned) co_return co_await refuse_full(request);
            plan = std::move(*planned);
        }
        if (plan.refusal) co_return co_await write_last(request, std::move(*plan.refusal));
        if (parser.content_length().value_or(0) > plan.max_bytes)
            co_return co_await refuse(request, 413, "request.body_too_large", "the body is larger than is taken here");
        if (!request.header("expect").empty() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
        co_return co_await receive(parser, request, plan);
    }

    asio::awaitable<bool> receive(Parser& parser, Request& request, const BodyPlan& plan) {
        BodySink sink(plan, parts_.options.spool, limits_.memory_body_bytes);
        std::vector<char> piece(16 * 1024);
        std::uint64_t renew_at = limits_.body_step;
        ReadDeadline deadline(socket(), limits_.body_time);
        while (!parser.is_done()) {
            if (sink.bytes() >= renew_at) {
                deadline.renew(limits_.body_time);
                renew_at = sink.bytes() + limits_.body_step;
            }
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            error_code problem;
            co_await beast::http::async_read(stream_, buffer_, parser,
                                             asio::redirect_error(asio::use_awaitable, problem));
            if (problem == beast::http::error::need_buffer) problem = {};
            const std::size_t size = piece.size() - parser.get().body().size;
            if (deadline.is_over())
                co_return co_await refuse(request, 408, "request.body_timeout", "the body did not come in time");
            if (problem.category() == beast::http::make_error_code(beast::http::error::bad_chunk).category() &&
                problem && problem != beast::http::error::partial_message)
                co_return co_await refuse(request, 400, "request.malformed", "the body is not well-formed");
            if (!sink.add(piece.data(), size))
                co_return co_await refuse(request, 507, "server.disk_full",
                                          "the body cannot be kept; the disk may be full");
            if (problem) co_return false;
            if (sink.is_over())
                co_return co_await refuse(request, 413, "request.body_too_large",
                                          "the body is larger than is taken here");
        }
        sink.finish(request);
        co_return true;
    }

    asio::awaitable<bool> answer(Request request) {
        const auto shared = std::make_shared<Request>(std::move(request));
        auto response = co_await ask<Response>([&](auto deliver_response) {
            return [this, shared, deliver_response] { parts_.handler.handle(*shared, deliver_response); };
        });
        std::error_code ignored;
        if (!shared->spooled.empty()) std::filesystem::remove(shared->spooled, ignored);
        if (!response) {
            ++parts_.refused_requests;
            response = parts_.handler.refuse(429, "server.busy", "too much at once; try again in a second", *shared);
            response->set("Retry-After", "1");
        }
        keep_alive_ = keep_alive_ && !response->close && !parts_.draining;
        co_return co_await write_response(*shared, *response) && keep_alive_;
    }

    // Runs `make(deliver)` in a worker; nothing when none takes it.
    template <class T, class Make>
    asio::awaitable<std::optional<T>> ask(Make make) {
        const auto pending = std::make_shared<Pending<T>>(stream_.get_executor());
        std::function<void(T)> delivers = [pending](T value) { deliver(pending, std::move(value)); };
        if (!parts_.workers.submit(make(std::move(delivers)))) co_return std::nullopt;
        error_code cancelled;
        co_await pending->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        co_return std::move(pending->value);
    }

    asio::awaitable<bool> write(std::string_view text) {
        while (!text.empty()) {
            const auto piece = text.substr(0, kPiece);
            socket().expires_after(limits_.write_time);
            error_code problem;
            co_await asio::async_write(stream_, asio::buffer(piece.data(), piece.size()),
                                       asio::redirect_error(asio::use_awaitable, problem));
            if (problem) co_return false;
            text.remove_prefix(piece.size());
        }
        co_return true;
    }

    asio::awaitable<bool> write_response(const Request& request, const Response& response) {
        bool written = false;
        std::uint64_t bytes = response.body.size();
        if (response.events) {
            written = co_await write_events(response);
        } else if (!response.file.empty()) {
            written = co_await write_file(request, response, bytes);
        } else {
            std::string text = response_head(response, {keep_alive_, http_1_0_, response.body.size()});
            const bool bodiless = request.method == "HEAD" || response.status == 204 || response.status == 304;
            if (!bodiless && response.body.size() < kPiece) text += response.body;
            written = co_await write(text);
            if (written && !bodiless && response.body.size() >= kPiece) written = co_await write(response.body);
        }
        const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
        parts_.handler.note(request, response, ms, bytes);
        co_return written;
    }

    asio::awaitable<bool> write_file(const Request& request, const Response& response, std::uint64_t& bytes) {
        std::error_code missing;
        bytes = std::filesystem::file_size(response.file, missing);
        std::ifstream in(response.file, std::ios::binary);
        if (missing || !in) {
            keep_alive_ = false;
            co_return co_await write(response_head(
                parts_.handler.refuse(404, "file.not_found", "the file is gone", request), {false, http_1_0_, 0}));
        }
        if (!co_await write(response_head(response, {keep_alive_, http_1_0_, bytes}))) co_return false;
        std::string piece(kPiece, '\0');
        for (std::uint64_t left = request.method == "HEAD" ? 0 : bytes; left > 0;) {
            in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, piece.size())));
            if (in.gcount() <= 0) co_return false;
            if (!co_await write(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())))) co_return false;
            left -= static_cast<std::uint64_t>(in.gcount());
        }
        co_return true;
    }

    asio::awaitable<bool> write_events(const Response& response) {
        keep_alive_ = false;
        if (!co_await write(response_head(response, {false, true, std::nullopt}))) co_return false;
        asio::steady_timer pause(stream_.get_executor());
        while (!parts_.draining) {
            auto news = co_await ask<EventNews>([&](auto deliver_news) {
                return [ask_news = response.events, deliver_news] { deliver_news(ask_news()); };
            });
            if (news && !co_await write(news->text)) co_return false;
            if (news && news->ended) break;
            pause.expires_after(kNewsPause);
            error_code cancelled;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        }
        co_return true;
    }

    // Answers and ends: what the client still sends is not read as a request.
    asio::awaitable<bool> write_last(const Request& request, Response response) {
        keep_alive_ = false;
        if (!co_await write_response(request, response)) co_return false;
        error_code problem;
        if constexpr (std::is_same_v<Stream, beast::tcp_stream>)
            socket().socket().shutdown(tcp::socket::shutdown_send, problem);
        socket().expires_after(kLinger);
        std::vector<char> ignored(16 * 1024);
        for (std::size_t read = 0; read < kLingerBytes && !problem;)
            read += co_await socket().async_read_some(asio::buffer(ignored),
                                                      asio::redirect_error(asio::use_awaitable, problem));
        co_return false;
    }

    asio::awaitable<bool> refuse(const Request& request, int status, const char* key, const char* detail) {
        Response response = parts_.handler.refuse(status, key, detail, request);
        co_return co_await write_last(request, std::move(response));
    }

    asio::awaitable<bool> refuse_full(const Request& request) {
        ++parts_.refused_requests;
        Response response =
            parts_.handler.refuse(429, "server.busy", "too much at once; try again in a second", request);
        response.set("Retry-After", "1");
        co_return co_await write_last(request, std::move(response));
    }

    asio::awaitable<void> end() {
        error_code ignored;
        if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
            socket().expires_after(kLinger);
            co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        }
        socket().socket().shutdown(tcp::socket::shutdown_both, ignored);
        socket().close();
    }

    Server::Parts& parts_;
    const Limits& limits_;
    Stream stream_;
    std::string peer_;
    bool tls_;
    std::shared_ptr<Link> link_;
    beast::flat_buffer buffer_{1 << 20};
    Clock::time_point start_;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
};

// Lives as long as its coroutine.
template <class Stream>
asio::awaitable<void> live(Server::Parts& parts, std::unique_ptr<Connection<Stream>> connection) {
    auto link = std::make_shared<Link>();
    auto* raw = connection.get();
    link->executor = raw->stream().get_executor();
    link->close = [raw] { raw->socket().close(); };
    std::list<std::shared_ptr<Link>>::iterator place;
    {
        const std::lock_guard lock(parts.mutex);
        place = parts.links.insert(parts.links.end(), link);
    }
    try {
        co_await connection->serve(link);
    } catch (const std::exception&) {
        // The connection is broken; there is nobody to tell.
    }
    link->close = [] {};
    {
        const std::lock_guard lock(parts.mutex);
        parts.links.erase(place);
        --parts.connections;
    }
    parts.gone.notify_all();
}

}  // namespace

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
    while (!draining) {
        error_code problem;
        tcp::socket socket =
            co_await acceptor.async_accept(asio::make_strand(io), asio::redirect_error(asio::use_awaitable, problem));
        if (draining || problem == asio::error::operation_aborted) co_return;
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
    std::shared_ptr<ssl::context> context;
    {
        const std::lock_guard lock(mutex);
        context = tls;
    }
    if (connections >= options.limits.connections) {
        ++refused_connections;
        if (context) return;
        Response full =
            handler.refuse(429, "server.connections", "too many connections; try again in a second", Request{});
        full.set("Retry-After", "1");
        const std::string text = response_head(full, {false, false, full.body.size()}) + full.body;
        socket.non_blocking(true, problem);
        socket.write_some(asio::buffer(text),
                          problem);  // it fits the socket's buffer; whoever does not read gets nothing
        socket.shutdown(tcp::socket::shutdown_send, problem);
        return;
    }
    ++connections;
    const auto executor = socket.get_executor();
    if (context) {
        using Tls = beast::ssl_stream<beast::tcp_stream>;
        auto connection =
            std::make_unique<Connection<Tls>>(*this, Tls(beast::tcp_stream(std::move(socket)), *context), peer, true);
        asio::co_spawn(executor, live(*this, std::move(connection)), [context](const std::exception_ptr&) {});
    } else {
        auto connection =
            std::make_unique<Connection<beast::tcp_stream>>(*this, beast::tcp_stream(std::move(socket)), peer, false);
        asio::co_spawn(executor, live(*this, std::move(connection)), asio::detached);
    }
}

asio::awaitable<void> Server::Parts::watch_certificate() {
    asio::steady_timer pause(io);
    std::int64_t refused = 0, told = 0;  // stamps
    while (!draining) {
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
    parts_->workers.stop();
    parts_->guard.reset();
    parts_->io.stop();
    for (auto& thread : parts_->threads) thread.join();
}

std::uint16_t Server::port() const { return parts_->options.port; }
bool Server::is_tls() const { return !parts_->options.certificate.empty(); }
bool Server::is_draining() const { return parts_->draining; }

ServerLoad Server::load() const {
    return {parts_->connections,         parts_->workers.waiting(), parts_->workers.running(), parts_->accepted,
            parts_->refused_connections, parts_->refused_requests,  parts_->certificate_loads};
}

Status Server::reload() {
    if (!is_tls()) return {};
    return parts_->load_certificate();
}

void Server::drain() {
    if (parts_->draining.exchange(true)) return;
    asio::post(parts_->io, [this] {
        error_code ignored;
        parts_->acceptor.cancel(ignored);
        parts_->acceptor.close(ignored);
    });
    const auto close = [this](bool all) {
        const std::lock_guard lock(parts_->mutex);
        for (const auto& link : parts_->links) {
            asio::post(link->executor, [link, all] {
                if (all || link->idle) link->close();
            });
        }
    };
    const auto deadline = Clock::now() + parts_->options.limits.drain_time;
    while (parts_->connections > 0 && Clock::now() < deadline) {
        close(false);
        std::unique_lock lock(parts_->mutex);
        parts_->gone.wait_for(lock, std::chrono::milliseconds(50), [this] { return parts_->connections == 0; });
    }
    if (parts_->connections > 0) {
        close(true);
        std::unique_lock lock(parts_->mutex);
        parts_->gone.wait_for(lock, std::chrono::seconds(2), [this] { return parts_->connections == 0; });
    }
}

}  // namespace shuke::api::http
