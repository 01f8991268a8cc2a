#include "auth/throttle.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace shuke::auth {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kForgetAfter = 24 * 3'600 * kSecond;

struct Counter {
    int kind;  // stored
    int free;  // failures that cost nothing
    std::int64_t seconds_max;
    std::string hash;
};

// An account may be locked by anybody who knows its name: it opens again after a quarter of an hour at most.
std::array<Counter, 2> counters_of(const KeyRing& keys, const Attempt& attempt) {
    return {Counter{1, 5, 900, hex(keys.fingerprint("sign-in account", fold(attempt.account)))},
            Counter{2, 20, 3'600, hex(keys.fingerprint("sign-in address", attempt.address))}};
}

struct State {
    int failures = 0;
    Instant last, blocked_until;
};

State read(soci::session& session, const Counter& counter, Instant now) {
    State state;
    long long last = 0;
    long long blocked = 0;
    session << "SELECT failures, last_at, blocked_until FROM login_attempts WHERE kind = :kind AND subject_hash = "
               ":hash",
        soci::use(counter.kind), soci::use(counter.hash), soci::into(state.failures), soci::into(last),
        soci::into(blocked);
    if (!session.got_data() || now.us_since_epoch - last > kForgetAfter) return {};
    state.last = Instant{last};
    state.blocked_until = Instant{blocked};
    return state;
}

void write(soci::session& session, const Counter& counter, const State& state) {
    session << "DELETE FROM login_attempts WHERE kind = :kind AND subject_hash = :hash", soci::use(counter.kind),
        soci::use(counter.hash);
    if (state.failures == 0) return;
    const long long last = state.last.us_since_epoch;
    const long long blocked = state.blocked_until.us_since_epoch;
    session << "INSERT INTO login_attempts (kind, subject_hash, failures, last_at, blocked_until) VALUES (:kind, "
               ":hash, :failures, :last, :blocked)",
        soci::use(counter.kind), soci::use(counter.hash), soci::use(state.failures), soci::use(last),
        soci::use(blocked);
}

std::int64_t seconds_after(const Counter& counter, int failures) {
    if (failures < counter.free) return 0;
    return std::min(std::int64_t{2} << std::min(failures - counter.free, 30), counter.seconds_max);
}

}  // namespace

Instant blocked_until(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now) {
    Instant until = now;
    for (const Counter& counter : counters_of(keys, attempt))
        until = std::max(until, read(session, counter, now).blocked_until);
    return until;
}

Status check_throttle(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now) {
    const Instant until = blocked_until(session, keys, attempt, now);
    if (until <= now) return {};
    const std::int64_t seconds = (until.us_since_epoch - now.us_since_epoch + kSecond - 1) / kSecond;
    return fail(Code::kExhausted, "auth.throttled",
                "too many failed tries for this account or from this address; try again in " +
                    std::to_string(seconds) + " seconds");
}

void count_attempt(soci::session& session, const KeyRing& keys, const Attempt& attempt, Instant now) {
    const long long forgotten = now.us_since_epoch - kForgetAfter;
    session << "DELETE FROM login_attempts WHERE last_at < :forgotten", soci::use(forgotten);
    for (const Counter& counter : counters_of(keys, attempt)) {
        State state = read(session, counter, now);
        ++state.failures;
        state.last = now;
        state.blocked_until = Instant{now.us_since_epoch + seconds_after(counter, state.failures) * kSecond};
        write(session, counter, state);
    }
}

void forgive_attempt(soci::session& session, const KeyRing& keys, const Attempt& attempt) {
    const auto counters = counters_of(keys, attempt);
    write(session, counters[0], {});
    // The address keeps its other failures: whoever has one account here cannot wash the guesses at others away.
    const Counter& address = counters[1];
    session << "UPDATE login_attempts SET failures = failures - 1, blocked_until = 0 WHERE kind = :kind AND "
               "subject_hash = :hash AND failures > 0",
        soci::use(address.kind), soci::use(address.hash);
}

}  // namespace shuke::auth
