// src/ingest/source/text_window.h
//
// The text of a file through a window that only moves forward. Text that was seen stays where it is for as long as
// someone keeps its chunk, so cells can point into it without being copied.
//
// Threads  one reader.
// Cost     what is unread when a chunk ends is copied to the next chunk, nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "ingest/source/text_source.h"

namespace shuke::ingest {

using TextChunk = std::shared_ptr<const char[]>;

class TextWindow {
public:
    // Bytes behind end() that may be read (they are zero), so that whole vectors can be loaded.
    static constexpr std::size_t kPadding = 16;

    static constexpr std::size_t kChunkBytes = 256 << 10;

    explicit TextWindow(std::unique_ptr<TextSource> source, std::size_t least_bytes = kChunkBytes)
        : source_(std::move(source)), least_bytes_(least_bytes) {}

    const char* begin() const { return begin_; }  // of what is unread
    const char* end() const { return end_; }
    std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
    std::uint64_t offset() const { return offset_; }  // of begin() in the text
    bool ended() const { return ended_; }             // nothing follows end()

    // Puts more text behind end(), or sets ended(). The unread text moves to a new chunk. Errors of the source come
    // after all text before them; then begin() and end() stay.
    Status more();
    // The next `bytes` of text, or all that is left; of a file that breaks off, what is before the fault.
    std::string_view peek(std::size_t bytes);
    void advance(const char* to) {
        offset_ += static_cast<std::uint64_t>(to - begin_);
        begin_ = to;
    }
    const TextChunk& chunk() const { return chunk_; }
    std::size_t chunk_bytes() const { return chunk_bytes_; }
    TextSource& source() { return *source_; }
    const TextSource& source() const { return *source_; }

private:
    std::unique_ptr<TextSource> source_;
    std::size_t least_bytes_;  // of a chunk; more where the unread text needs it
    TextChunk chunk_;
    std::size_t chunk_bytes_ = 0;
    const char* begin_ = nullptr;
    const char* end_ = nullptr;
    std::uint64_t offset_ = 0;
    bool ended_ = false;
    std::optional<Error> fault_;
};

}  // namespace shuke::ingest
