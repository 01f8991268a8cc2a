// src/api/idempotency.h
//
// The same write under the same Idempotency-Key is done once: within 24 hours the key gets the answer that was given, and
// while the first is being worked on, 409. Answers may hold personal data: they are kept sealed.
//
// Errors   idempotency.in_progress, idempotency.key_reused (another request under this key)
#pragma once

#include <optional>
#include <string>

#include "api/call.h"

namespace shuke::api {

struct IdempotentRequest {
    std::string principal, key, fingerprint;  // of method, path, query and body
};
IdempotentRequest idempotent_request(const Call& call);

// The answer that was given; nothing: this is the first, and it is noted that it is being worked on.
Result<std::optional<http::Response>> begin_idempotent(Services& at, const IdempotentRequest& request);
// Keeps the answer; a failure of ours (5xx, 429) is forgotten, so that it can be tried again.
void end_idempotent(Services& at, const IdempotentRequest& request, const http::Response& response);

}  // namespace shuke::api
