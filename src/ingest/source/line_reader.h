// src/ingest/source/line_reader.h
//
// Files of lines without quotes: values separated by blanks (one cell each), or one document a line (one cell).
//
// Rejects  csv.record_too_large, csv.too_many_columns, text.nul, encoding.invalid
// Threads  one reader.
#pragma once

#include "ingest/source/record_reader.h"

namespace shuke::ingest {

enum class LineCells : std::uint8_t { kWhole, kSplitByBlanks };

class LineReader final : public RecordReader {
public:
    LineReader(TextWindow window, LineCells cells, ReaderLimits limits = {})
        : RecordReader(std::move(window), limits), cells_(cells) {}

    Result<Found> next(Record& record, RecordFault& fault, std::deque<std::string>& texts) override;

private:
    bool split(Record& record) const;  // false: too many cells

    LineCells cells_;
};

}  // namespace shuke::ingest
