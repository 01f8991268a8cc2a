// src/api/call.h: one call of an operation, as its handler gets it: everything has been checked against the declaration.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/message.h"
#include "api/problem.h"
#include "api/router.h"
#include "audience/worker_pool.h"
#include "auth/api_keys.h"
#include "auth/principal.h"
#include "auth/sessions.h"
#include "base/clock.h"
#include "base/error.h"
#include "live/live_audience.h"
#include "record/database.h"
#include "schedule/jobs.h"

namespace shuke::ingest {
class OrderIntake;
}

namespace shuke::api {

class Refresher;
class CallerCache;
class Upkeep;

// What handlers ask. Lives as long as the server.
struct Services {
    record::Database& database;
    const Clock& clock;
    live::LiveAudience& live;
    audience::WorkerPool& pool;
    schedule::JobRunner& jobs;
    Refresher& refresher;
    Upkeep& upkeep;
    CallerCache& callers;
    ingest::OrderIntake& intake;
    std::filesystem::path folder;  // the data folder
    std::filesystem::path sample;  // the bundled order file; empty: none
    std::string version;           // of the program
    std::string base_path;         // "/crm" or ""
    Instant started_at = kNever;
};

// On whose behalf. Nobody has no permissions and no name.
struct Caller {
    auth::Principal principal;
    bool known = false;
    std::string token;  // of the session cookie; "": none
    std::optional<auth::CurrentSession> session;
    auth::Client client;
    bool speaks_chinese = true;

    // "user:ann", "key:3 pos": for the audit log.
    std::string actor() const { return known ? principal.actor() : "nobody"; }
};

struct Call {
    const Operation& operation;
    const http::Request& request;
    Services& at;
    Caller& who;
    Json path, query, body;
    // The expression the caller sent, where an expression.* error is about it.
    std::optional<std::string> expression = {};
    // Set where the request has an Idempotency-Key: a LaterHandler, whose write is another thread's, calls it in the
    // transaction of the write with the answer to keep. Other handlers need not care.
    std::function<void(soci::session&, const http::Response&)> keep_answer = {};

    std::int64_t id(const char* name = "id") const { return path.at(name).get<std::int64_t>(); }
    // "" or 0 where the caller did not say.
    std::string text(const char* field) const { return text_of(body, field); }
    std::string asked(const char* parameter) const { return text_of(query, parameter); }
    bool can(auth::Permission permission) const { return who.principal.can(permission); }
    auth::By by() const { return {who.principal, at.clock.now()}; }

private:
    static std::string text_of(const Json& from, const char* name) {
        const auto found = from.find(name);
        return found == from.end() || !found->is_string() ? std::string() : found->get<std::string>();
    }
};

using Reply = Result<http::Response>;
using Handler = std::function<Reply(Call&)>;
// For work that is done elsewhere: `answer` is called once, from any thread, while `call` is kept.
using LaterHandler = std::function<void(std::shared_ptr<Call> call, std::function<void(Reply)> answer)>;

class Handlers {
public:
    void add(std::string operation, Handler handler);
    void add_later(std::string operation, LaterHandler handler);
    const Handler* find(const std::string& operation) const;
    const LaterHandler* find_later(const std::string& operation) const;
    std::size_t size() const { return now_.size() + later_.size(); }

private:
    std::map<std::string, Handler> now_;
    std::map<std::string, LaterHandler> later_;
};

http::Response json(const Json& body, int status = 200);
http::Response no_content();
// `"v3"` as an entity tag of something that is edited.
http::Response with_version(http::Response response, std::int64_t version);
// Error request.changed (412) unless If-Match names the version (or *).
Status check_version(const Call& call, std::int64_t version);

// JSON of values. null where they are missing.
Json instant_json(Instant at);
Json day_json(Day day);
Json money_json(std::int64_t minor, Currency currency);
Json text_or_null(std::string_view text);

}  // namespace shuke::api
