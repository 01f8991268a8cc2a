#include "api/idempotency.h"

#include "base/crypto.h"
#include "base/hash.h"

namespace shuke::api {
namespace {

constexpr std::int64_t kKept = std::int64_t{24} * 3600 * 1'000'000;
std::string packed(const http::Response& response) {
    Json headers = Json::array();
    for (const auto& [name, value] : response.headers) headers.push_back({name, value});
    return Json{{"type", response.content_type}, {"headers", headers}, {"body", response.body}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

http::Response unpacked(int status, const std::string& text) {
    const Json kept = Json::parse(text);
    http::Response response;
    response.status = status;
    response.content_type = kept.at("type");
    response.body = kept.at("body");
    for (const auto& header : kept.at("headers")) response.set(header[0].get<std::string>(), header[1]);
    response.set("Idempotent-Replayed", "true");
    return response;
}

}  // namespace

IdempotentRequest idempotent_request(const Call& call) {
    Checksum checksum;
    checksum.add(call.request.method + " " + call.request.target + "\n");
    checksum.add(call.request.body_text());
    return {call.who.actor(), std::string(call.request.header("idempotency-key")), checksum.finish()};
}

std::optional<http::Response> IdempotentWrites::known(soci::session& session, const IdempotentRequest& request) {
    const long long oldest = database_.clock().now().us_since_epoch - kKept;
    std::string fingerprint, body;
    int status = 0;
    session
        << "SELECT request_hash, status, body_sealed FROM idempotency_keys WHERE principal = :who AND key = :key AND "
           "created_at >= :oldest",
        soci::use(request.principal), soci::use(request.key), soci::use(oldest), soci::into(fingerprint),
        soci::into(status), soci::into(body);
    if (!session.got_data()) return std::nullopt;
    if (fingerprint != request.fingerprint)
        throw Failure{{Code::kInvalid, "idempotency.key_reused",
                       "this Idempotency-Key was used for another request; take a new key for each write"}};
    if (status == 0)
        throw Failure{{Code::kConflict, "idempotency.done",
                       "the write under this Idempotency-Key was done and is not done again; its answer was lost, read "
                       "what you wanted to change"}};
    return unpacked(status, or_throw(database_.keys().unseal(body)));
}

Result<std::optional<http::Response>> IdempotentWrites::begin(const IdempotentRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        if (!under_way_.emplace(request.principal, request.key).second)
            return fail(Code::kConflict, "idempotency.in_progress",
                        "the first request with this Idempotency-Key is still being worked on; try again in a moment");
    }
    std::optional<http::Response> answer;
    const auto read = database_.read([&](soci::session& session) { answer = known(session, request); });
    if (!read || answer) end(request);
    if (!read) return std::unexpected(read.error());
    return answer;
}

void IdempotentWrites::note(soci::session& session, const IdempotentRequest& request, const http::Response* answer) {
    const long long now = database_.clock().now().us_since_epoch;
    const long long oldest = now - kKept;
    session << "DELETE FROM idempotency_keys WHERE created_at < :oldest", soci::use(oldest);
    // Another server on the same record may have been quicker; writers take turns, so it is seen here.
    if (known(session, request))
        throw Failure{{Code::kConflict, "idempotency.in_progress",
                       "another server has done the first request with this Idempotency-Key; try again in a moment"}};
    const int status = answer == nullptr ? 0 : answer->status;
    const std::string sealed = answer == nullptr ? "" : database_.keys().seal(packed(*answer));
    session << "INSERT INTO idempotency_keys (principal, key, request_hash, status, body_sealed, created_at) "
               "VALUES (:who, :key, :hash, :status, :body, :at)",
        soci::use(request.principal), soci::use(request.key), soci::use(request.fingerprint), soci::use(status),
        soci::use(sealed), soci::use(now);
}

void IdempotentWrites::keep(const IdempotentRequest& request, const http::Response& answer) {
    if (!answer.file.empty() || answer.events) return;
    const int status = answer.status;
    const std::string sealed = database_.keys().seal(packed(answer));
    // Where this fails, the key gets idempotency.done.
    [[maybe_unused]] const auto kept = database_.write("idempotency.keep", [&](soci::session& session) {
        session << "UPDATE idempotency_keys SET status = :status, body_sealed = :body WHERE principal = :who AND key = "
                   ":key",
            soci::use(status), soci::use(sealed), soci::use(request.principal), soci::use(request.key);
    });
}

void IdempotentWrites::end(const IdempotentRequest& request) {
    const std::lock_guard lock(mutex_);
    under_way_.erase({request.principal, request.key});
}

}  // namespace shuke::api
