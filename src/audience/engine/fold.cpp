#include "audience/engine/fold.h"

#include <algorithm>
#include <numeric>

#include "audience/engine/bits.h"
#include "audience/engine/gather.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kThinSlots = kBlockSlots / 2;
constexpr std::size_t kThinBlocks = 8;

struct Member {
    std::int64_t customer;
    Source source;
    std::size_t block;  // its number
};

void add_living(const Version::Parts& parts, std::size_t number, std::vector<Member>& out) {
    const Block& block = *parts.blocks[number];
    parts.living[number].for_each([&](std::size_t slot) {
        out.push_back({block.customers.id.value_at(slot), {&block, static_cast<std::uint32_t>(slot)}, number});
    });
}

std::vector<Source> sources_of(std::span<const Member> members) {
    std::vector<Source> sources;
    sources.reserve(members.size());
    for (const Member& member : members) sources.push_back(member.source);
    return sources;
}

std::vector<std::span<const Member>> in_blocks(std::span<const Member> members) {
    std::vector<std::span<const Member>> blocks;
    for (std::size_t begin = 0; begin < members.size(); begin += kBlockSlots)
        blocks.push_back(members.subspan(begin, std::min<std::size_t>(kBlockSlots, members.size() - begin)));
    return blocks;
}

class Folding {
public:
    Folding(Version::Parts& parts, WorkerPool* pool) : parts_(parts), pool_(pool) { find_unsettled(); }

    void run() {
        const std::size_t share = parts_.settled * kBlockSlots / kUnsettledShare;
        if (unsettled_.size() > std::max(kUnsettledBlocks * kBlockSlots, share)) {
            settle_newcomers();
            settle_returning();
        }
        pack();
    }

private:
    void find_unsettled() {
        unsettled_.clear();
        for (std::size_t number = parts_.settled; number < parts_.blocks.size(); ++number)
            add_living(parts_, number, unsettled_);
        std::ranges::sort(unsettled_, {}, &Member::customer);
    }

    // Ids beyond the settled ones: the last block, if it has room, and blocks behind it.
    void settle_newcomers() {
        const std::int64_t last = parts_.settled == 0 ? 0 : parts_.blocks[parts_.settled - 1]->customers.id.max;
        const auto first = std::ranges::upper_bound(unsettled_, last, {}, &Member::customer);
        const std::span newcomers(first, unsettled_.end());
        if (newcomers.size() < kBlockSlots) return;
        std::vector<Member> members;
        std::size_t from = parts_.settled;
        if (from > 0 && parts_.living[from - 1].count() < kBlockSlots) add_living(parts_, --from, members);
        members.insert(members.end(), newcomers.begin(), newcomers.end());
        const Version::Blocks made = gather_all(in_blocks(members));
        for (const Member& member : newcomers) kill(member);
        const auto at = [](auto& list, std::size_t i) { return list.begin() + static_cast<std::ptrdiff_t>(i); };
        parts_.blocks.erase(at(parts_.blocks, from), at(parts_.blocks, parts_.settled));
        parts_.living.erase(at(parts_.living, from), at(parts_.living, parts_.settled));
        std::vector<SlotBits> living;
        for (const auto& block : made) living.push_back(SlotBits::first(block->slots));
        parts_.blocks.insert(at(parts_.blocks, from), made.begin(), made.end());
        parts_.living.insert(at(parts_.living, from), living.begin(), living.end());
        parts_.settled = from + made.size();
        find_unsettled();
    }

    // By settled block: who returns to it.
    std::vector<std::span<const Member>> returning() const {
        std::vector<std::span<const Member>> to(parts_.settled);
        const std::span<const Member> all(unsettled_);
        std::size_t begin = 0;
        for (std::size_t number = 0; number < parts_.settled; ++number) {
            std::size_t end = all.size();
            if (number + 1 < parts_.settled) {
                const std::int64_t next = parts_.blocks[number + 1]->customers.id.min;
                end =
                    static_cast<std::size_t>(std::ranges::lower_bound(all, next, {}, &Member::customer) - all.begin());
            }
            to[number] = all.subspan(begin, end - begin);
            begin = end;
        }
        return to;
    }

    void settle_returning() {
        const auto to = returning();
        std::vector<std::size_t> numbers(parts_.settled);
        std::iota(numbers.begin(), numbers.end(), std::size_t{0});
        std::erase_if(numbers, [&](std::size_t number) {
            return to[number].empty() || parts_.living[number].count() + to[number].size() > kBlockSlots;
        });
        std::ranges::stable_sort(numbers, std::greater(), [&](std::size_t number) { return to[number].size(); });
        if (numbers.size() > kFoldedAtOnce) numbers.resize(kFoldedAtOnce);
        std::vector<std::vector<Member>> members(numbers.size());
        std::vector<std::span<const Member>> blocks;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            add_living(parts_, numbers[i], members[i]);
            members[i].insert(members[i].end(), to[numbers[i]].begin(), to[numbers[i]].end());
            std::ranges::sort(members[i], {}, &Member::customer);
            blocks.emplace_back(members[i]);
        }
        Version::Blocks made = gather_all(blocks);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            for (const Member& member : to[numbers[i]]) kill(member);
            parts_.living[numbers[i]] = SlotBits::first(made[i]->slots);
            parts_.blocks[numbers[i]] = std::move(made[i]);
        }
    }

    void kill(const Member& member) { parts_.living[member.block].reset(member.source.slot); }

    // Of the unsettled blocks the empty ones go; thin ones, when there are several, become few.
    void pack() {
        std::vector<std::size_t> thin;
        Version::Blocks kept;
        std::vector<SlotBits> kept_living;
        for (std::size_t number = parts_.settled; number < parts_.blocks.size(); ++number) {
            const std::size_t living = parts_.living[number].count();
            if (living == 0) continue;
            if (living < kThinSlots) {
                thin.push_back(number);
            } else {
                kept.push_back(parts_.blocks[number]);
                kept_living.push_back(parts_.living[number]);
            }
        }
        std::vector<Member> members;
        for (const std::size_t number : thin) {
            if (thin.size() >= kThinBlocks) {
                add_living(parts_, number, members);
            } else {
                kept.push_back(parts_.blocks[number]);
                kept_living.push_back(parts_.living[number]);
            }
        }
        std::ranges::sort(members, {}, &Member::customer);
        for (auto& block : gather_all(in_blocks(members))) {
            kept_living.push_back(SlotBits::first(block->slots));
            kept.push_back(std::move(block));
        }
        parts_.blocks.resize(parts_.settled);
        parts_.living.resize(parts_.settled);
        std::ranges::move(kept, std::back_inserter(parts_.blocks));
        parts_.living.insert(parts_.living.end(), kept_living.begin(), kept_living.end());
    }

    Version::Blocks gather_all(const std::vector<std::span<const Member>>& blocks) const {
        Version::Blocks made(blocks.size());
        run_tasks(pool_, blocks.size(), [&](std::size_t i, unsigned) { made[i] = gather(sources_of(blocks[i])); });
        return made;
    }

    Version::Parts& parts_;
    WorkerPool* pool_;
    std::vector<Member> unsettled_;  // by customer
};

}  // namespace

void fold(Version::Parts& parts, WorkerPool* pool) { Folding(parts, pool).run(); }

}  // namespace shuke::audience
