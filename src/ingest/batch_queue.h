// src/ingest/batch_queue.h: reads and digests a source in a thread of its own, a few batches ahead of the writer.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ingest/row_digest.h"
#include "ingest/row_source.h"

namespace shuke::ingest {

struct DigestedBatch {
    RowBatch rows;
    std::vector<RowDigest> digests;  // one a row
    std::uint64_t text_bytes = 0;
};

class BatchQueue {
public:
    // `move_days` local days are added to every time.
    BatchQueue(RowSource& source, std::int64_t move_days);
    ~BatchQueue();

    std::unique_ptr<DigestedBatch> pop();      // nullptr: the end, or the source failed
    Status status() const { return status_; }  // after the end

    BatchQueue(const BatchQueue&) = delete;
    BatchQueue& operator=(const BatchQueue&) = delete;

private:
    void read(RowSource& source, std::int64_t move_days);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<DigestedBatch>> ready_;
    bool ended_ = false;
    bool stopped_ = false;
    Status status_;
    std::thread thread_;
};

}  // namespace shuke::ingest
