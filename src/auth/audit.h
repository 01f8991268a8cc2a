// src/auth/audit.h
//
// Reading the audit log and proving that nobody has changed it. Entries are written by record::append_audit
// (record/changes.h) in the transaction that makes the change; how they are chained and sealed: record/audit_chain.h.
//
// Cost     verify: one pass, about a million entries in some seconds
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "base/instant.h"
#include "record/changes.h"

namespace shuke::auth {

struct AuditedEntry {
    std::int64_t id = 0;
    Instant at;
    record::AuditEntry entry;
    std::string hash;
};

struct AuditFilter {
    std::string actor, action, subject;  // "" = any; action also by its beginning: "customer." finds customer.reveal
    Instant from = kNever, to = kNever;  // [from, to)
    std::int64_t before = 0;             // ids below this one, for paging; 0: the newest
    int limit = 50;
};
// The newest first.
std::vector<AuditedEntry> list_audit(soci::session& session, const AuditFilter& filter);

struct AuditProof {
    std::int64_t entries = 0;
    std::int64_t last_id = 0;  // of the newest entry; write it down with its hash, outside this machine, and compare
    std::string last_hash;
    std::int64_t broken_id = 0;  // the first entry that is not as it was written; 0: all are
    std::string problem;         // what is wrong there; "": nothing
    bool holds() const { return problem.empty(); }
};
AuditProof verify_audit(soci::session& session, const KeyRing& keys);

// Was this entry, noted earlier, in the chain with this hash? Error audit.differs.
Status compare_audit(soci::session& session, std::int64_t id, const std::string& hash);

}  // namespace shuke::auth
