// src/audience/engine/block_answers.h
//
// What was answered about each block, from which instant on and until when it holds. For a version of more blocks,
// copy and grow it: the copy shares what is known.
//
// Threads  any number, but growing: each block has its own lock, held while its content is copied.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "audience/engine/block_run.h"
#include "audience/engine/expiry.h"

namespace shuke::audience {

template <class Content>
class BlockAnswers {
public:
    struct Answer {
        std::uint64_t serial = 0;  // of the block
        std::int64_t from = 0;
        std::int64_t until = kUnknown;  // exclusive; unknown: asked at one instant only
        Content content{};
    };

    // What is known of the block at the instant; empty content when nothing is.
    Answer usable(const BlockRun& run, const Expiry& expiry) {
        Answer fresh;
        fresh.serial = run.block().serial;
        fresh.from = run.as_of();
        Answer kept;
        Guarded& guarded = at(run.number());
        {
            const std::lock_guard lock(guarded.mutex);
            kept = guarded.answer;
        }
        if (kept.serial != fresh.serial || run.as_of() < kept.from) return fresh;
        if (run.as_of() == kept.from) return kept;
        if (kept.until == kUnknown) {
            kept.until = expiry.next_change(run.block(), kept.from);
            const std::lock_guard lock(guarded.mutex);
            Answer& stored = guarded.answer;
            if (stored.serial == kept.serial && stored.from == kept.from) stored.until = kept.until;
        }
        return run.as_of() < kept.until ? kept : fresh;
    }

    // change(content) of the block's answer, which is put in place of an older one first.
    template <class Change>
    void update(const BlockRun& run, const Answer& answer, const Change& change) {
        Guarded& guarded = at(run.number());
        const std::lock_guard lock(guarded.mutex);
        Answer& stored = guarded.answer;
        if (stored.serial != answer.serial || stored.from != answer.from) stored = answer;
        change(stored.content);
    }

    void grow(std::size_t blocks) {
        while (this->blocks() < blocks) chunks_.push_back(std::make_shared<Chunk>());
    }
    std::size_t blocks() const { return chunks_.size() * kBlocksAChunk; }
    std::uint64_t bytes() const { return blocks() * sizeof(Guarded); }

private:
    static constexpr std::int64_t kUnknown = kMissing;
    static constexpr std::size_t kBlocksAChunk = 32;
    struct Guarded {
        std::mutex mutex;
        Answer answer;
    };
    using Chunk = std::array<Guarded, kBlocksAChunk>;

    Guarded& at(std::size_t block) { return (*chunks_[block / kBlocksAChunk])[block % kBlocksAChunk]; }

    std::vector<std::shared_ptr<Chunk>> chunks_;
};

}  // namespace shuke::audience
