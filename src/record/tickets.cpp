#include "record/tickets.h"

namespace shuke::record {

void put_tickets(soci::session& session, const KeyRing& keys, std::vector<Ticket>& tickets) {
    EventWriter writer(session, EventKind::kTicket, {{"content_sealed", Type::kText}});
    for (Ticket& one : tickets) {
        StatementBatch& batch = writer.begin(one.head);
        batch.nullable_text(one.kind).nullable_text(one.topic).nullable_text(one.channel);
        put_choice(batch, one.priority);
        batch.nullable_text(one.agent);
        put_time(batch, one.due_at);
        put_time(batch, one.first_response_at);
        put_time(batch, one.closed_at);
        batch.nullable(one.satisfaction, kMissingAmount).nullable_text(keys.seal(one.text));
    }
    writer.finish();
}

}  // namespace shuke::record
