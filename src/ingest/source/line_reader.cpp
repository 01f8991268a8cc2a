#include "ingest/source/line_reader.h"

#include "base/text.h"
#include "ingest/source/line_end.h"

namespace shuke::ingest {

Result<Found> LineReader::next(Record& record, RecordFault& fault, std::deque<std::string>& texts) {
    while (true) {
        const LineEnd line = find_line_end(window_.begin(), window_.end(), window_.ended(), false);
        if (!line.found) {
            if (window_.ended()) return Found::kEnd;
            if (is_too_large()) return reject_too_large(record, fault, texts, false);
            if (auto status = window_.more(); !status) return std::unexpected(status.error());
            continue;
        }
        record.raw = {window_.begin(), static_cast<std::size_t>(line.at - window_.begin())};
        if (record.raw.size() > limits_.record_bytes) return reject_too_large(record, fault, texts, false);
        record.line = line_++;
        const bool is_text = !has_text_fault(record.raw, fault);
        window_.advance(line.behind);
        if (!is_text) return Found::kRejected;
        if (is_blank(record.raw)) continue;
        if (split(record)) return Found::kRecord;
        fault = {"csv.too_many_columns", "the line has more than " + std::to_string(limits_.columns) + " values"};
        return Found::kRejected;
    }
}

bool LineReader::split(Record& record) const {
    record.cells.clear();
    if (cells_ == LineCells::kWhole) {
        record.cells.push_back(record.raw);
        return true;
    }
    const std::string_view raw = record.raw;
    for (std::size_t at = 0; (at = raw.find_first_not_of(" \t", at)) != raw.npos;) {
        if (record.cells.size() == limits_.columns) return false;
        const std::size_t behind = std::min(raw.find_first_of(" \t", at), raw.size());
        record.cells.push_back(raw.substr(at, behind - at));
        at = behind;
    }
    return true;
}

}  // namespace shuke::ingest
