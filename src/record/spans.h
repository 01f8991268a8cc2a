// src/record/spans.h
//
// Belonging in time: who was in a segment, on a list, under a tag, from when (inclusive) until when (exclusive,
// kNever = still). Three tables of one shape; this file reads and writes all of them.
//
// Merged customers: rows keep the id they were written with, so that a split finds them again. Everything here speaks
// of the living customer instead (Survivors). A person belongs while any of the merged ids does, so spans of one
// person may overlap; closing a person's belonging closes the rows of all their ids.
//
// Errors   driver exceptions
// Cost     reading is one ordered scan; writing about 5 µs a row on SQLite, stamps included.
#pragma once

#include <soci/soci.h>

#include <functional>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "record/survivors.h"
#include "record/whose.h"

namespace shuke::record {

struct SpanTable {
    const char* table;
    const char* owner;  // column: the segment, list or tag
    const char* from;
    const char* until;
    const char* owners;  // the table of the owners, with id and name
    bool has_source;     // each row says who put it there
};
inline constexpr SpanTable kSegmentSpans{"segment_members", "segment_id", "entered_at", "left_at", "segments", false};
inline constexpr SpanTable kListSpans{"list_members", "list_id", "added_at", "removed_at", "lists", false};
inline constexpr SpanTable kTagSpans{"customer_tags", "tag_id", "added_at", "removed_at", "tags", true};

struct Span {
    CustomerId customer;  // of today
    CustomerId stored;    // as the row has it
    Instant from = kNever, until = kNever;
};

// Their spans of every owner with the owner's name, by (owner id, stored customer, from): what the audience engine
// loads. The name is lent for the call.
void for_each_named_span(soci::session& session, const SpanTable& table, const Survivors& survivors, const Whose& whose,
                         const std::function<void(std::string_view name, const Span&)>& visit);

// All spans of one owner by (customer, from), those of one person that overlap or touch joined into one.
std::vector<Span> spans_of(soci::session& session, const SpanTable& table, std::int64_t owner,
                           const Survivors& survivors);

// Who belongs at the instant, ascending.
std::vector<CustomerId> members_at(soci::session& session, const SpanTable& table, std::int64_t owner,
                                   const Survivors& survivors, Instant at);

// What a write changed: customers, ascending.
struct SpanChanges {
    std::vector<CustomerId> entered, left;
};

// Makes exactly `members` belong from `at` on. With a source, rows of other sources stay open and count as belonging.
// Stamps the change sequence. The customers given may be in any order, and have been merged meanwhile.
SpanChanges set_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                        const std::vector<CustomerId>& members, Instant at, std::string_view source = {});
// Lets `members` belong besides those who do; lets `leaving` belong no longer, whatever the source.
SpanChanges add_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                        const std::vector<CustomerId>& members, Instant at, std::string_view source = {});
SpanChanges remove_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                           const std::vector<CustomerId>& leaving, Instant at);

// Forgets the owner's spans and stamps the customers that had any.
void delete_spans(soci::session& session, const SpanTable& table, std::int64_t owner);
// Stamps all customers that have a span of the owner: its name, which the engine shows, has changed.
void stamp_members(soci::session& session, const SpanTable& table, std::int64_t owner);

}  // namespace shuke::record
