#include "ingest/batch_queue.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kBatchRows = 2'048;
constexpr std::size_t kBatchesAhead = 4;

void move_by_days(OrderRow& row, const TimeZone& zone, std::int64_t days) {
    for (Instant* at : {&row.created_at, &row.paid_at, &row.shipped_at, &row.signed_at, &row.finished_at,
                        &row.closed_at, &row.updated_at, &row.refunded_at}) {
        if (*at == kNever) continue;
        const Day day = zone.day_of(*at);
        const std::int64_t us_of_day = zone.local_us(*at) - std::int64_t{day.days_since_epoch} * 86'400'000'000;
        *at = zone.to_instant(Day{day.days_since_epoch + static_cast<std::int32_t>(days)}, us_of_day);
    }
}

}  // namespace

BatchQueue::BatchQueue(RowSource& source, std::int64_t move_days)
    : thread_([this, &source, move_days] { read(source, move_days); }) {}

BatchQueue::~BatchQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::unique_ptr<DigestedBatch> BatchQueue::pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty() || ended_; });
    if (ready_.empty()) return nullptr;
    auto batch = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return batch;
}

void BatchQueue::read(RowSource& source, std::int64_t move_days) {
    for (;;) {
        auto batch = std::make_unique<DigestedBatch>();
        Status status;
        try {
            status = source.read(batch->rows, kBatchRows);
        } catch (const std::exception& error) {
            status = fail(Code::kInternal, "file.failed", error.what());
        }
        batch->digests.reserve(batch->rows.rows.size());
        for (auto& row : batch->rows.rows) {
            if (move_days != 0) move_by_days(row, source.info().time_zone, move_days);
            batch->digests.push_back(digest(row));
            batch->text_bytes += row.raw.size();
        }
        const bool is_last = batch->rows.rows_read == 0 || !status;
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ready_.size() < kBatchesAhead || stopped_; });
        if (stopped_) return;
        if (batch->rows.rows_read > 0) ready_.push_back(std::move(batch));
        if (is_last) {
            status_ = status;
            ended_ = true;
        }
        lock.unlock();
        changed_.notify_all();
        if (is_last) return;
    }
}

}  // namespace shuke::ingest
