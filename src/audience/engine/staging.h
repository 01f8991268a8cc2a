// src/audience/engine/staging.h
//
// Facts as they arrive, in rows that fit a cache line, until build() sorts them into blocks: 64 bytes an order,
// 32 a line. Times are seconds since 2000 and amounts minor units in 32 bits; the rare value that does not fit lies
// in an overflow table beside them, so nothing is cut.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "audience/engine/block.h"
#include "audience/engine/id_index.h"
#include "base/instant.h"
#include "domain/order.h"

namespace shuke::audience {

inline std::int64_t to_seconds(Instant at) { return at == kNever ? kMissing : at.seconds(); }

// A 64-bit value or kMissing in 32 bits; (row, column) names its place in the overflow table.
class Narrow {
public:
    std::int32_t put(std::int64_t value, std::uint64_t row, unsigned column) {
        if (value == kMissing) return kNothing;
        if (value > kElsewhere && value <= std::numeric_limits<std::int32_t>::max())
            return static_cast<std::int32_t>(value);
        overflow_[row * 16 + column] = value;
        return kElsewhere;
    }
    std::int64_t get(std::int32_t stored, std::uint64_t row, unsigned column) const {
        if (stored > kElsewhere) return stored;
        return stored == kNothing ? kMissing : overflow_.at(row * 16 + column);
    }

private:
    static constexpr std::int32_t kNothing = std::numeric_limits<std::int32_t>::min();
    static constexpr std::int32_t kElsewhere = kNothing + 1;
    std::unordered_map<std::uint64_t, std::int64_t> overflow_;
};

// A list that grows without moving what it holds.
template <class Row>
class StagedRows {
public:
    void push_back(const Row& row) {
        if (size_ % kChunk == 0) chunks_.push_back(std::make_unique_for_overwrite<Row[]>(kChunk));
        chunks_[size_ / kChunk][size_ % kChunk] = row;
        ++size_;
    }
    Row& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
    const Row& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
    std::size_t size() const { return size_; }

private:
    static constexpr std::size_t kChunk = std::size_t{1} << 15;
    std::vector<std::unique_ptr<Row[]>> chunks_;
    std::size_t size_ = 0;
};

inline constexpr std::int64_t kStagingEpoch = 946'684'800;  // 2000-01-01T00:00Z
inline constexpr std::uint32_t kGuest = 0xFFFF'FFFF;

struct StagedCustomer {
    std::int64_t created_at = kMissing;
    std::int64_t birthday = kMissing;  // packed
    std::uint8_t gender = 0;
    std::uint32_t province = 0, city = 0, district = 0, shop = 0, platform = 0;
};

struct alignas(64) StagedOrder {
    std::int64_t id;
    enum Time : unsigned { kCreated, kPaid, kShipped, kSigned, kFinished, kClosed };
    std::int32_t times[6];  // seconds since kStagingEpoch
    std::int32_t amount, discount;
    std::uint32_t slot;  // kGuest until build() gives guests theirs
    std::uint32_t channel, province, city, coupon;
    std::uint16_t shop;
    OrderStatus status;
};

struct StagedLine {
    std::uint32_t order;
    std::uint32_t label;
    std::int32_t line_no;
    std::int32_t quantity, price, amount, discount, refunded;
};

struct StagedRefund {
    std::int64_t id;
    std::uint32_t order;  // IdIndex::kNone: none known
    std::uint32_t slot;
    std::int64_t at, done_at, amount;
    std::uint32_t kind, reason, status, shop;
};

struct StagedSpan {
    std::uint32_t slot;
    std::uint32_t what;
    std::int64_t from, until;
};

struct StagedEvent {
    std::int64_t id, at;
    std::uint32_t slot, shop, label;
};
// One kind of event: `values` has a row's columns side by side, codes of texts, seconds of moments.
struct StagedEvents {
    StagedRows<StagedEvent> rows;
    StagedRows<std::int64_t> values;
};

struct StagedTrait {
    std::uint32_t slot, what;
    std::int64_t from, value;
};

// Rows of one fact by slot or by order: rows of group g are order[begin[g]] … order[begin[g + 1]].
struct Groups {
    std::vector<std::uint32_t> begin;
    std::vector<std::uint32_t> order;  // empty: the rows are already grouped, row i is row i

    std::uint32_t row(std::uint32_t position) const { return order.empty() ? position : order[position]; }
};

struct Staged {
    IdIndex customer_ids, order_ids;
    std::vector<StagedCustomer> customers;
    StagedRows<StagedOrder> orders;
    StagedRows<StagedLine> lines;
    StagedRows<StagedRefund> refunds;
    StagedRows<StagedSpan> spans;
    StagedRows<StagedTrait> traits;
    std::array<StagedEvents, kEventKinds> events;
    Narrow order_overflow, line_overflow;
    SharedTables shared;

    // `index` is the order's place in `orders`.
    std::int64_t time(const StagedOrder& order, std::uint32_t index, StagedOrder::Time time) const {
        const std::int64_t seconds = order_overflow.get(order.times[time], index, time);
        return seconds == kMissing ? kMissing : seconds + kStagingEpoch;
    }
    std::int64_t amount(const StagedOrder& order, std::uint32_t index) const {
        return order_overflow.get(order.amount, index, 6);
    }
    std::int64_t discount(const StagedOrder& order, std::uint32_t index) const {
        return order_overflow.get(order.discount, index, 7);
    }
};

// Where everything goes, once all facts are there.
struct Layout {
    std::uint32_t customer_slots = 0;  // guests' slots begin at the next whole block
    std::uint32_t slots = 0;
    Groups orders_of_slot;  // by slot, unsorted within
    Groups lines_of_order;
    Groups refunds_of_slot;
    Groups spans_of_slot;
    Groups traits_of_slot;  // begin is empty where nobody has any, here and below
    std::array<Groups, kEventKinds> events_of_slot;
    std::vector<std::uint32_t> row_of_order;  // its row in its block; filled while blocks are built
    std::vector<std::uint32_t> label_codes;   // label in order of arrival → code in the version
};

// Room for a block's rows before they are narrowed; one a worker, used again block after block.
struct BuildSpace {
    std::vector<std::int64_t> columns[12];
};

// One block from its slots [begin, end). Blocks may be built side by side.
std::shared_ptr<const Block> build_block(const Staged& staged, Layout& layout, std::uint32_t begin, std::uint32_t end,
                                         BuildSpace& space);

}  // namespace shuke::audience
