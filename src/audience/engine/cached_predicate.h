// src/audience/engine/cached_predicate.h
//
// One condition's answers by block: which slots were asked about, what was answered, and until when it holds.
//
// Threads  any number: a lock is held while the 256 bytes of a block are copied.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "audience/engine/bits.h"
#include "audience/engine/block_run.h"
#include "audience/engine/expiry.h"

namespace shuke::audience {

class CachedPredicate {
public:
    // Slots of `who` that satisfy it stay. `evaluate` is asked about those that are not known.
    // True: it was not asked at all.
    bool refine(BlockRun& run, const Expiry& expiry, SlotBits& who,
                const std::function<void(BlockRun&, SlotBits&)>& evaluate);
    void make_room(std::size_t blocks);
    std::uint64_t bytes() const;

private:
    static constexpr std::int64_t kUnknown = kMissing;
    struct Answer {
        std::uint64_t serial = 0;  // of the block
        std::int64_t from = 0;
        std::int64_t until = kUnknown;  // exclusive; unknown: asked at one instant only
        SlotBits known, passed;
    };
    Answer usable_answer(BlockRun& run, const Expiry& expiry);

    mutable std::mutex mutex_;
    std::vector<Answer> answers_;  // by the block's number
};

}  // namespace shuke::audience
