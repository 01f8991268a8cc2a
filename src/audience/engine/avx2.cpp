#include "audience/engine/avx2.h"

#include "base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SHUKE_AVX2 __attribute__((target("avx2")))
#endif

namespace shuke::audience {

#if defined(__x86_64__)
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kLanes = 8;

SHUKE_AVX2 inline __m256i load_eight(const std::uint8_t* rows) {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(rows)));
}
SHUKE_AVX2 inline __m256i load_eight(const std::uint16_t* rows) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows)));
}
SHUKE_AVX2 inline __m256i load_eight(const std::uint32_t* rows) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows));
}

// Each lane: itself and all lanes before it.
SHUKE_AVX2 inline __m256i running_sum(__m256i lanes) {
    lanes = _mm256_add_epi32(lanes, _mm256_slli_si256(lanes, 4));
    lanes = _mm256_add_epi32(lanes, _mm256_slli_si256(lanes, 8));
    const __m256i of_halves = _mm256_shuffle_epi32(lanes, 0xFF);
    return _mm256_add_epi32(lanes, _mm256_permute2x128_si256(of_halves, of_halves, 0x08));
}

template <class T>
SHUKE_AVX2 inline void prefix_sums(const T* rows, std::size_t words, const Word* keep, std::uint32_t* prefix) {
    const __m256i bit_of_lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i last_lane = _mm256_set1_epi32(7);
    __m256i before = _mm256_setzero_si256();
    for (std::size_t word = 0; word < words; ++word) {
        auto* out = reinterpret_cast<__m256i*>(prefix + word * kGroup);
        Word kept = keep[word];
        if (kept == 0) {
            for (std::size_t i = 0; i < kGroup / kLanes; ++i) _mm256_storeu_si256(out + i, before);
            continue;
        }
        const T* group = rows + word * kGroup;
        for (std::size_t i = 0; i < kGroup / kLanes; ++i, kept >>= kLanes) {
            const __m256i bits = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(kept & 0xFF)), bit_of_lane);
            const __m256i values =
                _mm256_and_si256(load_eight(group + i * kLanes), _mm256_cmpeq_epi32(bits, bit_of_lane));
            const __m256i sums = running_sum(values);
            _mm256_storeu_si256(out + i, _mm256_add_epi32(before, _mm256_sub_epi32(sums, values)));
            before = _mm256_add_epi32(before, _mm256_permutevar8x32_epi32(sums, last_lane));
        }
    }
    prefix[words * kGroup] = static_cast<std::uint32_t>(_mm256_extract_epi32(before, 0));
}

}  // namespace

bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

SHUKE_AVX2 void avx2_prefix_sums(const std::uint8_t* rows, std::size_t words, const Word* keep, std::uint32_t* prefix) {
    prefix_sums(rows, words, keep, prefix);
}
SHUKE_AVX2 void avx2_prefix_sums(const std::uint16_t* rows, std::size_t words, const Word* keep,
                                 std::uint32_t* prefix) {
    prefix_sums(rows, words, keep, prefix);
}
SHUKE_AVX2 void avx2_prefix_sums(const std::uint32_t* rows, std::size_t words, const Word* keep,
                                 std::uint32_t* prefix) {
    prefix_sums(rows, words, keep, prefix);
}

// One bit a code: byte code / 8 of `bits`, bit code % 8. A shuffle looks up 32 bytes at once.
SHUKE_AVX2 void avx2_keep_in_table(const std::uint8_t* rows, std::size_t words, const std::uint8_t* table,
                                   std::size_t codes, Word* keep) {
    SHUKE_CHECK(codes <= kBitTableCodes, "too many codes");
    alignas(16) std::uint8_t bits[kBitTableCodes / 8] = {};
    for (std::size_t code = 0; code < codes; ++code)
        bits[code / 8] = static_cast<std::uint8_t>(bits[code / 8] | (table[code] != 0) << (code % 8));
    const __m256i bytes = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(bits)));
    const __m256i bit_of = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32,
                                            64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
    const auto pass = [&](const std::uint8_t* at) __attribute__((target("avx2"), always_inline)) {
        const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
        const __m256i byte_at = _mm256_and_si256(_mm256_srli_epi16(code, 3), _mm256_set1_epi8(0x0F));
        const __m256i bit = _mm256_shuffle_epi8(bit_of, _mm256_and_si256(code, _mm256_set1_epi8(7)));
        const __m256i passes = _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(bytes, byte_at), bit), bit);
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(passes));
    };
    for (std::size_t word = 0; word < words; ++word) {
        if (keep[word] == 0) continue;
        const std::uint8_t* group = rows + word * kGroup;
        keep[word] &= pass(group) | Word{pass(group + kGroup / 2)} << 32;
    }
}

#else

bool has_avx2() { return false; }
void avx2_prefix_sums(const std::uint8_t*, std::size_t, const Word*, std::uint32_t*) { SHUKE_CHECK(false, "no AVX2"); }
void avx2_prefix_sums(const std::uint16_t*, std::size_t, const Word*, std::uint32_t*) { SHUKE_CHECK(false, "no AVX2"); }
void avx2_prefix_sums(const std::uint32_t*, std::size_t, const Word*, std::uint32_t*) { SHUKE_CHECK(false, "no AVX2"); }
void avx2_keep_in_table(const std::uint8_t*, std::size_t, const std::uint8_t*, std::size_t, Word*) {
    SHUKE_CHECK(false, "no AVX2");
}

#endif

}  // namespace shuke::audience
