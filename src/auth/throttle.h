// src/auth/throttle.h
//
// Slows guessing down. Counted in the record, so a restart forgets nothing: by account (whether it exists or not) after
// 5 failures, by address after 20 (an office shares one). Then the next try is refused for 2 s, 4 s, 8 s … up to an
// hour. A success forgets the account's count; 24 h without a failure forgets either.
#pragma once

#include <soci/soci.h>

#include <string_view>

#include "base/crypto.h"
#include "base/error.h"
#include "base/instant.h"

namespace shuke::auth {

struct Attempt {
    std::string_view account;  // as typed
    std::string_view address;
};

// The moment until which tries are refused; not later than now: they are not.
Instant blocked_until(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now);
// Error auth.throttled says for how many seconds.
Status check_throttle(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now);
// Throws nothing but what the drivers throw. Counts before the password is looked at (concurrent tries all count);
// forgiven afterwards if it was right.
void count_attempt(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now);
void forgive_attempt(soci::session& session, const KeyRing& keys, const Attempt& attempt);

}  // namespace shuke::auth
