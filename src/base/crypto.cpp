#include "base/crypto.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/check.h"

namespace shuke {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;

void start_sodium() {
    static const int started = sodium_init();
    SHUKE_CHECK(started >= 0, "libsodium could not be started");
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Result<KeyRing::Key> parse_key(std::string_view hex, const std::string& where) {
    while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r' || hex.back() == ' ')) hex.remove_suffix(1);
    KeyRing::Key key;
    std::size_t length = 0;
    const char* end = nullptr;
    if (hex.size() != key.size() * 2 ||
        sodium_hex2bin(key.data(), key.size(), hex.data(), hex.size(), nullptr, &length, &end) != 0 ||
        length != key.size()) {
        return fail(Code::kInvalid, "key.invalid",
                    where + " does not hold a key: found " + std::to_string(hex.size()) +
                        " characters, expected 64 hex digits");
    }
    return key;
}

Result<KeyRing::Key> read_key_file(const std::filesystem::path& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) == 0 && (about.st_mode & 077) != 0) {
        return fail(Code::kForbidden, "key.unsafe_permissions",
                    file.string() + " can be read by others; run: chmod 600 " + file.string());
    }
    std::ifstream in(file);
    std::string text;
    if (!std::getline(in, text)) {
        return fail(Code::kInvalid, "key.invalid",
                    file.string() + " cannot be read or is empty; expected 64 hex digits");
    }
    auto key = parse_key(text, file.string());
    sodium_memzero(text.data(), text.size());
    return key;
}

Status write_key_file(const std::filesystem::path& file, const KeyRing::Key& key) {
    char hex[KeyRing::kKeyBytes * 2 + 2];
    sodium_bin2hex(hex, sizeof hex - 1, key.data(), key.size());
    hex[KeyRing::kKeyBytes * 2] = '\n';
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written =
        descriptor >= 0 &&
        ::write(descriptor, hex, KeyRing::kKeyBytes * 2 + 1) == static_cast<ssize_t>(KeyRing::kKeyBytes * 2 + 1) &&
        ::fsync(descriptor) == 0;
    const int why = errno;
    if (descriptor >= 0) ::close(descriptor);
    sodium_memzero(hex, sizeof hex);
    if (!written) {
        if (descriptor >= 0) ::unlink(file.c_str());
        return fail(Code::kUnavailable, "key.unwritable",
                    "cannot write the key file " + file.string() + ": " + std::strerror(why));
    }
    return {};
}

}  // namespace

Result<KeyRing> KeyRing::open(const std::filesystem::path& key_file, bool create) {
    start_sodium();
    if (const char* from_environment = std::getenv("SHUKE_KEY");
        from_environment != nullptr && *from_environment != '\0') {
        const auto key = parse_key(from_environment, "the environment variable SHUKE_KEY");
        if (!key) return std::unexpected(key.error());
        return from(*key);
    }
    if (std::filesystem::exists(key_file)) {
        const auto key = read_key_file(key_file);
        if (!key) return std::unexpected(key.error());
        return from(*key);
    }
    if (!create) {
        return fail(Code::kNotFound, "key.missing",
                    "the key file " + key_file.string() +
                        " is missing; personal data cannot be read without it. "
                        "Put it back from your backup, or set SHUKE_KEY");
    }
    Key key;
    randombytes_buf(key.data(), key.size());
    if (auto written = write_key_file(key_file, key); !written) return std::unexpected(written.error());
    return from(key);
}

KeyRing KeyRing::from(const Key& master) {
    start_sodium();
    KeyRing ring;
    crypto_kdf_derive_from_key(ring.seal_key_.data(), kKeyBytes, 1, "shukseal", master.data());
    crypto_kdf_derive_from_key(ring.fingerprint_key_.data(), kKeyBytes, 2, "shukfing", master.data());
    return ring;
}

