#include "audience/engine/cached_predicate.h"

#include "audience/predicate_cache.h"

namespace shuke::audience {

void CachedPredicate::make_room(std::size_t blocks) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() < blocks) answers_.resize(blocks);
}

std::uint64_t CachedPredicate::bytes() const {
    const std::lock_guard lock(mutex_);
    return answers_.size() * sizeof(Answer);
}

// What is known of the block at the instant; of nobody when nothing is.
CachedPredicate::Answer CachedPredicate::usable_answer(BlockRun& run, const Expiry& expiry) {
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

bool CachedPredicate::refine(BlockRun& run, const Expiry& expiry, SlotBits& who,
                             const std::function<void(BlockRun&, SlotBits&)>& evaluate) {
    const Answer answer = usable_answer(run, expiry);
    const SlotBits unknown = who.without(answer.known);
    SlotBits passed = answer.passed;
    if (unknown.any()) {
        SlotBits newly = unknown;
        evaluate(run, newly);
        passed |= newly;
        const std::lock_guard lock(mutex_);
        if (run.number() < answers_.size()) {
            Answer& stored = answers_[run.number()];
            if (stored.serial != answer.serial || stored.from != answer.from) stored = answer;
            stored.known |= unknown;
            stored.passed |= newly;
        }
    }
    who &= passed;
    return !unknown.any();
}

PredicateCache::PredicateCache(std::uint64_t bytes) : limit_(bytes) {}
PredicateCache::~PredicateCache() = default;

void PredicateCache::clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
    recent_.clear();
}

std::uint64_t PredicateCache::bytes() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t bytes = 0;
    for (const auto& [key, entry] : entries_) bytes += key.size() + entry.predicate->bytes();
    return bytes;
}

std::shared_ptr<CachedPredicate> PredicateCache::find_or_add(const std::string& key, std::size_t blocks) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = entries_.try_emplace(key);
    Entry& entry = found->second;
    if (is_new) {
        entry.predicate = std::make_shared<CachedPredicate>();
        recent_.push_front(key);
    } else {
        recent_.splice(recent_.begin(), recent_, entry.recent);
    }
    entry.recent = recent_.begin();
    entry.predicate->make_room(blocks);
    const auto predicate = entry.predicate;
    shrink();
    return predicate;
}

// Never the latest one: whoever asked is about to use it.
void PredicateCache::shrink() {
    std::uint64_t bytes = 0;
    for (const auto& [key, entry] : entries_) bytes += key.size() + entry.predicate->bytes();
    while (bytes > limit_ && recent_.size() > 1) {
        const auto oldest = entries_.find(recent_.back());
        bytes -= oldest->first.size() + oldest->second.predicate->bytes();
        entries_.erase(oldest);
        recent_.pop_back();
    }
}

}  // namespace shuke::audience
