#include "record/reviews.h"

namespace shuke::record {

void put_reviews(soci::session& session, const KeyRing& keys, std::vector<Review>& reviews) {
    EventWriter writer(session, EventKind::kReview, {{"review_no", Type::kText}, {"content_sealed", Type::kText}});
    for (Review& one : reviews) {
        StatementBatch& batch = writer.begin(one.head);
        batch.nullable(one.score, kMissingAmount);
        put_choice(batch, one.sentiment);
        batch.integer(one.text.empty() ? 0 : 1).integer(one.has_photo ? 1 : 0).integer(one.follow_up ? 1 : 0);
        put_time(batch, one.replied_at);
        batch.text(one.review_no).nullable_text(keys.seal(one.text));
    }
    writer.finish();
}

}  // namespace shuke::record
