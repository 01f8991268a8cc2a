// src/segment/saved_segments.h
//
// Segments under a name. A definition is kept in its canonical text; a changed one is a new version, and all versions
// stay readable. Membership belongs to the segment, not to a version: see membership.h.
//
// Errors   segment.unknown (with the nearest name), segment.exists, segment.in_use (segments or tag rules name it),
//          segment.cycle (it would contain itself), name.invalid, those of binding, those of the record
// Threads  any; writes take the record's turn
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/expression.h"
#include "record/database.h"
#include "record/segments.h"

namespace shuke::segment {

using record::SegmentVersion;
using record::StoredSegment;

struct SegmentDraft {
    std::string name, expression;
    std::string description;  // empty: keeps the one there is
    std::string author;
};
enum class Saved : std::uint8_t { kCreated, kNewVersion, kUnchanged };
struct SavedSegment {
    StoredSegment segment;
    Saved outcome = Saved::kCreated;
};

// Creates the segment, or gives the one of this name a new version. The expression must bind.
Result<SavedSegment> save_segment(record::Database& database, const SegmentDraft& draft,
                                  const audience::BindOptions& bind);
Result<StoredSegment> find_segment(record::Database& database, std::string_view name);
Result<std::vector<StoredSegment>> all_segments(record::Database& database);  // by name
Result<std::vector<SegmentVersion>> segment_history(record::Database& database, std::string_view name);
Status rename_segment(record::Database& database, std::string_view from, std::string_view to, std::string_view actor);
// With its versions and all it recorded.
Status delete_segment(record::Database& database, std::string_view name, std::string_view actor);

}  // namespace shuke::segment
