#include "api/http/connections.h"

#include <boost/asio/post.hpp>

namespace shuke::api::http {

Connections::Place Connections::enter(std::shared_ptr<Link> link) {
    const std::lock_guard lock(mutex_);
    return links_.insert(links_.end(), std::move(link));
}

void Connections::leave(Place place) {
    {
        const std::lock_guard lock(mutex_);
        links_.erase(place);
        --number;
    }
    gone_.notify_all();
}

bool Connections::wait_until_none(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return gone_.wait_for(lock, at_most, [this] { return number == 0; });
}

void Connections::close(bool all) {
    const std::lock_guard lock(mutex_);
    for (const auto& link : links_) {
        boost::asio::post(link->executor, [link, all] {
            if (all || link->idle) link->close();
        });
    }
}

}  // namespace shuke::api::http
