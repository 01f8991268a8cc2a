// src/base/crypto.h
//
// Personal data at rest. A value is sealed by XChaCha20-Poly1305 under the data key and stored as base64 text;
// equal values are found through a keyed BLAKE2b fingerprint. Both keys are derived from one 32-byte master key
// that lives in a file of the data folder (0600) or in the environment variable SHUKE_KEY (64 hex digits).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"

namespace shuke {

class KeyRing {
public:
    static constexpr std::size_t kKeyBytes = 32;
    using Key = std::array<unsigned char, kKeyBytes>;

    // Reads SHUKE_KEY, else the file; creates the file with a fresh key when `create` and neither exists.
    // Errors key.missing, key.invalid, key.unsafe_permissions, key.unwritable.
    static Result<KeyRing> open(const std::filesystem::path& key_file, bool create);
    static KeyRing from(const Key& master);

    std::string seal(std::string_view plain) const;             // "" stays ""
    Result<std::string> unseal(std::string_view sealed) const;  // Error key.wrong: made by another key, or damaged
    // Keyed, 128 bits: equal values of one kind have equal fingerprints; without the key nothing can be learned.
    Hash128 fingerprint(std::string_view kind, std::string_view value) const;
    // Tells two keys apart without revealing them; kept in the record so that a wrong key is refused at once.
    std::string check_value() const;

private:
    Key seal_key_{};
    Key fingerprint_key_{};
};

// Incremental BLAKE2b-256, as lower-case hex.
class Checksum {
public:
    Checksum();
    void add(std::string_view data);
    std::string finish();

private:
    struct alignas(64) State {
        unsigned char bytes[384];
    } state_;
};

std::string hex(const Hash128& hash);  // 32 digits
// Bytes drawn by chance as base64 for URLs: 32 bytes are 43 characters. For tokens and keys that nobody may guess.
std::string random_token(std::size_t bytes = 32);
std::string random_bytes(std::size_t bytes);
// In constant time for texts of one length.
bool equal_secrets(std::string_view a, std::string_view b);

std::string random_name();  // 128 bits drawn by chance, as 32 hex digits

Result<std::string> file_checksum(const std::filesystem::path& file);

}  // namespace shuke
