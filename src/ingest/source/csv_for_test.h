// src/ingest/source/csv_for_test.h: a whole CSV file at once, as tests and the fuzz target look at it.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/source/csv_reader.h"

namespace shuke::ingest {

struct CsvRow {
    std::uint64_t line = 0;
    std::string raw;
    std::vector<std::string> cells;  // of a row that was read
    std::string fault;               // key of one that was not
    std::string reason;
    bool operator==(const CsvRow&) const = default;
};

struct CsvTable {
    std::vector<CsvRow> rows;
    std::string error;  // of the file as a whole
    std::string error_detail;
    std::string encoding;
    char delimiter = '\0';
    bool operator==(const CsvTable&) const = default;
};

inline std::string show(const CsvTable& table) {
    std::string text = table.encoding + " " + table.delimiter + " " + table.error + " " + table.error_detail + "\n";
    for (const CsvRow& row : table.rows) {
        text += std::to_string(row.line) + " [" + row.raw + "] " + row.fault + " " + row.reason;
        for (const std::string& cell : row.cells) text += "<" + cell + ">";
        text += "\n";
    }
    return text;
}
inline std::ostream& operator<<(std::ostream& out, const CsvTable& table) { return out << show(table); }

struct CsvSteps {
    std::size_t bytes_at_once = SIZE_MAX;
    std::size_t chunk_bytes = TextWindow::kChunkBytes;
    ReaderLimits limits = {};
};

inline CsvTable read_csv(std::string_view bytes, CsvSteps steps = {}) {
    CsvTable table;
    const auto failed = [&](const Error& error) {
        table.error = error.key;
        table.error_detail = error.detail;
        return table;
    };
    const auto open = [&]() -> Result<std::unique_ptr<TextSource>> {
        auto unpacked = unpack(bytes_in_memory(bytes, steps.bytes_at_once));
        if (!unpacked) return std::unexpected(unpacked.error());
        return TextSource::open(std::move(*unpacked));
    };
    auto head = open();
    auto text = open();  // of its own, so that the reader does not begin with the whole head in its window
    if (!head || !text) return failed(head ? text.error() : head.error());
    const CsvDialect dialect = detect_dialect(TextWindow(std::move(*head)).peek(kSampleBytes));
    TextWindow window(std::move(*text), steps.chunk_bytes);
    table.delimiter = dialect.delimiter;
    CsvReader reader(std::move(window), dialect, steps.limits);
    while (true) {
        Record record;
        RecordFault fault;
        std::deque<std::string> texts;
        const auto found = reader.next(record, fault, texts);
        table.encoding = to_string(reader.text().encoding());
        if (!found) return failed(found.error());
        if (*found == Found::kEnd) return table;
        CsvRow& row = table.rows.emplace_back();
        row.line = record.line;
        row.raw = record.raw;
        if (*found == Found::kRecord) row.cells.assign(record.cells.begin(), record.cells.end());
        row.fault = fault.key;
        row.reason = fault.reason;
    }
}

}  // namespace shuke::ingest
