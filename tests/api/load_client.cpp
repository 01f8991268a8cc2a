#include "api/load_client.h"

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace shuke::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto kAnswerTime = std::chrono::seconds(120);

std::string bytes_of(const Ask& ask) {
    std::string text = ask.method + " " + ask.path + " HTTP/1.1\r\nHost: shuke\r\n";
    for (const auto& [name, value] : ask.headers) text += name + ": " + value + "\r\n";
    if (!ask.body.empty()) text += "Content-Length: " + std::to_string(ask.body.size()) + "\r\n";
    return text + "\r\n" + ask.body;
}

class Connection {
public:
    Connection(int port, std::size_t number, Script& script, const asio::any_io_executor& executor)
        : to_(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)),
          number_(number),
          script_(script),
          stream_(executor) {}

    asio::awaitable<void> live() {
        asio::steady_timer pause(stream_.get_executor());
        while (auto ask = script_.next(number_)) {
            if (ask->pause.count() > 0) {
                pause.expires_after(ask->pause);
                co_await pause.async_wait(asio::use_awaitable);
            }
            const auto start = Clock::now();
            Heard heard;
            if (co_await connect())
                co_await exchange(*ask, heard);
            else
                heard.no_connection = true;
            heard.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
            if (!script_.heard(number_, *ask, heard)) break;
        }
        close();
    }

private:
    asio::awaitable<bool> connect() {
        if (stream_.socket().is_open()) co_return true;
        buffer_.clear();
        error_code problem;
        stream_.expires_after(kAnswerTime);
        co_await stream_.async_connect(to_, asio::redirect_error(asio::use_awaitable, problem));
        if (problem) {
            close();
            co_return false;
        }
        stream_.socket().set_option(tcp::no_delay(true), problem);
        co_return true;
    }

    asio::awaitable<void> exchange(const Ask& ask, Heard& heard) {
        error_code problem;
        stream_.expires_after(kAnswerTime);
        const std::string bytes = bytes_of(ask);
        // A server that refuses may answer before it has read everything: what it says is read in any case.
        co_await asio::async_write(stream_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, problem));
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(std::uint64_t{1} << 40);
        co_await beast::http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, problem));
        if (problem) {
            heard.broke_off = parser.got_some();
            heard.problem = problem.message();
            close();
            co_return;
        }
        auto& answer = parser.get();
        heard.status = answer.result_int();
        for (const auto& field : answer) {
            std::string name(field.name_string());
            for (char& c : name) c = static_cast<char>(std::tolower(c));
            heard.headers[name] = std::string(field.value());
        }
        heard.body = std::move(answer.body());
        if (!answer.keep_alive()) close();
    }

    void close() {
        error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.socket().close(ignored);
    }

    tcp::endpoint to_;
    std::size_t number_;
    Script& script_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
};

}  // namespace

void run_load(int port, std::size_t connections, Script& script) {
    asio::io_context io(1);
    std::vector<std::unique_ptr<Connection>> all;
    for (std::size_t i = 0; i < connections; ++i) {
        all.push_back(std::make_unique<Connection>(port, i, script, io.get_executor()));
        asio::co_spawn(io, all.back()->live(), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
    io.run();
}

std::vector<Latencies::Line> Latencies::lines() const {
    std::vector<Line> lines;
    for (const auto& [kind, unsorted] : times_) {
        auto times = unsorted;
        std::ranges::sort(times);
        const auto at = [&](double share) {
            return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * share)];
        };
        lines.push_back({kind, times.size(), at(0.5), at(0.99), times.back()});
    }
    return lines;
}

}  // namespace shuke::tests
