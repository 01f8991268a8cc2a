#include "record/messages.h"

namespace shuke::record {

void put_messages(soci::session& session, std::vector<Message>& messages) {
    EventWriter writer(session, EventKind::kMessage);
    for (Message& one : messages) {
        StatementBatch& batch = writer.begin(one.head);
        batch.text(one.channel);
        put_choice(batch, one.purpose);
        batch.nullable_text(one.campaign).nullable_text(one.flow).nullable_text(one.message_template);
        batch.nullable(one.cost, kMissingAmount);
        put_time(batch, one.delivered_at);
        put_time(batch, one.opened_at);
        put_time(batch, one.clicked_at);
        put_time(batch, one.replied_at);
        put_time(batch, one.unsubscribed_at);
        put_time(batch, one.bounced_at);
        put_time(batch, one.failed_at);
        batch.nullable_text(one.failure);
    }
    writer.finish();
}

}  // namespace shuke::record
