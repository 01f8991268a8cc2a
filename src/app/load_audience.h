// src/app/load_audience.h: carries what the record knows into a new Version of the audience.
#pragma once

#include <memory>
#include <vector>

#include "audience/version.h"
#include "audience/worker_pool.h"
#include "record/database.h"
#include "record/shops.h"

namespace shuke::app {

struct LoadedAudience {
    std::shared_ptr<const audience::Version> version;
    std::int64_t change = 0;                                // number of the newest change it holds
    std::vector<record::Converter::Missing> missing_rates;  // amounts that are missing for want of a rate
    double seconds = 0;
};

// What the engine is told by the settings.
audience::Config audience_config(soci::session& session);

// One read transaction: the Version is one state of the record.
Result<LoadedAudience> load_audience(record::Database& database, audience::WorkerPool* pool);

}  // namespace shuke::app
