// src/mirror/mirror.h
//
// A copy of the audience in ClickHouse, kept up by change sequence. A copy is a generation: the rows of all customers
// (a whole one) or of those who changed since the last (a partial one). Rows go in first; one row in shuke_publications
// then makes all of them visible at once, on every shard. Whatever dies in between leaves rows that nobody sees and the
// next copy clears away. When partial copies have piled up, the next one is whole and they go.
//
// Errors   those of Server; mirror.missing, mirror.other_record, mirror.cluster, mirror.other_layout
// Threads  one; two copies at a time of one data folder are kept apart by its lock (mirror.busy)
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audience/clickhouse/translate.h"
#include "audience/snapshot.h"
#include "audience/version.h"
#include "base/error.h"
#include "base/instant.h"
#include "mirror/server.h"

namespace shuke::mirror {

// What is visible there now.
struct Published {
    audience::clickhouse::Picture picture;
    std::int64_t newest = 0;  // generation
    std::int64_t change = 0;  // of the record, up to which it is true
    std::int64_t rows_since_whole = 0, whole_rows = 0;
    std::string fingerprint, record;
};

// nullopt: there are no tables, or nothing was ever published.
Result<std::optional<Published>> published(const Server& server);

// What all rows depend on beside the customers' own changes: the settings, and the tables' columns.
std::string fingerprint(const audience::SnapshotOrigin& origin);

struct Source {
    const audience::Version& version;
    audience::SnapshotOrigin origin;  // of the version
    std::function<Result<std::vector<CustomerId>>(std::int64_t change)> changed_since;
};

struct CopyOptions {
    std::string cluster;  // empty: one server
    bool whole = false;   // copy everything, whatever is there
    std::function<void(std::uint64_t done, std::uint64_t all)> progress = nullptr;
};

struct Copied {
    bool whole = false;
    std::int64_t generation = 0;           // 0: nothing had changed
    std::int64_t customers = 0, gone = 0;  // rows sent; those of them who are no more
    std::int64_t bytes = 0;
};

Result<Copied> copy(const Server& server, const Source& source, const CopyOptions& options, Instant now);

}  // namespace shuke::mirror
