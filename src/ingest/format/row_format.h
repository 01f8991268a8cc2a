// src/ingest/format/row_format.h: what one file format is to the reader: its records become rows.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "ingest/format/cells.h"
#include "ingest/row_source.h"
#include "ingest/source/record_reader.h"

namespace shuke::ingest {

class RowFormat {
public:
    virtual ~RowFormat() = default;
    // Appends what the record says to batch.rows (row_number, line_number and raw are filled in by the caller); or
    // says why it cannot, and what it appended is taken back.
    virtual std::optional<RowFault> convert(const Record& record, RowBatch& batch) = 0;
};

// A file whose format is known, ready to be read.
struct OpenedFormat {
    std::unique_ptr<RecordReader> reader;
    std::unique_ptr<RowFormat> format;
    std::size_t width = 0;  // cells a record must have; 0: any number
};

}  // namespace shuke::ingest
