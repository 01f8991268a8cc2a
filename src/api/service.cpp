#include "api/service.h"

#include <spdlog/spdlog.h>
#include <unistd.h>
#include <xxhash.h>

#include <fstream>

#include "api/body_json.h"
#include "api/callers.h"
#include "api/console.h"
#include "api/http/gzip.h"
#include "api/openapi_document.h"
#include "api/refresher.h"
#include "api/resources/uploads.h"
#include "audience/version.h"
#include "base/check.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "ingest/order_intake.h"
#include "record/along_commit.h"

namespace shuke::api {
namespace {

constexpr std::string_view kApi = "/api/v1";
constexpr std::uint64_t kStrangersBodyMax = 1ull << 20;
constexpr std::uint64_t kJsonBodyMax = 64ull << 20;
constexpr std::uint64_t kRowsBodyMax = 1ull << 30;
constexpr std::size_t kWorthPacking = 1024;

std::string bare_type(std::string_view content_type) { return fold(content_type.substr(0, content_type.find(';'))); }

bool is_text(std::string_view type) {
    return type.starts_with("text/") || type.starts_with("application/json") ||
           type.starts_with("application/problem+json") || type.starts_with("application/javascript") ||
           type.starts_with("image/svg");
}

bool is_write(std::string_view method) { return method != "GET" && method != "HEAD"; }

// The browser's page that sends this is ours: the same host.
bool is_same_origin(const http::Request& request) {
    const auto origin = request.header("origin");
    if (origin.empty()) return true;
    const auto host = origin.find("://");
    return host != std::string_view::npos && origin.substr(host + 3) == request.header("host");
}

std::int64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

// One call on its way through the checks to its handler and back.
class Service::Exchange : public std::enable_shared_from_this<Service::Exchange> {
public:
    Exchange(Service& service, http::Request request, std::function<void(http::Response)> answer)
        : service_(service), request_(std::move(request)), answer_(std::move(answer)) {}

    void run(const std::string& path) {
        guarded_answer([&]() -> std::optional<http::Response> {
            std::vector<std::string> allowed;
            match_ = service_.router_.match(request_.method, path, allowed);
            if (match_.operation == nullptr) return unknown(allowed);
            route_ = std::string(kApi) + match_.operation->path;
            if (auto refusal = admit()) return refusal;
            call_ = std::shared_ptr<Call>(
                new Call{*match_.operation, request_, service_.at_, caller_, Json(), Json(), Json()});
            if (auto refusal = check_input()) return refusal;
            return dispatch();
        });
    }

    // What a large body needs before it is read: the route, who sends it, and whether they may.
    http::BodyPlan plan(const std::string& path) {
        http::BodyPlan plan;
        std::vector<std::string> allowed;
        match_ = service_.router_.match(request_.method, path, allowed);
        if (match_.operation == nullptr) {
            plan.refusal = unknown(allowed);
        } else {
            route_ = std::string(kApi) + match_.operation->path;
            plan.refusal = admit();
            plan.max_bytes = largest_body(*match_.operation);
            if (!plan.refusal && match_.operation->id == "append_upload") plan = plan_upload();
        }
        if (plan.refusal) service_.finish(request_, *plan.refusal);
        if (plan.refusal) plan.refusal->route = route_;
        return plan;
    }

private:
    static std::uint64_t largest_body(const Operation& operation) {
        if (operation.row != nullptr) return kRowsBodyMax;
        if (!operation.has_body) return 0;
        const bool from_anybody = operation.access == Operation::Access::kPublic && !operation.takes_raw_body;
        return from_anybody ? kStrangersBodyMax : kJsonBodyMax;
    }

    http::BodyPlan plan_upload() {
        auto planned = plan_part(service_.at_, caller_, match_.path.at("id"), request_);
        if (planned) return std::move(*planned);
        http::BodyPlan plan;
        plan.refusal = problem(planned.error(), request_);
        return plan;
    }

    http::Response unknown(const std::vector<std::string>& allowed) const {
        if (allowed.empty())
            return problem(404, "request.no_such_path", "the API has no such path; see /api/v1/openapi.json", request_);
        auto response = problem(405, "request.method", "the API has no such method here", request_);
        response.set("Allow", join(allowed, ", "));
        return response;
    }

