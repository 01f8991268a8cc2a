#include "api/http/body_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "base/crypto.h"

namespace shuke::api::http {

BodySink::BodySink(const BodyPlan& plan, std::filesystem::path spool, std::size_t memory_bytes)
    : plan_(plan), spool_(std::move(spool)), memory_bytes_(memory_bytes) {
    if (plan_.file.empty()) return;
    file_ = ::open(plan_.file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file_ >= 0 && ::lseek(file_, static_cast<off_t>(plan_.offset), SEEK_SET) < 0) {
        ::close(file_);
        file_ = -1;
    }
}

BodySink::~BodySink() {
    if (file_ >= 0) ::close(file_);
    std::error_code ignored;
    if (!spooled_.empty()) std::filesystem::remove(spooled_, ignored);
}

bool BodySink::open_spool() {
    std::error_code ignored;
    std::filesystem::create_directories(spool_, ignored);
    spooled_ = spool_ / random_name();
    file_ = ::open(spooled_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return file_ >= 0 && write(memory_.data(), memory_.size());
}

bool BodySink::write(const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::write(file_, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

bool BodySink::add(const char* data, std::size_t size) {
    bytes_ += size;
    if (is_over()) return true;  // the caller refuses it
    if (file_ >= 0) return write(data, size);
    if (!plan_.file.empty()) return false;
    if (memory_.size() + size <= memory_bytes_) {
        memory_.append(data, size);
        return true;
    }
    if (!open_spool()) return false;
    memory_ = {};
    return write(data, size);
}

void BodySink::finish(Request& request) {
    if (file_ >= 0) {
        ::close(file_);
        file_ = -1;
    }
    request.body = std::move(memory_);
    request.spooled = std::exchange(spooled_, {});
    request.body_bytes = bytes_;
}

}  // namespace shuke::api::http
