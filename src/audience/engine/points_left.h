// src/audience/engine/points_left.h
//
// What is left of each entry of the points ledger as of an instant, so that their sum is the balance.
//
//   a lot       an entry above 0: usable until its expires_at, exclusively; nothing is left of it from then on
//   a taking    an entry below 0: takes from the lots that are usable then, the one that lapses first before the others
//   a debt      what no lot covered: left is below 0 until later lots have paid it, the oldest debt first
//   kExpire     writes down what lapsing has taken already; counts for nothing
//
// Entries without an amount and those later than the instant leave 0.
//
// Threads  pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace shuke::audience {

struct PointsEntry {
    std::int64_t at = 0, amount = 0;
    std::int64_t expires_at = 0;  // kMissing: never
    bool counts = true;
};

// Of one customer, in the order of the ledger, none later than the instant. left[i] belongs to entries[i].
void points_left(std::span<const PointsEntry> entries, std::int64_t as_of, std::int64_t* left);

}  // namespace shuke::audience
