// src/audience/snapshot.h
//
// A Version on disk, so that a restart need not read the record again.
//
//   file     a header, the blocks' columns as they lie in memory, and a directory of all of it at the end; every part
//            carries its checksum (XXH3). Texts, which may be personal, are sealed by the data key; the columns hold
//            only codes, numbers and times of customers without name.
//   writing  into a file beside it, synced, then renamed: a crash leaves the former file or the whole new one.
//   opening  maps the file and reads it through once for its checksums. The Version's columns lie in the mapping.
//
// Errors   opening: snapshot.missing, snapshot.format (of another version of Shuke), snapshot.damaged (a checksum or
//          what follows from it is wrong), key.wrong. writing: snapshot.unwritable.
// Cost     opening reads the file once; writing is as fast as the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "audience/version.h"
#include "base/crypto.h"
#include "base/error.h"

namespace shuke::audience {

class WorkerPool;

// What the Version is a picture of.
struct SnapshotOrigin {
    std::string record;       // which record
    std::string settings;     // what its amounts and times were converted with
    std::int64_t change = 0;  // number of the newest change it holds
    bool operator==(const SnapshotOrigin&) const = default;
};

struct Snapshot {
    SnapshotOrigin origin;
    std::shared_ptr<const Version> version;
};

Status write_snapshot(const Version& version, const SnapshotOrigin& origin, const KeyRing& keys,
                      const std::filesystem::path& file);
Result<Snapshot> open_snapshot(const std::filesystem::path& file, const KeyRing& keys, WorkerPool* pool = nullptr);

// The same from bytes that stay in memory as long as the Version does; begins at an address divisible by 64.
Result<Snapshot> read_snapshot(std::shared_ptr<const std::byte[]> bytes, std::size_t size, const KeyRing& keys,
                               WorkerPool* pool = nullptr);

}  // namespace shuke::audience
