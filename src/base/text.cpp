#include "base/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace shuke {
namespace {

// The second byte of a character must lie in [low, high]; all later ones in [0x80, 0xBF].
struct Lead {
    std::size_t bytes;  // of the whole character; 0: no character begins so
    unsigned char low, high;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

// Bytes of the blank character at the beginning of the text; 0 if it begins otherwise.
std::size_t leading_blank(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte == ' ' || (byte >= '\t' && byte <= '\r')) return 1;
    if (byte == 0xC2) return text.starts_with("\u00A0") ? 2 : 0;
    if (byte != 0xE2 && byte != 0xE3 && byte != 0xEF) return 0;
    for (const std::string_view blank : {"\u3000", "\u200B", "\u200C", "\u200D", "\uFEFF"}) {
        if (text.starts_with(blank)) return 3;
    }
    return 0;
}

std::size_t trailing_blank(std::string_view text) {
    if (static_cast<unsigned char>(text.back()) < 0x80) return leading_blank(text.substr(text.size() - 1));
    for (const std::size_t bytes : {2, 3}) {
        if (text.size() >= bytes && leading_blank(text.substr(text.size() - bytes)) == bytes) return bytes;
    }
    return 0;
}

std::string normalize(std::string_view text, const icu::Normalizer2* form, UErrorCode status) {
    std::string out;
    icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
    if (U_SUCCESS(status)) {
        form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                            status);
    }
    return U_SUCCESS(status) ? out : std::string(text);  // only lack of memory or of ICU's data brings us here
}

std::string collapse_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool blank = false;
    while (!text.empty()) {
        const std::size_t bytes = leading_blank(text);
        blank = blank || bytes > 0;
        if (bytes == 0) {
            if (blank) out += ' ';
            blank = false;
            out += text.front();
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::size_t find_non_ascii(std::string_view text, std::size_t from) {
    std::size_t at = from;
    for (; at + 32 <= text.size(); at += 32) {
        std::uint64_t words[4];
        std::memcpy(words, text.data() + at, sizeof words);
        if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
    return at;
}

Utf8Fault find_utf8_fault(std::string_view text, std::size_t from) {
    std::size_t at = from;
    while (true) {
        if (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) at = find_non_ascii(text, at);
        if (at == text.size()) return {at, 0, false};
        const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
        if (lead.bytes == 0) return {at, 1, false};
        for (std::size_t i = 1; i < lead.bytes; ++i) {
            if (at + i == text.size()) return {at, i, true};
            const auto byte = static_cast<unsigned char>(text[at + i]);
            const bool well_formed = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0) == 0x80;
            if (!well_formed) return {at, i, false};
        }
        at += lead.bytes;
    }
}

std::string repair_utf8(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    while (done < text.size()) {
        const Utf8Fault fault = find_utf8_fault(text, done);
        for (; done < fault.offset; ++done) {
            if (text[done] != '\0')
                out += text[done];
            else
                out += "\uFFFD";
        }
        if (fault.offset < text.size()) out += "\uFFFD";
        done += fault.length;
    }
    return out;
}

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string_view trim(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = leading_blank(text);
        if (bytes == 0) break;
        text.remove_prefix(bytes);
    }
    while (!text.empty()) {
        const std::size_t bytes = trailing_blank(text);
        if (bytes == 0) break;
        text.remove_suffix(bytes);
    }
    return text;
}

std::string nfkc(std::string_view text) {
    if (find_non_ascii(text) == text.size()) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    return normalize(text, icu::Normalizer2::getNFKCInstance(status), status);
}

std::string fold(std::string_view text) {
    text = trim(text);
    if (find_non_ascii(text) == text.size()) {
        std::string lower(text);
        for (char& c : lower) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        return collapse_blanks(lower);
    }
    UErrorCode status = U_ZERO_ERROR;
    const std::string folded = normalize(text, icu::Normalizer2::getNFKCCasefoldInstance(status), status);
    return collapse_blanks(trim(folded));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += separator;
        out += parts[i];
    }
    return out;
}

std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(text.size() / 2, 1) + 1;
    if (text.empty() || text.size() > 64) return best;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(text, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace shuke
