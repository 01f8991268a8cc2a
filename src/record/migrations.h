// src/record/migrations.h: brings a database to the schema of this program. Each migration runs once, in a
// transaction of its own; its text is embedded (migrations/NNNN_name.sql).
#pragma once

#include <soci/soci.h>

#include "base/error.h"

namespace shuke::record {

class Database;

// The schema version reached. Errors record.schema_newer (made by a newer Shuke: nothing is touched),
// record.schema_changed (an applied migration differs from the embedded one).
Result<int> migrate(const Database& database, soci::session& session);

}  // namespace shuke::record
