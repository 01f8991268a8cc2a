// src/audience/engine/cached_predicate.h: one condition's answers by block, and one metric's values.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

#include "audience/engine/aggregate.h"
#include "audience/engine/bits.h"
#include "audience/engine/block_answers.h"

namespace shuke::audience {

// Which slots were asked about, and what was answered.
class CachedPredicate {
public:
    // Slots of `who` that satisfy it stay. `evaluate` is asked about those that are not known.
    // True: it was not asked at all.
    bool refine(BlockRun& run, const Expiry& expiry, SlotBits& who,
                const std::function<void(BlockRun&, SlotBits&)>& evaluate);
    // What is known already of the block: who satisfies it, who does not.
    struct Known {
        SlotBits passed, failed;
    };
    Known known(BlockRun& run, const Expiry& expiry);

    void make_room(std::size_t blocks) { answers_.make_room(blocks); }
    std::uint64_t bytes() const { return answers_.blocks() * sizeof(Answers::Answer); }

private:
    struct Bits {
        SlotBits known, passed;
    };
    using Answers = BlockAnswers<Bits>;
    Answers answers_;
};

// Its numbers by slot: whoever moves a threshold has nothing read but these.
class CachedMetric {
public:
    static constexpr std::uint64_t kBytesABlock = sizeof(SlotNumbers) + 256;

    // Writes the slots of `who`; `evaluate` is asked about those that are not known.
    void numbers(BlockRun& run, const Expiry& expiry, const SlotBits& who, SlotNumbers& out,
                 const std::function<void(BlockRun&, const SlotBits&, SlotNumbers&)>& evaluate);

    void make_room(std::size_t blocks) { answers_.make_room(blocks); }
    std::uint64_t bytes() const { return answers_.blocks() * kBytesABlock; }

private:
    struct Values {
        SlotBits known;
        SlotNumbers numbers;
    };
    BlockAnswers<std::shared_ptr<const Values>> answers_;
};

}  // namespace shuke::audience
