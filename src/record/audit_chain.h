// src/record/audit_chain.h
//
// What makes the audit log tell when it was tampered with. Each entry carries a BLAKE2b-256 hash over itself and the hash
// of the entry before it. At the end of each transaction that added entries, the last one is sealed: a keyed fingerprint
// of its id and hash, which nobody makes without the record's key; and so is the head, which says which entry is the
// newest, so that a missing tail shows. auth/audit.h reads and proves it; docs/decisions/0013 says what it can show.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>

#include "base/crypto.h"
#include "record/changes.h"

namespace shuke::record {

// `former` is the hash of the entry with the next lower id, "" for the first.
std::string hash_audit_entry(const std::string& former, std::int64_t id, Instant at, const AuditEntry& entry);

struct AuditHead {
    std::int64_t entry = 0;  // 0: the log is empty
    std::string hash;
};
std::string seal_of_entry(const KeyRing& keys, const AuditHead& entry);
std::string seal_of_head(const KeyRing& keys, const AuditHead& head);

// Seals what the transaction has added; Database::commit calls it.
void seal_audit(soci::session& session, const KeyRing& keys);
// Migration 0004: chains the entries that were written before there was a chain.
void chain_existing_audit(soci::session& session, const KeyRing& keys);

}  // namespace shuke::record