std::string KeyRing::seal(std::string_view plain) const {
    if (plain.empty()) return {};
    std::vector<unsigned char> box(kNonceBytes + plain.size() + kTagBytes);
    randombytes_buf(box.data(), kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box.data() + kNonceBytes, nullptr, bytes(plain), plain.size(), nullptr,
                                               0, nullptr, box.data(), seal_key_.data());
    std::string text(sodium_base64_encoded_len(box.size(), kBase64), '\0');
    sodium_bin2base64(text.data(), text.size(), box.data(), box.size(), kBase64);
    text.pop_back();  // the terminating zero
    return text;
}

Result<std::string> KeyRing::unseal(std::string_view sealed) const {
    if (sealed.empty()) return std::string();
    const auto wrong = [] {
        return fail(Code::kForbidden, "key.wrong",
                    "a sealed value cannot be opened: another key made it, or it is damaged");
    };
    std::vector<unsigned char> box(sealed.size());
    std::size_t length = 0;
    if (sodium_base642bin(box.data(), box.size(), sealed.data(), sealed.size(), nullptr, &length, nullptr, kBase64) !=
            0 ||
        length < kNonceBytes + kTagBytes) {
        return wrong();
    }
    std::string plain(length - kNonceBytes - kTagBytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr,
                                                   box.data() + kNonceBytes, length - kNonceBytes, nullptr, 0,
                                                   box.data(), seal_key_.data()) != 0) {
        return wrong();
    }
    return plain;
}

Hash128 KeyRing::fingerprint(std::string_view kind, std::string_view value) const {
    crypto_generichash_state state;
    crypto_generichash_init(&state, fingerprint_key_.data(), kKeyBytes, sizeof(Hash128));
    crypto_generichash_update(&state, bytes(kind), kind.size());
    const unsigned char separator = 0;
    crypto_generichash_update(&state, &separator, 1);
    crypto_generichash_update(&state, bytes(value), value.size());
    unsigned char digest[sizeof(Hash128)];
    crypto_generichash_final(&state, digest, sizeof digest);
    Hash128 hash;
    std::memcpy(&hash.high, digest, sizeof hash.high);
    std::memcpy(&hash.low, digest + sizeof hash.high, sizeof hash.low);
    return hash;
}

std::string KeyRing::check_value() const {
    const Hash128 hash = fingerprint("check", "shuke");
    char hex[33];
    sodium_bin2hex(hex, sizeof hex, reinterpret_cast<const unsigned char*>(&hash), sizeof hash);
    return hex;
}

Checksum::Checksum() {
    start_sodium();
    static_assert(sizeof(State) >= sizeof(crypto_generichash_state));
    crypto_generichash_init(reinterpret_cast<crypto_generichash_state*>(&state_), nullptr, 0, 32);
}

void Checksum::add(std::string_view data) {
    crypto_generichash_update(reinterpret_cast<crypto_generichash_state*>(&state_), bytes(data), data.size());
}

std::string Checksum::finish() {
    unsigned char digest[32];
    crypto_generichash_final(reinterpret_cast<crypto_generichash_state*>(&state_), digest, sizeof digest);
    char hex[65];
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return hex;
}

std::string hex(const Hash128& hash) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high),
                  static_cast<unsigned long long>(hash.low));
    return text;
}

std::string random_bytes(std::size_t count) {
    start_sodium();
    std::string drawn(count, '\0');
    randombytes_buf(drawn.data(), drawn.size());
    return drawn;
}

std::string random_token(std::size_t count) {
    const std::string drawn = random_bytes(count);
    constexpr int kUrlSafe = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(count, kUrlSafe), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(drawn.data()), count, kUrlSafe);
    text.pop_back();  // the terminating zero
    return text;
}

bool equal_secrets(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_name() {
    start_sodium();
    unsigned char bits[16];
    randombytes_buf(bits, sizeof bits);
    char hex[sizeof bits * 2 + 1];
    return sodium_bin2hex(hex, sizeof hex, bits, sizeof bits);
}

Result<std::string> file_checksum(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(Code::kNotFound, "file.not_found", "cannot read " + file.string());
    Checksum checksum;
    std::vector<char> buffer(1 << 20);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
        checksum.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
    }
    return checksum.finish();
}

}  // namespace shuke
