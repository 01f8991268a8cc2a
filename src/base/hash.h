// src/base/hash.h: 128-bit content hashes (XXH3) for finding equal things quickly. Not secret: for personal
// values use KeyRing::fingerprint.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace shuke {

struct Hash128 {
    std::uint64_t high = 0, low = 0;
    auto operator<=>(const Hash128&) const = default;
};

// Hashes a sequence of fields; ("ab","c") and ("a","bc") differ.
class FieldHasher {
public:
    FieldHasher& add(std::string_view text) {
        const XXH128_hash_t hash = XXH3_128bits_withSeed(text.data(), text.size(), state_.low);
        state_ = mix(hash.high64 ^ state_.high, hash.low64 + text.size());
        return *this;
    }
    FieldHasher& add(std::int64_t value) {
        state_ = mix(state_.high ^ static_cast<std::uint64_t>(value), state_.low + 0x9E3779B97F4A7C15ull);
        return *this;
    }
    Hash128 finish() const { return mix(state_.high, state_.low); }

private:
    static Hash128 mix(std::uint64_t high, std::uint64_t low) {
        const auto scramble = [](std::uint64_t x) {  // the finaliser of SplitMix64 (Steele, Lea, Flood 2014)
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
            return x ^ (x >> 31);
        };
        return {scramble(high + 0x9E3779B97F4A7C15ull * (low | 1)), scramble(low ^ (high << 1 | high >> 63))};
    }
    Hash128 state_;
};

// For std::unordered_map and flat tables: the bits are already well spread.
struct Hash128Hasher {
    std::size_t operator()(const Hash128& hash) const noexcept { return hash.low; }
};

}  // namespace shuke
