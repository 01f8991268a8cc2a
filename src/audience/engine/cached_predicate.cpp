#include "audience/engine/cached_predicate.h"

#include <limits>

#include "audience/engine/kernels.h"
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

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kWorthKeeping = 32;  // slots

// A copy with room for more blocks, where it is too small: questions at work go on with the one they have.
template <class Cached>
void ensure_room(std::shared_ptr<Cached>& cached, std::size_t blocks) {
    if (cached->blocks() >= blocks) return;
    auto grown = std::make_shared<Cached>(*cached);
    grown->grow(blocks);
    cached = std::move(grown);
}

}  // namespace

CachedMetric::Values::~Values() {
    if (counted_in != nullptr) *counted_in -= bytes();
}

Column CachedMetric::Values::column() const {
    Column column;
    column.data = reinterpret_cast<const std::byte*>(stored.data());
    column.width = sizeof stored.front();
    column.has_missing = true;
    column.base = column.min = base;
    column.max = base + std::numeric_limits<std::uint32_t>::max() - 1;
    return column;
}

void CachedMetric::Values::numbers(SlotNumbers& out) const {
    if (fractions != nullptr) {
        out = *fractions;
        return;
    }
    out.fill(kNaN);
    known.for_each([&](std::size_t slot) {
        if (stored[slot] != 0) out[slot] = static_cast<double>(base + stored[slot] - 1);
    });
}

// New ones, with what the answer has; null where there is too little to keep.
std::shared_ptr<CachedMetric::Values> CachedMetric::values_beside(const Answers::Answer& answer,
                                                                  const SlotBits& asked) const {
    if (answer.content == nullptr && asked.count() < kWorthKeeping) return nullptr;
    auto values = std::make_shared<Values>();
    values->known = asked;
    if (answer.content != nullptr) values->known |= answer.content->known;
    return values;
}

void CachedMetric::store(BlockRun& run, const Answers::Answer& answer, std::shared_ptr<Values> values) {
    *bytes_ += values->bytes();
    values->counted_in = bytes_;
    answers_.update(run, answer, [&](std::shared_ptr<const Values>& stored) { stored = std::move(values); });
}

void CachedMetric::keep(BlockRun& run, const Answers::Answer& answer, const SlotBits& asked, SlotNumbers& numbers) {
    auto values = values_beside(answer, asked);
    if (values == nullptr) return;
    if (answer.content != nullptr) {
        SlotNumbers before;
        answer.content->numbers(before);
        answer.content->known.without(asked).for_each([&](std::size_t slot) { numbers[slot] = before[slot]; });
    }
    values->base = std::int64_t{std::numeric_limits<std::int32_t>::min()} + 1;
    if (!store_whole(numbers, values->stored)) values->fractions = std::make_unique<SlotNumbers>(numbers);
    store(run, answer, std::move(values));
}

void CachedMetric::keep(BlockRun& run, const Answers::Answer& answer, const SlotBits& asked, const SlotCodes& codes) {
    auto values = values_beside(answer, asked);
    if (values == nullptr) return;
    values->stored = codes;
    if (answer.content != nullptr) {
        const auto& before = answer.content->stored;
        answer.content->known.without(asked).for_each([&](std::size_t slot) { values->stored[slot] = before[slot]; });
    }
    store(run, answer, std::move(values));
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
    ensure_room(entry.predicate, blocks);
    const auto predicate = entry.predicate;
    shrink();
    return predicate;
}

std::shared_ptr<CachedMetric> PredicateCache::find_or_add_metric(const std::string& key, std::size_t blocks) {
    const std::lock_guard lock(mutex_);
    Entry& entry = use(key);
    if (entry.metric == nullptr) entry.metric = std::make_shared<CachedMetric>();
    ensure_room(entry.metric, blocks);
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
