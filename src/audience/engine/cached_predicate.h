// src/audience/engine/cached_predicate.h: one condition's answers by block, and one metric's values.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "audience/engine/bits.h"
#include "audience/engine/block_answers.h"
#include "audience/engine/metric_plan.h"

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

    void grow(std::size_t blocks) { answers_.grow(blocks); }  // before others know of it
    std::size_t blocks() const { return answers_.blocks(); }
    std::uint64_t bytes() const { return answers_.bytes(); }

private:
    struct Bits {
        SlotBits known, passed;
    };
    using Answers = BlockAnswers<Bits>;
    Answers answers_;
};

// A metric's values by slot: whoever moves a threshold has nothing read but these.
class CachedMetric {
public:
    using Bytes = std::atomic<std::uint64_t>;
    // Whole numbers of 32 bits and codes of texts lie in `stored`, as Column has them; else `fractions` has the numbers.
    struct Values {
        SlotBits known;
        alignas(64) std::array<std::uint32_t, kBlockSlots> stored;
        std::int64_t base = 1;
        std::unique_ptr<SlotNumbers> fractions;
        std::shared_ptr<Bytes> counted_in;

        Values() = default;
        Values(const Values&) = delete;
        Values& operator=(const Values&) = delete;
        ~Values();
        std::uint64_t bytes() const { return sizeof *this + (fractions == nullptr ? 0 : sizeof *fractions); }
        Column column() const;                 // of all slots; what it says of unknown ones means nothing
        void numbers(SlotNumbers& out) const;  // NaN: missing, or not known
    };
    using Answers = BlockAnswers<std::shared_ptr<const Values>>;

    // What is known of the block; null content: nothing.
    Answers::Answer usable(BlockRun& run, const Expiry& expiry) { return answers_.usable(run, expiry); }
    // Beside what the answer has: the values of slots that were asked about.
    void keep(BlockRun& run, const Answers::Answer& answer, const SlotBits& asked, SlotNumbers& numbers);
    void keep(BlockRun& run, const Answers::Answer& answer, const SlotBits& asked, const SlotCodes& codes);

    void grow(std::size_t blocks) { answers_.grow(blocks); }  // before others know of it
    std::size_t blocks() const { return answers_.blocks(); }
    std::uint64_t bytes() const { return *bytes_ + answers_.bytes(); }

private:
    std::shared_ptr<Values> values_beside(const Answers::Answer& answer, const SlotBits& asked) const;
    void store(BlockRun& run, const Answers::Answer& answer, std::shared_ptr<Values> values);

    Answers answers_;
    std::shared_ptr<Bytes> bytes_ = std::make_shared<Bytes>(0);
};

}  // namespace shuke::audience
