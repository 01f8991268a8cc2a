// src/ingest/source/record_reader.h
//
// A file's text, record by record: a row of CSV, a line of blanks-separated values, a line of JSON.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ingest/source/text_window.h"

namespace shuke::ingest {

struct Record {
    std::uint64_t number = 0;             // 1-based among the data rows; set by whoever counts them
    std::uint64_t line = 0;               // 1-based line of the file where it begins
    std::string_view raw;                 // as it stands there, in UTF-8, without its line end
    std::vector<std::string_view> cells;  // without the quotes around them
};

// Why a record could not be read; its line and raw are set.
struct RecordFault {
    std::string key;
    std::string reason;
};

// What a reader takes in at once. Beyond these a record is rejected, so memory stays bounded whatever the file holds.
struct ReaderLimits {
    std::size_t record_bytes = 16 << 20;
    std::size_t columns = 65'536;
};

enum class Found : std::uint8_t { kRecord, kRejected, kEnd };

class RecordReader {
public:
    RecordReader(TextWindow window, ReaderLimits limits) : window_(std::move(window)), limits_(limits) {}
    virtual ~RecordReader() = default;

    // The next record that is not a blank line. raw and cells point into chunk() or into `texts`. Errors are of the
    // file and come after every whole record before them.
    virtual Result<Found> next(Record& record, RecordFault& fault, std::deque<std::string>& texts) = 0;

    const TextChunk& chunk() const { return window_.chunk(); }
    std::size_t chunk_bytes() const { return window_.chunk_bytes(); }
    const TextSource& text() const { return window_.source(); }

protected:
    // Fills `fault` when the text within `raw` (which begins the window) is no text.
    bool has_text_fault(std::string_view raw, RecordFault& fault);
    // Nothing of the record ended within the limit (and the line end that may stand just behind it).
    bool is_too_large() const { return window_.size() > limits_.record_bytes + 2; }
    // Gives up the line that begins the window as `raw`, as far as it is within the limit, and goes to the next line.
    Result<Found> reject_line(Record& record, std::deque<std::string>& texts, bool cr_ends_lines);
    Result<Found> reject_too_large(Record& record, RecordFault& fault, std::deque<std::string>& texts,
                                   bool cr_ends_lines);

    TextWindow window_;
    ReaderLimits limits_;
    std::uint64_t line_ = 1;  // where the window begins
};

// Copies text to where it stays: rows may point to it as long as `texts` lives.
std::string_view keep(std::deque<std::string>& texts, std::string_view text);

}  // namespace shuke::ingest
