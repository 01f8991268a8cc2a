// src/ingest/preview.h: what a file is taken for, and its first rows as cells, before it is imported. And the bundled sample
// file, with its dates moved so that it ends yesterday.
//
// Errors   those of open_source
#pragma once

#include "ingest/import.h"

namespace shuke::ingest {

struct Preview {
    SourceInfo info;
    std::vector<std::string> columns;            // of the heading; empty where there is none
    std::vector<std::vector<std::string>> rows;  // an object a line: one cell, the line
    std::vector<std::string> warnings;           // notices, and why which of these rows would be rejected
};
Result<Preview> preview(const std::filesystem::path& file, const SourceOptions& options, std::size_t most);

// For UCI Online Retail, the sample that comes with Shuke.
Result<ImportOptions> sample_options(const Clock& clock);

}  // namespace shuke::ingest
