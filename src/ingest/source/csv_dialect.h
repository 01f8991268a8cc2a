// src/ingest/source/csv_dialect.h: how this file writes its table, told from its heading.
#pragma once

#include <cstddef>
#include <string_view>

namespace shuke::ingest {

struct CsvDialect {
    char delimiter = ',';        // , ; or tab
    bool cr_ends_lines = false;  // CR alone ends a line, as the heading's does
    // Bytes and lines before the heading: blank lines and Excel's "sep=;".
    std::size_t skip_bytes = 0;
    std::size_t skip_lines = 0;
};

// The delimiter that "sep=" names, else the most frequent outside quotes in the heading; a comma where none is.
CsvDialect detect_dialect(std::string_view head);

}  // namespace shuke::ingest
