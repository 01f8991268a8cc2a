// src/audience/engine/block_answers.h
//
// What was answered about each block, from which instant on and until when it holds.
//
// Threads  any number: a lock is held while one block's content is copied.
#pragma once

#include <cstdint>
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
        {
            const std::lock_guard lock(mutex_);
            if (run.number() >= answers_.size()) return fresh;
            kept = answers_[run.number()];
        }
        if (kept.serial != fresh.serial || run.as_of() < kept.from) return fresh;
        if (run.as_of() == kept.from) return kept;
        if (kept.until == kUnknown) {
            kept.until = expiry.next_change(run.block(), kept.from);
            const std::lock_guard lock(mutex_);
            Answer& stored = answers_[run.number()];
            if (stored.serial == kept.serial && stored.from == kept.from) stored.until = kept.until;
        }
        return run.as_of() < kept.until ? kept : fresh;
    }

    // change(content) of the block's answer, which is put in place of an older one first.
    template <class Change>
    void update(const BlockRun& run, const Answer& answer, const Change& change) {
        const std::lock_guard lock(mutex_);
        if (run.number() >= answers_.size()) return;
        Answer& stored = answers_[run.number()];
        if (stored.serial != answer.serial || stored.from != answer.from) stored = answer;
        change(stored.content);
    }

    void make_room(std::size_t blocks) {
        const std::lock_guard lock(mutex_);
        if (answers_.size() < blocks) answers_.resize(blocks);
    }
    std::size_t blocks() const {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }

private:
    static constexpr std::int64_t kUnknown = kMissing;

    mutable std::mutex mutex_;
    std::vector<Answer> answers_;  // by the block's number
};

}  // namespace shuke::audience
