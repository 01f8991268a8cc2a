// src/auth/approvals.h
//
// Exports of many customers need a second person: above the setting export_approval_rows the request waits until
// somebody else, with exports.approve, agrees. An approval is good for one export and expires
// (access.export_approval_hours). Below the threshold a request is approved as it is made, so each export has its row.
//
// Call inside a write transaction; each step leaves its audit entry.
// Errors   export.unknown, export.own_request, export.not_waiting, export.not_approved, export.expired,
//          export.no_reason, auth.forbidden
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

#include "auth/principal.h"
#include "base/crypto.h"

namespace shuke::auth {

enum class ExportState : std::uint8_t { kWaiting = 1, kApproved = 2, kRejected = 3, kUsed = 4 };
std::string_view to_string(ExportState state);  // "waiting" …

using ExportId = Id<struct ExportTag>;

struct ExportRequest {
    ExportId id;
    std::int64_t job = 0;
    std::string asked_by;
    std::string parameters;  // JSON: what is exported
    std::string reason;
    std::int64_t rows = 0;
    ExportState state = ExportState::kWaiting;
    Instant asked_at = kNever, expires_at = kNever;
    std::string decided_by, decision_reason;
    Instant decided_at = kNever;
};

struct NewExport {
    std::int64_t job = 0;  // schedule/jobs.h
    std::string parameters, reason;
    std::int64_t rows = 0;
};
// Asks for customers.export. Look at `state` for whether it may begin.
Result<ExportRequest> request_export(soci::session& session, const KeyRing& keys, const NewExport& wanted,
                                     const Principal& asker, Instant now);
Result<ExportRequest> find_export(soci::session& session, const KeyRing& keys, ExportId id);
std::vector<ExportRequest> all_exports(soci::session& session, const KeyRing& keys, int limit);

// The approver is a signed-in user, another person than asked (a key counts as whoever made it).
Result<ExportRequest> decide_export(soci::session& session, const KeyRing& keys, ExportId id, bool approve,
                                    const std::string& reason, const Principal& approver, Instant now);
// Spends the approval; the export may begin now, once.
Status use_approval(soci::session& session, const KeyRing& keys, ExportId id, Instant now);

}  // namespace shuke::auth
