#include "auth/sign_in.h"

#include "auth/passwords.h"
#include "auth/throttle.h"
#include "auth/totp.h"
#include "record/changes.h"

namespace shuke::auth {
namespace {

std::unexpected<Error> wrong_credentials() {
    return fail(Code::kForbidden, "auth.wrong_credentials", "this name and password do not belong together");
}

std::unexpected<Error> signed_out() {
    return fail(Code::kForbidden, "auth.signed_out", "you are not signed in any more; sign in again");
}

std::string subject_of(UserId id) { return "user " + std::to_string(id.value); }

// Counted before the password is looked at, so that tries at the same moment all count.
Status begin_attempt(record::Database& database, const Attempt& attempt) {
    return database.write("sign_in.count", [&](soci::session& session) {
        const Instant now = database.clock().now();
        or_throw(check_throttle(session, database.keys(), attempt, now));
        count_attempt(session, database.keys(), attempt, now);
    });
}

struct Candidate {
    UserId id;         // 0: nobody of that name
    std::string hash;  // "": nobody, or no password yet
};

Result<Candidate> find_candidate(record::Database& database, const std::string& name) {
    Candidate candidate;
    auto looked = database.read([&](soci::session& session) {
        const auto user = find_user(session, name);
        if (!user) return;
        candidate.id = user->id;
        const long long id = user->id.value;
        session << "SELECT password_hash FROM users WHERE id = :id", soci::use(id), soci::into(candidate.hash);
    });
    if (!looked) return std::unexpected(looked.error());
    return candidate;
}

// An attempt that failed leaves the same trace whether there is such a user or not, but for the user's number: what was
// typed as a name may be a password.
Status note_failure(record::Database& database, UserId user, const char* what) {
    return database.write("sign_in.failed", [&](soci::session& session) {
        record::append_audit(session,
                             {"anonymous", "session.refused", user ? subject_of(user) : "no user of that name", what},
                             database.clock().now());
    });
}

void note_start(soci::session& session, const User& user, Instant now) {
    const long long id = user.id.value;
    const long long at = now.us_since_epoch;
    session << "UPDATE users SET last_sign_in_at = :at WHERE id = :id", soci::use(at), soci::use(id);
    record::append_audit(session, {"user:" + user.name, "session.start", subject_of(user.id), ""}, now);
}

}  // namespace

Result<StartedSession> sign_in(record::Database& database, const SignInAttempt& attempt) {
    const Attempt counted{attempt.name, attempt.client.address};
    if (auto begun = begin_attempt(database, counted); !begun) return std::unexpected(begun.error());
    const auto candidate = find_candidate(database, attempt.name);
    if (!candidate) return std::unexpected(candidate.error());
    const bool right = verify_password(candidate->hash, attempt.password);
    const auto refuse = [&]() -> Result<StartedSession> {
        if (auto noted = note_failure(database, candidate->id, "wrong name or password"); !noted)
            return std::unexpected(noted.error());
        return wrong_credentials();
    };
    if (!right) return refuse();
    std::string rehashed;
    if (needs_rehash(candidate->hash)) rehashed = hash_password(attempt.password).value_or("");
    StartedSession started;
    bool is_disabled = false;
    auto done = database.write("sign_in", [&](soci::session& session) {
        const Instant now = database.clock().now();
        const User user = or_throw(find_user(session, candidate->id));
        const long long id = user.id.value;
        std::string hash;
        session << "SELECT password_hash FROM users WHERE id = :id", soci::use(id), soci::into(hash);
        is_disabled = user.disabled || hash != candidate->hash;  // or changed while we computed
        if (is_disabled) return;
        if (!rehashed.empty())
            session << "UPDATE users SET password_hash = :hash WHERE id = :id", soci::use(rehashed), soci::use(id);
        started = start_session(session, database.keys(), user.id, attempt.client, user.totp_enabled, now);
        if (user.totp_enabled) return;  // else the right password would wash away the codes that were guessed
        forgive_attempt(session, database.keys(), counted);
        note_start(session, user, now);
    });
    if (!done) return std::unexpected(done.error());
    if (is_disabled) return refuse();
    return started;
}

Result<StartedSession> verify_second_factor(record::Database& database, std::string_view token, std::string_view code,
                                            const Client& client) {
    const KeyRing& keys = database.keys();
    std::optional<CurrentSession> current;
    auto looked = database.read([&](soci::session& session) {
        current = find_session(session, keys, token, database.clock().now());
    });
    if (!looked) return std::unexpected(looked.error());
    if (!current || !current->session.awaits_second_factor) return signed_out();
    const Attempt counted{current->user.name, client.address};
    if (auto begun = begin_attempt(database, counted); !begun) return std::unexpected(begun.error());
    StartedSession started;
    bool wrong = false;
    auto done = database.write("sign_in.code", [&](soci::session& session) {
        const Instant now = database.clock().now();
        const auto still = find_session(session, keys, token, now);
        if (!still) or_throw(Status(signed_out()));
        if (!check_second_factor(session, keys, still->user.id, code, now)) {
            wrong = true;
            return;
        }
        end_session(session, still->session.id);
        started = start_session(session, keys, still->user.id, client, false, now);
        forgive_attempt(session, keys, counted);
        note_start(session, still->user, now);
    });
    if (!done) return std::unexpected(done.error());
    if (!wrong) return started;
    if (auto noted = note_failure(database, current->user.id, "wrong code"); !noted)
        return std::unexpected(noted.error());
    return fail(Code::kForbidden, "auth.wrong_code",
                "this code is not right, or was used before; wait for the next one, and see that the clocks of phone "
                "and server agree");
}

Status sign_out(record::Database& database, std::string_view token) {
    return database.write("sign_out", [&](soci::session& session) {
        const Instant now = database.clock().now();
        const auto current = find_session(session, database.keys(), token, now);
        if (!current) return;
        end_session(session, current->session.id);
        record::append_audit(session,
                             {current->principal.actor(), "session.end", subject_of(current->user.id), ""}, now);
    });
}

Status change_password(record::Database& database, const CurrentSession& current, std::string_view old_password,
                       std::string_view new_password) {
    const User& user = current.user;
    const Attempt counted{user.name, current.session.client.address};
    if (auto begun = begin_attempt(database, counted); !begun) return begun;
    const auto candidate = find_candidate(database, user.name);
    if (!candidate) return std::unexpected(candidate.error());
    if (!verify_password(candidate->hash, old_password)) {
        if (auto noted = note_failure(database, user.id, "wrong old password"); !noted) return noted;
        return wrong_credentials();
    }
    if (auto strong = check_password(new_password, {user.name, user.display_name}); !strong) return strong;
    const auto hash = hash_password(new_password);
    if (!hash) return std::unexpected(hash.error());
    return database.write("password", [&](soci::session& session) {
        forgive_attempt(session, database.keys(), counted);
        or_throw(set_password(session, user.id, *hash, {current.principal, database.clock().now()},
                              current.session.id));
    });
}

}  // namespace shuke::auth
