#include "auth/approvals.h"

#include "base/text.h"
#include "record/changes.h"
#include "record/database.h"
#include "record/settings.h"

namespace shuke::auth {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::size_t kReasonBytesMax = 500;

std::string subject_of(ExportId id) { return "export " + std::to_string(id.value); }

struct Read {
    ExportRequest request;
    UserId asker;
};

// `rest` is our own text; `key` its only parameter.
template <class Key>
std::vector<Read> select_requests(soci::session& session, const KeyRing& keys, const std::string& rest,
                                  const Key& key) {
    Read one;
    ExportRequest& request = one.request;
    long long id = 0;
    long long job = 0;
    long long asker = 0;
    std::string parameters;
    long long rows = 0;
    int state = 0;
    long long asked_at = 0;
    long long expires_at = 0;
    soci::indicator by = soci::i_null;
    soci::indicator why = soci::i_null;
    record::Nullable decided_at;
    soci::statement select =
        (session.prepare << "SELECT id, job_id, asked_by, asker_user, parameters_sealed, reason, row_count, state, "
                            "asked_at, expires_at, decided_by, decided_at, decision_reason FROM export_requests "
                         << rest,
         soci::use(key), soci::into(id), soci::into(job), soci::into(request.asked_by), soci::into(asker),
         soci::into(parameters), soci::into(request.reason), soci::into(rows), soci::into(state),
         soci::into(asked_at), soci::into(expires_at), soci::into(request.decided_by, by),
         soci::into(decided_at.value, decided_at.indicator), soci::into(request.decision_reason, why));
    select.execute();
    std::vector<Read> found;
    while (select.fetch()) {
        one.asker = UserId{asker};
        request.id = ExportId{id};
        request.job = job;
        request.parameters = or_throw(keys.unseal(parameters));
        request.rows = rows;
        request.state = static_cast<ExportState>(state);
        request.asked_at = Instant{asked_at};
        request.expires_at = Instant{expires_at};
        if (by == soci::i_null) request.decided_by.clear();
        if (why == soci::i_null) request.decision_reason.clear();
        request.decided_at = Instant{decided_at.or_else(kNever.us_since_epoch)};
        found.push_back(one);
    }
    return found;
}

Result<Read> read_one(soci::session& session, const KeyRing& keys, ExportId id) {
    const long long wanted = id.value;
    auto found = select_requests(session, keys, "WHERE id = :id", wanted);
    if (found.empty()) return fail(Code::kNotFound, "export.unknown", "there is no " + subject_of(id));
    return found.front();
}

Status check_time(const ExportRequest& request, Instant now) {
    if (now < request.expires_at) return {};
    return fail(Code::kConflict, "export.expired",
                subject_of(request.id) + " was asked for too long ago; ask for it again");
}

void note(soci::session& session, const std::string& actor, const char* action, const ExportRequest& request,
          const std::string& detail, Instant now) {
    record::append_audit(session, {actor, action, subject_of(request.id), detail}, now);
}

}  // namespace

std::string_view to_string(ExportState state) {
    switch (state) {
        case ExportState::kWaiting: return "waiting";
        case ExportState::kApproved: return "approved";
        case ExportState::kRejected: return "rejected";
        case ExportState::kUsed: return "used";
    }
    return "";
}

