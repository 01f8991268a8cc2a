// src/record/changes.h: the change sequence and the audit log, written in the transaction that makes the change.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/id.h"
#include "base/instant.h"

namespace shuke::record {

// Whose data changed: a customer; nobody known (a guest's order) is the customer 0.
inline constexpr CustomerId kGuests{0};

// Stamps each customer with the next change number.
void append_changes(soci::session& session, const std::vector<CustomerId>& customers);
std::int64_t last_change(soci::session& session);
// Who was stamped after this number, ascending, each once.
std::vector<CustomerId> changed_since(soci::session& session, std::int64_t change);
// Forgets stamps that a newer one of the same customer makes superfluous.
void compact_changes(soci::session& session);

struct AuditEntry {
    std::string actor;    // "cli:root", "import 3"
    std::string action;   // "customer.merge", "customer.reveal", "settings.set"
    std::string subject;  // "customer 812"
    std::string detail;   // never personal values
};
// In the writer's turn. Chained to the entry before it; sealed when the transaction is committed (audit_chain.h).
void append_audit(soci::session& session, const AuditEntry& entry, Instant at);

}  // namespace shuke::record
