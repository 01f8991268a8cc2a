// src/api/http/pending.h: an answer on its way from a worker to the strand that waits for it.
#pragma once

#include <boost/asio.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace shuke::api::http {

template <class T>
struct Pending {
    explicit Pending(const boost::asio::any_io_executor& executor)
        : timer(executor, std::chrono::steady_clock::time_point::max()) {}
    void arrive(T answer) {
        value = std::move(answer);
        timer.cancel();
    }
    boost::asio::steady_timer timer;
    std::optional<T> value;
};

template <class T>
void deliver(const std::shared_ptr<Pending<T>>& pending, T value) {
    boost::asio::post(pending->timer.get_executor(),
                      [pending, value = std::make_shared<T>(std::move(value))] { pending->arrive(std::move(*value)); });
}

}  // namespace shuke::api::http
