// src/record/reviews.h: what buyers write about what they bought. The words are personal: sealed.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "record/events.h"

namespace shuke::record {

struct Review {
    EventHead head = {};
    std::string review_no = {};           // the shop's
    std::int64_t score = kMissingAmount;  // 1 to 5
    Sentiment sentiment = Sentiment::kUnknown;
    bool has_photo = false, follow_up = false;
    Instant replied_at = kNever;
    std::string text = {};
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_reviews(soci::session& session, const KeyRing& keys, std::vector<Review>& reviews);

}  // namespace shuke::record
