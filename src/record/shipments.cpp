#include "record/shipments.h"

namespace shuke::record {

void put_shipments(soci::session& session, std::vector<Shipment>& shipments) {
    EventWriter writer(session, EventKind::kShipment, {{"tracking_no", Type::kText}});
    for (Shipment& one : shipments) {
        StatementBatch& batch = writer.begin(one.head);
        batch.text(one.carrier);
        put_time(batch, one.promised_at);
        put_time(batch, one.picked_up_at);
        put_time(batch, one.arrived_at);
        put_time(batch, one.delivering_at);
        put_time(batch, one.problem_at);
        batch.nullable_text(one.issue);
        put_time(batch, one.signed_at);
        put_time(batch, one.returned_at);
        batch.text(one.tracking_no);
    }
    writer.finish();
}

}  // namespace shuke::record
