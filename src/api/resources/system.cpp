// src/api/resources/system.cpp: what runs here, and the declaration itself.
#include <unistd.h>

#include <fstream>

#include "api/openapi_document.h"
#include "api/resources.h"
#include "audience/version.h"

namespace shuke::api {
namespace {

std::int64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

Reply get_system(Call& call) {
    const auto audience = call.at.live.current();
    const auto& version = *audience->version;
    const auto facts = version.facts();
    std::error_code none;
    const auto size = std::filesystem::file_size(call.at.database.file(), none);
    const bool sqlite = call.at.database.dialect() == record::Dialect::kSqlite;
    return json(
        {{"version", call.at.version},
         {"database", sqlite ? "sqlite" : "postgresql"},
         {"schema_version", call.at.database.schema_version()},
         {"started_at", instant_json(call.at.started_at)},
         {"uptime_seconds", (call.at.clock.now().us_since_epoch - call.at.started_at.us_since_epoch) / 1'000'000},
         {"audience",
          {{"customers", version.customers()},
           {"orders", facts.orders},
           {"lines", facts.lines},
           {"events", facts.events},
           {"bytes", version.bytes().total()},
           {"change", audience->origin.change}}},
         {"resident_bytes", resident_bytes()},
         {"database_bytes", none ? 0 : static_cast<std::int64_t>(size)}});
}

Reply get_openapi(Call&) { return json(openapi_document()); }

}  // namespace

void add_system(Handlers& handlers) {
    handlers.add("get_system", get_system);
    handlers.add("get_openapi", get_openapi);
}

}  // namespace shuke::api