Result<ExportRequest> request_export(soci::session& session, const KeyRing& keys, const NewExport& wanted,
                                     const Principal& asker, Instant now) {
    if (auto may = asker.require(Permission::kCustomersExport); !may) return std::unexpected(may.error());
    const std::string reason(trim(wanted.reason));
    if (reason.empty() || reason.size() > kReasonBytesMax) {
        return fail(Code::kInvalid, "export.no_reason",
                    "say what the export is for, in at most " + std::to_string(kReasonBytesMax) + " bytes");
    }
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM export_requests", soci::into(id);
    const bool large = wanted.rows > record::integer_setting(session, "export_approval_rows");
    const long long job = wanted.job;
    const std::string actor = asker.actor();
    const int kind = static_cast<int>(asker.kind);
    const long long person = asker.person.value;
    const std::string parameters = keys.seal(wanted.parameters);
    const long long rows = wanted.rows;
    const int state = static_cast<int>(large ? ExportState::kWaiting : ExportState::kApproved);
    const long long at = now.us_since_epoch;
    const long long expires =
        now.us_since_epoch + record::integer_setting(session, "access.export_approval_hours") * kHour;
    session << "INSERT INTO export_requests (id, job_id, asked_by, asker_kind, asker_user, parameters_sealed, reason, "
               "row_count, state, asked_at, expires_at) VALUES (:id, :job, :by, :kind, :person, :parameters, :reason, "
               ":rows, :state, :at, :expires)",
        soci::use(id), soci::use(job), soci::use(actor), soci::use(kind), soci::use(person), soci::use(parameters),
        soci::use(reason), soci::use(rows), soci::use(state), soci::use(at), soci::use(expires);
    auto made = find_export(session, keys, ExportId{id});
    if (made) {
        note(session, actor, "export.request", *made,
             std::to_string(rows) + " customers" + (large ? ", waits for approval" : "") + "; reason: " + reason, now);
    }
    return made;
}

Result<ExportRequest> find_export(soci::session& session, const KeyRing& keys, ExportId id) {
    auto read = read_one(session, keys, id);
    if (!read) return std::unexpected(read.error());
    return read->request;
}

std::vector<ExportRequest> all_exports(soci::session& session, const KeyRing& keys, int limit) {
    std::vector<ExportRequest> requests;
    for (Read& one : select_requests(session, keys, "ORDER BY id DESC LIMIT :limit", limit))
        requests.push_back(std::move(one.request));
    return requests;
}

Result<ExportRequest> decide_export(soci::session& session, const KeyRing& keys, ExportId id, bool approve,
                                    const std::string& reason, const Principal& approver, Instant now) {
    if (auto may = approver.require(Permission::kExportsApprove); !may) return std::unexpected(may.error());
    const auto read = read_one(session, keys, id);
    if (!read) return std::unexpected(read.error());
    const ExportRequest& request = read->request;
    // A key or the command line is nobody in particular: only a person who signed in can be the second one. Whoever
    // asked may take the request back.
    const bool same = approver.person == read->asker;
    const bool is_person = approver.kind == Principal::Kind::kUser && approver.person;
    if (!is_person || (approve && same)) {
        return fail(Code::kForbidden, "export.own_request",
                    "an export is approved by a signed-in user, another person than the one who asked for it");
    }
    if (request.state != ExportState::kWaiting) {
        return fail(Code::kConflict, "export.not_waiting",
                    subject_of(id) + " does not wait for a decision; it is " + std::string(to_string(request.state)));
    }
    if (auto in_time = check_time(request, now); !in_time) return std::unexpected(in_time.error());
    const long long own = id.value;
    const int state = static_cast<int>(approve ? ExportState::kApproved : ExportState::kRejected);
    const std::string actor = approver.actor();
    const long long at = now.us_since_epoch;
    const std::string why(cut(trim(reason), kReasonBytesMax));
    session << "UPDATE export_requests SET state = :state, decided_by = :by, decided_at = :at, decision_reason = "
               ":reason WHERE id = :id",
        soci::use(state), soci::use(actor), soci::use(at), soci::use(why), soci::use(own);
    note(session, actor, approve ? "export.approve" : "export.reject", request,
         "asked by " + request.asked_by + (why.empty() ? "" : "; reason: " + why), now);
    return find_export(session, keys, id);
}

Status use_approval(soci::session& session, const KeyRing& keys, ExportId id, Instant now) {
    const auto read = read_one(session, keys, id);
    if (!read) return std::unexpected(read.error());
    const ExportRequest& request = read->request;
    if (request.state != ExportState::kApproved) {
        return fail(Code::kConflict, "export.not_approved",
                    subject_of(id) + " cannot begin; it is " + std::string(to_string(request.state)));
    }
    if (auto in_time = check_time(request, now); !in_time) return in_time;
    const long long own = id.value;
    const int state = static_cast<int>(ExportState::kUsed);
    session << "UPDATE export_requests SET state = :state WHERE id = :id", soci::use(state), soci::use(own);
    note(session, request.asked_by, "export.begin", request, std::to_string(request.rows) + " customers", now);
    return {};
}

}  // namespace shuke::auth
