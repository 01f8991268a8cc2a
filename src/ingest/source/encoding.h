// src/ingest/source/encoding.h
//
// Which encoding is this? Answered from a sample of the file's first bytes, or of the bytes from the first one that
// is not ASCII.
//
// Threads  pure.
// Source   GB 18030-2022 (structure of 1, 2 and 4 byte forms); a superset of GBK and GB 2312, which Chinese shops export.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace shuke::ingest {

enum class Encoding { kUtf8, kUtf16Le, kUtf16Be, kGb18030 };
std::string_view to_string(Encoding encoding);

inline constexpr std::size_t kSampleBytes = 64 << 10;

// By a byte-order mark, or by the zeros that UTF-16 has in every other place of a table's digits and commas.
struct EncodingMark {
    Encoding encoding;
    std::size_t mark_bytes;  // of the byte-order mark, to be skipped
};
std::optional<EncodingMark> encoding_by_mark(std::string_view head);

// UTF-8 or GB18030, whichever fits; a sample may end inside a character. A few faults in much good text are damage
// (their rows are rejected later), not another encoding. nullopt: neither fits, as with Windows-1252, Big5, Shift-JIS.
std::optional<Encoding> encoding_by_content(std::string_view sample);

// What a file that is no text looks like and what to do ("an XLSX workbook; save it as CSV …"); empty for text.
std::string_view binary_kind(std::string_view head);

}  // namespace shuke::ingest
