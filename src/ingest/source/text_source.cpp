#include "ingest/source/text_source.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kBufferBytes = 2 * kSampleBytes;
constexpr std::size_t kLeastRoom = 16;

}  // namespace

TextSource::TextSource(std::unique_ptr<ByteSource> bytes)
    : bytes_(std::move(bytes)), buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

Result<std::unique_ptr<TextSource>> TextSource::open(std::unique_ptr<ByteSource> bytes) {
    std::unique_ptr<TextSource> source(new TextSource(std::move(bytes)));
    source->fill();
    const std::string_view head = source->waiting();
    if (head.empty() && source->fault_) return std::unexpected(*source->fault_);
    if (const auto kind = binary_kind(head); !kind.empty()) {
        return fail(Code::kInvalid, "file.binary", "this is no text: it looks like " + std::string(kind));
    }
    if (const auto mark = encoding_by_mark(head)) {
        source->encoding_ = mark->encoding;
        source->converter_ = make_converter(mark->encoding);
        source->begin_ += mark->mark_bytes;
        source->so_far_.bytes_read += mark->mark_bytes;
    }
    return source;
}

void TextSource::fill() {
    if (ended_) return;
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    while (end_ < kBufferBytes && !ended_) {
        const auto count = bytes_->read(std::span(buffer_.get(), kBufferBytes).subspan(end_));
        if (!count) fault_ = count.error();
        ended_ = !count || *count == 0;
        end_ += count.value_or(0);
    }
}

Status TextSource::choose_converter() {
    fill();
    const std::string_view sample = waiting();
    const auto encoding = encoding_by_content(sample);
    if (!encoding) {
        const auto offset = so_far_.bytes_read + find_utf8_fault(sample).offset;
        return fail(Code::kInvalid, "encoding.invalid",
                    "byte " + std::to_string(offset) +
                        " of the file is neither UTF-8 nor GB18030 (perhaps it is Windows-1252 or Big5); save the file "
                        "as CSV (UTF-8) and try again");
    }
    encoding_ = *encoding;
    converter_ = make_converter(*encoding);
    return {};
}

Result<std::size_t> TextSource::read(std::span<char> out) {
    SHUKE_CHECK(out.size() >= kLeastRoom, "text needs room for its longest character");
    while (true) {
        if (waiting().size() < kLeastRoom) fill();
        if (!converter_ && !waiting().empty() && find_non_ascii(waiting().substr(0, 1)) == 0) {
            if (auto status = choose_converter(); !status) return std::unexpected(status.error());
        }
        const std::uint64_t text_before = so_far_.text_written;
        const std::size_t taken = convert(out);
        begin_ += taken;
        const auto written = static_cast<std::size_t>(so_far_.text_written - text_before);
        if (written > 0) {
            note_nuls(out.first(written), text_before);
            return written;
        }
        if (taken > 0) continue;
        SHUKE_CHECK(ended_, "a converter must go on while there is something to convert");
        if (fault_) return std::unexpected(*fault_);
        return 0;
    }
}

std::size_t TextSource::convert(std::span<char> out) {
    // After a fault of the source an unfinished character is not the text's fault.
    if (converter_) return converter_->convert(waiting(), ended_ && !fault_, out, so_far_);
    const std::string_view text = waiting().substr(0, out.size());
    const std::size_t ascii = find_non_ascii(text);
    if (ascii > 0) std::memcpy(out.data(), text.data(), ascii);
    so_far_.bytes_read += ascii;
    so_far_.text_written += ascii;
    return ascii;
}

void TextSource::note_nuls(std::span<const char> text, std::uint64_t offset) {
    const char* const end = text.data() + text.size();
    const auto place = [&](const char* at) { return offset + static_cast<std::uint64_t>(at - text.data()); };
    const auto next_nul = [&](const char* from) {
        return static_cast<const char*>(std::memchr(from, '\0', static_cast<std::size_t>(end - from)));
    };
    const char* nul = next_nul(text.data());
    if (nul == nullptr) return;
    while (nul != nullptr) {
        const char* const behind = std::find_if(nul, end, [](char c) { return c != '\0'; });
        so_far_.add_fault({place(nul), place(behind), so_far_.bytes_read, true});
        nul = next_nul(behind);
    }
    std::ranges::sort(so_far_.faults, {}, &TextFault::text_begin);
}

std::optional<TextFault> TextSource::fault_within(std::uint64_t begin, std::uint64_t end) {
    auto& faults = so_far_.faults;
    while (!faults.empty() && faults.front().text_end <= begin) faults.pop_front();
    if (faults.empty() || faults.front().text_begin >= end) return std::nullopt;
    return faults.front();
}

}  // namespace shuke::ingest
