// src/ingest/import_report.h: what became of a file, as JSON: what the command line prints and the API's job answers.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ingest/import.h"

namespace shuke::ingest {

// `with_reasons`: also what stood in the rejected rows, which may be personal.
nlohmann::ordered_json report_json(const ImportReport& report, bool with_reasons);

}  // namespace shuke::ingest
