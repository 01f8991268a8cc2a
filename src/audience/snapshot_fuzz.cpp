// Aim: no file crashes the snapshot reader or is taken for what it is not. Method: the input is a list of edits of a good
// snapshot (place, byte); afterwards the checksums of directory and header are made right again, so that the reader
// looks beyond them; or, when it begins with 0xFF, the input is the file itself. Whatever opens must hold together.
#include <xxhash.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "audience/engine/block.h"
#include "audience/engine/snapshot_format.h"
#include "audience/snapshot.h"
#include "audience/testing/fact_world.h"

namespace {

using namespace shuke;
using namespace shuke::audience;

const KeyRing& keys() {
    static const KeyRing kKeys = KeyRing::from({1});
    return kKeys;
}

const std::string& good_snapshot() {
    static const std::string kBytes = [] {
        const auto file = std::filesystem::temp_directory_path() / ("shuke-fuzz-" + std::to_string(::getpid()));
        const auto version = audience::testing::build(audience::testing::WorldMaker(30).make(40));
        if (!write_snapshot(*version, {"record", "settings", 7}, keys(), file)) std::abort();
        std::ifstream in(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        std::filesystem::remove(file);
        return bytes;
    }();
    return kBytes;
}

void repair(std::string& bytes) {
    if (bytes.size() < sizeof(SnapshotHeader)) return;
    SnapshotHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.directory_begin > bytes.size() || header.directory_bytes > bytes.size() - header.directory_begin) return;
    header.directory_hash = XXH3_64bits(bytes.data() + header.directory_begin, header.directory_bytes);
    header.header_hash = XXH3_64bits(&header, offsetof(SnapshotHeader, header_hash));
    std::memcpy(bytes.data(), &header, sizeof header);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes;
    if (size > 0 && data[0] == 0xFF) {
        bytes.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
    } else {
        bytes = good_snapshot();
        for (std::size_t i = 0; i + 4 <= size; i += 4) {
            // Counted from the end: the directory is what is worth editing.
            const std::size_t place = data[i] | data[i + 1] << 8 | data[i + 2] << 16;
            bytes[bytes.size() - 1 - place % bytes.size()] = static_cast<char>(data[i + 3]);
        }
    }
    repair(bytes);
    // Aligned as a mapping is.
    auto* block = static_cast<std::byte*>(std::aligned_alloc(64, bytes.size() / 64 * 64 + 64));
    std::memcpy(block, bytes.data(), bytes.size());
    const std::shared_ptr<const std::byte[]> shared(
        block, [](const std::byte* begin) { std::free(const_cast<std::byte*>(begin)); });
    const auto snapshot = read_snapshot(shared, bytes.size(), keys());
    if (!snapshot) {
        if (snapshot.error().key.empty() || snapshot.error().detail.empty()) std::abort();
        return 0;
    }
    const Version& version = *snapshot->version;
    if (version.bytes().total() == 0 && version.customers() > 0) std::abort();
    for (const auto& one : version.blocks()) {
        if (one->slots > kBlockSlots) std::abort();
    }
    return 0;
}
