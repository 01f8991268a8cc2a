// src/api/resources/exports.cpp: customers to a file: asked for, approved by a second person where there are many, written by a
// job.
//
// Files are masked as the console is, unless the asker may see personal data; then the reveal is in the audit log.
#include <cmath>
#include <fstream>

#include "api/resources.h"
#include "api/resources/customer_file.h"
#include "api/resources/customer_json.h"
#include "api/resources/job_json.h"
#include "auth/approvals.h"
#include "record/changes.h"
#include "record/settings.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAtOnce = 500;

fs::path file_of(const Services& at, std::int64_t id, const std::string& format) {
    return at.folder / "exports" / (std::to_string(id) + "." + format);
}

// A field of the export's request, as it was asked for.
Json parameters_of(const auth::ExportRequest& request) { return Json::parse(request.parameters, nullptr, false); }

Result<auth::ExportRequest> find(const Call& call, std::int64_t id) {
    Result<auth::ExportRequest> found;
    auto read = call.at.database.read([&](soci::session& session) {
        found = auth::find_export(session, call.at.database.keys(), auth::ExportId{id});
    });
    if (!read) return std::unexpected(read.error());
    return found;
}

std::string state_of(const Call& call, const auth::ExportRequest& one, bool has_file) {
    switch (one.state) {
        case auth::ExportState::kWaiting:
            return one.expires_at <= call.at.clock.now() ? "expired" : "awaiting_approval";
        case auth::ExportState::kApproved: return "approved";
        case auth::ExportState::kRejected: return "rejected";
        case auth::ExportState::kUsed: break;
    }
    if (has_file) return "done";
    const auto job = call.at.jobs.find(schedule::JobId{one.job});
    if (job && (job->state == schedule::JobState::kFailed || job->state == schedule::JobState::kCancelled))
        return "failed";
    return job && schedule::has_ended(job->state) ? "expired" : "running";
}

Json export_json(const Call& call, const auth::ExportRequest& one) {
    const Json asked = parameters_of(one);
    const std::string format = asked.value("format", "csv");
    const bool has_file = fs::exists(file_of(call.at, one.id.value, format));
    return {{"id", one.id.value},
            {"job_id", one.job > 0 ? Json(one.job) : Json()},
            {"state", state_of(call, one, has_file)},
            {"where", asked.value("where", "")},
            {"columns", asked.value("columns", Json::array())},
            {"format", format},
            {"reason", one.reason},
            {"rows", one.rows},
            {"asked_by", one.asked_by},
            {"asked_at", instant_json(one.asked_at)},
            {"decided_by", text_or_null(one.decided_by)},
            {"decided_at", instant_json(one.decided_at)},
            {"decision_reason", text_or_null(one.decision_reason)},
            {"has_file", has_file}};
}

std::string fields_of(const Json& asked) {
    std::string fields;
    for (const auto& one : asked.at("columns")) fields += (fields.empty() ? "" : ", ") + one.get<std::string>();
    return fields;
}

// What was approved was a number of customers: a condition that has come to mean many more is asked for again.
Status check_size(const Services& at, const auth::ExportRequest& request, std::size_t rows) {
    std::int64_t threshold = 0;
    auto read = at.database.read(
        [&](soci::session& session) { threshold = record::integer_setting(session, "export_approval_rows"); });
    if (!read) return read;
    const auto now = static_cast<std::int64_t>(rows);
    if (now <= threshold || now <= request.rows + request.rows / 10) return {};
    return fail(Code::kConflict, "export.grown",
                "the export was asked for " + std::to_string(request.rows) + " customers, and would have " +
                    std::to_string(now) + "; ask for it again");
}

// What the job does once it may: evaluate, write, done.
schedule::JobWork work_of(Services& at, const auth::ExportRequest& request, bool clear) {
    const Json asked = parameters_of(request);
    const fs::path file = file_of(at, request.id.value, asked.value("format", "csv"));
    return [&at, asked, file, clear, request](schedule::JobProgress& progress) -> Result<std::string> {
        auto spent = at.database.write("export.begin", [&](soci::session& session) {
            or_throw(auth::use_approval(session, at.database.keys(), request.id, at.clock.now()));
            // The file shows what the console masks: whose data, which fields, why and when is in the log before it is written.
            if (clear)
                record::append_audit(session,
                                     {request.asked_by, "customer.reveal", "export " + std::to_string(request.id.value),
                                      "fields: " + fields_of(asked) + "; reason: " + request.reason},
                                     at.clock.now());
        });
        if (!spent) return std::unexpected(spent.error());
        const auto audience = at.live.current();
        const Instant as_of = at.clock.now();
        const auto bound = live::bind_question(
            at.database, asked.at("where"), live::bind_options(at.database, audience->version->config().base_currency));
        if (!bound) return std::unexpected(bound.error());
        const auto ids =
            audience::customers(*audience->version, audience::evaluate(*audience->version, *bound, as_of, &at.pool));
        if (auto as_approved = check_size(at, request, ids.size()); !as_approved)
            return std::unexpected(as_approved.error());
        std::error_code ignored;
        fs::create_directories(file.parent_path(), ignored);
        fs::permissions(file.parent_path(), fs::perms::owner_all, ignored);
        CustomerFile out(file, asked.at("columns").get<std::vector<std::string>>(),
                         audience->version->config().base_currency, clear);
        for (std::size_t from = 0; from < ids.size() && !progress.cancelled(); from += kAtOnce) {
            const std::size_t to = std::min(ids.size(), from + kAtOnce);
            const auto rows = live::customer_rows(
                at.database, *audience->version,
                {ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(to)},
                as_of);
            if (!rows) return std::unexpected(rows.error());
            for (const auto& row : *rows) out.add(row);
            progress.report(static_cast<std::int64_t>(to), static_cast<std::int64_t>(ids.size()), "");
        }
        if (progress.cancelled()) return fail(Code::kConflict, "job.cancelled", "the export was stopped");
        if (auto finished = out.finish(); !finished) return std::unexpected(finished.error());
        return Json{{"rows", ids.size()}, {"export_id", request.id.value}}.dump();
    };
}

