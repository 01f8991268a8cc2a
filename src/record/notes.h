// src/record/notes.h: what colleagues write about a customer, sealed. Rows keep the customer id they were written with;
// reading goes through customers.merged_into, so a merged customer has the notes of all.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/personal.h"

namespace shuke::record {

inline constexpr std::size_t kNoteBytesMax = 10'000;

struct CustomerNote {
    std::int64_t id = 0;
    CustomerId customer;
    std::string author;  // "user:ann"
    Personal<std::string> text;
    Instant at = kNever;
};

// `customer` is of the living. Errors note.empty, note.too_long. Audited, without the text.
Result<CustomerNote> add_note(soci::session& session, const KeyRing& keys, const CustomerNote& note);
std::vector<CustomerNote> notes_of(soci::session& session, const KeyRing& keys, CustomerId customer);  // newest first
std::int64_t count_notes(soci::session& session, CustomerId customer);
// Error note.unknown: not a note of this customer.
Status delete_note(soci::session& session, CustomerId customer, std::int64_t id, const std::string& actor, Instant now);

}  // namespace shuke::record
