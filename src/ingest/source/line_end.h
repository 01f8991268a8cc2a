// src/ingest/source/line_end.h: where a line ends: at LF, at CR LF, and in files that begin so (old Mac) at CR alone.
#pragma once

#include <cstddef>
#include <cstring>

namespace shuke::ingest {

struct LineEnd {
    bool found = false;
    const char* at = nullptr;      // the CR or LF; where to go on looking if not found
    const char* behind = nullptr;  // the next line
};

// Looks in [from, end); `ended`: the file ends there, and its last line may do without a line end. Not found: more
// text is needed, or (when ended) nothing is left.
inline LineEnd find_line_end(const char* from, const char* end, bool ended, bool cr_ends_lines) {
    const char* at = end;
    if (cr_ends_lines) {
        at = from;
        while (at != end && *at != '\n' && *at != '\r') ++at;
        if (at != end && *at == '\r') {
            if (at + 1 == end && !ended) return {false, at, at};  // an LF may follow
            return {true, at, at + (at + 1 != end && at[1] == '\n' ? 2 : 1)};
        }
    } else if (from != end) {
        const auto* lf = static_cast<const char*>(std::memchr(from, '\n', static_cast<std::size_t>(end - from)));
        if (lf != nullptr) at = lf;
    }
    const bool cr_before = at != from && at[-1] == '\r';
    if (at != end) return {true, cr_before ? at - 1 : at, at + 1};
    return {ended && from != end, cr_before ? end - 1 : end, end};
}

}  // namespace shuke::ingest
