// src/audience/predicate_cache.h
//
// What conditions about facts said of which block, and the numbers they compared, kept for the next question: whoever
// edits one condition of an expression has only that one evaluated, whoever moves its threshold not even that, and
// after a refresh only blocks that changed are looked at.
//
// An answer about a block is good from the instant it was asked at until *something happens* in the block that the
// condition looks at: an event of the block's own between the two instants, a row leaving or entering a rolling
// window, midnight for what goes by the calendar. That moment is worked out when the condition is first asked again
// at a later instant. Conditions that depend on all customers (average, top) and cheap ones are not kept.
//
// One cache serves the versions of one record, as long as the settings (Config) are the same.
//
// Threads  any number.
// Cost     300 bytes a condition and block; 4 KB a metric and block, 12 KB where its numbers are not whole. The
//          longest unused go first when `bytes` is exceeded.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace shuke::audience {

class CachedMetric;
class CachedPredicate;

class PredicateCache {
public:
    explicit PredicateCache(std::uint64_t bytes = std::uint64_t{128} << 20);
    ~PredicateCache();

    void clear();
    std::uint64_t bytes() const;

    // For the engine: the answers to the condition of this key, for a version of so many blocks.
    std::shared_ptr<CachedPredicate> find_or_add(const std::string& key, std::size_t blocks);
    // The same for a metric's values: numbers, or codes of texts and choices.
    std::shared_ptr<CachedMetric> find_or_add_metric(const std::string& key, std::size_t blocks);

private:
    using Recent = std::list<std::string>;
    struct Entry {
        std::shared_ptr<CachedPredicate> predicate;  // one of the two
        std::shared_ptr<CachedMetric> metric;
        Recent::iterator recent;
        std::uint64_t bytes() const;
    };
    Entry& use(const std::string& key);
    std::uint64_t bytes_in_use() const;
    void shrink();

    const std::uint64_t limit_;
    mutable std::mutex mutex_;
    Recent recent_;  // the latest used first
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace shuke::audience
