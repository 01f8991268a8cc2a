#include "auth/api_keys.h"

#include "auth/users.h"
#include "base/text.h"
#include "record/changes.h"
#include "record/database.h"

namespace shuke::auth {
namespace {

constexpr std::string_view kPrefix = "shk_";
constexpr std::size_t kKeyLength = 4 + 43;
constexpr std::size_t kShown = 8;
constexpr std::size_t kNameBytesMax = 60;
constexpr std::int64_t kMinute = 60'000'000;

std::string hash_of(const KeyRing& keys, std::string_view key) { return hex(keys.fingerprint("api key", key)); }

// `condition` is our own text; `key` its only parameter.
template <class Key>
std::vector<ApiKey> select_keys(soci::session& session, const std::string& condition, const Key& key) {
    ApiKey one;
    long long id = 0;
    long long created_at = 0;
    std::string scopes;
    record::Nullable owner;
    record::Nullable expires;
    record::Nullable used;
    record::Nullable revoked;
    soci::statement select =
        (session.prepare << "SELECT id, name, beginning, scopes, created_by, owner_id, created_at, expires_at, "
                            "last_used_at, revoked_at FROM api_keys WHERE "
                         << condition << " ORDER BY id",
         soci::use(key), soci::into(id), soci::into(one.name), soci::into(one.beginning), soci::into(scopes),
         soci::into(one.created_by), soci::into(owner.value, owner.indicator), soci::into(created_at),
         soci::into(expires.value, expires.indicator), soci::into(used.value, used.indicator),
         soci::into(revoked.value, revoked.indicator));
    select.execute();
    std::vector<ApiKey> found;
    while (select.fetch()) {
        one.id = ApiKeyId{id};
        one.scopes = {};
        for (const std::string_view name : split(scopes, ' ')) {
            if (const auto known = find_permission(name)) one.scopes.add(*known);
        }
        one.owner = UserId{owner.or_else(0)};
        one.created_at = Instant{created_at};
        one.expires_at = Instant{expires.or_else(kNever.us_since_epoch)};
        one.last_used_at = Instant{used.or_else(kNever.us_since_epoch)};
        one.revoked_at = Instant{revoked.or_else(kNever.us_since_epoch)};
        found.push_back(one);
    }
    return found;
}

void note(soci::session& session, const std::string& actor, const char* action, const ApiKey& key, Instant at) {
    record::append_audit(session,
                         {actor, action, "api key " + std::to_string(key.id.value),
                          key.name + " (" + key.beginning + "…): " + key.scopes.names()},
                         at);
}

Status check_wish(const NewApiKey& key, const Principal& maker, Instant now) {
    if (is_blank(key.name) || key.name.size() > kNameBytesMax || !is_utf8(key.name)) {
        return fail(Code::kInvalid, "api_key.invalid_name",
                    "a key's name says who uses it, in 1 to " + std::to_string(kNameBytesMax) + " bytes; found " +
                        std::to_string(key.name.size()));
    }
    if (key.scopes.empty()) {
        return fail(Code::kInvalid, "api_key.no_scopes",
                    "a key needs at least one scope, for example ingest.write; admin stands for all");
    }
    if (!maker.permissions.contains(key.scopes)) {
        return fail(Code::kForbidden, "api_key.too_much", "a key cannot be given permissions that you do not have");
    }
    if (key.expires_at != kNever && key.expires_at <= now) {
        return fail(Code::kInvalid, "api_key.invalid_expiry",
                    "the key would expire in the past; expected a moment to come");
    }
    return {};
}

}  // namespace

Result<CreatedApiKey> create_api_key(soci::session& session, const KeyRing& keys, const NewApiKey& key,
                                     const Principal& maker, Instant now) {
    if (auto good = check_wish(key, maker, now); !good) return std::unexpected(good.error());
    CreatedApiKey created;
    created.key = std::string(kPrefix) + random_token();
    ApiKey& about = created.about;
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM api_keys", soci::into(id);
    about.id = ApiKeyId{id};
    about.name = std::string(trim(key.name));
    about.beginning = created.key.substr(0, kShown);
    about.scopes = key.scopes;
    about.created_by = maker.actor();
    about.owner = maker.person;
    about.created_at = now;
    about.expires_at = key.expires_at;
    const std::string hash = hash_of(keys, created.key);
    const std::string scopes = key.scopes.names();
    const long long at = now.us_since_epoch;
    record::Nullable owner(about.owner.value, 0);
    record::Nullable expires(key.expires_at.us_since_epoch, kNever.us_since_epoch);
    session << "INSERT INTO api_keys (id, name, key_hash, beginning, scopes, created_by, owner_id, created_at, "
               "expires_at) VALUES (:id, :name, :hash, :beginning, :scopes, :by, :owner, :at, :expires)",
        soci::use(id), soci::use(about.name), soci::use(hash), soci::use(about.beginning), soci::use(scopes),
        soci::use(about.created_by), soci::use(owner.value, owner.indicator), soci::use(at),
        soci::use(expires.value, expires.indicator);
    note(session, about.created_by, "api_key.create", about, now);
    return created;
}

std::vector<ApiKey> all_api_keys(soci::session& session) {
    const long long from = 0;
    return select_keys(session, "id >= :from", from);
}

Status revoke_api_key(soci::session& session, ApiKeyId id, const By& by) {
    const long long wanted = id.value;
    const auto found = select_keys(session, "id = :id", wanted);
    if (found.empty()) {
        return fail(Code::kNotFound, "api_key.unknown",
                    "there is no API key " + std::to_string(wanted) + "; see: shuke apikey list");
    }
    if (found.front().revoked_at != kNever) return {};
    const long long at = by.at.us_since_epoch;
    session << "UPDATE api_keys SET revoked_at = :at WHERE id = :id", soci::use(at), soci::use(wanted);
    note(session, by.actor(), "api_key.revoke", found.front(), by.at);
    return {};
}

std::optional<CurrentApiKey> find_api_key(soci::session& session, const KeyRing& keys, std::string_view key,
                                          Instant now) {
    if (key.size() != kKeyLength || !key.starts_with(kPrefix)) return std::nullopt;
    const std::string hash = hash_of(keys, key);
    const auto found = select_keys(session, "key_hash = :hash", hash);
    if (found.empty()) return std::nullopt;
    const ApiKey& about = found.front();
    if (about.revoked_at != kNever || (about.expires_at != kNever && about.expires_at <= now)) return std::nullopt;
    CurrentApiKey current;
    current.key = about;
    current.principal.kind = Principal::Kind::kKey;
    current.principal.id = about.id.value;
    current.principal.person = about.owner;
    current.principal.name = about.name;
    current.principal.permissions = about.scopes;
    if (about.owner) {
        const auto owner = find_user(session, about.owner);
        const auto may = owner ? principal_of(session, *owner) : Result<Principal>(Principal());
        if (!may || !owner || owner->disabled) return std::nullopt;
        current.principal.permissions = about.scopes.both(may->permissions);
    }
    return current;
}

bool should_touch(const ApiKey& key, Instant now) {
    return key.last_used_at == kNever || now.us_since_epoch - key.last_used_at.us_since_epoch >= kMinute;
}

void touch_api_key(soci::session& session, ApiKeyId id, Instant now) {
    const long long own = id.value;
    const long long at = now.us_since_epoch;
    session << "UPDATE api_keys SET last_used_at = :at WHERE id = :id", soci::use(at), soci::use(own);
}

}  // namespace shuke::auth
