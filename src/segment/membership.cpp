#include "segment/membership.h"

#include <algorithm>
#include <tuple>

#include "base/time_zone.h"
#include "record/changes.h"
#include "record/spans.h"
#include "segment/saved_segments.h"

namespace shuke::segment {
namespace {

void check_still_the_same(const StoredSegment& evaluated, const StoredSegment& now, Instant as_of) {
    if (now.version != evaluated.version) {
        throw Failure{{Code::kConflict, "segment.changed",
                       "'" + now.name + "' was changed while it was evaluated; refresh it again"}};
    }
    if (now.refreshed_at != kNever && as_of <= now.refreshed_at) {
        throw Failure{{Code::kConflict, "segment.refresh_order",
                       "'" + now.name + "' was refreshed as of " + format_iso(now.refreshed_at) +
                           "; a refresh must be for a later instant, found " + format_iso(as_of)}};
    }
}

}  // namespace

Result<Refreshed> refresh(record::Database& database, const audience::Version& version,
                          const record::StoredSegment& segment, const audience::BoundExpression& bound, Instant as_of,
                          std::string_view actor, audience::WorkerPool* pool) {
    const auto members = audience::customers(version, audience::evaluate(version, bound, as_of, pool));
    Refreshed refreshed;
    auto written = database.write("segment.refresh", [&](soci::session& session) {
        const auto now = record::find_segment(session, database.keys(), segment.name);
        if (!now || now->id != segment.id) {
            throw Failure{{Code::kNotFound, "segment.unknown",
                           "'" + segment.name + "' was deleted or renamed while it was evaluated"}};
        }
        check_still_the_same(segment, *now, as_of);
        const auto changes = record::set_members(session, record::kSegmentSpans, segment.id.value, members, as_of);
        refreshed.as_of = as_of;
        refreshed.members = static_cast<std::int64_t>(members.size());
        refreshed.entered = static_cast<std::int64_t>(changes.entered.size());
        refreshed.left = static_cast<std::int64_t>(changes.left.size());
        record::mark_refreshed(session, segment.id, as_of, refreshed.members);
        if (refreshed.entered == 0 && refreshed.left == 0) return;
        record::AuditEntry entry;
        entry.actor = actor;
        entry.action = "segment.refresh";
        entry.subject = "segment " + segment.name;
        entry.detail = std::to_string(refreshed.entered) + " entered, " + std::to_string(refreshed.left) + " left";
        record::append_audit(session, entry, database.clock().now());
    });
    if (!written) return std::unexpected(written.error());
    return refreshed;
}

Result<std::vector<Entry>> entered_since(record::Database& database, std::string_view name, Instant since) {
    const auto segment = find_segment(database, name);
    if (!segment) return std::unexpected(segment.error());
    std::vector<Entry> entries;
    auto read = database.read([&](soci::session& session) {
        const record::Survivors survivors(session);
        for (const auto& span : record::spans_of(session, record::kSegmentSpans, segment->id.value, survivors)) {
            if (span.from < since) continue;
            Entry entry;
            entry.customer = span.customer;
            entry.entered_at = span.from;
            entry.is_member = span.until == kNever;
            entries.push_back(entry);
        }
    });
    if (!read) return std::unexpected(read.error());
    std::ranges::sort(entries, {}, [](const Entry& entry) { return std::tuple(entry.entered_at, entry.customer); });
    return entries;
}

Result<std::vector<CustomerId>> members_as_of(record::Database& database, std::string_view name, Instant at) {
    const auto segment = find_segment(database, name);
    if (!segment) return std::unexpected(segment.error());
    std::vector<CustomerId> members;
    auto read = database.read([&](soci::session& session) {
        members = record::members_at(session, record::kSegmentSpans, segment->id.value, record::Survivors(session), at);
    });
    if (!read) return std::unexpected(read.error());
    return members;
}

}  // namespace shuke::segment
