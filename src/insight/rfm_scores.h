// src/insight/rfm_scores.h
//
// Keeps everybody's RFM scores and class in the record, dated, so that segments can ask for rfm.r, rfm.f, rfm.m and
// rfm.class: as the settings define them, over all customers. Only what differs from the newest kept is written, a
// few thousand customers a transaction, so that other writers never wait long.
//
// Errors   those of the record
// Cost     the table, one scan over the kept scores, a row for each score that changed
#pragma once

#include <functional>

#include "audience/worker_pool.h"
#include "insight/rfm.h"
#include "record/database.h"

namespace shuke::insight {

struct KeptScores {
    std::int64_t customers = 0, changed = 0;
};
// `go_on` is asked between transactions with how many are written of how many; false stops, what was written stays.
Result<KeptScores> keep_rfm_scores(record::Database& database, const audience::Version& version, Instant as_of,
                                   audience::WorkerPool* pool,
                                   const std::function<bool(std::int64_t done, std::int64_t total)>& go_on = {});

}  // namespace shuke::insight
