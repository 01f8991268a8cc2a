#include "ingest/source/converter.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace shuke::ingest {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

// Writes characters into a span that is known to have room.
class Output {
public:
    Output(std::span<char> room, Conversion& so_far) : room_(room), so_far_(so_far), start_(so_far.text_written) {}
    std::size_t left() const { return room_.size() - done(); }
    void put(std::string_view text) {
        std::memcpy(room_.data() + done(), text.data(), text.size());
        so_far_.text_written += text.size();
    }
    void put(char32_t character) {
        if (character < 0x80) {
            room_[done()] = static_cast<char>(character);
            ++so_far_.text_written;
            return;
        }
        text_.clear();
        append_utf8(text_, character);
        put(text_);
    }
    void put_fault(std::uint64_t byte_offset) {
        const std::uint64_t begin = so_far_.text_written;
        put(kReplacement);
        so_far_.add_fault({begin, so_far_.text_written, byte_offset, false});
    }

private:
    std::size_t done() const { return static_cast<std::size_t>(so_far_.text_written - start_); }

    std::span<char> room_;
    Conversion& so_far_;
    std::uint64_t start_;
    std::string text_;
};

// UTF-16 units → characters; a pair may be cut between its units.
class Surrogates {
public:
    // True when `unit` completes a character, which is then in `character`.
    void add(char16_t unit, std::uint64_t byte_offset, Output& out) {
        const bool low = unit >= 0xDC00 && unit < 0xE000;
        if (high_ != 0 && low) {
            out.put(0x10000u + ((static_cast<char32_t>(high_) - 0xD800u) << 10) +
                    (static_cast<char32_t>(unit) - 0xDC00u));
            high_ = 0;
            return;
        }
        finish(byte_offset, out);
        if (unit >= 0xD800 && unit < 0xDC00)
            high_ = unit;
        else if (low)
            out.put_fault(byte_offset);
        else
            out.put(static_cast<char32_t>(unit));
    }
    // A first half whose second half does not follow.
    void finish(std::uint64_t byte_offset, Output& out) {
        if (std::exchange(high_, 0) != 0) out.put_fault(byte_offset);
    }
    bool is_open() const { return high_ != 0; }

private:
    char16_t high_ = 0;
};

class Utf8Converter final : public Converter {
public:
    std::size_t convert(std::string_view in, bool last, std::span<char> room, Conversion& so_far) override {
        Output out(room, so_far);
        std::size_t taken = 0;
        while (taken < in.size() && out.left() >= 4) {
            const std::string_view piece = in.substr(taken, out.left());
            const Utf8Fault fault = find_utf8_fault(piece);
            out.put(piece.substr(0, fault.offset));
            taken += fault.offset;
            so_far.bytes_read += fault.offset;
            if (fault.offset == piece.size()) continue;
            const bool cut_off = fault.incomplete && (taken + fault.length < in.size() || !last);
            if (cut_off && taken + fault.length == in.size()) break;  // the rest of the character is still to come
            if (cut_off) continue;                                    // it was only cut by the room left
            if (out.left() < kReplacement.size()) break;
            out.put_fault(so_far.bytes_read);
            taken += fault.length;
            so_far.bytes_read += fault.length;
        }
        return taken;
    }
};

class Utf16Converter final : public Converter {
public:
    explicit Utf16Converter(bool big_endian) : big_endian_(big_endian) {}

    std::size_t convert(std::string_view in, bool last, std::span<char> room, Conversion& so_far) override {
        Output out(room, so_far);
        std::size_t taken = 0;
        const auto take = [&](std::size_t bytes) {
            taken += bytes;
            so_far.bytes_read += bytes;
        };
        while (taken + 2 <= in.size() && out.left() >= 6) {  // room for a lost first half and what follows it
            const auto first = static_cast<unsigned char>(in[taken]);
            const auto second = static_cast<unsigned char>(in[taken + 1]);
            const unsigned unit = big_endian_ ? first * 256u + second : second * 256u + first;
            surrogates_.add(static_cast<char16_t>(unit), so_far.bytes_read, out);
            take(2);
        }
        if (last && in.size() - taken <= 1 && out.left() >= 6) {
            surrogates_.finish(so_far.bytes_read, out);
            if (taken < in.size()) out.put_fault(so_far.bytes_read);  // half a unit
            take(in.size() - taken);
        }
        return taken;
    }

private:
    bool big_endian_;
    Surrogates surrogates_;
};

class Gb18030Converter final : public Converter {
public:
    Gb18030Converter() {
        UErrorCode status = U_ZERO_ERROR;
        converter_ = ucnv_open("gb18030", &status);
        SHUKE_CHECK(U_SUCCESS(status), "ICU has no GB18030 converter");
        ucnv_setToUCallBack(converter_, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    }
    Gb18030Converter(const Gb18030Converter&) = delete;
    Gb18030Converter& operator=(const Gb18030Converter&) = delete;
    ~Gb18030Converter() override { ucnv_close(converter_); }

    std::size_t convert(std::string_view in, bool last, std::span<char> room, Conversion& so_far) override {
        Output out(room, so_far);
        const char* from = in.data();
        const char* const end = from + in.size();
        while (out.left() >= 12) {
            UChar units[2048];
            UChar* to = units;
            const std::size_t fit = std::min(std::size(units), out.left() / 3 - 2);
            UErrorCode status = U_ZERO_ERROR;
            const char* const before = from;
            ucnv_toUnicode(converter_, &to, units + fit, &from, end, nullptr, last, &status);
            const std::uint64_t begin = so_far.bytes_read;
            so_far.bytes_read += static_cast<std::uint64_t>(from - before);
            for (const UChar* unit = units; unit != to; ++unit)
                surrogates_.add(*unit, begin, out);  // NOLINT(clang-analyzer-core.CallAndMessage): ICU has written it
            if (status == U_BUFFER_OVERFLOW_ERROR) continue;
            if (U_SUCCESS(status)) break;
            note_fault(out, so_far);
        }
        return static_cast<std::size_t>(from - in.data());
    }

private:
    void note_fault(Output& out, const Conversion& so_far) {
        char bytes[8];
        auto length = static_cast<std::int8_t>(sizeof bytes);
        UErrorCode status = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter_, bytes, &length, &status);
        const auto back = static_cast<std::uint64_t>(U_SUCCESS(status) ? length : 0) +
                          static_cast<std::uint64_t>(ucnv_toUCountPending(converter_, &status));
        out.put_fault(so_far.bytes_read - std::min(back, so_far.bytes_read));
    }

    UConverter* converter_ = nullptr;
    Surrogates surrogates_;
};

}  // namespace

std::unique_ptr<Converter> make_converter(Encoding encoding) {
    switch (encoding) {
        case Encoding::kUtf8: return std::make_unique<Utf8Converter>();
        case Encoding::kUtf16Le: return std::make_unique<Utf16Converter>(false);
        case Encoding::kUtf16Be: return std::make_unique<Utf16Converter>(true);
        case Encoding::kGb18030: return std::make_unique<Gb18030Converter>();
    }
    std::unreachable();
}

}  // namespace shuke::ingest
