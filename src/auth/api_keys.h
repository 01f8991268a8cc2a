// src/auth/api_keys.h
//
// Keys for programs: "shk_" and 43 characters, shown once; the record keeps a keyed fingerprint. A key can do what its
// scopes say, never more than whoever made it could then.
//
// Errors   api_key.unknown, api_key.invalid_name, api_key.too_much (scopes its maker does not have),
//          api_key.invalid_expiry
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "base/crypto.h"

namespace shuke::auth {

struct ApiKey {
    ApiKeyId id;
    std::string name;
    std::string beginning;  // "shk_Ab3d", to tell keys apart
    PermissionSet scopes;
    std::string created_by;
    UserId owner;  // 0: made on the command line
    Instant created_at = kNever, expires_at = kNever, last_used_at = kNever, revoked_at = kNever;
};

struct NewApiKey {
    std::string name;
    PermissionSet scopes;
    Instant expires_at = kNever;  // kNever: does not expire
};
struct CreatedApiKey {
    std::string key;  // known to nobody afterwards
    ApiKey about;
};

Result<CreatedApiKey> create_api_key(soci::session& session, const KeyRing& keys, const NewApiKey& key,
                                     const Principal& maker, Instant now);
std::vector<ApiKey> all_api_keys(soci::session& session);
Status revoke_api_key(soci::session& session, ApiKeyId id, const By& by);

// Nothing when it is unknown, revoked or expired.
struct CurrentApiKey {
    ApiKey key;
    Principal principal;
};
std::optional<CurrentApiKey> find_api_key(soci::session& session, const KeyRing& keys, std::string_view key,
                                          Instant now);
// Notes the use; worth a write only once a minute: ask first.
bool should_touch(const ApiKey& key, Instant now);
void touch_api_key(soci::session& session, ApiKeyId id, Instant now);

}  // namespace shuke::auth
