#include "ingest/source/record_reader.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/source/line_end.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kKeptBytes = 1000;  // of a record that is too large
constexpr std::size_t kTextBlockBytes = 32 << 10;

}  // namespace

bool RecordReader::has_text_fault(std::string_view raw, RecordFault& fault) {
    const auto found = window_.source().fault_within(window_.offset(), window_.offset() + raw.size());
    if (!found) return false;
    if (found->is_nul) {
        fault = {"text.nul", "the row holds a NUL byte, which no text has; remove it"};
    } else {
        fault = {"encoding.invalid", "byte " + std::to_string(found->byte_offset) + " of the file is not " +
                                         std::string(to_string(text().encoding())) +
                                         "; what could not be read stands as \uFFFD in the row"};
    }
    return true;
}

Result<Found> RecordReader::reject_line(Record& record, std::deque<std::string>& texts, bool cr_ends_lines) {
    record.line = line_;
    const std::string_view text(window_.begin(), window_.size());
    LineEnd line = find_line_end(window_.begin(), window_.end(), window_.ended(), cr_ends_lines);
    const auto length = static_cast<std::size_t>(line.at - window_.begin());
    if (line.found && length <= limits_.record_bytes)
        record.raw = text.substr(0, length);
    else
        record.raw = keep(texts, cut(text, std::min(kKeptBytes, limits_.record_bytes)));
    while (!line.found) {
        window_.advance(line.at);                                           // a CR is kept: its LF may still come
        window_.source().fault_within(window_.offset(), window_.offset());  // forgets those of what was passed
        if (window_.ended()) return Found::kRejected;
        if (auto status = window_.more(); !status) return std::unexpected(status.error());
        line = find_line_end(window_.begin(), window_.end(), window_.ended(), cr_ends_lines);
    }
    window_.advance(line.behind);
    ++line_;
    return Found::kRejected;
}

Result<Found> RecordReader::reject_too_large(Record& record, RecordFault& fault, std::deque<std::string>& texts,
                                             bool cr_ends_lines) {
    fault = {"csv.record_too_large", "the row that begins here is larger than " +
                                         std::to_string(limits_.record_bytes >> 20) +
                                         " MB; is a line end or a closing quote missing?"};
    return reject_line(record, texts, cr_ends_lines);
}

std::string_view keep(std::deque<std::string>& texts, std::string_view text) {
    if (texts.empty() || texts.back().capacity() - texts.back().size() < text.size()) {
        texts.emplace_back().reserve(std::max(kTextBlockBytes, text.size()));
    }
    std::string& block = texts.back();
    const std::size_t at = block.size();
    block.append(text);
    return std::string_view(block).substr(at);
}

}  // namespace shuke::ingest
