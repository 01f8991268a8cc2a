// src/ingest/source/text_source.h
//
// A file's bytes as UTF-8 text, whatever its encoding.
//
// A byte-order mark or UTF-16's zeros decide at once. Else the file counts as UTF-8 until the first byte that is not
// ASCII; the 64 KB from there on decide between UTF-8 and GB18030 (all before is the same in both).
//
// Errors   file.binary, when opening; encoding.invalid when nothing fits, with the offset of the byte in question;
//          those of the bytes. All after the text before the fault was delivered.
// Threads  one reader.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "ingest/source/byte_source.h"
#include "ingest/source/converter.h"

namespace shuke::ingest {

class TextSource {
public:
    static Result<std::unique_ptr<TextSource>> open(std::unique_ptr<ByteSource> bytes);

    // Writes text to the front of `out` (16 bytes at least) and returns how many bytes; 0 is the end.
    Result<std::size_t> read(std::span<char> out);
    // The first place within [begin, end) of the text that is no text. Forgets all before `begin`.
    std::optional<TextFault> fault_within(std::uint64_t begin, std::uint64_t end);

    Encoding encoding() const { return encoding_; }  // as far as known; GB18030 may show late
    const ByteSource& bytes() const { return *bytes_; }

private:
    explicit TextSource(std::unique_ptr<ByteSource> bytes);
    void fill();  // as many bytes as fit; a fault of the source is kept for later
    std::string_view waiting() const { return {buffer_.get() + begin_, end_ - begin_}; }
    Status choose_converter();
    std::size_t convert(std::span<char> out);
    void note_nuls(std::span<const char> text, std::uint64_t offset);

    std::unique_ptr<ByteSource> bytes_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    bool ended_ = false;
    std::optional<Error> fault_;
    Encoding encoding_ = Encoding::kUtf8;
    std::unique_ptr<Converter> converter_;  // none while all was ASCII
    Conversion so_far_;
};

}  // namespace shuke::ingest
