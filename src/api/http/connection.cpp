#include "api/http/connection.h"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fstream>
#include <limits>

#include "api/http/body_sink.h"
#include "api/http/pending.h"
#include "api/http/read_deadline.h"
#include "api/http/response_head.h"
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

// One client. Everything runs on the connection's strand.
template <class Stream>
class Connection {
public:
    Connection(ConnectionContext& context, Stream stream, std::string peer, bool tls)
        : context_(context), limits_(context.limits), stream_(std::move(stream)), peer_(std::move(peer)), tls_(tls) {}

    Stream& stream() { return stream_; }
    beast::tcp_stream& socket() { return beast::get_lowest_layer(stream_); }

    asio::awaitable<void> serve(std::shared_ptr<Connections::Link> link) {
        link_ = std::move(link);
        bool go_on = co_await shake_hands();
        while (go_on && !context_.draining) {
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
        // Draining may have closed it while these bytes were on their way: nobody would get the answer.
        co_return !problem && size > 0 && socket().socket().is_open();
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
                return [this, head = request, deliver_plan] { deliver_plan(context_.handler.plan(head)); };
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
        BodySink sink(plan, context_.spool, limits_.memory_body_bytes);
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
        if (auto now = context_.handler.at_once(*shared)) {
            keep_alive_ = keep_alive_ && !context_.draining;
            co_return co_await write_response(*shared, *now) && keep_alive_;
        }
        auto response = co_await ask<Response>([&](auto deliver_response) {
            return [this, shared, deliver_response] { context_.handler.handle(*shared, deliver_response); };
        });
        std::error_code ignored;
        if (!shared->spooled.empty()) std::filesystem::remove(shared->spooled, ignored);
        if (!response) {
            ++context_.refused_requests;
            response = context_.handler.refuse(429, "server.busy", "too much at once; try again in a second", *shared);
        }
        keep_alive_ = keep_alive_ && !response->close && !context_.draining;
        co_return co_await write_response(*shared, *response) && keep_alive_;
    }

    // Runs `make(deliver)` in a worker; nothing when none takes it.
    template <class T, class Make>
    asio::awaitable<std::optional<T>> ask(Make make) {
        const auto pending = std::make_shared<Pending<T>>(stream_.get_executor());
        std::function<void(T)> delivers = [pending](T value) { deliver(pending, std::move(value)); };
        if (!context_.workers.submit(make(std::move(delivers)))) co_return std::nullopt;
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
        context_.handler.note(request, response, ms, bytes);
        co_return written;
    }

    asio::awaitable<bool> write_file(const Request& request, const Response& response, std::uint64_t& bytes) {
        std::error_code missing;
        bytes = std::filesystem::file_size(response.file, missing);
        std::ifstream in(response.file, std::ios::binary);
        if (missing || !in) {
            keep_alive_ = false;
            co_return co_await write(response_head(
                context_.handler.refuse(404, "file.not_found", "the file is gone", request), {false, http_1_0_, 0}));
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
        while (!context_.draining) {
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
        Response response = context_.handler.refuse(status, key, detail, request);
        co_return co_await write_last(request, std::move(response));
    }

    asio::awaitable<bool> refuse_full(const Request& request) {
        ++context_.refused_requests;
        co_return co_await refuse(request, 429, "server.busy", "too much at once; try again in a second");
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

    ConnectionContext& context_;
    const Limits& limits_;
    Stream stream_;
    std::string peer_;
    bool tls_;
    std::shared_ptr<Connections::Link> link_;
    beast::flat_buffer buffer_{1 << 20};
    Clock::time_point start_;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
};

template <class Stream>
asio::awaitable<void> live(ConnectionContext& context, Stream stream, std::string peer, bool tls) {
    Connection<Stream> connection(context, std::move(stream), std::move(peer), tls);
    const auto link = std::make_shared<Connections::Link>();
    link->executor = connection.stream().get_executor();
    link->close = [&connection] { connection.socket().close(); };
    const auto place = context.connections.enter(link);
    try {
        co_await connection.serve(link);
    } catch (const std::exception&) {
        // The connection is broken; there is nobody to tell.
    }
    link->close = [] {};
    context.connections.leave(place);
}

}  // namespace

asio::awaitable<void> serve_connection(ConnectionContext& context, tcp::socket socket,
                                       std::shared_ptr<ssl::context> tls, std::string peer) {
    beast::tcp_stream stream(std::move(socket));
    if (tls)
        co_await live(context, beast::ssl_stream<beast::tcp_stream>(std::move(stream), *tls), std::move(peer), true);
    else
        co_await live(context, std::move(stream), std::move(peer), false);
}

}  // namespace shuke::api::http
