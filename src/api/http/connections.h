// src/api/http/connections.h: the open connections of a server, so that draining can end those that are idle.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace shuke::api::http {

class Connections {
public:
    struct Link {
        boost::asio::any_io_executor executor;
        std::function<void()> close;  // runs on the executor, as does what touches idle
        bool idle = false;
    };
    using Place = std::list<std::shared_ptr<Link>>::iterator;

    Place enter(std::shared_ptr<Link> link);
    void leave(Place place);
    void close_idle() { close(false); }
    void close_all() { close(true); }
    bool wait_until_none(std::chrono::milliseconds at_most);

    // Also those that were accepted and have not entered yet.
    std::atomic<std::size_t> number = 0;

private:
    void close(bool all);

    std::mutex mutex_;
    std::condition_variable gone_;
    std::list<std::shared_ptr<Link>> links_;
};

}  // namespace shuke::api::http
