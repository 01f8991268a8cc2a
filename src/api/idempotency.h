// src/api/idempotency.h
//
// The same write under the same Idempotency-Key is done once: within 24 hours the key gets the answer that was given, and
// while the first is being worked on, 409.
//
// That the write was done is noted in its own transaction, so neither a crash nor a second server parts the two. Where the
// answer is known by then it is noted as well (orders); else it follows in a transaction of its own, and when the server dies
// between, the key gets 409 idempotency.done instead: done, and not done again. What has written nothing is not noted, and
// may be tried again. Answers may hold personal data: they are kept sealed.
//
// Errors   idempotency.in_progress, idempotency.key_reused (another request under this key), idempotency.done
// Threads  any
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "api/call.h"

namespace shuke::api {

struct IdempotentRequest {
    std::string principal, key, fingerprint;  // of method, path, query and body
};
IdempotentRequest idempotent_request(const Call& call);

class IdempotentWrites {
public:
    explicit IdempotentWrites(record::Database& database) : database_(database) {}

    // The answer that was given; nothing: this is the first, and the key is taken until end().
    Result<std::optional<http::Response>> begin(const IdempotentRequest& request);
    // In the transaction of the write.
    void note(soci::session& session, const IdempotentRequest& request, const http::Response* answer);
    // The answer of a write that was noted without one.
    void keep(const IdempotentRequest& request, const http::Response& answer);
    void end(const IdempotentRequest& request);

private:
    std::optional<http::Response> known(soci::session& session, const IdempotentRequest& request);

    record::Database& database_;
    std::mutex mutex_;
    std::set<std::pair<std::string, std::string>> under_way_;  // principal and key
};

}  // namespace shuke::api
