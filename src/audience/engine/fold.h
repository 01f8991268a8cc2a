// src/audience/engine/fold.h
//
// Keeps a Version's unsettled part small. Customers that changed lie in blocks behind the settled ones; a few at a time
// are folded back: their settled block is put together anew with them in it, and customers with ids beyond all settled
// ones fill up the last block and then new ones. What stays unsettled is packed into full blocks, dead slots left out.
//
// Little is done at once, so that a refresh is never long: at most kFoldedAtOnce blocks, those to which most customers
// return, and none while fewer are unsettled than kUnsettledBlocks and one in kUnsettledShare of all.
//
// Threads  pure.
// Cost     that of gather() for each folded block.
#pragma once

#include "audience/version.h"

namespace shuke::audience {

class WorkerPool;

inline constexpr std::size_t kUnsettledBlocks = 4;
inline constexpr std::size_t kUnsettledShare = 32;
inline constexpr std::size_t kFoldedAtOnce = 32;

void fold(Version::Parts& parts, WorkerPool* pool);

}  // namespace shuke::audience