    std::optional<http::Response> admit() {
        auto caller = service_.at_.callers.find(request_);
        if (!caller) return problem(caller.error(), request_);
        caller_ = std::move(*caller);
        const Operation& operation = *match_.operation;
        const bool open = operation.access == Operation::Access::kPublic;
        if (!open && !caller_.known)
            return problem(401, caller_.session ? "auth.second_factor_needed" : "auth.signed_out",
                           "sign in, or send an API key that holds as Authorization: Bearer shk_…", request_);
        const bool signed_in = caller_.principal.kind == auth::Principal::Kind::kUser;
        if (operation.access == Operation::Access::kSignedIn && !signed_in)
            return problem(403, "auth.not_a_person", "this is for people who are signed in, not for keys", request_);
        if (operation.access == Operation::Access::kPermission && !caller_.principal.can(operation.permission)) {
            return problem(403, "auth.forbidden",
                           "this needs the permission " + std::string(auth::to_string(operation.permission)), request_);
        }
        if (!is_write(request_.method)) return std::nullopt;
        if (!operation.takes_raw_body && !is_same_origin(request_))
            return problem(403, "auth.other_origin", "this was sent by a page of another site", request_);
        if (caller_.session && !open &&
            !auth::is_csrf_token(service_.at_.database.keys(), caller_.token, request_.header("x-csrf-token")))
            return problem(403, "auth.csrf", "send the csrf_token of GET /session as header X-CSRF-Token", request_);
        return std::nullopt;
    }

    std::optional<http::Response> check_input() {
        const Operation& operation = *match_.operation;
        std::vector<Fault> faults;
        call_->path = read_path(operation, match_, faults);
        for (const auto& fault : faults)
            return problem(404, "request.no_such_thing", "there is nothing of this name or number: " + fault.detail,
                           request_);
        call_->query = read_query(operation, request_.query, faults);
        check_headers(operation, request_, faults);
        if (!faults.empty()) return invalid(faults);
        if (operation.needs_if_match && request_.header("if-match").empty())
            return problem(428, "request.if_match_needed", "send the ETag of what you read as If-Match", request_);
        if (!operation.has_body) {
            if (request_.body_bytes > 0) return problem(422, "request.invalid", "no body is expected here", request_);
            return std::nullopt;
        }
        return check_body(operation);
    }

    std::optional<http::Response> check_body(const Operation& operation) {
        if (request_.body_bytes == 0 && !operation.body_required) {
            call_->body = Json::object();
            return std::nullopt;
        }
        if (!request_.header("content-encoding").empty() && fold(request_.header("content-encoding")) != "identity")
            return problem(415, "request.content_encoding", "send the body as it is, without Content-Encoding",
                           request_);
        const std::string type = bare_type(request_.header("content-type"));
        const auto declared = operation.body.find(type);
        if (declared == operation.body.end()) {
            std::string types;
            for (const auto& [name, unused] : operation.body) types += (types.empty() ? "" : " or ") + name;
            return problem(415, "request.content_type", "the body's Content-Type must be " + types, request_);
        }
        if (operation.takes_raw_body || operation.row != nullptr) return std::nullopt;
        if (request_.body_bytes == 0)
            return problem(422, "request.invalid", "a body is expected", request_, {{"", "is missing"}});
        auto body = read_json(request_.body_text());
        if (!body) return problem(body.error(), request_);
        call_->body = std::move(*body);
        std::vector<Fault> faults;
        check(*declared->second, call_->body, "", faults);
        if (!faults.empty()) return invalid(faults);
        return std::nullopt;
    }

    http::Response invalid(const std::vector<Fault>& faults) const {
        return problem(422, "request.invalid",
                       "what was sent is not as this operation is declared: " + faults.front().pointer + " " +
                           faults.front().detail,
                       request_, faults);
    }

