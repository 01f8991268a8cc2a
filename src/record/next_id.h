// src/record/next_id.h: the id after the greatest of a table; in the writer's turn nobody else takes it.
#pragma once

#include <soci/soci.h>

#include <cstdint>

namespace shuke::record {

inline std::int64_t next_id(soci::session& session, const char* table) {
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM " << table, soci::into(id);
    return id;
}

}  // namespace shuke::record
