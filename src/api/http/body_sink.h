// src/api/http/body_sink.h: where the bytes of a request's body go while they arrive: memory, a spool file, or the file
// they are meant for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "api/http/message.h"

namespace shuke::api::http {

class BodySink {
public:
    BodySink(const BodyPlan& plan, std::filesystem::path spool, std::size_t memory_bytes);
    ~BodySink();

    bool add(const char* data, std::size_t size);  // false: the file cannot be written
    std::uint64_t bytes() const { return bytes_; }
    bool is_over() const { return bytes_ > plan_.max_bytes; }
    // Hands the body to the request.
    void finish(Request& request);

    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;

private:
    bool open_spool();
    bool write(const char* data, std::size_t size);

    const BodyPlan& plan_;
    std::filesystem::path spool_;
    std::size_t memory_bytes_;
    std::string memory_;
    std::filesystem::path spooled_;
    int file_ = -1;
    std::uint64_t bytes_ = 0;
};

}  // namespace shuke::api::http
