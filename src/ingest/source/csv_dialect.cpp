#include "ingest/source/csv_dialect.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/source/line_end.h"

namespace shuke::ingest {
namespace {

constexpr std::string_view kDelimiters = ",;\t";

bool first_line_ends_with_cr(std::string_view head) {
    bool quoted = false;
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (head[i] == '"') quoted = !quoted;
        if (!quoted && head[i] == '\n') return false;
        if (!quoted && head[i] == '\r') return i + 1 < head.size() && head[i + 1] != '\n';
    }
    return false;
}

// Delimiters in the first line; quotes hide what is between them unless `quotes` is false.
struct Counts {
    std::size_t of[kDelimiters.size()] = {};
    bool closed = true;  // no quote was left open
};

Counts count_delimiters(std::string_view head, bool quotes) {
    Counts counts;
    for (const char c : head) {
        if (quotes && c == '"') counts.closed = !counts.closed;
        if (!counts.closed) continue;
        if (c == '\n' || c == '\r') break;
        if (const auto which = kDelimiters.find(c); which != kDelimiters.npos) ++counts.of[which];
    }
    return counts;
}

}  // namespace

CsvDialect detect_dialect(std::string_view head) {
    CsvDialect dialect;
    bool named = false;
    while (dialect.skip_bytes < head.size()) {
        const std::string_view rest = head.substr(dialect.skip_bytes);
        dialect.cr_ends_lines = first_line_ends_with_cr(rest);
        const LineEnd line = find_line_end(rest.data(), rest.data() + rest.size(), true, dialect.cr_ends_lines);
        const std::string_view text(rest.data(), static_cast<std::size_t>(line.at - rest.data()));
        const std::string_view trimmed = trim(text);
        const bool names = !named && trimmed.starts_with("sep=") && text.find("sep=") + 5 == text.size();
        if (!names && !trimmed.empty()) break;
        if (names && kDelimiters.contains(text.back())) {
            dialect.delimiter = text.back();
            named = true;
        }
        dialect.skip_bytes += static_cast<std::size_t>(line.behind - rest.data());
        ++dialect.skip_lines;
    }
    if (named) return dialect;
    const std::string_view heading = head.substr(dialect.skip_bytes);
    Counts counts = count_delimiters(heading, true);
    if (!counts.closed) counts = count_delimiters(heading, false);  // a stray quote
    const auto most = std::max_element(std::begin(counts.of), std::end(counts.of));
    if (*most > 0) dialect.delimiter = kDelimiters[static_cast<std::size_t>(most - std::begin(counts.of))];
    return dialect;
}

}  // namespace shuke::ingest
