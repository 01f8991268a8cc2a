// src/record/lists.h: static lists of customers, and the rows of their files that name nobody. Membership is in
// spans.h (kListSpans).
#pragma once

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/personal.h"

namespace shuke::record {

using ListId = Id<struct ListTag>;

struct StoredList {
    ListId id;
    std::string name, owner, description;
    Instant created_at = kNever;
    std::int64_t members = 0;   // rows that belong now, merged ids counted apart
    std::int64_t unknowns = 0;  // rows kept because they name nobody
};

// Why a row is kept: it names nobody, several people, or says nothing.
enum class UnknownReason : std::uint8_t { kUnknown, kAmbiguous, kEmpty };
std::string_view to_string(UnknownReason reason);

struct UnknownRow {
    Personal<std::string> value;
    UnknownReason reason = UnknownReason::kUnknown;
    std::int64_t row_number = 0;  // in the file that brought it first
    Instant at = kNever;
};

std::vector<StoredList> all_lists(soci::session& session);  // by name
std::optional<StoredList> find_list(soci::session& session, std::string_view name);
ListId insert_list(soci::session& session, const StoredList& list, Instant now);
void delete_list(soci::session& session, ListId id);  // with its members and unknown rows

// The same value is kept once. Returns how many were new.
std::int64_t add_unknowns(soci::session& session, const KeyRing& keys, ListId id, const std::vector<UnknownRow>& rows);
void remove_unknowns(soci::session& session, const KeyRing& keys, ListId id, const std::vector<std::string>& values);
// By row number.
void for_each_unknown(soci::session& session, const KeyRing& keys, ListId id,
                      const std::function<void(const UnknownRow&)>& visit);

}  // namespace shuke::record
