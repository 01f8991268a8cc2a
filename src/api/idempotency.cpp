#include "api/idempotency.h"

#include "base/crypto.h"
#include "base/hash.h"

namespace shuke::api {
namespace {

constexpr std::int64_t kKept = std::int64_t{24} * 3600 * 1'000'000;
constexpr std::int64_t kAbandoned = std::int64_t{10} * 60 * 1'000'000;  // whoever worked on it died

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

Result<std::optional<http::Response>> begin_idempotent(Services& at, const IdempotentRequest& request) {
    std::optional<http::Response> answer;
    const long long now = at.clock.now().us_since_epoch;
    const long long oldest = now - kKept, abandoned = now - kAbandoned;
    auto done = at.database.write("idempotency.begin", [&](soci::session& session) {
        session
            << "DELETE FROM idempotency_keys WHERE created_at < :oldest OR (status = 0 AND created_at < :abandoned)",
            soci::use(oldest), soci::use(abandoned);
        std::string fingerprint, body;
        int status = 0;
        session
            << "SELECT request_hash, status, body_sealed FROM idempotency_keys WHERE principal = :who AND key = :key",
            soci::use(request.principal), soci::use(request.key), soci::into(fingerprint), soci::into(status),
            soci::into(body);
        if (session.got_data()) {
            if (fingerprint != request.fingerprint)
                throw Failure{{Code::kInvalid, "idempotency.key_reused",
                               "this Idempotency-Key was used for another request; take a new key for each write"}};
            if (status == 0)
                throw Failure{
                    {Code::kConflict, "idempotency.in_progress",
                     "the first request with this Idempotency-Key is still being worked on; try again in a moment"}};
            answer = unpacked(status, or_throw(at.database.keys().unseal(body)));
            return;
        }
        session << "INSERT INTO idempotency_keys (principal, key, request_hash, status, body_sealed, created_at) "
                   "VALUES (:who, :key, :hash, 0, '', :at)",
            soci::use(request.principal), soci::use(request.key), soci::use(request.fingerprint), soci::use(now);
    });
    if (!done) return std::unexpected(done.error());
    return answer;
}

void end_idempotent(Services& at, const IdempotentRequest& request, const http::Response& response) {
    const bool keep = response.status < 500 && response.status != 429 && response.file.empty() && !response.events;
    const int status = response.status;
    const std::string sealed = keep ? at.database.keys().seal(packed(response)) : "";
    // Where even this fails the key stays "being worked on" for a while; the write itself has happened.
    [[maybe_unused]] const auto kept = at.database.write("idempotency.end", [&](soci::session& session) {
        if (keep)
            session << "UPDATE idempotency_keys SET status = :status, body_sealed = :body WHERE principal = :who AND "
                       "key = :key",
                soci::use(status), soci::use(sealed), soci::use(request.principal), soci::use(request.key);
        else
            session << "DELETE FROM idempotency_keys WHERE principal = :who AND key = :key",
                soci::use(request.principal), soci::use(request.key);
    });
}

}  // namespace shuke::api
