// Aim: the bytes of a file come out whole, plain or packed; a damaged file delivers what precedes the damage and then
// says what is wrong. Method: files made in memory, cut and bent at every kind of place, read in pieces of every size.
#include "ingest/source/byte_source.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "ingest/source/packed_for_test.h"

namespace shuke::ingest {
namespace {

struct Unpacked {
    std::string bytes;
    std::string error;
};

Unpacked read_all(std::string_view stored, std::size_t in = SIZE_MAX, std::size_t out = 1000) {
    Unpacked result;
    auto source = unpack(bytes_in_memory(stored, in));
    EXPECT_TRUE(source.has_value());
    std::string buffer(out, '\0');
    while (true) {
        const auto count = (*source)->read(buffer);
        if (!count) result.error = count.error().key;
        if (!count || *count == 0) return result;
        result.bytes.append(buffer, 0, *count);
    }
}

std::string some_text(std::size_t bytes) {
    std::string text;
    for (unsigned i = 0; text.size() < bytes; ++i) text += std::to_string(i * 2654435761u) + ",熟客\n";
    return text;
}

TEST(ByteSource, PlainGzipAndZstdGiveTheSameBytesInPiecesOfAnySize) {
    const std::string text = some_text(300'000);
    for (const std::string& stored : {text, gzip(text), zstd(text)}) {
        for (const std::size_t in : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, SIZE_MAX}) {
            const Unpacked result = read_all(stored, in, in == 1 ? 4096 : 1 + in % 977);
            EXPECT_EQ(result.error, "");
            EXPECT_TRUE(result.bytes == text);
        }
    }
}

TEST(ByteSource, EveryMemberOfAGzipAndEveryFrameOfAZstdIsRead) {
    EXPECT_EQ(read_all(gzip("one\n") + gzip("") + gzip("two\n")).bytes, "one\ntwo\n");
    EXPECT_EQ(read_all(zstd("one\n") + zstd("") + zstd("two\n")).bytes, "one\ntwo\n");
    EXPECT_EQ(read_all(gzip("padded") + std::string(512, '\0')).error, "");
}

TEST(ByteSource, ATruncatedFileDeliversItsBeginningThenSaysSo) {
    const std::string text = some_text(300'000);
    for (const std::string& packed : {gzip(text), zstd(text)}) {
        for (const std::size_t kept : {packed.size() - 1, packed.size() - 6, packed.size() / 2, std::size_t{30}}) {
            const Unpacked result = read_all(packed.substr(0, kept));
            EXPECT_EQ(result.error, "file.truncated");
            EXPECT_TRUE(text.starts_with(result.bytes));
            EXPECT_TRUE(read_all(packed.substr(0, kept), 1 << 20, 1 << 20).bytes == result.bytes);
        }
        EXPECT_GT(read_all(packed.substr(0, packed.size() / 2)).bytes.size(), text.size() / 4);
    }
}

TEST(ByteSource, ADamagedFileIsCorruptAndNeverGivesOtherBytesSilently) {
    const std::string text = some_text(100'000);
    for (std::string packed : {gzip(text), zstd(text)}) {
        packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
        const Unpacked result = read_all(packed);
        EXPECT_NE(result.error, "");
    }
    EXPECT_EQ(read_all(gzip(text) + "rubbish behind the last member").error, "file.corrupt");
}

TEST(ByteSource, AFileThatIsMissingOrAFolderIsSaidPlainly) {
    EXPECT_EQ(open_file("/no/such/file.csv").error().key, "file.not_found");
    EXPECT_EQ(open_file("/tmp").error().key, "file.unreadable");
}

TEST(ByteSource, ProgressCountsTheBytesAsStored) {
    const std::string packed = gzip(some_text(50'000));
    auto source = unpack(bytes_in_memory(packed));
    std::string all(100'000, '\0');
    ASSERT_TRUE(read_fully(**source, all).has_value());
    EXPECT_EQ((*source)->stored_bytes_read(), packed.size());
    EXPECT_EQ((*source)->stored_size(), packed.size());
}

RC_GTEST_PROP(ByteSource, PackingAndUnpackingGivesBackAnyBytes, (std::string bytes)) {
    RC_ASSERT(read_all(gzip(bytes)).bytes == bytes);
    if (!bytes.empty()) RC_ASSERT(read_all(zstd(bytes)).bytes == bytes);
}

}  // namespace
}  // namespace shuke::ingest
