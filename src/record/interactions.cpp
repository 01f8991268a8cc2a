#include "record/interactions.h"

namespace shuke::record {

void put_interactions(soci::session& session, const KeyRing& keys, std::vector<Interaction>& interactions) {
    EventWriter writer(session, EventKind::kInteraction, {{"content_sealed", Type::kText}});
    for (Interaction& one : interactions) {
        StatementBatch& batch = writer.begin(one.head);
        batch.nullable_text(one.channel).nullable_text(one.kind);
        put_choice(batch, one.direction);
        batch.nullable_text(one.agent).nullable_text(one.topic).nullable_text(one.outcome);
        batch.nullable(one.seconds, kMissingAmount).nullable_text(keys.seal(one.text));
    }
    writer.finish();
}

}  // namespace shuke::record
