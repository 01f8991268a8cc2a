// src/auth/personal_data.h
//
// The rights of one person: to get everything the record holds about them, and to be erased.
//
// Erasing takes names, addresses, birthdays, identifiers, notes, custom attributes, tags, list entries and all free text
// away, from the customer and from everybody merged into it; orders, refunds and points stay for the books without
// them. What the person was known by remains as keyed fingerprints, so that importing the old files again brings
// nothing back; a purchase dated after the erasure begins a new customer. There is no way back except a backup.
//
// Call inside a write transaction (both leave an audit entry). The caller forgets the audience's snapshots after an
// erasure has been committed.
// Errors   customer.not_found, customer.erased, erase.no_reason
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "auth/principal.h"
#include "base/crypto.h"
#include "base/id.h"
#include "record/database.h"

namespace shuke::auth {

// One JSON document, in clear. Asks for customers.reveal.
Result<nlohmann::ordered_json> export_personal_data(soci::session& session, const KeyRing& keys, CustomerId customer,
                                                    const Principal& principal, Instant now);

struct Erased {
    CustomerId customer;
    std::int64_t accounts = 0, identifiers = 0, orders_kept = 0, texts = 0, notes = 0, attributes = 0;
    std::int64_t rejected_rows = 0, list_rows = 0;
};
// Asks for customers.erase.
Result<Erased> erase_person(soci::session& session, const record::Database& database, CustomerId customer,
                            const Principal& principal, const std::string& reason, Instant now);

// When this customer was erased; kNever: not.
Instant erased_at(soci::session& session, CustomerId customer);

}  // namespace shuke::auth
