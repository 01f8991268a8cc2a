// src/record/tickets.h: what customers ask for and who sees to it. The words are personal: sealed.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "record/events.h"

namespace shuke::record {

struct Ticket {
    EventHead head = {};
    std::string kind = {}, topic = {}, channel = {};  // pre-sales, after-sales, warehouse, finance …
    Priority priority = Priority::kUnknown;
    std::string agent = {};
    Instant due_at = kNever, first_response_at = kNever, closed_at = kNever;
    std::int64_t satisfaction = kMissingAmount;  // 1 to 5
    std::string text = {};
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_tickets(soci::session& session, const KeyRing& keys, std::vector<Ticket>& tickets);

}  // namespace shuke::record
