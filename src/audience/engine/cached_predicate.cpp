#include "audience/engine/cached_predicate.h"

#include "audience/predicate_cache.h"

namespace shuke::audience {

bool CachedPredicate::refine(BlockRun& run, const Expiry& expiry, SlotBits& who,
                             const std::function<void(BlockRun&, SlotBits&)>& evaluate) {
    const Answers::Answer answer = answers_.usable(run, expiry);
    const SlotBits unknown = who.without(answer.content.known);
    SlotBits passed = answer.content.passed;
    if (unknown.any()) {
        SlotBits newly = unknown;
        evaluate(run, newly);
        passed |= newly;
        answers_.update(run, answer, [&](Bits& stored) {
            stored.known |= unknown;
            stored.passed |= newly;
        });
    }
    who &= passed;
    return !unknown.any();
}

CachedPredicate::Known CachedPredicate::known(BlockRun& run, const Expiry& expiry) {
    const Answers::Answer answer = answers_.usable(run, expiry);
    return {answer.content.passed, answer.content.known.without(answer.content.passed)};
}

void CachedMetric::numbers(BlockRun& run, const Expiry& expiry, const SlotBits& who, SlotNumbers& out,
                           const std::function<void(BlockRun&, const SlotBits&, SlotNumbers&)>& evaluate) {
    constexpr std::size_t kWorthKeeping = 32;  // slots
    const auto answer = answers_.usable(run, expiry);
    const SlotBits unknown = answer.content == nullptr ? who : who.without(answer.content->known);
    if (!unknown.any() && answer.content != nullptr) {
        out = answer.content->numbers;
        return;
    }
    evaluate(run, unknown, out);
    if (answer.content != nullptr) {
        const Values& known = *answer.content;
        known.known.for_each([&](std::size_t slot) { out[slot] = known.numbers[slot]; });
    }
    if (answer.content == nullptr && unknown.count() < kWorthKeeping) return;
    auto values = std::make_shared<Values>();
    values->known = unknown;
    if (answer.content != nullptr) values->known |= answer.content->known;
    values->numbers = out;
    answers_.update(run, answer, [&](std::shared_ptr<const Values>& stored) { stored = std::move(values); });
}

PredicateCache::PredicateCache(std::uint64_t bytes) : limit_(bytes) {}
PredicateCache::~PredicateCache() = default;

void PredicateCache::clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
    recent_.clear();
}

std::uint64_t PredicateCache::Entry::bytes() const {
    return (predicate == nullptr ? 0 : predicate->bytes()) + (metric == nullptr ? 0 : metric->bytes());
}

std::uint64_t PredicateCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_in_use();
}

std::uint64_t PredicateCache::bytes_in_use() const {
    std::uint64_t bytes = 0;
    for (const auto& [key, entry] : entries_) bytes += key.size() + entry.bytes();
    return bytes;
}

PredicateCache::Entry& PredicateCache::use(const std::string& key) {
    const auto [found, is_new] = entries_.try_emplace(key);
    Entry& entry = found->second;
    if (is_new) {
        recent_.push_front(key);
    } else {
        recent_.splice(recent_.begin(), recent_, entry.recent);
    }
    entry.recent = recent_.begin();
    return entry;
}

std::shared_ptr<CachedPredicate> PredicateCache::find_or_add(const std::string& key, std::size_t blocks) {
    const std::lock_guard lock(mutex_);
    Entry& entry = use(key);
    if (entry.predicate == nullptr) entry.predicate = std::make_shared<CachedPredicate>();
    entry.predicate->make_room(blocks);
    const auto predicate = entry.predicate;
    shrink();
    return predicate;
}

std::shared_ptr<CachedMetric> PredicateCache::find_or_add_metric(const std::string& key, std::size_t blocks) {
    constexpr std::uint64_t kShare = 8;  // of the room, for one metric
    if (blocks * CachedMetric::kBytesABlock > limit_ / kShare) return nullptr;
    const std::lock_guard lock(mutex_);
    Entry& entry = use(key);
    if (entry.metric == nullptr) entry.metric = std::make_shared<CachedMetric>();
    entry.metric->make_room(blocks);
    const auto metric = entry.metric;
    shrink();
    return metric;
}

// Never the latest one: whoever asked is about to use it.
void PredicateCache::shrink() {
    std::uint64_t bytes = bytes_in_use();
    while (bytes > limit_ && recent_.size() > 1) {
        const auto oldest = entries_.find(recent_.back());
        bytes -= oldest->first.size() + oldest->second.bytes();
        entries_.erase(oldest);
        recent_.pop_back();
    }
}

}  // namespace shuke::audience
