// src/api/resources/jobs.cpp: background work: lists, progress, cancelling.
#include "api/problem_words.h"
#include "api/resources.h"
#include "api/resources/job_json.h"

namespace shuke::api {
namespace {

// "detail [key]", as a job keeps why it failed.
std::string in_chinese(const std::string& message) {
    const auto open = message.rfind(" [");
    if (open == std::string::npos || !message.ends_with(']')) return message;
    return chinese_detail(message.substr(open + 2, message.size() - open - 3), message.substr(0, open));
}

Reply list_jobs(Call& call) {
    schedule::JobFilter filter;
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    const std::string state = call.asked("state");
    filter.before = *before;
    filter.unfinished = state == "queued" || state == "running" || state == "awaiting_approval";
    filter.limit = state.empty() ? static_cast<int>(limit) + 1 : 100'000;
    const auto jobs = call.at.jobs.list(filter);
    if (!jobs) return std::unexpected(jobs.error());
    Json items = Json::array(), next;
    for (const auto& job : *jobs) {
        if (!state.empty() && schedule::to_string(job.state) != state) continue;
        if (items.size() == limit) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back(job_json(job, asks_for_chinese(call.request)));
    }
    return json({{"items", items}, {"next_cursor", next}});
}

Reply get_job(Call& call) {
    const auto job = call.at.jobs.find(schedule::JobId{call.id()});
    if (!job) return std::unexpected(job.error());
    return json(job_json(*job, asks_for_chinese(call.request)));
}

Reply follow_job(Call& call) {
    const schedule::JobId id{call.id()};
    if (const auto job = call.at.jobs.find(id); !job) return std::unexpected(job.error());
    http::Response response;
    response.content_type = "text/event-stream";
    response.set("Cache-Control", "no-store");
    response.set("X-Accel-Buffering", "no");
    response.events = [&jobs = call.at.jobs, id, chinese = asks_for_chinese(call.request), seen = std::uint64_t{0},
                       quiet = 0, first = true]() mutable -> http::EventNews {
        const auto news = jobs.wait_for_news(id, first ? 0 : seen, std::chrono::milliseconds(0));
        if (!news) return {"", true};
        const bool ended = schedule::has_ended(news->job.state);
        if (!first && news->version == seen && !ended) return {++quiet % 60 == 0 ? ": still here\n\n" : "", false};
        first = false;
        seen = news->version;
        return {"event: job\ndata: " +
                    job_json(news->job, chinese).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n",
                ended};
    };
    return response;
}

Reply cancel_job(Call& call) {
    const schedule::JobId id{call.id()};
    const auto job = call.at.jobs.find(id);
    if (!job) return std::unexpected(job.error());
    if (job->created_by != call.who.actor() && !call.can(auth::Permission::kImportsWrite))
        return fail(Code::kForbidden, "auth.forbidden",
                    "this job is somebody else's; stopping it needs the permission imports.write");
    if (auto done = call.at.jobs.cancel(id); !done) return std::unexpected(done.error());
    const auto now = call.at.jobs.find(id);
    if (!now) return std::unexpected(now.error());
    return json(job_json(*now));
}

}  // namespace

Json job_json(const schedule::Job& job, bool chinese) {
    Json result;
    if (!job.result.empty()) {
        result = Json::parse(job.result, nullptr, false);
        if (!result.is_object()) result = Json();
    }
    return {{"id", job.id.value},
            {"kind", job.kind},
            {"title", job.title},
            {"state", schedule::to_string(job.state)},
            {"done", job.done},
            {"total", job.total > 0 ? Json(job.total) : Json()},
            {"unit", job.unit},
            {"message", chinese ? in_chinese(job.message) : job.message},
            {"result", result},
            {"created_by", job.created_by},
            {"created_at", instant_json(job.created_at)},
            {"started_at", instant_json(job.started_at)},
            {"ended_at", instant_json(job.ended_at)}};
}

http::Response accepted(const schedule::Job& job) { return json({{"job", job_json(job)}}, 202); }

void add_jobs(Handlers& handlers) {
    handlers.add("list_jobs", list_jobs);
    handlers.add("get_job", get_job);
    handlers.add("follow_job", follow_job);
    handlers.add("cancel_job", cancel_job);
}

}  // namespace shuke::api
