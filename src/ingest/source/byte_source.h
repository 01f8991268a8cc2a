// src/ingest/source/byte_source.h
//
// The bytes of a file, one after the other, unpacked where it is compressed.
//
// Errors   file.not_found, file.unreadable when opening; file.truncated, file.corrupt, file.unreadable while reading,
//          always after every byte before the fault was delivered.
// Threads  one reader.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "base/error.h"

namespace shuke::ingest {

class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Fills `out` from its front and returns how many bytes; 0 is the end. May return fewer than fit.
    virtual Result<std::size_t> read(std::span<char> out) = 0;
    virtual std::uint64_t stored_bytes_read() const = 0;  // of the file as it lies on the disk
    virtual std::uint64_t stored_size() const = 0;
};

// A file as it lies on the disk.
Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file);
// Bytes in memory, handed out at most `most` at a time; the caller keeps them alive.
std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes, std::size_t most = SIZE_MAX);
// Looks at the first bytes: gzip (any number of members) and Zstandard (any number of frames) are unpacked, all else
// passes as it is.
Result<std::unique_ptr<ByteSource>> unpack(std::unique_ptr<ByteSource> stored);

// Reads until `out` is full or the source ends.
Result<std::size_t> read_fully(ByteSource& source, std::span<char> out);

}  // namespace shuke::ingest
