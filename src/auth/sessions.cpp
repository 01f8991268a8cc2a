#include "auth/sessions.h"

#include "base/text.h"
#include "record/database.h"
#include "record/settings.h"

namespace shuke::auth {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kCodeMinutes = 10;  // to type the second factor
constexpr std::size_t kAgentBytesMax = 200;

std::string hash_of(const KeyRing& keys, std::string_view token) { return hex(keys.fingerprint("session", token)); }

struct Limits {
    Instant seen_after, created_after;  // sessions that hold were seen and began later than these
};

Limits limits_at(soci::session& session, Instant now) {
    const std::int64_t idle = record::integer_setting(session, "access.session_idle_minutes") * kMinute;
    const std::int64_t whole = record::integer_setting(session, "access.session_days") * 24 * 60 * kMinute;
    return {Instant{now.us_since_epoch - idle}, Instant{now.us_since_epoch - whole}};
}

bool holds(const Session& one, const Limits& limits, Instant now) {
    if (one.awaits_second_factor && now.us_since_epoch - one.created_at.us_since_epoch > kCodeMinutes * kMinute)
        return false;
    return one.seen_at > limits.seen_after && one.created_at > limits.created_after;
}

// `condition` is our own text; `key` its only parameter.
template <class Key>
std::vector<Session> select_sessions(soci::session& session, const KeyRing& keys, const std::string& condition,
                                     const Key& key) {
    Session one;
    long long id = 0;
    long long user = 0;
    int second_factor = 0;
    long long created_at = 0;
    long long seen_at = 0;
    std::string address;
    soci::indicator has_address = soci::i_ok;
    soci::statement select = (session.prepare << "SELECT id, user_id, second_factor, created_at, seen_at, "
                                                 "address_sealed, agent FROM sessions WHERE "
                                              << condition << " ORDER BY seen_at DESC, id DESC",
                              soci::use(key), soci::into(id), soci::into(user), soci::into(second_factor),
                              soci::into(created_at), soci::into(seen_at), soci::into(address, has_address),
                              soci::into(one.client.agent));
    select.execute();
    std::vector<Session> sessions;
    while (select.fetch()) {
        one.id = SessionId{id};
        one.user = UserId{user};
        one.awaits_second_factor = second_factor != 0;
        one.created_at = Instant{created_at};
        one.seen_at = Instant{seen_at};
        one.client.address = has_address == soci::i_ok ? keys.unseal(address).value_or("") : "";
        sessions.push_back(one);
    }
    return sessions;
}

}  // namespace

StartedSession start_session(soci::session& session, const KeyRing& keys, UserId user, const Client& client,
                             bool awaits_second_factor, Instant now) {
    delete_ended_sessions(session, now);
    StartedSession started;
    started.token = random_token();
    started.csrf_token = csrf_token_of(keys, started.token);
    Session& own = started.session;
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM sessions", soci::into(id);
    own.id = SessionId{id};
    own.user = user;
    own.awaits_second_factor = awaits_second_factor;
    own.created_at = own.seen_at = now;
    own.client = {client.address, repair_utf8(cut(client.agent, kAgentBytesMax))};
    const long long user_id = user.value;
    const std::string hash = hash_of(keys, started.token);
    const int second_factor = awaits_second_factor ? 1 : 0;
    const long long at = now.us_since_epoch;
    const std::string address = keys.seal(client.address);
    session << "INSERT INTO sessions (id, user_id, token_hash, second_factor, created_at, seen_at, address_sealed, "
               "agent) VALUES (:id, :user, :hash, :second, :created, :seen, nullif(:address, ''), :agent)",
        soci::use(id), soci::use(user_id), soci::use(hash), soci::use(second_factor), soci::use(at), soci::use(at),
        soci::use(address), soci::use(own.client.agent);
    return started;
}

std::optional<CurrentSession> find_session(soci::session& session, const KeyRing& keys, std::string_view token,
                                           Instant now) {
    if (token.empty() || token.size() > 100) return std::nullopt;
    const std::string hash = hash_of(keys, token);
    const auto found = select_sessions(session, keys, "token_hash = :hash", hash);
    if (found.empty() || !holds(found.front(), limits_at(session, now), now)) return std::nullopt;
    const auto user = find_user(session, found.front().user);
    if (!user || user->disabled) return std::nullopt;
    const auto principal = principal_of(session, *user);
    if (!principal) return std::nullopt;
    CurrentSession current{found.front(), *user, *principal, csrf_token_of(keys, token)};
    if (current.session.awaits_second_factor) current.principal.permissions = {};
    return current;
}

bool should_touch(const Session& session, Instant now) {
    return now.us_since_epoch - session.seen_at.us_since_epoch >= kMinute;
}

void touch_session(soci::session& session, SessionId id, Instant now) {
    const long long own = id.value;
    const long long at = now.us_since_epoch;
    session << "UPDATE sessions SET seen_at = :at WHERE id = :id AND seen_at < :at2", soci::use(at), soci::use(own),
        soci::use(at);
}

std::string csrf_token_of(const KeyRing& keys, std::string_view token) {
    return hex(keys.fingerprint("csrf", token));
}

bool is_csrf_token(const KeyRing& keys, std::string_view token, std::string_view offered) {
    return equal_secrets(csrf_token_of(keys, token), offered);
}

std::vector<Session> sessions_of(soci::session& session, const KeyRing& keys, UserId user, Instant now) {
    const long long id = user.value;
    const Limits limits = limits_at(session, now);
    std::vector<Session> held;
    for (Session& one : select_sessions(session, keys, "user_id = :user", id)) {
        if (holds(one, limits, now)) held.push_back(std::move(one));
    }
    return held;
}

void end_session(soci::session& session, SessionId id) {
    const long long own = id.value;
    session << "DELETE FROM sessions WHERE id = :id", soci::use(own);
}

void end_sessions_of(soci::session& session, UserId user, std::optional<SessionId> keep) {
    const long long id = user.value;
    const long long kept = keep.value_or(SessionId{}).value;
    session << "DELETE FROM sessions WHERE user_id = :user AND id <> :keep", soci::use(id), soci::use(kept);
}

void delete_ended_sessions(soci::session& session, Instant now) {
    const Limits limits = limits_at(session, now);
    const long long seen = limits.seen_after.us_since_epoch;
    const long long created = limits.created_after.us_since_epoch;
    const long long codes = now.us_since_epoch - kCodeMinutes * kMinute;
    session << "DELETE FROM sessions WHERE seen_at <= :seen OR created_at <= :created OR "
               "(second_factor = 1 AND created_at < :codes)",
        soci::use(seen), soci::use(created), soci::use(codes);
}

}  // namespace shuke::auth
