// src/ingest/source/csv_reader.h
//
// CSV as RFC 4180 describes it, and as it is found:
//   - lines end with LF, CR LF or (where the heading's does) CR; blank lines are no records
//   - a quote opens a cell at its beginning, blanks before it do not matter; inside, "" is one quote and line ends
//     are text. A single quote inside closes the cell only before a delimiter or line end; else it is text if the
//     cell still closes on that line, and otherwise the cell ends with the next delimiter
//   - quotes further on in an unquoted cell are text
//   - ="…" (a spreadsheet's way to keep digits) is one cell, given as it stands
//   - a quote that never closes, or not within the record limit, spoils its own line only: the next is read afresh
//
// Rejects  csv.unclosed_quote, csv.record_too_large, csv.too_many_columns, text.nul, encoding.invalid
// Threads  one reader.
// Cost     one pass, 16 bytes at a time (SSE2); about 1 GB/s on short unquoted cells (bench/import_csv.cpp).
// Source   RFC 4180; docs/guide/formats.md.
#pragma once

#include "ingest/source/csv_dialect.h"
#include "ingest/source/record_reader.h"

namespace shuke::ingest {

class CsvReader final : public RecordReader {
public:
    CsvReader(TextWindow window, CsvDialect dialect, ReaderLimits limits = {})
        : RecordReader(std::move(window), limits), dialect_(dialect) {}

    Result<Found> next(Record& record, RecordFault& fault, std::deque<std::string>& texts) override;

private:
    enum class Parsed { kWhole, kNeedsMore, kOpenQuote };

    Parsed parse(Record& record);
    bool parse_unquoted(Record& record);
    // Each takes the place where the cell's text begins, adds the cell and returns the delimiter or line end behind it.
    const char* parse_plain(const char* begin, Record& record);
    const char* parse_quoted(const char* begin, Record& record);
    const char* parse_formula(const char* begin, Record& record);

    const char* opening_quote(const char* begin) const;  // null: the cell is not quoted
    const char* closing_quote_on_line(const char* from);
    const char* find_cell_end(const char* from) const;
    const char* skip_blanks(const char* at) const;
    bool is_unsure(const char* at) const;  // only more text can tell whether a cell ends there
    bool ends_cell(const char* at) const;

    Status skip_preamble();
    Found accept(Record& record, RecordFault& fault, std::deque<std::string>& texts);
    bool is_blank_line(const Record& record) const;
    std::uint64_t lines_before(const char* place) const;  // line ends between the record's beginning and the place

    CsvDialect dialect_;
    bool begun_ = false;
    // Of the record being parsed:
    bool needs_more_ = false;
    bool has_quotes_ = false;
    bool too_many_columns_ = false;
    const char* open_quote_ = nullptr;   // opened and not closed in the window
    std::vector<std::size_t> escaped_;   // the cells that hold ""
    std::size_t no_close_until_ = 0;     // no quote closes a cell before this distance from the record's beginning
    const char* record_end_ = nullptr;   // its line end
    const char* next_record_ = nullptr;  // behind its line end
};

}  // namespace shuke::ingest
