#include "audience/evaluate.h"

#include <algorithm>
#include <string>

#include "audience/engine/selection.h"

namespace shuke::audience {
namespace {

// 64 blocks are one container of the bitmap. Full enough ones are handed over as bits, in the format that CRoaring
// reads (RoaringFormatSpec); adding a million slots one by one would take longer than finding them.
constexpr std::size_t kBlocksAContainer = 64;
constexpr std::size_t kArrayAtMost = 4096;
constexpr std::uint32_t kCookieWithoutRuns = 12346;

template <class T>
void append(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

Roaring roaring_of(const std::vector<SlotBits>& chosen) {
    struct Container {
        std::uint16_t key;
        std::size_t cardinality;
        std::string bytes;
    };
    std::vector<Container> containers;
    for (std::size_t begin = 0; begin < chosen.size(); begin += kBlocksAContainer) {
        Container container{static_cast<std::uint16_t>(begin / kBlocksAContainer), 0, {}};
        const std::size_t end = std::min(begin + kBlocksAContainer, chosen.size());
        for (std::size_t block = begin; block < end; ++block) container.cardinality += chosen[block].count();
        if (container.cardinality == 0) continue;
        for (std::size_t block = begin; block < begin + kBlocksAContainer && container.cardinality > kArrayAtMost;
             ++block) {
            for (const Word word : block < end ? chosen[block].words : SlotBits{}.words) append(container.bytes, word);
        }
        for (std::size_t block = begin; block < end && container.cardinality <= kArrayAtMost; ++block) {
            chosen[block].for_each([&](std::size_t slot) {
                append(container.bytes, static_cast<std::uint16_t>((block - begin) * kBlockSlots + slot));
            });
        }
        containers.push_back(std::move(container));
    }
    std::string out;
    append(out, kCookieWithoutRuns);
    append(out, static_cast<std::uint32_t>(containers.size()));
    for (const Container& container : containers) {
        append(out, container.key);
        append(out, static_cast<std::uint16_t>(container.cardinality - 1));
    }
    auto offset = static_cast<std::uint32_t>(out.size() + containers.size() * sizeof(std::uint32_t));
    for (const Container& container : containers) {
        append(out, offset);
        offset += static_cast<std::uint32_t>(container.bytes.size());
    }
    for (const Container& container : containers) out += container.bytes;
    return containers.empty() ? Roaring() : Roaring::readSafe(out.data(), out.size());
}

}  // namespace

Selection evaluate(const Version& version, const BoundExpression& expression, Instant as_of, WorkerPool* pool,
                   PredicateCache* cache) {
    return Selection{roaring_of(select({version, as_of, pool, cache}, expression.selection()))};
}

std::vector<CustomerId> customers(const Version& version, const Selection& selection) {
    std::vector<CustomerId> ids;
    ids.reserve(selection.count());
    for (const Slot slot : selection.slots) ids.push_back(version.customer_at(slot));
    if (!version.slots_ascend()) std::ranges::sort(ids);
    return ids;
}

}  // namespace shuke::audience