bool is_personal(const Json& columns) {
    for (const auto& one : columns) {
        if (one == "name" || one == "phone" || one == "email" || one == "birthday" || one == "external_id") return true;
    }
    return false;
}

Reply export_customers(Call& call) {
    const auto asked = question(call, "");
    const auto bound = bind_expression(call, *asked, call.text("where"));
    if (!bound) return std::unexpected(bound.error());
    const auto rows = static_cast<std::int64_t>(evaluate(call, *asked, *bound).count());
    const bool clear = call.can(auth::Permission::kCustomersReveal) && is_personal(call.body.at("columns"));
    Json parameters{{"where", call.text("where")},
                    {"columns", call.body.at("columns")},
                    {"format", call.text("format")},
                    {"clear", clear}};
    auto job = call.at.jobs.submit_waiting(
        {"customers.export", std::to_string(rows) + " customers as " + call.text("format"), "rows"}, call.who.actor());
    if (!job) return std::unexpected(job.error());
    auth::NewExport wanted;
    wanted.job = job->id.value;
    wanted.parameters = parameters.dump();
    wanted.reason = call.text("reason");
    wanted.rows = rows;
    auth::ExportRequest request;
    auto written = call.at.database.write("export.ask", [&](soci::session& session) {
        request = or_throw(
            auth::request_export(session, call.at.database.keys(), wanted, call.who.principal, call.at.clock.now()));
    });
    if (!written) {
        [[maybe_unused]] const auto cancelled = call.at.jobs.cancel(job->id);
        return std::unexpected(written.error());
    }
    if (request.state == auth::ExportState::kApproved) {
        job = call.at.jobs.release(job->id, work_of(call.at, request, clear));
        if (!job) return std::unexpected(job.error());
    }
    return accepted(*job);
}

Reply list_exports(Call& call) {
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    std::vector<auth::ExportRequest> all;
    auto read = call.at.database.read(
        [&](soci::session& session) { all = auth::all_exports(session, call.at.database.keys(), 10'000); });
    if (!read) return std::unexpected(read.error());
    Json items = Json::array(), next;
    for (const auto& one : all) {
        if (*before != 0 && one.id.value >= *before) continue;
        if (items.size() == limit) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back(export_json(call, one));
    }
    return json({{"items", items}, {"next_cursor", next}});
}

Reply decide(Call& call, bool approve) {
    auth::ExportRequest request;
    auto written = call.at.database.write("export.decide", [&](soci::session& session) {
        request = or_throw(auth::decide_export(session, call.at.database.keys(), auth::ExportId{call.id()}, approve,
                                               call.text("reason"), call.who.principal, call.at.clock.now()));
    });
    if (!written) return std::unexpected(written.error());
    if (approve) {
        const auto job = call.at.jobs.release(schedule::JobId{request.job},
                                              work_of(call.at, request, parameters_of(request).value("clear", false)));
        if (!job) return std::unexpected(job.error());
    } else if (auto cancelled = call.at.jobs.cancel(schedule::JobId{request.job}); !cancelled) {
        return std::unexpected(cancelled.error());
    }
    return json(export_json(call, request));
}

Reply download_export(Call& call) {
    const auto request = find(call, call.id());
    if (!request) return std::unexpected(request.error());
    if (request->asked_by != call.who.actor() && !call.can(auth::Permission::kExportsApprove))
        return fail(Code::kForbidden, "auth.forbidden", "this export is somebody else's");
    const std::string format = parameters_of(*request).value("format", "csv");
    const fs::path file = file_of(call.at, request->id.value, format);
    if (!fs::exists(file)) return fail(Code::kConflict, "export.no_file", "there is no file yet, or no longer");
    http::Response response;
    response.file = file;
    response.content_type =
        format == "csv" ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.set("Content-Disposition",
                 "attachment; filename=\"customers-" + std::to_string(request->id.value) + "." + format + "\"");
    response.set("Cache-Control", "no-store");
    return response;
}

}  // namespace

void add_exports(Handlers& handlers) {
    handlers.add("export_customers", export_customers);
    handlers.add("list_exports", list_exports);
    handlers.add("approve_export", [](Call& call) { return decide(call, true); });
    handlers.add("reject_export", [](Call& call) { return decide(call, false); });
    handlers.add("download_export", download_export);
}

}  // namespace shuke::api
