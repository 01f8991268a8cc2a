// src/record/along_commit.h
//
// While it lives, the first transaction that this thread commits (Database::commit) carries `work` along: run inside it,
// last. For what must be there exactly when a write is, where the one who writes does not know of it (api/idempotency.h).
//
// Errors   what `work` throws ends the transaction
// Threads  its own; one at a time
#pragma once

#include <soci/soci.h>

#include <functional>

namespace shuke::record {

class AlongCommit {
public:
    // `committed` becomes true when the transaction was.
    AlongCommit(std::function<void(soci::session&)> work, bool& committed);
    ~AlongCommit();
    AlongCommit(const AlongCommit&) = delete;
    AlongCommit& operator=(const AlongCommit&) = delete;

    // For Database::commit: of this thread, and not carried yet; else nullptr.
    static AlongCommit* waiting();
    void run(soci::session& session) { work_(session); }
    void note_committed() { committed_ = true; }

private:
    std::function<void(soci::session&)> work_;
    bool& committed_;
};

}  // namespace shuke::record
