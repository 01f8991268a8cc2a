// src/record/points.h: the ledger of points. Entries are added and never changed; what is left of each is counted in
// audience/engine/points_left.h.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "record/events.h"

namespace shuke::record {

struct PointsEntry {
    EventHead head = {};  // order: what they were earned with
    std::int64_t amount = 0;
    PointsKind kind = PointsKind::kEarn;
    std::string reason = {};
    Instant expires_at = kNever;  // of an amount above 0
};

// Each gets an id. Inside a write transaction; stamps whose they are.
void add_points(soci::session& session, std::vector<PointsEntry>& entries);

}  // namespace shuke::record
