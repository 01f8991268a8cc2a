#include "ingest/source/csv_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "ingest/source/line_end.h"

namespace shuke::ingest {
namespace {

const char* find_quote(const char* from, const char* end) {
    if (from == end) return nullptr;
    return static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end - from)));
}

// "" → "; single quotes stay.
std::string_view unescape(std::string_view cell, std::deque<std::string>& texts) {
    std::string plain;
    plain.reserve(cell.size());
    for (std::size_t i = 0; i < cell.size(); ++i) {
        plain += cell[i];
        if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"') ++i;
    }
    return keep(texts, plain);
}

}  // namespace

Result<Found> CsvReader::next(Record& record, RecordFault& fault, std::deque<std::string>& texts) {
    if (!std::exchange(begun_, true)) {
        if (auto status = skip_preamble(); !status) return std::unexpected(status.error());
    }
    while (true) {
        if (window_.size() == 0 && window_.ended()) return Found::kEnd;
        const Parsed parsed = window_.size() == 0 ? Parsed::kNeedsMore : parse(record);
        if (parsed == Parsed::kWhole) {
            if (record_end_ - window_.begin() > static_cast<std::ptrdiff_t>(limits_.record_bytes)) {
                return reject_too_large(record, fault, texts, dialect_.cr_ends_lines);
            }
            if (!is_blank_line(record)) return accept(record, fault, texts);
            window_.advance(next_record_);
            ++line_;
            continue;
        }
        if (is_too_large()) return reject_too_large(record, fault, texts, dialect_.cr_ends_lines);
        if (parsed == Parsed::kOpenQuote && window_.ended()) {
            fault = {"csv.unclosed_quote", "the quote opened on line " +
                                               std::to_string(line_ + lines_before(open_quote_)) +
                                               " is never closed; close it, or write \"\" for a quote that is text"};
            return reject_line(record, texts, dialect_.cr_ends_lines);
        }
        if (auto status = window_.more(); !status) return std::unexpected(status.error());
    }
}

bool CsvReader::is_blank_line(const Record& record) const {
    if (record.cells.size() != 1 || has_quotes_) return false;
    return std::ranges::all_of(record.cells[0], [](char c) { return c == ' ' || c == '\t'; });
}

Status CsvReader::skip_preamble() {
    while (window_.size() < dialect_.skip_bytes && !window_.ended()) {
        if (auto status = window_.more(); !status) return status;
    }
    window_.advance(window_.begin() + std::min(dialect_.skip_bytes, window_.size()));
    line_ += dialect_.skip_lines;
    return {};
}

CsvReader::Parsed CsvReader::parse(Record& record) {
    record.cells.clear();
    escaped_.clear();
    needs_more_ = has_quotes_ = too_many_columns_ = false;
    open_quote_ = nullptr;
    no_close_until_ = 0;
    if (parse_unquoted(record)) return Parsed::kWhole;
    record.cells.clear();
    const char* const end = window_.end();
    const char* at = window_.begin();
    while (true) {
        if (record.cells.size() == limits_.columns) {
            too_many_columns_ = true;
            break;
        }
        const char* const quote = opening_quote(at);
        if (quote != nullptr)
            at = parse_quoted(quote + 1, record);
        else if (*at == '=' && at[1] == '"')
            at = parse_formula(at, record);  // text is padded with zeros: no overrun
        else
            at = parse_plain(at, record);
        if (needs_more_) return open_quote_ != nullptr ? Parsed::kOpenQuote : Parsed::kNeedsMore;
        if (at == end || *at != dialect_.delimiter) break;
        ++at;
    }
    const LineEnd line = find_line_end(at, end, window_.ended(), dialect_.cr_ends_lines);
    if (!line.found && !window_.ended()) return Parsed::kNeedsMore;
    record_end_ = line.at;
    next_record_ = line.behind;
    return Parsed::kWhole;
}

// A whole record without any quote, in one run over its bytes; false where there is more to it.
bool CsvReader::parse_unquoted([[maybe_unused]] Record& record) {
#ifdef __SSE2__
    const __m128i delimiters = _mm_set1_epi8(dialect_.delimiter);
    const __m128i lfs = _mm_set1_epi8('\n');
    const __m128i quotes = _mm_set1_epi8('"');
    const __m128i crs = _mm_set1_epi8(dialect_.cr_ends_lines ? '\r' : '"');
    const char* const end = window_.end();
    const char* cell = window_.begin();
    for (const char* block = cell; block < end; block += 16) {  // the window is padded by 16 bytes
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
        const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(text, delimiters), _mm_cmpeq_epi8(text, lfs));
        const __m128i others = _mm_or_si128(_mm_cmpeq_epi8(text, quotes), _mm_cmpeq_epi8(text, crs));
        auto hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(ends, others)));
        for (; hits != 0; hits &= hits - 1) {
            const char* const at = block + __builtin_ctz(hits);
            const bool is_delimiter = *at == dialect_.delimiter;
            if ((!is_delimiter && *at != '\n') || record.cells.size() == limits_.columns) return false;
            const char* const cell_end = !is_delimiter && at != cell && at[-1] == '\r' ? at - 1 : at;
            record.cells.emplace_back(cell, static_cast<std::size_t>(cell_end - cell));
            cell = at + 1;
            if (is_delimiter) continue;
            record_end_ = cell_end;
            next_record_ = cell;
            return true;
        }
    }
