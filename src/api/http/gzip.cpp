#include "api/http/gzip.h"

#include <zlib.h>

#include "base/check.h"
#include "base/text.h"

namespace shuke::api::http {

std::string gzip(std::string_view text) {
    z_stream stream{};
    constexpr int kGzip = 15 + 16;
    SHUKE_CHECK(deflateInit2(&stream, 4, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib");
    std::string packed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int ended = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    SHUKE_CHECK(ended == Z_STREAM_END, "zlib");
    return packed;
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
    for (const auto part : split(accept_encoding, ',')) {
        const auto fields = split(part, ';');
        if (fields.empty() || trim(fields[0]) != coding) continue;
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const auto parameter = trim(fields[i]);
            if (parameter == "q=0" || parameter.starts_with("q=0.0")) return false;
        }
        return true;
    }
    return false;
}

}  // namespace shuke::api::http
