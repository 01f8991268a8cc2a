#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>

#include "audience/engine/bits.h"
#include "audience/engine/block_columns.h"
#include "audience/engine/snapshot_format.h"
#include "audience/snapshot.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using Bytes = std::shared_ptr<const std::byte[]>;

std::unexpected<Error> damaged(const std::string& what) {
    return fail(Code::kInternal, "snapshot.damaged", "the snapshot is damaged: " + what);
}

std::string_view view_of(const std::byte* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

// Where a block's columns lie, and what they must hash to.
struct Region {
    std::uint64_t begin = 0, size = 0, hash = 0;
};

// A column with bytes; until it is attached its `constant` is their place.
struct ColumnPlace {
    Column* column;
    std::size_t rows;
    ColumnStore* store;
};

struct Described {
    std::shared_ptr<Block> block = std::make_shared<Block>();
    SlotBits living;
    Region region;
    std::vector<ColumnPlace> columns;
};

class DirectoryReader {
public:
    DirectoryReader(std::string_view bytes, const KeyRing& keys) : in_(bytes), keys_(keys) {}

    SnapshotOrigin origin() {
        SnapshotOrigin origin;
        origin.record = in_.take_text();
        origin.settings = in_.take_text();
        origin.change = in_.take<std::int64_t>();
        return origin;
    }

    Result<Config> config() {
        Config config;
        const auto currency = parse_currency(in_.take_text());
        const auto zone = TimeZone::find(in_.take_text());
        if (!currency || !zone) return damaged("its currency or time zone is unknown");
        config.base_currency = *currency;
        config.zone = *zone;
        config.lifecycle.silent_after_days = in_.take<std::int32_t>();
        config.lifecycle.sleeping_after_days = in_.take<std::int32_t>();
        config.lifecycle.lost_after_days = in_.take<std::int32_t>();
        return config;
    }

    Result<std::shared_ptr<const SharedTables>> shared() {
        auto tables = std::make_shared<SharedTables>();
        const auto texts = keys_.unseal(in_.take_text());
        if (!texts) return std::unexpected(texts.error());
        if (!read_texts(*texts, *tables)) return damaged("its texts are incomplete");
        tables->shop_names = in_.take_all<std::uint32_t>();
        tables->shop_platforms = in_.take_all<std::uint32_t>();
        tables->shop_zones = in_.take_all<std::uint32_t>();
        tables->shop_ids = in_.take_all<std::int64_t>();
        const auto zones = in_.take<std::uint64_t>();
        for (std::uint64_t i = 0; i < zones && in_.good(); ++i) {
            const auto zone = TimeZone::find(in_.take_text());
            if (!zone) return damaged("a shop's time zone is unknown");
            tables->zones.push_back(*zone);
        }
        for (auto& texts_of_labels : tables->labels) texts_of_labels = in_.take_all<std::uint32_t>();
        for (auto& of_labels : tables->prices) of_labels = in_.take_all<std::int64_t>();
        tables->label_ids = in_.take_all<std::int64_t>();
        tables->label_codes = in_.take_all<std::uint32_t>();
        if (!in_.good() || !is_sound(*tables)) return damaged("its shops or labels contradict each other");
        return tables;
    }

    Described block() {
        Described described;
        Block& block = *described.block;
        block.slots = in_.take<std::uint32_t>();
        if (block.slots > kBlockSlots) bad_ = true;
        for (Word& word : described.living.words) word = in_.take<Word>();
        for (const auto& named : customer_columns(block))
            read({named.column, block.slots, &block.customer_store}, described);
        for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
            if (in_.take<std::uint8_t>() != 0)
                block.events[kind].values.resize(event_columns(static_cast<EventKind>(kind)).size());
        }
        for (const auto& table : tables_of(block)) read(table, described);
        const auto rows = in_.take_all<std::uint32_t>();
        const auto instants = in_.take_all<std::int64_t>();
        if (rows.size() != instants.size()) bad_ = true;
        for (std::size_t i = 0; i < rows.size() && !bad_; ++i) {
            if (rows[i] >= block.orders.rows) bad_ = true;
            block.orders.losses.push_back({rows[i], instants[i]});
        }
        block.orders.repeats = in_.take_all<std::uint32_t>();
        if (!std::ranges::is_sorted(block.orders.repeats)) bad_ = true;
        if (!block.orders.repeats.empty() && block.orders.repeats.back() >= block.orders.rows) bad_ = true;
        block.orders.days_ascend = in_.take<std::uint8_t>() != 0;
        described.region.begin = in_.take<std::uint64_t>();
        described.region.size = in_.take<std::uint64_t>();
        described.region.hash = in_.take<std::uint64_t>();
        return described;
    }

    void read(const Table<Block>& table, Described& described) {
        RowSpace& space = *table.rows;
        space.rows = in_.take<std::uint32_t>();
        space.offsets = in_.take_all<std::uint32_t>();
        if (!sound_offsets(space) || (space.offsets.empty() && !table.may_lack_offsets)) bad_ = true;
        for (const auto& named : table.columns) {
            read({named.column, space.rows, table.store}, described);
            if (named.stored == Stored::kOrderRow &&
                named.column->max > static_cast<std::int64_t>(described.block->orders.rows))
                bad_ = true;
        }
    }

    std::uint64_t count() { return in_.take<std::uint64_t>(); }
    bool good() const { return in_.good() && !bad_; }
    bool at_end() const { return in_.at_end(); }

private:
    static bool read_texts(std::string_view bytes, SharedTables& tables) {
        ByteReader in(bytes);
        for (Dictionary& dictionary : tables.texts) {
            const auto count = in.take<std::uint32_t>();
            for (std::uint32_t code = 1; code <= count && in.good(); ++code) {
                if (dictionary.add(in.take_text()) != code) return false;
            }
        }
        return in.good() && in.at_end();
    }

    static bool is_sound(const SharedTables& tables) {
        const auto within = [&](const std::vector<std::uint32_t>& codes, std::size_t max) {
            return std::ranges::all_of(codes, [&](std::uint32_t code) { return code <= max; });
        };
        const std::size_t shops = tables.shop_ids.size() + 1;
        const std::size_t labels = tables.label_ids.size() + 1;
        bool sound = tables.shop_names.size() == shops && tables.shop_platforms.size() == shops &&
                     tables.shop_zones.size() == shops && tables.label_codes.size() + 1 == labels &&
                     within(tables.shop_names, tables.dictionary(TextDomain::kShop).max_code()) &&
                     within(tables.shop_platforms, tables.dictionary(TextDomain::kPlatform).max_code()) &&
                     within(tables.label_codes, labels - 1) &&
                     within(tables.shop_zones, tables.zones.empty() ? 0 : tables.zones.size() - 1);
        for (std::size_t i = 0; i < tables.labels.size(); ++i) {
            const std::size_t texts = tables.texts[static_cast<std::size_t>(TextDomain::kProduct) + i].max_code();
            sound = sound && (tables.labels[i].size() == labels || labels == 1) && within(tables.labels[i], texts);
        }
        for (const auto& of_labels : tables.prices) sound = sound && (of_labels.empty() || of_labels.size() == labels);
        return sound && !tables.zones.empty();
    }

    static bool sound_offsets(const RowSpace& space) {
        if (space.offsets.empty()) return space.rows == 0;
        return space.offsets.size() == kBlockSlots + 1 && space.offsets.front() == 0 &&
               space.offsets.back() == space.rows && std::ranges::is_sorted(space.offsets);
    }

    void read(const ColumnPlace& at, Described& described) {
        Column& column = *at.column;
        column.width = in_.take<std::uint8_t>();
        column.has_missing = in_.take<std::uint8_t>() != 0;
        column.constant = in_.take<std::uint64_t>();
        column.base = in_.take<std::int64_t>();
        column.min = in_.take<std::int64_t>();
        column.max = in_.take<std::int64_t>();
        const auto place = in_.take<std::uint64_t>();
        const bool known_width =
            column.width == 0 || column.width == 1 || column.width == 2 || column.width == 4 || column.width == 8;
        if (!known_width || (place % kSnapshotAlignment) != 0) bad_ = true;
        if (column.width == 0) return;
        column.constant = place;
        described.columns.push_back(at);
    }

    ByteReader in_;
    const KeyRing& keys_;
    bool bad_ = false;
};

