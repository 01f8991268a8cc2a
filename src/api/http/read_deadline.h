// src/api/http/read_deadline.h
#pragma once

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <chrono>
#include <memory>

namespace shuke::api::http {

// Stops what is being read when its time is over, and leaves the socket open, so that the client can be told. (The
// stream's own deadline closes it.) Lives within one coroutine of the connection's strand.
class ReadDeadline {
public:
    ReadDeadline(boost::beast::tcp_stream& stream, std::chrono::milliseconds time)
        : stream_(stream), timer_(stream.get_executor()) {
        stream.expires_never();
        renew(time);
    }
    ~ReadDeadline() { *state_ = State::kGone; }
    ReadDeadline(const ReadDeadline&) = delete;
    ReadDeadline& operator=(const ReadDeadline&) = delete;

    void renew(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        timer_.async_wait([state = state_, stream = &stream_](const boost::system::error_code& stopped) {
            if (stopped || *state != State::kRunning) return;
            *state = State::kOver;
            boost::system::error_code ignored;
            stream->socket().cancel(ignored);
        });
    }
    bool is_over() const { return *state_ == State::kOver; }

private:
    enum class State { kRunning, kOver, kGone };
    boost::beast::tcp_stream& stream_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<State> state_ = std::make_shared<State>(State::kRunning);
};

}  // namespace shuke::api::http
