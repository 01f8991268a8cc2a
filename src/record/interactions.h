// src/record/interactions.h: calls, chats, visits, enquiries. What was said is personal: sealed.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "record/events.h"

namespace shuke::record {

struct Interaction {
    EventHead head = {};
    std::string channel = {}, kind = {};  // 旺旺, phone, store …; chat, call, enquiry …
    Direction direction = Direction::kUnknown;
    std::string agent = {}, topic = {}, outcome = {};
    std::int64_t seconds = kMissingAmount;  // how long
    std::string text = {};
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_interactions(soci::session& session, const KeyRing& keys, std::vector<Interaction>& interactions);

}  // namespace shuke::record
