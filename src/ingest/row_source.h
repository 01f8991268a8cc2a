// src/ingest/row_source.h
//
// A file being read: bytes → text → records → OrderRows, batch by batch, in one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time_zone.h"
#include "ingest/order_row.h"

namespace shuke::ingest {

// A row that could not be understood. Kept, counted, reported and re-importable.
struct RejectedRow {
    std::uint64_t row_number = 0;
    std::uint64_t line_number = 0;
    std::string column;  // heading as in the file; empty: the row as a whole
    std::string key;     // stable: "time.invalid", "row.ragged", "order_no.missing" …
    std::string reason;  // what was found, what was expected, what to do
    std::string raw;
};

struct RowBatch {
    std::vector<OrderRow> rows;  // in file order; a basket is several rows of one row_number, standing together
    std::vector<RejectedRow> rejected;
    // These own what the rows point to: texts made while reading, and the file's text itself.
    std::deque<std::string> texts;
    std::vector<std::shared_ptr<const char[]>> chunks;
    std::uint64_t rows_read = 0;   // rows of the file: different row_numbers in rows, and those in rejected
    std::uint64_t bytes_read = 0;  // of the file as stored, since it was opened (for progress)

    void clear() { *this = RowBatch{}; }
};

struct SourceOptions {
    std::string format = "auto";
    std::string time_zone;                // empty: the format's default
    Currency currency = Currency::kNone;  // kNone: the format's default
};

// What opening a file found out.
struct SourceInfo {
    std::string format;    // "native", "online-retail", "cdnow", "transactions", "taobao"
    std::string platform;  // default platform of its rows
    std::string shop;      // default shop name
    Currency currency = Currency::kCNY;
    TimeZone time_zone = TimeZone::utc();
    std::string encoding;                      // "UTF-8", "UTF-16LE", "GB18030" …
    char delimiter = ',';                      // ' ' for blanks; '\0' for NDJSON
    std::string header;                        // the heading row as text (UTF-8), empty where the file has none
    std::uint64_t file_size = 0;               // bytes as stored
    bool settles_cancellations = false;        // cancelled invoices are matched to purchases after reading
    std::vector<std::string> ignored_columns;  // headings that this format has no use for, as in the file
    std::vector<std::string> notices;          // what the user should know though nothing is wrong ("… has no rows")
};

class RowSource {
public:
    virtual ~RowSource() = default;
    virtual const SourceInfo& info() const = 0;
    // Fills the (cleared) batch with up to `most` rows of the file, fewer where they are large; an empty batch
    // (rows_read == 0) is the end. Errors are of the file as a whole (truncated gzip, lost encoding …): rows before
    // it were delivered. Reading may change info(): the encoding can show late, and notices are added.
    virtual Status read(RowBatch& batch, std::size_t most) = 0;
};

// Opens, recognises and checks the heading. Errors: file.not_found, file.empty, file.binary, file.no_rows,
// encoding.invalid, format.unknown (with what was looked for), header.missing_column, …
Result<std::unique_ptr<RowSource>> open_source(const std::filesystem::path& file, const SourceOptions& options);

}  // namespace shuke::ingest
