#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <map>

#include "audience/engine/bits.h"
#include "audience/engine/block_columns.h"
#include "audience/engine/snapshot_format.h"
#include "audience/snapshot.h"

namespace shuke::audience {
namespace {

namespace fs = std::filesystem;

// Appends to a file that has no name of its own until it is whole.
class NewFile {
public:
    explicit NewFile(const fs::path& file)
        : file_(file), temporary_(file.string() + ".part-" + std::to_string(::getpid())) {}
    ~NewFile() {
        if (handle_ >= 0) ::close(handle_);
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    bool open() {
        handle_ = ::open(temporary_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        return handle_ >= 0;
    }
    bool append(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(handle_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
            size_ += static_cast<std::size_t>(written);
        }
        return true;
    }
    std::uint64_t size() const { return size_; }
    bool set_header(const SnapshotHeader& header) {
        return ::pwrite(handle_, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header);
    }
    // On the disk, then under its name, then the name on the disk.
    bool publish() {
        if (::fsync(handle_) != 0 || ::rename(temporary_.c_str(), file_.c_str()) != 0) return false;
        temporary_.clear();
        const int folder = ::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0) return false;
        const bool synced = ::fsync(folder) == 0;
        ::close(folder);
        return synced;
    }

private:
    fs::path file_;
    std::string temporary_;
    int handle_ = -1;
    std::uint64_t size_ = 0;
};

// A block's columns, one behind the other, each once though several share it.
class BlockBytes {
public:
    void describe(const Column& column, std::size_t rows, ByteWriter& out) {
        out.put(column.width);
        out.put<std::uint8_t>(column.has_missing ? 1 : 0);
        out.put(column.constant);
        out.put(column.base);
        out.put(column.min);
        out.put(column.max);
        out.put<std::uint64_t>(column.width == 0 ? 0 : place_of(column, rows));
    }
    const std::string& bytes() const { return bytes_; }

private:
    std::uint64_t place_of(const Column& column, std::size_t rows) {
        const auto [known, is_new] = places_.try_emplace(column.data, bytes_.size());
        if (is_new) {
            const std::size_t padded = words_for(rows) * 64;
            const std::size_t size = padded * column.width + (column.known == nullptr ? 0 : padded / 8);
            bytes_.append(reinterpret_cast<const char*>(column.data), size);
            bytes_.resize((bytes_.size() + kSnapshotAlignment - 1) / kSnapshotAlignment * kSnapshotAlignment);
        }
        return known->second;
    }

    std::string bytes_;
    std::map<const std::byte*, std::uint64_t> places_;
};

void put_block(const Block& block, const SlotBits& living, NewFile& file, bool& good, ByteWriter& directory) {
    BlockBytes columns;
    directory.put(block.slots);
    for (const Word word : living.words) directory.put(word);
    for (const auto& named : customer_columns(block)) columns.describe(*named.column, block.slots, directory);
    for (const EventColumns& events : block.events) directory.put<std::uint8_t>(events.values.empty() ? 0 : 1);
    for (const auto& table : tables_of(block)) {
        directory.put(table.rows->rows);
        directory.put_all(table.rows->offsets);
        for (const auto& named : table.columns) columns.describe(*named.column, table.rows->rows, directory);
    }
    std::vector<std::uint32_t> rows;
    std::vector<std::int64_t> instants;
    for (const Loss& loss : block.orders.losses) {
        rows.push_back(loss.row);
        instants.push_back(loss.from);
    }
    directory.put_all(rows);
    directory.put_all(instants);
    directory.put_all(block.orders.repeats);
    directory.put<std::uint8_t>(block.orders.days_ascend ? 1 : 0);
    directory.put(file.size());
    directory.put<std::uint64_t>(columns.bytes().size());
    directory.put<std::uint64_t>(XXH3_64bits(columns.bytes().data(), columns.bytes().size()));
    good = good && file.append(columns.bytes());
}

void put_shared(const SharedTables& shared, const KeyRing& keys, ByteWriter& directory) {
    ByteWriter texts;
    for (const Dictionary& dictionary : shared.texts) {
        texts.put(dictionary.max_code());
        for (std::uint32_t code = 1; code <= dictionary.max_code(); ++code) texts.put_text(dictionary.text(code));
    }
    directory.put_text(keys.seal(texts.bytes()));
    directory.put_all(shared.shop_names);
    directory.put_all(shared.shop_platforms);
    directory.put_all(shared.shop_zones);
    directory.put_all(shared.shop_ids);
    directory.put<std::uint64_t>(shared.zones.size());
    for (const TimeZone& zone : shared.zones) directory.put_text(zone.name());
    for (const auto& texts_of_labels : shared.labels) directory.put_all(texts_of_labels);
    for (const auto& of_labels : shared.prices) directory.put_all(of_labels);
    directory.put_all(shared.label_ids);
    directory.put_all(shared.label_codes);
}

void put_config(const Config& config, ByteWriter& directory) {
    directory.put_text(code(config.base_currency));
    directory.put_text(config.zone.name());
    directory.put<std::int32_t>(config.lifecycle.silent_after_days);
    directory.put<std::int32_t>(config.lifecycle.sleeping_after_days);
    directory.put<std::int32_t>(config.lifecycle.lost_after_days);
}

}  // namespace

Status write_snapshot(const Version& version, const SnapshotOrigin& origin, const KeyRing& keys, const fs::path& file) {
    const auto unwritable = [&] {
        return fail(Code::kUnavailable, "snapshot.unwritable",
                    "cannot write the snapshot " + file.string() + ": " + std::strerror(errno) +
                        "; free space or mend the folder's rights. Nothing is lost, only the next start takes longer");
    };
    NewFile out(file);
    if (!out.open()) return unwritable();
    ByteWriter directory;
    directory.put_text(origin.record);
    directory.put_text(origin.settings);
    directory.put(origin.change);
    put_config(version.config(), directory);
    put_shared(version.shared(), keys, directory);
    bool good = out.append(std::string(sizeof(SnapshotHeader), '\0'));
    directory.put<std::uint64_t>(version.blocks().size());
    directory.put<std::uint64_t>(version.parts().settled);
    directory.put<std::uint64_t>(version.guest_blocks().size());
    for (std::size_t number = 0; number < version.blocks().size(); ++number)
        put_block(*version.blocks()[number], version.living(number), out, good, directory);
    for (const auto& block : version.guest_blocks()) put_block(*block, SlotBits{}, out, good, directory);
    SnapshotHeader header;
    header.directory_begin = out.size();
    header.directory_bytes = directory.bytes().size();
    header.directory_hash = XXH3_64bits(directory.bytes().data(), directory.bytes().size());
    header.file_bytes = header.directory_begin + header.directory_bytes;
    header.header_hash = XXH3_64bits(&header, offsetof(SnapshotHeader, header_hash));
    good = good && out.append(directory.bytes()) && out.set_header(header) && out.publish();
    if (!good) return unwritable();
    return {};
}

}  // namespace shuke::audience
