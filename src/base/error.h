// src/base/error.h
//
// What the world may cause (bad input, missing row, full disk, lost connection) comes back as Result<T>.
// `key` is stable and public: docs/errors.md has one section per key. `detail` says the place, what was
// found, what was expected and what to do; it may name rows and columns, never personal values.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace shuke {

enum class Code : std::uint8_t { kInvalid, kNotFound, kConflict, kForbidden, kExhausted, kUnavailable, kInternal };

struct Error {
    Code code;
    std::string key;
    std::string detail;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

inline std::unexpected<Error> fail(Code code, std::string key, std::string detail) {
    return std::unexpected(Error{code, std::move(key), std::move(detail)});
}

// The exception by which code inside a transaction leaves it: rolled back on the way out and turned back
// into its Error where the transaction began. Never crosses a room's public functions.
struct Failure {
    Error error;
};

// Unwraps a Result inside code that runs in a transaction.
template <class T>
T or_throw(Result<T> result) {
    if (!result) throw Failure{std::move(result).error()};
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace shuke
