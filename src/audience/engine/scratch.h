// src/audience/engine/scratch.h
//
// Memory for one block's intermediate rows: given out by moving a pointer, taken back all at once. Rewind hands back
// what was given out since it was made.
//
// Threads  one worker each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace shuke::audience {

class Scratch {
public:
    // Room for `count` values of T, not initialised, aligned for any kernel.
    template <class T>
    T* take(std::size_t count) {
        return reinterpret_cast<T*>(take_bytes((count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment));
    }
    void reset() { chunk_ = used_ = 0; }

    class Rewind {
    public:
        explicit Rewind(Scratch& scratch) : scratch_(scratch), chunk_(scratch.chunk_), used_(scratch.used_) {}
        ~Rewind() {
            scratch_.chunk_ = chunk_;
            scratch_.used_ = used_;
        }
        Rewind(const Rewind&) = delete;
        Rewind& operator=(const Rewind&) = delete;

    private:
        Scratch& scratch_;
        std::size_t chunk_, used_;
    };

private:
    static constexpr std::size_t kAlignment = 64;
    static constexpr std::size_t kChunkBytes = std::size_t{1} << 18;
    struct alignas(kAlignment) Line {
        std::byte bytes[kAlignment];
    };
    struct Chunk {
        std::unique_ptr<Line[]> lines;
        std::size_t bytes;
    };

    std::byte* take_bytes(std::size_t bytes) {
        while (chunk_ < chunks_.size() && used_ + bytes > chunks_[chunk_].bytes) {
            ++chunk_;
            used_ = 0;
        }
        if (chunk_ == chunks_.size()) {
            const std::size_t size = std::max(kChunkBytes, bytes);
            chunks_.push_back({std::make_unique_for_overwrite<Line[]>(size / kAlignment), size});
        }
        std::byte* begin = chunks_[chunk_].lines[0].bytes + used_;
        used_ += bytes;
        return begin;
    }

    std::vector<Chunk> chunks_;
    std::size_t chunk_ = 0;  // in use
    std::size_t used_ = 0;   // bytes of it
};

// What one worker needs for one block: `kept` until the block is done, `temporary` within a predicate.
struct Workspace {
    Scratch kept, temporary;
    void reset() {
        kept.reset();
        temporary.reset();
    }
};

}  // namespace shuke::audience
