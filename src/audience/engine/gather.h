// src/audience/engine/gather.h
//
// A block put together from customers of other blocks of the same dictionaries: how changed customers come back
// among their neighbours, without asking the record again. Rows are copied as they are; a slot keeps the order of
// its rows, so nothing is sorted.
//
// Threads  pure: any number side by side.
// Cost     each column of the result is decoded and narrowed once.
#pragma once

#include <memory>
#include <span>

#include "audience/engine/block.h"

namespace shuke::audience {

struct Source {
    const Block* block;
    std::uint32_t slot;
};

// Slot i of the result is sources[i]; at most kBlockSlots of them, in ascending customer id.
std::shared_ptr<const Block> gather(std::span<const Source> sources);

}  // namespace shuke::audience
