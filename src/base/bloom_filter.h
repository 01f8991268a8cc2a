// src/base/bloom_filter.h
//
// "Surely not there, or maybe": spares a look into the record for keys that are new. About 1 % false positives up
// to the number of keys it was sized for; never a false negative. Blocked: one cache line a key.
//
// Source  F. Putze, P. Sanders, J. Singler (2007), Cache-, Hash- and Space-Efficient Bloom Filters.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace shuke {

class BloomFilter {
public:
    explicit BloomFilter(std::size_t keys = 0) { reset(keys); }

    void reset(std::size_t keys) {
        const std::size_t blocks =
            std::bit_ceil(std::clamp<std::size_t>(keys / 40, 1024, std::size_t{1} << 20));  // at most 64 MB
        blocks_.assign(blocks, Block{});
    }
    void add(Hash128 key) {
        Block& block = blocks_[key.high & (blocks_.size() - 1)];
        for (int i = 0; i < kProbes; ++i) block[word(key, i)] |= bit(key, i);
    }
    bool may_contain(Hash128 key) const {
        const Block& block = blocks_[key.high & (blocks_.size() - 1)];
        for (int i = 0; i < kProbes; ++i) {
            if ((block[word(key, i)] & bit(key, i)) == 0) return false;
        }
        return true;
    }

private:
    static constexpr int kProbes = 7;
    using Block = std::array<std::uint64_t, 8>;
    static std::size_t word(Hash128 key, int i) { return (key.low >> (i * 9)) & 7; }
    static std::uint64_t bit(Hash128 key, int i) { return std::uint64_t{1} << ((key.low >> (i * 9 + 3)) & 63); }

    std::vector<Block> blocks_;
};

}  // namespace shuke
