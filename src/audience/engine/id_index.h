// src/audience/engine/id_index.h
//
// Ids → dense indexes 0, 1, … in order of arrival. Ids that arrive in ascending order, as ids of a database do, are
// found by their distance from the first or by binary search in a narrow bucket, without a hash table.
//
// Errors   adding an id twice is a bug (SHUKE_CHECK).
// Threads  one: look-ups remember the last one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/check.h"

namespace shuke::audience {

class IdIndex {
public:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    std::uint32_t add(std::int64_t id) {
        const auto index = static_cast<std::uint32_t>(ids_.size());
        if (!ids_.empty() && id <= ids_.back() && hashed_.empty()) begin_hashing();
        if (!hashed_.empty())
            SHUKE_CHECK(hashed_.emplace(id, index).second, "id " + std::to_string(id) + " was added twice");
        ids_.push_back(id);
        return last_ = index;
    }

    std::uint32_t find(std::int64_t id) {
        if (ids_.empty()) return kNone;
        if (ids_[last_] == id) return last_;
        const std::uint32_t found = hashed_.empty() ? find_ascending(id) : find_hashed(id);
        if (found != kNone) last_ = found;
        return found;
    }

    std::size_t size() const { return ids_.size(); }
    const std::vector<std::int64_t>& ids() const { return ids_; }

private:
    void begin_hashing() {
        hashed_.reserve(ids_.size() * 2);
        for (std::uint32_t i = 0; i < ids_.size(); ++i) hashed_.emplace(ids_[i], i);
    }

    std::uint32_t find_hashed(std::int64_t id) const {
        const auto found = hashed_.find(id);
        return found == hashed_.end() ? kNone : found->second;
    }

    std::uint32_t find_ascending(std::int64_t id) {
        if (id < ids_.front() || id > ids_.back()) return kNone;
        // No gaps: the place is known without looking.
        const auto guess = static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(ids_.front());
        if (static_cast<std::uint64_t>(ids_.back()) - static_cast<std::uint64_t>(ids_.front()) < ids_.size())
            return static_cast<std::uint32_t>(guess);
        if (guess < ids_.size() && ids_[guess] == id) return static_cast<std::uint32_t>(guess);
        if (bucketed_ != ids_.size() && ++misses_ > ids_.size() / 8) fill_buckets();
        auto begin = ids_.begin();
        auto end = ids_.end();
        if (bucketed_ == ids_.size()) {
            const std::uint64_t bucket = guess >> shift_;
            begin = ids_.begin() + buckets_[bucket];
            end = ids_.begin() + buckets_[bucket + 1];
        }
        const auto found = std::lower_bound(begin, end, id);
        return found != end && *found == id ? static_cast<std::uint32_t>(found - ids_.begin()) : kNone;
    }

    // About one id a bucket, where ids are spread evenly.
    void fill_buckets() {
        const std::uint64_t span = static_cast<std::uint64_t>(ids_.back()) - static_cast<std::uint64_t>(ids_.front());
        shift_ = 0;
        while ((span >> shift_) > ids_.size() * 2) ++shift_;
        buckets_.assign((span >> shift_) + 2, 0);
        for (const std::int64_t id : ids_) {
            ++buckets_[((static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(ids_.front())) >> shift_) + 1];
        }
        for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
        bucketed_ = ids_.size();
        misses_ = 0;
    }

    std::vector<std::int64_t> ids_;
    std::unordered_map<std::int64_t, std::uint32_t> hashed_;  // in use once an id arrived out of order
    std::vector<std::uint32_t> buckets_;
    std::size_t bucketed_ = 0;  // how many ids the buckets cover
    std::size_t misses_ = 0;
    int shift_ = 0;
    std::uint32_t last_ = 0;
};

}  // namespace shuke::audience
