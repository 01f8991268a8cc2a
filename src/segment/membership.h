// src/segment/membership.h
//
// Who was in a saved segment when. refresh evaluates the definition and records, in one transaction, who entered and
// who left; nothing is recorded between two refreshes, so as of a day means as of the last refresh until then.
//
//   was_in("x") as of T    the members recorded as of T: who had entered by T and not left by T
//   newly entered since T  who entered at T or later and had not been a member just before
//
// A refresh may be for an instant in the past, to fill in history, but never earlier than the segment's last one.
// People merged meanwhile count as who they are today (record/spans.h).
//
// Errors   segment.unknown, segment.refresh_order (not later than the last refresh), segment.changed (another version
//          came in force meanwhile), those of the record
// Threads  any; writes take the record's turn
// Cost     the evaluation, one scan over the present members, about 5 µs for each who enters or leaves
#pragma once

#include <string_view>
#include <vector>

#include "audience/evaluate.h"
#include "record/database.h"
#include "record/segments.h"

namespace shuke::segment {

struct Refreshed {
    Instant as_of = kNever;
    std::int64_t members = 0, entered = 0, left = 0;
};

// `segment` as it was read, `bound` its definition.
Result<Refreshed> refresh(record::Database& database, const audience::Version& version,
                          const record::StoredSegment& segment, const audience::BoundExpression& bound, Instant as_of,
                          std::string_view actor, audience::WorkerPool* pool = nullptr);

struct Entry {
    CustomerId customer;
    Instant entered_at = kNever;
    bool is_member = true;  // still
};
// By (instant, customer). Everybody who was found by the first refresh entered with it.
Result<std::vector<Entry>> entered_since(record::Database& database, std::string_view name, Instant since);

// Ascending.
Result<std::vector<CustomerId>> members_as_of(record::Database& database, std::string_view name, Instant at);

}  // namespace shuke::segment