// Points the columns at their bytes. False: damaged.
bool attach(Described& described, const Bytes& bytes, std::uint64_t columns_end) {
    const Region& region = described.region;
    if (region.begin % kSnapshotAlignment != 0 || region.begin > columns_end ||
        region.size > columns_end - region.begin)
        return false;
    const std::byte* begin = bytes.get() + region.begin;
    if (XXH3_64bits(begin, region.size) != region.hash) return false;
    std::uint64_t counted = 0;  // places ascend; one seen before is shared
    for (const auto& [column, rows, store] : described.columns) {
        const std::uint64_t place = column->constant;
        const std::size_t padded = words_for(rows) * 64;
        const std::size_t size = padded * column->width + (column->has_missing ? padded / 8 : 0);
        if (place > region.size || size > region.size - place) return false;
        column->data = begin + place;
        column->constant = 0;
        if (column->has_missing)
            column->known = reinterpret_cast<const std::uint64_t*>(column->data + padded * column->width);
        if (place >= counted) {
            store->lend(bytes, size);
            counted = place + size;
        }
    }
    return true;
}

Result<SnapshotHeader> header_of(const Bytes& bytes, std::size_t size) {
    SnapshotHeader header;
    if (size < sizeof header) return damaged("it is cut off");
    std::memcpy(&header, bytes.get(), sizeof header);
    if (header.magic != kSnapshotMagic) return damaged("it does not begin as a snapshot does");
    if (header.format != kSnapshotFormat) {
        return fail(Code::kConflict, "snapshot.format",
                    "the snapshot is of format " + std::to_string(header.format) + ", this program writes " +
                        std::to_string(kSnapshotFormat));
    }
    if (XXH3_64bits(&header, offsetof(SnapshotHeader, header_hash)) != header.header_hash)
        return damaged("its header's checksum is wrong");
    if (header.file_bytes != size || header.directory_begin > size ||
        header.directory_bytes != size - header.directory_begin)
        return damaged("it has " + std::to_string(size) + " bytes instead of " + std::to_string(header.file_bytes));
    if (XXH3_64bits(bytes.get() + header.directory_begin, header.directory_bytes) != header.directory_hash)
        return damaged("its directory's checksum is wrong");
    return header;
}

}  // namespace

