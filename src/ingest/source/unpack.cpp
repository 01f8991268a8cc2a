// gzip and Zstandard, recognised by their first bytes.
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "ingest/source/byte_source.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kInputBytes = 128 << 10;

std::unexpected<Error> truncated(std::string_view what) {
    return fail(Code::kInvalid, "file.truncated",
                "the " + std::string(what) + " file ends before its contents do; copy or download it again");
}

std::unexpected<Error> corrupt(std::string_view what, const char* reason) {
    return fail(Code::kInvalid, "file.corrupt",
                "the " + std::string(what) + " file is damaged (" + (reason != nullptr ? reason : "no details") +
                    "); copy or download it again");
}

// What comes from the disk, a buffer at a time, beginning with the bytes read to recognise the file.
class Input {
public:
    Input(std::unique_ptr<ByteSource> stored, std::vector<char> head)
        : stored_(std::move(stored)), buffer_(std::move(head)), end_(buffer_.size()) {}

    // False at the end of the file.
    Result<bool> fill() {
        if (begin_ < end_) return true;
        buffer_.resize(kInputBytes);
        const auto count = stored_->read(buffer_);
        if (!count) return std::unexpected(count.error());
        begin_ = 0;
        end_ = *count;
        return end_ > 0;
    }
    std::span<char> waiting() { return std::span(buffer_).subspan(begin_, end_ - begin_); }
    void take(std::size_t bytes) { begin_ += bytes; }
    const ByteSource& stored() const { return *stored_; }
    ByteSource& source() { return *stored_; }

private:
    std::unique_ptr<ByteSource> stored_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_;
};

// Keeps a fault back until the bytes before it have been delivered.
class UnpackedBytes : public ByteSource {
public:
    explicit UnpackedBytes(Input input) : input_(std::move(input)) {}

    Result<std::size_t> read(std::span<char> out) override {
        std::size_t done = 0;
        while (done < out.size() && !ended_ && !fault_) {
            if (auto status = step(out, done); !status) fault_ = std::move(status).error();
        }
        if (done == 0 && fault_) return std::unexpected(*fault_);
        return done;
    }
    std::uint64_t stored_bytes_read() const override { return input_.stored().stored_bytes_read(); }
    std::uint64_t stored_size() const override { return input_.stored().stored_size(); }

protected:
    // Unpacks some more into `out` behind the first `done` bytes, or sets ended_.
    virtual Status step(std::span<char> out, std::size_t& done) = 0;

    Input input_;
    bool ended_ = false;

private:
    std::optional<Error> fault_;
};

class PlainBytes final : public UnpackedBytes {
public:
    using UnpackedBytes::UnpackedBytes;

private:
    Status step(std::span<char> out, std::size_t& done) override {
        const auto waiting = input_.waiting();
        std::size_t count = std::min(waiting.size(), out.size() - done);
        std::copy_n(waiting.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(done));
        input_.take(count);
        if (count == 0) {  // the head is used up: straight from the file from now on
            const auto fresh = input_.source().read(out.subspan(done));
            if (!fresh) return std::unexpected(fresh.error());
            count = *fresh;
            ended_ = count == 0;
        }
        done += count;
        return {};
    }
};

class GzipBytes final : public UnpackedBytes {
public:
    explicit GzipBytes(Input input) : UnpackedBytes(std::move(input)) {
        SHUKE_CHECK(inflateInit2(&stream_, 15 + 16) == Z_OK, "zlib would not start");
    }
    GzipBytes(const GzipBytes&) = delete;
    GzipBytes& operator=(const GzipBytes&) = delete;
    ~GzipBytes() override { inflateEnd(&stream_); }

private:
    Status step(std::span<char> out, std::size_t& done) override {
        const auto more = input_.fill();
        if (!more) return std::unexpected(more.error());
        if (!*more && between_members_) {
            ended_ = true;
            return {};
        }
        auto waiting = input_.waiting();
        if (between_members_) {  // zeros behind the last member are padding
            const auto zeros = std::find_if(waiting.begin(), waiting.end(), [](char c) { return c != '\0'; });
            if (zeros != waiting.begin()) {
                input_.take(static_cast<std::size_t>(zeros - waiting.begin()));
                return {};
            }
            inflateReset(&stream_);
            between_members_ = false;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(waiting.data());
        stream_.avail_in = static_cast<uInt>(waiting.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data() + done);
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - done, 1u << 30));
        const uInt room = stream_.avail_out;
        const int code = inflate(&stream_, Z_NO_FLUSH);
        input_.take(waiting.size() - stream_.avail_in);
        done += room - stream_.avail_out;
        if (code == Z_STREAM_END)
            between_members_ = true;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            return corrupt("gzip", stream_.msg);
        else if (!*more && stream_.avail_out == room)
            return truncated("gzip");  // and nothing held back
        return {};
    }

    z_stream stream_{};
    bool between_members_ = false;
};

class ZstdBytes final : public UnpackedBytes {
public:
    explicit ZstdBytes(Input input) : UnpackedBytes(std::move(input)), stream_(ZSTD_createDStream()) {
        SHUKE_CHECK(stream_ != nullptr, "zstd would not start");
    }
    ZstdBytes(const ZstdBytes&) = delete;
    ZstdBytes& operator=(const ZstdBytes&) = delete;
    ~ZstdBytes() override { ZSTD_freeDStream(stream_); }

private:
    Status step(std::span<char> out, std::size_t& done) override {
        const auto more = input_.fill();
        if (!more) return std::unexpected(more.error());
        if (!*more && between_frames_) {
            ended_ = true;
            return {};
        }
        const auto waiting = input_.waiting();
        ZSTD_inBuffer in{waiting.data(), waiting.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), done};
        const std::size_t code = ZSTD_decompressStream(stream_, &to, &in);
        if (ZSTD_isError(code)) return corrupt("zstd", ZSTD_getErrorName(code));
        const bool stuck = !*more && to.pos == done;  // nothing to read and nothing held back
        input_.take(in.pos);
        done = to.pos;
        between_frames_ = code == 0;
        if (stuck) return truncated("zstd");
        return {};
    }

    ZSTD_DStream* stream_;
    bool between_frames_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> unpack(std::unique_ptr<ByteSource> stored) {
    std::vector<char> head(4);
    const auto count = read_fully(*stored, head);
    if (!count) return std::unexpected(count.error());
    head.resize(*count);
    const std::string_view magic(head.data(), head.size());
    const bool gzip = magic.starts_with("\x1F\x8B\x08");
    const bool zstd = magic == "\x28\xB5\x2F\xFD";
    Input input(std::move(stored), std::move(head));
    if (gzip) return std::make_unique<GzipBytes>(std::move(input));
    if (zstd) return std::make_unique<ZstdBytes>(std::move(input));
    return std::make_unique<PlainBytes>(std::move(input));
}

}  // namespace shuke::ingest
