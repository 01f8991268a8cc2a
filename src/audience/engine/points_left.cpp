#include "audience/engine/points_left.h"

#include <algorithm>
#include <limits>

#include "audience/engine/column.h"

namespace shuke::audience {
namespace {

std::int64_t lapses_at(const PointsEntry& entry) {
    return entry.expires_at == kMissing ? std::numeric_limits<std::int64_t>::max() : entry.expires_at;
}

}  // namespace

void points_left(std::span<const PointsEntry> entries, std::int64_t as_of, std::int64_t* left) {
    std::vector<std::size_t> lots;  // of which something is left, by (when they lapse, entry)
    std::vector<std::size_t> debts;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const PointsEntry& entry = entries[i];
        left[i] = entry.counts && entry.amount != kMissing ? entry.amount : 0;
        std::erase_if(lots, [&](std::size_t lot) {
            const bool gone = lapses_at(entries[lot]) <= entry.at;
            if (gone) left[lot] = 0;
            return gone;
        });
        std::vector<std::size_t>& others = left[i] < 0 ? lots : debts;
        for (const std::size_t other : others) {
            const std::int64_t settled =
                std::min(left[i] < 0 ? -left[i] : left[i], left[other] < 0 ? -left[other] : left[other]);
            left[i] += left[i] < 0 ? settled : -settled;
            left[other] += left[other] < 0 ? settled : -settled;
        }
        std::erase_if(others, [&](std::size_t other) { return left[other] == 0; });
        if (left[i] < 0) debts.push_back(i);
        if (left[i] > 0) {
            const auto place = std::ranges::upper_bound(lots, lapses_at(entry), {},
                                                        [&](std::size_t lot) { return lapses_at(entries[lot]); });
            lots.insert(place, i);
        }
    }
    for (const std::size_t lot : lots) {
        if (lapses_at(entries[lot]) <= as_of) left[lot] = 0;
    }
}

}  // namespace shuke::audience