Result<Snapshot> read_snapshot(Bytes bytes, std::size_t size, const KeyRing& keys, WorkerPool* pool) {
    const auto header = header_of(bytes, size);
    if (!header) return std::unexpected(header.error());
    DirectoryReader directory(view_of(bytes.get() + header->directory_begin, header->directory_bytes), keys);
    Snapshot snapshot;
    snapshot.origin = directory.origin();
    Version::Parts parts;
    const auto config = directory.config();
    if (!config) return std::unexpected(config.error());
    parts.config = *config;
    const auto shared = directory.shared();
    if (!shared) return std::unexpected(shared.error());
    parts.shared = *shared;
    const std::uint64_t customers = directory.count();
    parts.settled = directory.count();
    const std::uint64_t guests = directory.count();
    std::vector<Described> blocks;
    for (std::uint64_t i = 0; i < customers + guests && directory.good(); ++i) blocks.push_back(directory.block());
    if (!directory.good() || !directory.at_end() || parts.settled > customers || customers > blocks.size() ||
        blocks.size() != customers + guests)
        return damaged("its directory contradicts itself");
    std::vector<std::uint8_t> good(blocks.size(), 0);
    run_tasks(pool, blocks.size(),
              [&](std::size_t i, unsigned) { good[i] = attach(blocks[i], bytes, header->directory_begin) ? 1 : 0; });
    if (const auto bad = std::ranges::find(good, 0); bad != good.end())
        return damaged("the checksum of block " + std::to_string(bad - good.begin()) + " is wrong");
    for (std::uint64_t i = 0; i < blocks.size(); ++i) {
        if (i >= customers) {
            parts.guest_blocks.push_back(std::move(blocks[i].block));
            continue;
        }
        blocks[i].living &= SlotBits::first(blocks[i].block->slots);
        parts.living.push_back(blocks[i].living);
        parts.blocks.push_back(std::move(blocks[i].block));
    }
    snapshot.version = std::make_shared<const Version>(std::move(parts));
    return snapshot;
}

Result<Snapshot> open_snapshot(const std::filesystem::path& file, const KeyRing& keys, WorkerPool* pool) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return fail(Code::kNotFound, "snapshot.missing", "there is no snapshot " + file.string());
    struct stat facts{};
    const bool known = ::fstat(handle, &facts) == 0;
    const auto size = static_cast<std::size_t>(known ? facts.st_size : 0);
    void* mapped = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, handle, 0);
    ::close(handle);
    if (mapped == MAP_FAILED) return damaged("it is empty or cannot be mapped");
    const Bytes bytes(static_cast<const std::byte*>(mapped),
                      [size](const std::byte* begin) { ::munmap(const_cast<std::byte*>(begin), size); });
    return read_snapshot(bytes, size, keys, pool);
}

}  // namespace shuke::audience
