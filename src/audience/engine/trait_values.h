// src/audience/engine/trait_values.h: what a trait (tier, score, custom attribute) is for each slot as of the instant.
#pragma once

#include "audience/engine/block_run.h"

namespace shuke::audience {

// Calls use(slot, value): of the rows of this trait not later than the instant the newest's; kMissing without any.
// `trait`: its code; 0 = nobody has one of that name.
template <class Use>
void for_each_trait(BlockRun& run, std::uint32_t trait, const SlotBits& who, Use use) {
    const TraitColumns& traits = run.block().traits;
    const bool some = trait != 0 && traits.rows != 0 && traits.what.min <= trait && trait <= traits.what.max;
    who.for_each([&](std::size_t slot) {
        if (!some) return use(slot, kMissing);
        for (std::uint32_t row = traits.offsets[slot + 1]; row > traits.offsets[slot]; --row) {
            if (traits.what.stored_at(row - 1) != trait || traits.from.value_at(row - 1) > run.as_of()) continue;
            return use(slot, traits.value.value_at(row - 1));
        }
        use(slot, kMissing);
    });
}

}  // namespace shuke::audience