#endif
    return false;
}

const char* CsvReader::parse_plain(const char* begin, Record& record) {
    const char* stop = find_cell_end(begin);
    if (is_unsure(stop)) {
        needs_more_ = true;
        return nullptr;
    }
    if (stop != begin && stop[-1] == '\r' && (stop == window_.end() || *stop == '\n')) --stop;
    record.cells.emplace_back(begin, static_cast<std::size_t>(stop - begin));
    return stop;
}

const char* CsvReader::parse_quoted(const char* begin, Record& record) {
    const char* const end = window_.end();
    bool escaped = false;
    has_quotes_ = true;
    for (const char* at = find_quote(begin, end); at != nullptr; at = find_quote(at, end)) {
        if (at[1] == '"' && at + 1 != end) {
            escaped = true;
            at += 2;
            continue;
        }
        const char* behind = skip_blanks(at + 1);
        if (is_unsure(behind)) {
            needs_more_ = true;
            return nullptr;
        }
        const char* cell_end = at;
        if (!ends_cell(behind)) {  // a stray quote
            const char* const close = closing_quote_on_line(at + 1);
            if (needs_more_) return nullptr;
            escaped = true;
            if (close != nullptr) {
                at = close;
                continue;
            }
            behind = find_cell_end(at + 1);
            if (behind[-1] == '\r' && (behind == end || *behind == '\n')) --behind;
            cell_end = behind;
        }
        if (escaped) escaped_.push_back(record.cells.size());
        record.cells.emplace_back(begin, static_cast<std::size_t>(cell_end - begin));
        return behind;
    }
    needs_more_ = true;
    open_quote_ = begin - 1;
    return nullptr;
}

const char* CsvReader::parse_formula(const char* begin, Record& record) {
    const char* const close = closing_quote_on_line(begin + 2);
    if (needs_more_) return nullptr;
    if (close == nullptr) return parse_plain(begin, record);
    record.cells.emplace_back(begin, static_cast<std::size_t>(close + 1 - begin));
    return skip_blanks(close + 1);
}

const char* CsvReader::opening_quote(const char* begin) const {
    if (*begin != '"' && *begin != ' ' && *begin != '\t') return nullptr;
    const char* const at = skip_blanks(begin);
    return at != window_.end() && *at == '"' ? at : nullptr;
}

// The first quote at or after `from` that closes a cell on this line. Looked for once a line at most, so that a line
// of many stray quotes costs no more than its length.
const char* CsvReader::closing_quote_on_line(const char* from) {
    if (static_cast<std::size_t>(from - window_.begin()) < no_close_until_) return nullptr;
    const LineEnd line = find_line_end(from, window_.end(), window_.ended(), dialect_.cr_ends_lines);
    if (!line.found && !window_.ended()) {
        needs_more_ = true;
        return nullptr;
    }
    for (const char* at = find_quote(from, line.at); at != nullptr; at = find_quote(at, line.at)) {
        if (at + 1 != line.at && at[1] == '"') {
            at += 2;
            continue;
        }
        const char* const behind = skip_blanks(at + 1);
        if (behind == line.at || *behind == dialect_.delimiter) return at;
        ++at;
    }
    no_close_until_ = static_cast<std::size_t>(line.at - window_.begin());
    return nullptr;
}

const char* CsvReader::find_cell_end(const char* from) const {
    const char* const end = window_.end();
    const char delimiter = dialect_.delimiter;
    const char cr = dialect_.cr_ends_lines ? '\r' : '\n';
    while (from != end && *from != delimiter && *from != '\n' && *from != cr) ++from;
    return from;
}

const char* CsvReader::skip_blanks(const char* at) const {
    while (at != window_.end() && (*at == ' ' || *at == '\t') && *at != dialect_.delimiter) ++at;
    return at;
}

bool CsvReader::is_unsure(const char* at) const { return at == window_.end() && !window_.ended(); }

bool CsvReader::ends_cell(const char* at) const {
    if (at == window_.end() || *at == dialect_.delimiter || *at == '\n') return true;
    return *at == '\r' && (dialect_.cr_ends_lines || at + 1 == window_.end() || at[1] == '\n');
}

Found CsvReader::accept(Record& record, RecordFault& fault, std::deque<std::string>& texts) {
    record.line = line_;
    record.raw = {window_.begin(), static_cast<std::size_t>(record_end_ - window_.begin())};
    const bool is_text = !has_text_fault(record.raw, fault);
    line_ += 1 + (has_quotes_ ? lines_before(record_end_) : 0);
    window_.advance(next_record_);
    if (!is_text) return Found::kRejected;
    if (too_many_columns_) {
        fault = {"csv.too_many_columns", "the row has more than " + std::to_string(limits_.columns) +
                                             " cells; is this a table with one row an order or order line?"};
        return Found::kRejected;
    }
    for (const std::size_t cell : escaped_) record.cells[cell] = unescape(record.cells[cell], texts);
    return Found::kRecord;
}

std::uint64_t CsvReader::lines_before(const char* place) const {
    std::uint64_t count = 0;
    for (const char* at = window_.begin(); at != place; ++at) {
        if (*at == '\n')
            ++count;
        else if (*at == '\r' && dialect_.cr_ends_lines && at[1] != '\n')
            ++count;
    }
    return count;
}

}  // namespace shuke::ingest
