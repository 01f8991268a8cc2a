// src/audience/engine/snapshot_format.h: what writing and reading a snapshot share. Numbers are little-endian.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace shuke::audience {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::uint64_t kSnapshotMagic = 0x5441'4445'4B55'4853;  // "SHUKEDAT"
// Counted up with every change of what follows the header or of what a block's columns mean.
inline constexpr std::uint32_t kSnapshotFormat = 3;
inline constexpr std::size_t kSnapshotAlignment = 64;  // of columns in the file

struct SnapshotHeader {
    std::uint64_t magic = kSnapshotMagic;
    std::uint32_t format = kSnapshotFormat;
    std::uint32_t zero = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t directory_begin = 0, directory_bytes = 0, directory_hash = 0;
    std::uint64_t header_hash = 0;  // of all before it
    std::uint64_t zero_too = 0;
};
static_assert(sizeof(SnapshotHeader) == kSnapshotAlignment);

class ByteWriter {
public:
    template <class T>
    void put(T value) {
        static_assert(std::is_arithmetic_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_text(std::string_view text) {
        put<std::uint64_t>(text.size());
        bytes_.append(text);
    }
    template <class T>
    void put_all(const std::vector<T>& values) {
        put<std::uint64_t>(values.size());
        bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    }
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

// Reading beyond the end gives zeros and is remembered.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <class T>
    T take() {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        T value{};
        const std::string_view bytes = take_bytes(sizeof value);
        if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string_view take_text() { return take_bytes(take<std::uint64_t>()); }
    template <class T>
    std::vector<T> take_all() {
        const auto count = take<std::uint64_t>();
        const std::string_view bytes = take_bytes(count > rest_.size() ? count : count * sizeof(T));
        std::vector<T> values(bytes.size() / sizeof(T));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    bool good() const { return good_; }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view take_bytes(std::uint64_t count) {
        if (count > rest_.size()) {
            good_ = false;
            rest_ = {};
            return {};
        }
        const std::string_view bytes = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return bytes;
    }
    std::string_view rest_;
    bool good_ = true;
};

}  // namespace shuke::audience
