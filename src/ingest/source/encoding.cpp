#include "ingest/source/encoding.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace shuke::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTolerated = 10;  // one fault in so many characters is damage, not another encoding

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }
bool within(unsigned char byte, unsigned char low, unsigned char high) { return byte >= low && byte <= high; }

// How well a sample fits an encoding: characters beyond ASCII and faults.
struct Fit {
    std::size_t characters = 0;
    std::size_t faults = 0;
};

bool is_good(Fit fit) { return fit.faults == 0 || fit.faults * kTolerated <= fit.characters; }

Fit fit_utf8(std::string_view sample) {
    Fit fit;
    for (std::size_t at = 0; at < sample.size();) {
        const Utf8Fault fault = find_utf8_fault(sample, at);
        for (; at < fault.offset; ++at) fit.characters += byte_at(sample, at) >= 0xC0 ? 1 : 0;
        if (fault.offset < sample.size() && !fault.incomplete) ++fit.faults;
        at += fault.length;
    }
    return fit;
}

// Latin letters with accents also make pairs, but with an ASCII letter behind; Chinese text has hardly any of those.
Fit fit_gb18030(std::string_view sample) {
    Fit fit;
    std::size_t ascii_trails = 0;
    for (std::size_t at = 0; at < sample.size();) {
        at = find_non_ascii(sample, at);
        if (at + 1 >= sample.size()) break;
        const unsigned char second = byte_at(sample, at + 1);
        const bool lead = within(byte_at(sample, at), 0x81, 0xFE);
        if (lead && within(second, 0x30, 0x39)) {
            if (at + 3 >= sample.size()) break;
            const bool whole =
                within(byte_at(sample, at + 2), 0x81, 0xFE) && within(byte_at(sample, at + 3), 0x30, 0x39);
            ++(whole ? fit.characters : fit.faults);
            at += whole ? 4 : 1;
        } else if (lead && within(second, 0x40, 0xFE) && second != 0x7F) {
            ++fit.characters;
            ascii_trails += second < 0x80 ? 1 : 0;
            at += 2;
        } else {
            ++fit.faults;
            ++at;
        }
    }
    if (ascii_trails * 2 > fit.characters) fit.faults = fit.characters + 1;
    return fit;
}

struct Zeros {
    std::size_t even = 0, odd = 0;
};

Zeros count_zeros(std::string_view text) {
    Zeros zeros;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') ++(i % 2 == 0 ? zeros.even : zeros.odd);
    }
    return zeros;
}

struct Magic {
    std::string_view bytes;
    std::string_view kind;
};

constexpr Magic kMagics[] = {
    {"\xD0\xCF\x11\xE0"sv, "an old Excel workbook (.xls); open it and save it as CSV (UTF-8)"},
    {"%PDF-"sv, "a PDF document; export the orders as CSV instead"},
    {"\x89PNG"sv, "a PNG picture"},
    {"\xFF\xD8\xFF"sv, "a JPEG picture"},
    {"GIF8"sv, "a GIF picture"},
    {"\x7F"
     "ELF"sv,
     "a program (ELF)"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7z archive; unpack it first"},
    {"Rar!\x1A\x07"sv, "a RAR archive; unpack it first"},
    {"\xFD"
     "7zXZ\x00"sv,
     "an xz file; unpack it first, or pack it with gzip or zstd"},
    {"BZh91AY&SY"sv, "a bzip2 file; unpack it first, or pack it with gzip or zstd"},
    {"SQLite format 3\x00"sv, "an SQLite database"},
    {"PAR1"sv, "a Parquet file; write it as CSV"},
};

std::string_view zip_kind(std::string_view head) {
    if (head.find("xl/") != head.npos || head.find("[Content_Types].xml") != head.npos) {
        return "an XLSX workbook; open it and save it as CSV (UTF-8)";
    }
    if (head.find("opendocument.spreadsheet") != head.npos) {
        return "an OpenDocument spreadsheet; open it and save it as CSV (UTF-8)";
    }
    return "a ZIP archive; unpack it first";
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f');
}

}  // namespace

std::string_view to_string(Encoding encoding) {
    switch (encoding) {
        case Encoding::kUtf8: return "UTF-8";
        case Encoding::kUtf16Le: return "UTF-16LE";
        case Encoding::kUtf16Be: return "UTF-16BE";
        case Encoding::kGb18030: return "GB18030";
    }
    std::unreachable();
}

std::optional<EncodingMark> encoding_by_mark(std::string_view head) {
    head = head.substr(0, kSampleBytes);
    if (head.starts_with("\xEF\xBB\xBF")) return EncodingMark{Encoding::kUtf8, 3};
    if (head.starts_with("\xFF\xFE")) return EncodingMark{Encoding::kUtf16Le, 2};
    if (head.starts_with("\xFE\xFF")) return EncodingMark{Encoding::kUtf16Be, 2};
    const Zeros zeros = count_zeros(head);
    const auto [fewer, more] = std::minmax(zeros.even, zeros.odd);
    if (more == 0 || more * 32 < head.size() || fewer * 16 > more) return std::nullopt;
    return EncodingMark{zeros.odd > zeros.even ? Encoding::kUtf16Le : Encoding::kUtf16Be, 0};
}

std::optional<Encoding> encoding_by_content(std::string_view sample) {
    sample = sample.substr(0, kSampleBytes);
    if (is_good(fit_utf8(sample))) return Encoding::kUtf8;
    if (is_good(fit_gb18030(sample))) return Encoding::kGb18030;
    return std::nullopt;
}

std::string_view binary_kind(std::string_view head) {
    head = head.substr(0, kSampleBytes);
    for (const Magic& magic : kMagics) {
        if (head.starts_with(magic.bytes)) return magic.kind;
    }
    if (head.starts_with("PK\x03\x04")) return zip_kind(head);
    if (encoding_by_mark(head)) return {};
    const auto controls = static_cast<std::size_t>(std::count_if(head.begin(), head.end(), is_control));
    if (controls * 16 <= head.size()) return {};
    return head.starts_with("MZ") ? "a program (EXE)" : "a binary file; choose the CSV export";
}

}  // namespace shuke::ingest
