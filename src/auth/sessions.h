// src/auth/sessions.h
//
// Who is signed in. The browser holds a token of 256 random bits in a cookie; the record keeps its keyed fingerprint
// only. The token for CSRF is derived from it by the record's key, so each session has its own and none is stored.
// A session ends after access.session_idle_minutes without use, and access.session_days after it began.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/users.h"
#include "base/crypto.h"

namespace shuke::auth {

// Where a request comes from.
struct Client {
    std::string address;  // without port
    std::string agent;    // the browser's own words, cut at 200 bytes
};

struct Session {
    SessionId id;
    UserId user;
    bool awaits_second_factor = false;  // then it opens nothing but verify_second_factor and sign_out
    Instant created_at = kNever, seen_at = kNever;
    Client client;
};

struct StartedSession {
    std::string token;  // for the cookie; known to nobody afterwards
    std::string csrf_token;
    Session session;
};

// A token that holds: session, user and what they may do as of now.
struct CurrentSession {
    Session session;
    User user;
    Principal principal;  // without permissions while the second factor is awaited
    std::string csrf_token;
};

StartedSession start_session(soci::session& session, const KeyRing& keys, UserId user, const Client& client,
                             bool awaits_second_factor, Instant now);
// Nothing when the token is unknown, has ended, or its user is disabled.
std::optional<CurrentSession> find_session(soci::session& session, const KeyRing& keys, std::string_view token,
                                           Instant now);
// Notes the use; worth a write only once a minute: ask first.
bool should_touch(const Session& session, Instant now);
void touch_session(soci::session& session, SessionId id, Instant now);

std::string csrf_token_of(const KeyRing& keys, std::string_view token);
// In constant time.
bool is_csrf_token(const KeyRing& keys, std::string_view token, std::string_view offered);

std::vector<Session> sessions_of(soci::session& session, const KeyRing& keys, UserId user, Instant now);
void end_session(soci::session& session, SessionId id);
void end_sessions_of(soci::session& session, UserId user, std::optional<SessionId> keep = {});
void delete_ended_sessions(soci::session& session, Instant now);

}  // namespace shuke::auth
