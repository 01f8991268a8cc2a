// src/record/segments.h: saved segments and their definitions. Membership is in spans.h (kSegmentSpans).
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"

namespace shuke::record {

using SegmentId = Id<struct SegmentTag>;

struct StoredSegment {
    SegmentId id;
    std::string name, owner, description;
    std::string expression;  // of the version in force
    std::int64_t version = 1;
    Instant created_at = kNever;
    Instant changed_at = kNever;    // since when this version is in force
    Instant refreshed_at = kNever;  // as of when membership was last evaluated; kNever: never
    std::int64_t members = 0;       // found then
};

struct SegmentVersion {
    std::int64_t version = 1;
    std::string expression, author;
    Instant at = kNever;
};

std::vector<StoredSegment> all_segments(soci::session& session, const KeyRing& keys);  // by name
std::optional<StoredSegment> find_segment(soci::session& session, const KeyRing& keys, std::string_view name);
// Ascending: the newest is last.
std::vector<SegmentVersion> segment_versions(soci::session& session, const KeyRing& keys, SegmentId id);

// Version 1 with it; id, version and times of `segment` come from here.
SegmentId insert_segment(soci::session& session, const KeyRing& keys, const StoredSegment& segment, Instant now);
void insert_segment_version(soci::session& session, const KeyRing& keys, SegmentId id, const SegmentVersion& version);
void describe_segment(soci::session& session, SegmentId id, std::string_view description);
void rename_segment(soci::session& session, SegmentId id, std::string_view name);
void mark_refreshed(soci::session& session, SegmentId id, Instant as_of, std::int64_t members);
void delete_segment(soci::session& session, SegmentId id);  // with its versions and membership

}  // namespace shuke::record
