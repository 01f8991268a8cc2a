// src/ingest/source/converter.h
//
// Bytes in one encoding → UTF-8, piece by piece; a character may be cut anywhere. Bytes that are no character become
// U+FFFD and are noted, so what comes out is always valid UTF-8.
//
// Threads  one user each.
// Cost     UTF-8 2 GB/s and more; UTF-16 about 300 MB/s; GB18030 (ICU) about 150 MB/s.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>

#include "ingest/source/encoding.h"

namespace shuke::ingest {

// A place of the text that is no text; neighbouring faults are one.
struct TextFault {
    std::uint64_t text_begin = 0, text_end = 0;  // in the UTF-8 text
    std::uint64_t byte_offset = 0;               // where it begins in the unpacked file; of NULs, roughly
    bool is_nul = false;                         // NULs; else bytes that are no character of the encoding
};

// How far a file has been converted.
struct Conversion {
    std::uint64_t bytes_read = 0;
    std::uint64_t text_written = 0;
    std::deque<TextFault> faults;  // in order of the text; the reader of the text removes what it has passed

    void add_fault(const TextFault& fault) {
        const bool goes_on =
            !faults.empty() && faults.back().text_end == fault.text_begin && faults.back().is_nul == fault.is_nul;
        if (goes_on)
            faults.back().text_end = fault.text_end;
        else
            faults.push_back(fault);
    }
};

class Converter {
public:
    virtual ~Converter() = default;
    // Converts what fits of `in` into `out` (16 bytes at least), advances `so_far` and returns the bytes taken from
    // `in`. `last`: nothing follows `in`, so an unfinished character is a fault.
    virtual std::size_t convert(std::string_view in, bool last, std::span<char> out, Conversion& so_far) = 0;
};

std::unique_ptr<Converter> make_converter(Encoding encoding);

}  // namespace shuke::ingest
