#include "record/points.h"

#include "base/check.h"

namespace shuke::record {

void add_points(soci::session& session, std::vector<PointsEntry>& entries) {
    EventWriter writer(session, EventKind::kPoints);
    for (PointsEntry& one : entries) {
        SHUKE_CHECK(one.head.id == 0, "entries of the ledger are never changed");
        StatementBatch& batch = writer.begin(one.head);
        batch.integer(one.amount).integer(static_cast<int>(one.kind)).nullable_text(one.reason);
        put_time(batch, one.expires_at);
    }
    writer.finish();
}

}  // namespace shuke::record
