#include "ingest/source/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace shuke::ingest {
namespace {

class FileBytes final : public ByteSource {
public:
    FileBytes(int file, std::uint64_t size) : file_(file), size_(size) {}
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;
    ~FileBytes() override { ::close(file_); }

    Result<std::size_t> read(std::span<char> out) override {
        ssize_t count = 0;
        do {
            count = ::read(file_, out.data(), out.size());
        } while (count < 0 && errno == EINTR);
        if (count < 0) {
            return fail(Code::kUnavailable, "file.unreadable",
                        std::string("reading stopped after ") + std::to_string(read_) +
                            " bytes: " + std::generic_category().message(errno));
        }
        read_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }
    std::uint64_t stored_bytes_read() const override { return read_; }
    std::uint64_t stored_size() const override { return size_; }

private:
    int file_;
    std::uint64_t size_;
    std::uint64_t read_ = 0;
};

class MemoryBytes final : public ByteSource {
public:
    MemoryBytes(std::string_view bytes, std::size_t most) : bytes_(bytes), most_(most) {}

    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t count = std::min({out.size(), most_, bytes_.size() - read_});
        if (count > 0) std::memcpy(out.data(), bytes_.data() + read_, count);
        read_ += count;
        return count;
    }
    std::uint64_t stored_bytes_read() const override { return read_; }
    std::uint64_t stored_size() const override { return bytes_.size(); }

private:
    std::string_view bytes_;
    std::size_t most_;
    std::size_t read_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return fail(Code::kNotFound, "file.not_found", "there is no file '" + file.string() + "'");
    }
    struct stat about{};
    if (descriptor < 0 || ::fstat(descriptor, &about) != 0) {
        const int reason = errno;
        if (descriptor >= 0) ::close(descriptor);
        return fail(reason == EACCES ? Code::kForbidden : Code::kUnavailable, "file.unreadable",
                    "'" + file.string() + "' cannot be opened: " + std::generic_category().message(reason));
    }
    if (S_ISDIR(about.st_mode)) {
        ::close(descriptor);
        return fail(Code::kInvalid, "file.unreadable", "'" + file.string() + "' is a folder; name the files in it");
    }
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<FileBytes>(descriptor, static_cast<std::uint64_t>(about.st_size));
}

std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes, std::size_t most) {
    return std::make_unique<MemoryBytes>(bytes, most);
}

Result<std::size_t> read_fully(ByteSource& source, std::span<char> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto count = source.read(out.subspan(done));
        if (!count) return std::unexpected(count.error());
        if (*count == 0) break;
        done += *count;
    }
    return done;
}

}  // namespace shuke::ingest
