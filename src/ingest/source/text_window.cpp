#include "ingest/source/text_window.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace shuke::ingest {

Status TextWindow::more() {
    if (fault_) return std::unexpected(*fault_);
    const std::size_t unread = size();
    const std::size_t capacity = std::max(least_bytes_, unread) + unread + kPadding;
    auto fresh = std::make_shared_for_overwrite<char[]>(capacity + kPadding);
    if (unread > 0) std::memcpy(fresh.get(), begin_, unread);
    std::size_t filled = unread;
    while (filled + kPadding <= capacity && !ended_ && !fault_) {
        const auto count = source_->read(std::span(fresh.get() + filled, capacity - filled));
        if (!count) fault_ = count.error();
        ended_ = count && *count == 0;
        filled += count.value_or(0);
    }
    std::memset(fresh.get() + filled, 0, kPadding);
    begin_ = fresh.get();
    end_ = begin_ + filled;
    chunk_ = std::move(fresh);
    chunk_bytes_ = capacity;
    if (fault_ && filled == unread) return std::unexpected(*fault_);
    return {};
}

std::string_view TextWindow::peek(std::size_t bytes) {
    while (size() < bytes && !ended_ && more()) {
    }
    return {begin_, std::min(size(), bytes)};
}

}  // namespace shuke::ingest