    std::optional<http::Response> dispatch() {
        const Operation& operation = *match_.operation;
        if (operation.takes_idempotency_key && !request_.header("idempotency-key").empty()) {
            auto once = idempotent_request(*call_);
            auto known = service_.once_.begin(once);
            if (!known) return problem(known.error(), request_);
            if (*known) return std::move(**known);
            idempotent_ = std::move(once);
        }
        if (const auto* later = service_.handlers_.find_later(operation.id)) return run_later(*later);
        const auto& handler = *service_.handlers_.find(operation.id);
        if (!idempotent_) return response_of(handler(*call_));
        const record::AlongCommit noted(
            [&](soci::session& session) { service_.once_.note(session, *idempotent_, nullptr); }, was_noted_);
        return response_of(handler(*call_));
    }

    std::optional<http::Response> run_later(const LaterHandler& later) {
        auto self = shared_from_this();
        if (idempotent_) {
            call_->keep_answer = [this](soci::session& session, const http::Response& answer) {
                service_.once_.note(session, *idempotent_, &answer);
            };
        }
        later(call_, [self](Reply reply) {
            self->guarded_answer(
                [&]() -> std::optional<http::Response> { return self->response_of(std::move(reply)); });
        });
        return std::nullopt;
    }

    http::Response response_of(Reply reply) {
        if (reply) return std::move(*reply);
        if (reply.error().code == Code::kInternal)
            spdlog::error(Json{{"event", "failed"}, {"request_id", request_.id}, {"key", reply.error().key}}.dump());
        return problem(reply.error(), request_, call_ ? call_->expression : std::nullopt);
    }

    // Sends what `work` returns; nothing: it will be sent later. A bug ends the request, not the server.
    template <class Work>
    void guarded_answer(Work work) {
        std::optional<http::Response> response;
        try {
            response = work();
            if (!response) return;
        } catch (const Failure& failure) {
            response = problem(failure.error, request_, call_ ? call_->expression : std::nullopt);
        } catch (const std::exception& error) {
            spdlog::error(
                Json{{"event", "bug"}, {"request_id", request_.id}, {"route", route_}, {"what", error.what()}}.dump(
                    -1, ' ', false, Json::error_handler_t::replace));
            response = problem(500, "server.bug", "this is a fault of Shuke; the log has more under the request's id",
                               request_);
        }
        if (was_noted_) service_.once_.keep(*idempotent_, *response);
        if (idempotent_) service_.once_.end(*idempotent_);
        service_.finish(request_, *response);
        response->route = route_.empty() ? "(unknown)" : route_;
        if (caller_.known) {
            constexpr const char* kKinds[] = {"", "user", "key", "cli"};
            response->principal =
                kKinds[static_cast<std::size_t>(caller_.principal.kind)] + (":" + std::to_string(caller_.principal.id));
        }
        answer_(std::move(*response));
    }

