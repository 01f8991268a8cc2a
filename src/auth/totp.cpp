#include "auth/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "record/changes.h"

namespace shuke::auth {
namespace {

constexpr int kStepSeconds = 30;
constexpr int kDigits = 6;
constexpr std::size_t kSecretBytes = 20;  // RFC 4226 recommends the length of the hash
constexpr int kRecoveryCodes = 10;
constexpr std::string_view kIssuer = "Shuke";

const EVP_MD* hash_function(TotpHash hash) {
    switch (hash) {
        case TotpHash::kSha1: return EVP_sha1();
        case TotpHash::kSha256: return EVP_sha256();
        case TotpHash::kSha512: return EVP_sha512();
    }
    return EVP_sha1();
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain)
            out += c;
        else
            out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
    return out;
}

// The step whose code this is, within one step of `at`; looks at all, whichever fits.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, Instant at) {
    std::optional<std::int64_t> matching;
    const std::int64_t now = totp_step(at);
    for (std::int64_t step = now - 1; step <= now + 1; ++step) {
        if (equal_secrets(totp_code(secret, step, kDigits), code)) matching = step;
    }
    return matching;
}

// Letters and digits only, upper case: typed with or without the dash.
std::string bare(std::string_view code) {
    std::string out;
    for (const char c : code) {
        if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            out += c;
    }
    return out;
}

std::string recovery_hash(const KeyRing& keys, UserId user, std::string_view code) {
    return hex(keys.fingerprint("recovery " + std::to_string(user.value), bare(code)));
}

std::vector<std::string> replace_recovery_codes(soci::session& session, const KeyRing& keys, UserId user) {
    const long long id = user.value;
    session << "DELETE FROM recovery_codes WHERE user_id = :user", soci::use(id);
    std::vector<std::string> codes;
    for (int i = 0; i < kRecoveryCodes; ++i) {
        std::string code = base32(random_bytes(10)).substr(0, 10);  // 50 bits
        code.insert(5, "-");
        const std::string hash = recovery_hash(keys, user, code);
        session << "INSERT INTO recovery_codes (user_id, code_hash) VALUES (:user, :hash)", soci::use(id),
            soci::use(hash);
        codes.push_back(std::move(code));
    }
    return codes;
}

std::unexpected<Error> wrong_code() {
    return fail(Code::kForbidden, "auth.wrong_code",
                "this code is not right, or was used before; wait for the next one, and see that the clocks of phone "
                "and server agree");
}

struct Kept {
    std::string secret, pending;  // bytes; "": none
    std::int64_t step = 0;
};

Result<Kept> read_secrets(soci::session& session, const KeyRing& keys, UserId user) {
    const long long id = user.value;
    std::string secret;
    std::string pending;
    soci::indicator has_secret = soci::i_null;
    soci::indicator has_pending = soci::i_null;
    long long step = 0;
    session << "SELECT totp_sealed, totp_pending_sealed, totp_step FROM users WHERE id = :id", soci::use(id),
        soci::into(secret, has_secret), soci::into(pending, has_pending), soci::into(step);
    if (!session.got_data()) return fail(Code::kNotFound, "user.unknown", "there is no such user");
    const auto open = [&](const std::string& sealed, soci::indicator has) {
        return has == soci::i_ok ? keys.unseal(sealed) : Result<std::string>(std::string());
    };
    const auto opened = open(secret, has_secret);
    const auto opened_pending = open(pending, has_pending);
    if (!opened) return std::unexpected(opened.error());
    if (!opened_pending) return std::unexpected(opened_pending.error());
    return Kept{*opened, *opened_pending, step};
}

bool use_recovery_code(soci::session& session, const KeyRing& keys, UserId user, std::string_view code) {
    const long long id = user.value;
    const std::string hash = recovery_hash(keys, user, code);
    int known = 0;
    session << "SELECT count(*) FROM recovery_codes WHERE user_id = :user AND code_hash = :hash", soci::use(id),
        soci::use(hash), soci::into(known);
    if (known == 0) return false;
    session << "DELETE FROM recovery_codes WHERE user_id = :user AND code_hash = :hash", soci::use(id),
        soci::use(hash);
    return true;
}

}  // namespace

