// src/live/live_audience.h
//
// The audience as it is now: opened from the newest snapshot of the data folder, else from the record, and brought up
// to date by what changed since. Whoever asks holds one consistent state; a new one is put in its place by swapping a
// pointer.
//
// Snapshots lie in DIR/audience, the two newest; one that is damaged, of another record or of other settings is
// passed over, said on stderr, and the next one or the record is taken. A crash while writing leaves the former ones.
//
// Threads  current() any number; refresh() and save() one at a time.
// Errors   of the record. A snapshot that cannot be read or written is a notice, not an error.
#pragma once

#include <memory>
#include <mutex>

#include "audience/predicate_cache.h"
#include "live/load_audience.h"

namespace shuke::live {

class LiveAudience {
public:
    static Result<std::unique_ptr<LiveAudience>> open(record::Database& database, audience::WorkerPool* pool);

    std::shared_ptr<const LoadedAudience> current() const;
    audience::PredicateCache& cache() { return cache_; }
    bool is_from_snapshot() const { return from_snapshot_; }

    // Puts the record's present state in place; true when it differs.
    Result<bool> refresh();
    void save();  // a snapshot of the present state
    // The same where it pays: the state took long to get, because a lot changed since the newest snapshot.
    void save_if_worthwhile();

private:
    LiveAudience(record::Database& database, audience::WorkerPool* pool) : database_(database), pool_(pool) {}
    bool open_snapshot();
    void put(LoadedAudience loaded);

    record::Database& database_;
    audience::WorkerPool* pool_;
    audience::PredicateCache cache_;
    mutable std::mutex mutex_;  // held while the pointer is copied
    std::shared_ptr<const LoadedAudience> current_;
    std::int64_t saved_change_ = -1;  // of the newest snapshot
    bool from_snapshot_ = false;
};

// Forgets all snapshots of a data folder: another record has come into it.
void forget_snapshots(const std::filesystem::path& folder);

}  // namespace shuke::live
