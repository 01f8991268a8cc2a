#include "segment/saved_segments.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "record/changes.h"
#include "record/spans.h"
#include "segment/definitions.h"
#include "segment/name.h"
#include "segment/references.h"

namespace shuke::segment {
namespace {

std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

StoredSegment found_segment(const std::vector<StoredSegment>& segments, std::string_view name) {
    const std::string wanted = nfkc(trim(name));
    for (const StoredSegment& segment : segments) {
        if (segment.name == wanted) return segment;
    }
    std::vector<std::string_view> names;
    for (const StoredSegment& segment : segments) names.push_back(segment.name);
    const std::string_view near = nearest(wanted, names);
    throw Failure{{Code::kNotFound, "segment.unknown",
                   "there is no saved segment " + in_quotes(cut(name, 80)) +
                       (near.empty() ? "; see: shuke segment saved" : "; did you mean " + in_quotes(near) + "?")}};
}

void refuse_when_named_by_others(soci::session& session, const KeyRing& keys, const std::string& name) {
    const std::string users = users_of(all_definitions(session, keys), Named::kSegment, name, segment_owner(name));
    if (users.empty()) return;
    throw Failure{
        {Code::kConflict, "segment.in_use", in_quotes(name) + " is named by " + users + "; change those first"}};
}

void refuse_a_cycle(const std::vector<StoredSegment>& segments, const std::string& name,
                    const std::string& expression) {
    std::map<std::string, std::string> expressions;
    for (const StoredSegment& segment : segments) expressions[segment.name] = segment.expression;
    expressions[name] = expression;
    const auto way = find_cycle(expressions, name);
    if (way.empty()) return;
    throw Failure{{Code::kInvalid, "segment.cycle", in_quotes(name) + " would contain itself: " + join(way, " → ")}};
}

void audit(soci::session& session, std::string_view actor, const char* action, std::string_view name,
           const std::string& detail, Instant now) {
    record::AuditEntry entry;
    entry.actor = actor;
    entry.action = action;
    entry.subject = "segment " + std::string(name);
    entry.detail = detail;
    record::append_audit(session, entry, now);
}

SavedSegment write_draft(soci::session& session, const KeyRing& keys, const SegmentDraft& draft, Instant now) {
    const auto segments = record::all_segments(session, keys);
    refuse_a_cycle(segments, draft.name, draft.expression);
    const auto known = std::ranges::find(segments, draft.name, &StoredSegment::name);
    SavedSegment saved;
    if (known == segments.end()) {
        StoredSegment segment;
        segment.name = draft.name;
        segment.owner = draft.author;
        segment.description = draft.description;
        segment.expression = draft.expression;
        record::insert_segment(session, keys, segment, now);
        audit(session, draft.author, "segment.create", draft.name, "version 1", now);
    } else {
        saved.outcome = known->expression == draft.expression ? Saved::kUnchanged : Saved::kNewVersion;
        if (saved.outcome == Saved::kNewVersion) {
            SegmentVersion version;
            version.version = known->version + 1;
            version.expression = draft.expression;
            version.author = draft.author;
            version.at = now;
            record::insert_segment_version(session, keys, known->id, version);
            audit(session, draft.author, "segment.change", draft.name, "version " + std::to_string(version.version),
                  now);
        }
        if (!draft.description.empty()) record::describe_segment(session, known->id, draft.description);
    }
    saved.segment = *record::find_segment(session, keys, draft.name);
    return saved;
}

}  // namespace

Result<SavedSegment> save_segment(record::Database& database, const SegmentDraft& draft,
                                  const audience::BindOptions& bind) {
    auto name = checked_name(draft.name);
    if (!name) return std::unexpected(name.error());
    auto bound = audience::parse_and_bind(draft.expression, bind);
    if (!bound) return std::unexpected(bound.error());
    SegmentDraft checked = draft;
    checked.name = std::move(*name);
    checked.expression = audience::print(bound->expression());
    SavedSegment saved;
    auto written = database.write("segment.save", [&](soci::session& session) {
        saved = write_draft(session, database.keys(), checked, database.clock().now());
    });
    if (!written) return std::unexpected(written.error());
    return saved;
}

Result<StoredSegment> find_segment(record::Database& database, std::string_view name) {
    StoredSegment found;
    auto read = database.read(
        [&](soci::session& session) { found = found_segment(record::all_segments(session, database.keys()), name); });
    if (!read) return std::unexpected(read.error());
    return found;
}

Result<std::vector<StoredSegment>> all_segments(record::Database& database) {
    std::vector<StoredSegment> segments;
    auto read =
        database.read([&](soci::session& session) { segments = record::all_segments(session, database.keys()); });
    if (!read) return std::unexpected(read.error());
    return segments;
}

Result<std::vector<SegmentVersion>> segment_history(record::Database& database, std::string_view name) {
    std::vector<SegmentVersion> versions;
    auto read = database.read([&](soci::session& session) {
        const StoredSegment segment = found_segment(record::all_segments(session, database.keys()), name);
        versions = record::segment_versions(session, database.keys(), segment.id);
    });
    if (!read) return std::unexpected(read.error());
    return versions;
}

Status rename_segment(record::Database& database, std::string_view from, std::string_view to, std::string_view actor) {
    const auto name = checked_name(to);
    if (!name) return std::unexpected(name.error());
    return database.write("segment.rename", [&](soci::session& session) {
        const auto segments = record::all_segments(session, database.keys());
        const StoredSegment segment = found_segment(segments, from);
        if (segment.name == *name) return;
        if (std::ranges::find(segments, *name, &StoredSegment::name) != segments.end())
            throw Failure{{Code::kConflict, "segment.exists", "there is a segment " + in_quotes(*name) + " already"}};
        refuse_when_named_by_others(session, database.keys(), segment.name);
        record::rename_segment(session, segment.id, *name);
        record::stamp_members(session, record::kSegmentSpans, segment.id.value);
        audit(session, actor, "segment.rename", *name, "was " + segment.name, database.clock().now());
    });
}

Status delete_segment(record::Database& database, std::string_view name, std::string_view actor) {
    return database.write("segment.delete", [&](soci::session& session) {
        const auto segments = record::all_segments(session, database.keys());
        const StoredSegment segment = found_segment(segments, name);
        refuse_when_named_by_others(session, database.keys(), segment.name);
        record::delete_segment(session, segment.id);
        audit(session, actor, "segment.delete", segment.name,
              "with " + std::to_string(segment.version) + " versions and its recorded membership",
              database.clock().now());
    });
}

}  // namespace shuke::segment