std::string totp_code(std::string_view secret, std::int64_t step, int digits, TotpHash hash) {
    unsigned char counter[8];
    for (int i = 0; i < 8; ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    const auto* made = HMAC(hash_function(hash), secret.data(), static_cast<int>(secret.size()), counter,
                            sizeof counter, mac, &length);
    SHUKE_CHECK(made != nullptr && length >= 20, "HMAC could not be computed");
    // RFC 4226, 5.3: four bytes from where the last half-byte points, without the sign.
    const std::size_t offset = mac[length - 1] & 0xF;
    const std::uint32_t number = (std::uint32_t{mac[offset]} & 0x7F) << 24 | std::uint32_t{mac[offset + 1]} << 16 |
                                 std::uint32_t{mac[offset + 2]} << 8 | std::uint32_t{mac[offset + 3]};
    std::uint32_t modulus = 1;
    for (int i = 0; i < digits; ++i) modulus *= 10;
    const std::string code = std::to_string(number % modulus);
    return std::string(static_cast<std::size_t>(digits) - code.size(), '0') + code;
}

std::int64_t totp_step(Instant at) { return at.seconds() / kStepSeconds; }

std::string base32(std::string_view bytes) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(held >> (bits - 5)) & 31];
    }
    if (bits > 0) out += kAlphabet[(held << (5 - bits)) & 31];
    return out;
}

Result<TotpSecret> begin_totp(soci::session& session, const KeyRing& keys, const User& user) {
    const std::string secret = random_bytes(kSecretBytes);
    const std::string sealed = keys.seal(secret);
    const long long id = user.id.value;
    session << "UPDATE users SET totp_pending_sealed = :secret WHERE id = :id", soci::use(sealed), soci::use(id);
    TotpSecret shown;
    shown.secret = base32(secret);
    shown.uri = "otpauth://totp/" + std::string(kIssuer) + ":" + percent_encoded(user.name) +
                "?secret=" + shown.secret + "&issuer=" + std::string(kIssuer) + "&algorithm=SHA1&digits=6&period=30";
    return shown;
}

Result<std::vector<std::string>> confirm_totp(soci::session& session, const KeyRing& keys, UserId user,
                                              std::string_view code, const By& by) {
    const auto kept = read_secrets(session, keys, user);
    if (!kept) return std::unexpected(kept.error());
    if (kept->pending.empty()) {
        return fail(Code::kConflict, "auth.totp_not_begun",
                    "there is no secret to confirm; begin anew and scan the code that is shown");
    }
    const auto step = matching_step(kept->pending, bare(code), by.at);
    if (!step) return wrong_code();
    const long long id = user.value;
    const long long used = *step;
    session << "UPDATE users SET totp_sealed = totp_pending_sealed, totp_pending_sealed = NULL, totp_step = :step, "
               "version = version + 1 WHERE id = :id",
        soci::use(used), soci::use(id);
    record::append_audit(session, {by.actor(), "user.totp_on", "user " + std::to_string(id), ""}, by.at);
    return replace_recovery_codes(session, keys, user);
}

Status check_second_factor(soci::session& session, const KeyRing& keys, UserId user, std::string_view code,
                           Instant now) {
    const auto kept = read_secrets(session, keys, user);
    if (!kept) return std::unexpected(kept.error());
    if (kept->secret.empty()) return {};
    const std::string typed = bare(code);
    if (const auto step = matching_step(kept->secret, typed, now); step && *step > kept->step) {
        const long long id = user.value;
        const long long used = *step;
        session << "UPDATE users SET totp_step = :step WHERE id = :id", soci::use(used), soci::use(id);
        return {};
    }
    if (typed.size() == 10 && use_recovery_code(session, keys, user, typed)) {
        record::append_audit(session,
                             {"user " + std::to_string(user.value), "user.recovery_code",
                              "user " + std::to_string(user.value), "a recovery code was used up"},
                             now);
        return {};
    }
    return wrong_code();
}

void remove_totp(soci::session& session, UserId user, const By& by) {
    const long long id = user.value;
    session << "UPDATE users SET totp_sealed = NULL, totp_pending_sealed = NULL, version = version + 1 WHERE id = :id",
        soci::use(id);
    session << "DELETE FROM recovery_codes WHERE user_id = :id", soci::use(id);
    record::append_audit(session, {by.actor(), "user.totp_off", "user " + std::to_string(id), ""}, by.at);
}

}  // namespace shuke::auth