    Service& service_;
    http::Request request_;
    std::function<void(http::Response)> answer_;
    Match match_;
    Caller caller_;
    std::shared_ptr<Call> call_;
    std::string route_;
    std::optional<IdempotentRequest> idempotent_;
    bool was_noted_ = false;  // what was written is committed, under the key
};

Service::Service(Services services) : at_(services), router_(openapi_document()), once_(services.database) {
    add_resources(handlers_);
    std::size_t found = 0;
    for (const auto& operation : router_.operations()) {
        const bool has = handlers_.find(operation->id) != nullptr || handlers_.find_later(operation->id) != nullptr;
        SHUKE_CHECK(has, "operation " + operation->id + " has no handler");
        ++found;
    }
    SHUKE_CHECK(found == handlers_.size(), "a handler is of no operation");
}

Service::~Service() = default;

std::optional<std::string> Service::below_base(const std::string& path) const {
    if (at_.base_path.empty()) return path;
    if (path == at_.base_path) return "/";
    if (!path.starts_with(at_.base_path + "/")) return std::nullopt;
    return path.substr(at_.base_path.size());
}

http::BodyPlan Service::plan(const http::Request& head) {
    const auto path = below_base(head.path);
    if (!path || !path->starts_with(std::string(kApi) + "/")) {
        http::BodyPlan plan;
        plan.refusal = problem(405, "request.method", "nothing takes a body here", head);
        finish(head, *plan.refusal);
        return plan;
    }
    try {
        return std::make_shared<Exchange>(*this, head, [](const http::Response&) {})->plan(path->substr(kApi.size()));
    } catch (const std::exception& error) {
        spdlog::error(Json{{"event", "bug"}, {"request_id", head.id}, {"what", error.what()}}.dump(
            -1, ' ', false, Json::error_handler_t::replace));
        http::BodyPlan plan;
        plan.refusal = problem(500, "server.bug", "this is a fault of Shuke", head);
        return plan;
    }
}

// Health and metrics, also when nothing else finds a worker: whoever watches must see that.
std::optional<http::Response> Service::at_once(const http::Request& request) {
    const auto path = below_base(request.path);
    if (is_write(request.method) || !path || (*path != "/healthz" && *path != "/metrics")) return std::nullopt;
    http::Response response;
    if (*path == "/metrics") {
        response = metrics_page();
    } else {
        response.content_type = "text/plain; charset=utf-8";
        response.body = "ok\n";
    }
    response.route = *path;
    finish(request, response);
    return response;
}

void Service::handle(http::Request request, std::function<void(http::Response)> answer) {
    const auto path = below_base(request.path);
    if (path && path->starts_with(std::string(kApi) + "/")) {
        const auto exchange = std::make_shared<Exchange>(*this, std::move(request), std::move(answer));
        return exchange->run(path->substr(kApi.size()));
    }
    http::Response response;
    try {
        response =
            path ? serve_plain(request, *path) : problem(404, "request.no_such_path", "there is nothing here", request);
    } catch (const std::exception& error) {
        spdlog::error(Json{{"event", "bug"}, {"request_id", request.id}, {"what", error.what()}}.dump());
        response =
            problem(500, "server.bug", "this is a fault of Shuke; the log has more under the request's id", request);
    }
    finish(request, response);
    answer(std::move(response));
}

http::Response Service::serve_plain(const http::Request& request, const std::string& path) {
    http::Response response;
    if (is_write(request.method)) {
        response = problem(405, "request.method", "only GET and HEAD are known here", request);
        response.set("Allow", "GET, HEAD");
        response.route = "(plain)";
    } else if (path == "/readyz") {
        response = ready(request);
        response.route = path;
    } else {
        response = console_file(request, path, at_.base_path);
        response.route = "(console)";
    }
    return response;
}

http::Response Service::ready(const http::Request& request) {
    if (!ready_ || (server_ != nullptr && server_->is_draining()))
        return problem(503, "server.draining", "the server is about to stop", request);
    const auto read =
        at_.database.read([](soci::session& session) { session << "SELECT 1 FROM settings WHERE 1 = 0"; });
    if (!read) return problem(503, read.error().key, "the record cannot be read", request);
    http::Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "ready\n";
    return response;
}

http::Response Service::metrics_page() {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    std::string& out = response.body;
    metrics_.put(out);
    if (server_ != nullptr) {
        const auto load = server_->load();
        Metrics::gauge(out, "shuke_http_connections", "Open connections", static_cast<double>(load.connections));
        Metrics::gauge(out, "shuke_http_waiting_requests", "Requests that wait for a worker",
                       static_cast<double>(load.waiting));
        Metrics::gauge(out, "shuke_http_running_requests", "Requests in a worker", static_cast<double>(load.running));
        Metrics::counter(out, "shuke_http_accepted_total", "Connections accepted", static_cast<double>(load.accepted));
        Metrics::counter(out, "shuke_http_refused_connections_total", "Connections above the limit",
                         static_cast<double>(load.refused_connections));
        Metrics::counter(out, "shuke_http_refused_requests_total", "Requests answered 429 for want of a worker",
                         static_cast<double>(load.refused_requests));
        Metrics::counter(out, "shuke_tls_certificate_loads_total", "Times the certificate was read",
                         static_cast<double>(load.certificate_loads));
    }
    const auto intake = at_.intake.load();
    Metrics::gauge(out, "shuke_intake_waiting_orders", "Orders that were taken in and are not written yet",
                   static_cast<double>(intake.waiting));
    Metrics::counter(out, "shuke_intake_transactions_total", "Groups of orders that were written together",
                     static_cast<double>(intake.transactions));
    const auto audience = at_.live.current();
    Metrics::gauge(out, "shuke_audience_customers", "Customers in the audience", audience->version->customers());
    Metrics::gauge(out, "shuke_audience_bytes", "Memory of the audience",
                   static_cast<double>(audience->version->bytes().total()));
    Metrics::gauge(out, "shuke_audience_cache_bytes", "Memory of what conditions said, thrown away where it gets much",
                   static_cast<double>(at_.live.cache().bytes()));
    Metrics::gauge(out, "shuke_audience_change", "Newest change of the record it holds",
                   static_cast<double>(audience->origin.change));
    Metrics::counter(out, "shuke_audience_refreshes_total", "Times it was brought up to date",
                     static_cast<double>(at_.refresher.refreshes()));
    Metrics::gauge(out, "shuke_audience_refresh_seconds", "How long the last one took", at_.refresher.last_seconds());
    Metrics::counter(out, "shuke_audience_refresh_failures_total", "Times it could not",
                     static_cast<double>(at_.refresher.failures()));
    Metrics::gauge(out, "process_resident_memory_bytes", "Memory of the process",
                   static_cast<double>(resident_bytes()));
    Metrics::gauge(out, "process_start_time_seconds", "When it started", static_cast<double>(at_.started_at.seconds()));
    return response;
}

http::Response Service::refuse(int status, std::string_view key, std::string_view detail, const http::Request& head) {
    auto response = problem(status, key, detail, head);
    response.route = "(refused)";
    finish(head, response);
    return response;
}

void Service::finish(const http::Request& request, http::Response& response) const {
    response.set("X-Request-Id", request.id);
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    if (request.tls) response.set("Strict-Transport-Security", "max-age=31536000");
    const bool is_ours = response.file.empty() && !response.events;
    bool has_policy = false, has_caching = false, has_tag = false, is_packed = false;
    for (const auto& [name, value] : response.headers) {
        has_policy |= name == "Content-Security-Policy";
        has_caching |= name == "Cache-Control";
        has_tag |= name == "ETag";
        is_packed |= name == "Content-Encoding";
    }
    if (!has_policy) response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (is_ours && response.status == 200 && !has_tag && !response.body.empty() &&
        (request.method == "GET" || request.method == "HEAD")) {
        const XXH128_hash_t hash = XXH3_128bits(response.body.data(), response.body.size());
        char tag[40];
        std::snprintf(tag, sizeof tag, "W/\"%016llx\"", static_cast<unsigned long long>(hash.low64 ^ hash.high64));
        response.set("ETag", tag);
    }
    if (!has_caching) response.set("Cache-Control", "no-cache");
    if (response.status == 200 && !is_write(request.method)) {
        const auto asked = request.header("if-none-match");
        for (const auto& [name, value] : response.headers) {
            if (name != "ETag" || asked.empty()) continue;
            const std::string own = value.starts_with("W/") ? value.substr(2) : value;
            if (asked.find(own) == std::string_view::npos) continue;
            response.status = 304;
            response.body.clear();
            response.content_type.clear();
            return;
        }
    }
    if (is_ours && !is_packed && response.body.size() >= kWorthPacking && is_text(response.content_type)) {
        response.set("Vary", "Accept-Encoding");
        if (!http::accepts(request.header("accept-encoding"), "gzip")) return;
        response.body = http::gzip(response.body);
        response.set("Content-Encoding", "gzip");
    }
}

void Service::note(const http::Request& request, const http::Response& response, double milliseconds,
                   std::uint64_t bytes) {
    const std::string route = response.route.empty() ? "(refused)" : response.route;
    // Words of ours only: a method that nobody knows would be a label of the client's making.
    constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    const bool known = std::ranges::find(kMethods, request.method) != std::end(kMethods);
    const std::string method = known ? request.method : "OTHER";
    metrics_.count(method, route, response.status, milliseconds, bytes);
    if (!spdlog::should_log(spdlog::level::info)) return;
    spdlog::info(
        R"({{"time":"{}","level":"info","event":"request","request_id":"{}","method":"{}","route":"{}","status":{},)"
        R"("ms":{:.2f},"bytes":{},"principal":"{}"}})",
        format_iso(at_.clock.now()), request.id, method, route, response.status, milliseconds, bytes,
        response.principal);
}

}  // namespace shuke::api
