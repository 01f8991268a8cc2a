#include "record/segments.h"

#include <algorithm>

#include "base/error.h"
#include "record/database.h"
#include "record/spans.h"

namespace shuke::record {

std::vector<StoredSegment> all_segments(soci::session& session, const KeyRing& keys) {
    std::vector<StoredSegment> segments;
    StoredSegment one;
    std::string sealed;
    long long id = 0, version = 0, created = 0, changed = 0, members = 0;
    Nullable refreshed;
    soci::statement select =
        (session.prepare << "SELECT s.id, s.name, s.owner, s.description, s.created_at, s.version, s.refreshed_at, "
                            "s.members, v.expression_sealed, v.at FROM segments s JOIN segment_versions v ON "
                            "v.segment_id = s.id AND v.version = s.version ORDER BY s.name",
         soci::into(id), soci::into(one.name), soci::into(one.owner), soci::into(one.description), soci::into(created),
         soci::into(version), soci::into(refreshed.value, refreshed.indicator), soci::into(members), soci::into(sealed),
         soci::into(changed));
    select.execute();
    while (select.fetch()) {
        one.id = SegmentId{id};
        one.expression = or_throw(keys.unseal(sealed));
        one.version = version;
        one.created_at = Instant{created};
        one.changed_at = Instant{changed};
        one.refreshed_at = Instant{refreshed.or_else(kNever.us_since_epoch)};
        one.members = members;
        segments.push_back(one);
    }
    // In one order on every database, whatever its collation.
    std::ranges::sort(segments, {}, &StoredSegment::name);
    return segments;
}

std::optional<StoredSegment> find_segment(soci::session& session, const KeyRing& keys, std::string_view name) {
    auto segments = all_segments(session, keys);
    const auto found = std::ranges::find(segments, name, &StoredSegment::name);
    if (found == segments.end()) return std::nullopt;
    return std::move(*found);
}

std::vector<SegmentVersion> segment_versions(soci::session& session, const KeyRing& keys, SegmentId id) {
    std::vector<SegmentVersion> versions;
    SegmentVersion one;
    std::string sealed;
    const long long segment = id.value;
    long long version = 0, at = 0;
    soci::statement select =
        (session.prepare
             << "SELECT version, expression_sealed, author, at FROM segment_versions WHERE segment_id = :id "
                "ORDER BY version",
         soci::use(segment), soci::into(version), soci::into(sealed), soci::into(one.author), soci::into(at));
    select.execute();
    while (select.fetch()) {
        one.version = version;
        one.expression = or_throw(keys.unseal(sealed));
        one.at = Instant{at};
        versions.push_back(one);
    }
    return versions;
}

SegmentId insert_segment(soci::session& session, const KeyRing& keys, const StoredSegment& segment, Instant now) {
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM segments", soci::into(id);
    const long long at = now.us_since_epoch;
    session << "INSERT INTO segments (id, name, owner, description, created_at, version, members) VALUES (:id, :name, "
               ":owner, :description, :at, 1, 0)",
        soci::use(id), soci::use(segment.name), soci::use(segment.owner), soci::use(segment.description), soci::use(at);
    SegmentVersion first;
    first.expression = segment.expression;
    first.author = segment.owner;
    first.at = now;
    insert_segment_version(session, keys, SegmentId{id}, first);
    return SegmentId{id};
}

void insert_segment_version(soci::session& session, const KeyRing& keys, SegmentId id, const SegmentVersion& version) {
    const long long segment = id.value, number = version.version, at = version.at.us_since_epoch;
    const std::string sealed = keys.seal(version.expression);
    session << "INSERT INTO segment_versions (segment_id, version, expression_sealed, author, at) VALUES (:id, "
               ":version, :expression, :author, :at)",
        soci::use(segment), soci::use(number), soci::use(sealed), soci::use(version.author), soci::use(at);
    session << "UPDATE segments SET version = :version WHERE id = :id", soci::use(number), soci::use(segment);
}

void describe_segment(soci::session& session, SegmentId id, std::string_view description) {
    const long long segment = id.value;
    const std::string text(description);
    session << "UPDATE segments SET description = :text WHERE id = :id", soci::use(text), soci::use(segment);
}

void rename_segment(soci::session& session, SegmentId id, std::string_view name) {
    const long long segment = id.value;
    const std::string text(name);
    session << "UPDATE segments SET name = :name WHERE id = :id", soci::use(text), soci::use(segment);
}

void mark_refreshed(soci::session& session, SegmentId id, Instant as_of, std::int64_t members) {
    const long long segment = id.value, at = as_of.us_since_epoch, count = members;
    session << "UPDATE segments SET refreshed_at = :at, members = :members WHERE id = :id", soci::use(at),
        soci::use(count), soci::use(segment);
}

void delete_segment(soci::session& session, SegmentId id) {
    const long long segment = id.value;
    delete_spans(session, kSegmentSpans, segment);
    session << "DELETE FROM segment_versions WHERE segment_id = :id", soci::use(segment);
    session << "DELETE FROM segments WHERE id = :id", soci::use(segment);
}

}  // namespace shuke::record
