// src/record/messages.h: what was sent to customers, by which channel, and what became of it.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "record/events.h"

namespace shuke::record {

struct Message {
    EventHead head = {};
    std::string channel = {};  // sms, email, wechat …
    Purpose purpose = Purpose::kUnknown;
    std::string campaign = {}, flow = {}, message_template = {};
    std::int64_t cost = kMissingAmount;  // of head.currency
    Instant delivered_at = kNever, opened_at = kNever, clicked_at = kNever, replied_at = kNever,
            unsubscribed_at = kNever, bounced_at = kNever, failed_at = kNever;
    std::string failure = {};  // why
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_messages(soci::session& session, std::vector<Message>& messages);

}  // namespace shuke::record
