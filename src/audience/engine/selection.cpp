#include "audience/engine/selection.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "audience/engine/metric_values.h"
#include "audience/engine/predicate_plan.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

std::vector<SlotBits> satisfying(const PlanContext& context, const bound::Predicate& root) {
    const PredicatePlan plan = compile_predicate(root, context);
    std::vector<SlotBits> chosen(context.version.blocks().size());
    std::vector<Workspace> workspaces(workers(context.pool));
    run_tasks(context.pool, chosen.size(), [&](std::size_t block, unsigned worker) {
        workspaces[worker].reset();
        BlockRun run(context.version, block, context.now(), workspaces[worker]);
        chosen[block] = run.existing_customers();
        plan.refine(run, chosen[block]);
    });
    return chosen;
}

struct Ranked {
    double value;
    std::uint32_t slot;
};

// The greater value first; among equals the lower id, which is the lower slot as long as slots ascend with ids.
class Ranking {
public:
    explicit Ranking(const Version& version) : version_(version), slots_ascend_(version.slots_ascend()) {}
    bool operator()(const Ranked& a, const Ranked& b) const {
        if (a.value != b.value) return a.value > b.value;
        return slots_ascend_ ? a.slot < b.slot : version_.customer_at(a.slot) < version_.customer_at(b.slot);
    }

private:
    const Version& version_;
    bool slots_ascend_;
};

// The best `wanted` of all that were offered, in no order.
class Best {
public:
    Best(const Version& version, std::size_t wanted) : ranking_(version), wanted_(wanted) {}

    void offer(Ranked one) {
        if (full_ && !ranking_(one, worst_)) return;
        ranked_.push_back(one);
        if (ranked_.size() >= 2 * wanted_ + kRoom) cut();
    }
    void cut() {
        if (ranked_.size() <= wanted_ || wanted_ == 0) return;
        const auto last = ranked_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
        std::nth_element(ranked_.begin(), last, ranked_.end(), ranking_);
        ranked_.erase(last + 1, ranked_.end());
        worst_ = ranked_.back();
        full_ = true;
    }
    const std::vector<Ranked>& ranked() const { return ranked_; }

private:
    static constexpr std::size_t kRoom = 4096;
    Ranking ranking_;
    std::size_t wanted_;
    std::vector<Ranked> ranked_;
    bool full_ = false;
    Ranked worst_{};
};

std::size_t wanted_of(const bound::Top& top, const std::vector<SlotBits>& chosen) {
    std::size_t customers = 0;
    for (const SlotBits& slots : chosen) customers += slots.count();
    const double wanted = top.percent ? std::ceil(static_cast<double>(customers) * top.amount / 100) : top.amount;
    return static_cast<std::size_t>(std::min(wanted, static_cast<double>(customers)));
}

void keep_top(const PlanContext& context, const bound::Top& top, std::vector<SlotBits>& chosen) {
    const std::size_t wanted = wanted_of(top, chosen);
    std::vector<Best> best(workers(context.pool), Best(context.version, wanted));
    const auto rank = [&](std::size_t block, std::span<const SlotNumbers> values, unsigned worker) {
        chosen[block].for_each([&](std::size_t slot) {
            const double value = values.front()[slot];
            if (wanted > 0 && !std::isnan(value))
                best[worker].offer({value, static_cast<std::uint32_t>(block * kBlockSlots + slot)});
        });
    };
    measure_blocks(context, {&top.metric}, chosen, rank);
    Best& all = best.front();
    for (std::size_t worker = 1; worker < best.size(); ++worker)
        for (const Ranked one : best[worker].ranked()) all.offer(one);
    all.cut();
    std::ranges::fill(chosen, SlotBits{});
    for (const Ranked& one : all.ranked()) chosen[one.slot / kBlockSlots].set(one.slot % kBlockSlots);
}

void keep_sample(const PlanContext& context, std::int64_t seed, std::uint32_t below, std::vector<SlotBits>& chosen) {
    run_tasks(context.pool, chosen.size(), [&](std::size_t block, unsigned) {
        const Column& ids = context.version.blocks()[block]->customers.id;
        SlotBits kept;
        chosen[block].for_each([&](std::size_t slot) {
            if (in_sample(ids.value_at(slot), seed, below)) kept.set(slot);
        });
        chosen[block] = kept;
    });
}

}  // namespace

std::vector<SlotBits> select(const PlanContext& context, const bound::Selection& selection) {
    std::vector<SlotBits> chosen = satisfying(context, selection.root);
    if (selection.top) keep_top(context, *selection.top, chosen);
    if (selection.sample_below) keep_sample(context, selection.seed, *selection.sample_below, chosen);
    return chosen;
}

bool in_sample(std::int64_t customer, std::int64_t seed, std::uint32_t below) {
    constexpr unsigned char kKey[crypto_shorthash_KEYBYTES] = {};
    char text[48];
    char* end = std::to_chars(text, std::end(text), seed).ptr;
    *end++ = ':';
    end = std::to_chars(end, std::end(text), customer).ptr;
    unsigned char hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(text), static_cast<unsigned long long>(end - text),
                     kKey);
    std::uint64_t number = 0;  // little-endian, as the authors of the hash have it
    for (unsigned i = 0; i < sizeof hash; ++i) number |= std::uint64_t{hash[i]} << (8 * i);
    return number % 10'000 < below;
}

}  // namespace shuke::audience
