#include "auth/setup.h"

#include "auth/passwords.h"
#include "auth/roles.h"
#include "record/changes.h"

namespace shuke::auth {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr int kFirstStart = 1;
constexpr int kNewPassword = 2;

std::string hash_of(const KeyRing& keys, std::string_view token) {
    return hex(keys.fingerprint("one-time token", token));
}

std::string insert_token(soci::session& session, const KeyRing& keys, int purpose, UserId user, Instant now,
                         int hours) {
    const std::string token = random_token();
    const std::string hash = hash_of(keys, token);
    const long long user_id = user.value;
    const long long at = now.us_since_epoch;
    const long long expires = now.us_since_epoch + hours * kHour;
    session << "DELETE FROM one_time_tokens WHERE expires_at <= :at OR (purpose = :purpose AND user_id = :user)",
        soci::use(at), soci::use(purpose), soci::use(user_id);
    session << "INSERT INTO one_time_tokens (token_hash, purpose, user_id, created_at, expires_at) VALUES (:hash, "
               ":purpose, :user, :at, :expires)",
        soci::use(hash), soci::use(purpose), soci::use(user_id), soci::use(at), soci::use(expires);
    return token;
}

// The user of a token that holds (0 of the first start).
Result<UserId> look_up(soci::session& session, const KeyRing& keys, std::string_view token, int purpose, Instant now) {
    const std::string hash = hash_of(keys, token);
    const long long at = now.us_since_epoch;
    long long user = 0;
    session << "SELECT user_id FROM one_time_tokens WHERE token_hash = :hash AND purpose = :purpose AND expires_at > "
               ":at",
        soci::use(hash), soci::use(purpose), soci::use(at), soci::into(user);
    if (session.got_data()) return UserId{user};
    return fail(Code::kForbidden, "token.invalid",
                "this link does not hold: it was used, has expired, or a newer one was made; ask for a new one");
}

void spend(soci::session& session, const KeyRing& keys, std::string_view token) {
    const std::string hash = hash_of(keys, token);
    session << "DELETE FROM one_time_tokens WHERE token_hash = :hash", soci::use(hash);
}

By first_start(Instant now) { return {command_line("setup"), now}; }

Status check_not_set_up(soci::session& session) {
    if (needs_setup(session)) return {};
    return fail(Code::kConflict, "setup.done", "there is an administrator already; sign in");
}

}  // namespace

bool needs_setup(soci::session& session) {
    long long users = 0;
    session << "SELECT count(*) FROM users WHERE password_hash <> ''", soci::into(users);
    return users == 0;
}

Result<std::string> issue_setup_token(record::Database& database) {
    std::string token;
    auto done = database.write("setup.link", [&](soci::session& session) {
        or_throw(check_not_set_up(session));
        const Instant now = database.clock().now();
        token = insert_token(session, database.keys(), kFirstStart, UserId{}, now, kSetupHours);
        record::append_audit(session, {"setup", "setup.link", "administrator", "a one-time link was made"}, now);
    });
    if (!done) return std::unexpected(done.error());
    return token;
}

Result<User> complete_setup(record::Database& database, const FirstAdministrator& answer) {
    const auto check = [&](soci::session& session) {
        or_throw(check_not_set_up(session));
        or_throw(look_up(session, database.keys(), answer.token, kFirstStart, database.clock().now()));
    };
    if (auto holds = database.read(check); !holds) return std::unexpected(holds.error());
    if (auto strong = check_password(answer.password, {answer.name, answer.display_name}); !strong)
        return std::unexpected(strong.error());
    const auto hash = hash_password(answer.password);
    if (!hash) return std::unexpected(hash.error());
    User user;
    auto done = database.write("setup", [&](soci::session& session) {
        check(session);
        const By by = first_start(database.clock().now());
        user = or_throw(
            create_user(session, {answer.name, answer.display_name, kAdministrator, answer.language}, by));
        or_throw(set_password(session, user.id, *hash, by));
        spend(session, database.keys(), answer.token);
        user = or_throw(find_user(session, user.id));
    });
    if (!done) return std::unexpected(done.error());
    return user;
}

Result<std::string> issue_reset_token(record::Database& database, UserId user, const By& by) {
    std::string token;
    auto done = database.write("password.link", [&](soci::session& session) {
        const User whose = or_throw(find_user(session, user));
        const auto role = find_role(session, whose.role);
        or_throw(may_grant(by.principal, role ? role->permissions : PermissionSet()));
        token = insert_token(session, database.keys(), kNewPassword, user, by.at, kResetHours);
        record::append_audit(session,
                             {by.actor(), "user.password_link", "user " + std::to_string(user.value), whose.name},
                             by.at);
    });
    if (!done) return std::unexpected(done.error());
    return token;
}

Result<User> user_of_reset_token(soci::session& session, const KeyRing& keys, std::string_view token, Instant now) {
    const auto user = look_up(session, keys, token, kNewPassword, now);
    if (!user) return std::unexpected(user.error());
    return find_user(session, *user);
}

Result<User> complete_reset(record::Database& database, std::string_view token, std::string_view password) {
    User user;
    const auto look = [&](soci::session& session) {
        user = or_throw(user_of_reset_token(session, database.keys(), token, database.clock().now()));
    };
    if (auto holds = database.read(look); !holds) return std::unexpected(holds.error());
    if (auto strong = check_password(password, {user.name, user.display_name}); !strong)
        return std::unexpected(strong.error());
    const auto hash = hash_password(password);
    if (!hash) return std::unexpected(hash.error());
    auto done = database.write("password.reset", [&](soci::session& session) {
        look(session);
        Principal self;
        self.id = user.id.value;
        self.person = user.id;
        self.name = user.name;
        or_throw(set_password(session, user.id, *hash, {self, database.clock().now()}));
    });
    if (!done) return std::unexpected(done.error());
    return user;
}

}  // namespace shuke::auth
