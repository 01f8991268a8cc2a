// src/audience/clickhouse/customer_row.h
//
// One customer of a block while the columns of its row are written, in ClickHouse's format RowBinary; and what a column is.
//
// Threads  one
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "audience/engine/block.h"

namespace shuke::audience::clickhouse {

static_assert(std::endian::native == std::endian::little, "RowBinary is little-endian");

// By domain and code: the NFKC form where it differs.
using NormalTexts = std::array<std::vector<std::string>, static_cast<std::size_t>(TextDomain::kCount)>;

inline void append_number(std::string& out, std::int64_t value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
inline void append_size(std::string& out, std::uint64_t size) {
    for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
    out += static_cast<char>(size);
}
inline void append_text(std::string& out, std::string_view text) {
    append_size(out, text.size());
    out += text;
}

struct Rows {
    std::uint32_t begin = 0, end = 0;
    std::uint32_t size() const { return end - begin; }
};

// One customer of a block, while the columns of its row are written.
class CustomerRow {
public:
    CustomerRow(const SharedTables& tables, const NormalTexts& normal_texts, const Block& of_block,
                std::uint32_t of_slot, std::int64_t its_generation, std::string& out)
        : shared(tables),
          normal(normal_texts),
          block(of_block),
          slot(of_slot),
          generation(its_generation),
          orders(rows_of(block.orders)),
          lines(rows_of(block.lines)),
          refunds(rows_of(block.refunds)),
          spans(rows_of(block.spans)),
          out_(out) {}

    void number(std::int64_t value) { append_number(out_, value); }
    void size(std::uint64_t size) { append_size(out_, size); }
    void text(std::string_view text) { append_text(out_, text); }
    template <class ValueOf>
    void numbers(Rows rows, ValueOf value_of) {
        append_size(out_, rows.size());
        for (std::uint32_t row = rows.begin; row < rows.end; ++row) append_number(out_, value_of(row));
    }
    template <class TextOf>
    void texts(Rows rows, TextOf text_of) {
        append_size(out_, rows.size());
        for (std::uint32_t row = rows.begin; row < rows.end; ++row) append_text(out_, text_of(row));
    }
    // Of each order its refunds that can count: those of a positive amount.
    template <class ValueOf>
    void refunds_of_orders(ValueOf value_of) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> counting;  // by order
        for (std::uint32_t refund = refunds.begin; refund < refunds.end; ++refund) {
            const std::uint64_t order = block.refunds.order.stored_at(refund);
            if (order != 0 && block.refunds.amount.value_at(refund) > 0) counting.emplace_back(order - 1, refund);
        }
        std::ranges::sort(counting);
        append_size(out_, orders.size());
        auto next = counting.begin();
        for (std::uint32_t order = orders.begin; order < orders.end; ++order) {
            const auto first = next;
            while (next != counting.end() && next->first == order) ++next;
            append_size(out_, static_cast<std::uint64_t>(next - first));
            for (auto one = first; one != next; ++one) append_number(out_, value_of(one->second));
        }
    }

    std::string_view text_of(TextDomain domain, std::uint64_t code) const {
        return shared.dictionary(domain).text(static_cast<std::uint32_t>(code));
    }
    std::string_view normal_of(TextDomain domain, std::uint64_t code) const {
        return normal[static_cast<std::size_t>(domain)][code];
    }
    std::int64_t day(std::int64_t second, std::uint64_t shop) const {
        if (second == kMissing) return kMissing;
        return shared.zones[shared.shop_zones[shop]].day_of(Instant::from_seconds(second)).days_since_epoch;
    }
    std::int64_t local_hour(std::uint32_t order) const {
        const std::int64_t at = block.orders.at.value_at(order);
        if (at == kMissing) return kMissing;
        const TimeZone& zone = shared.zones[shared.shop_zones[block.orders.shop.stored_at(order)]];
        const std::int64_t local = at + zone.offset_seconds(Instant::from_seconds(at));
        return (local % 86'400 + 86'400) % 86'400 / 3600;
    }
    // When the order was wholly refunded; never: the latest number there is.
    std::int64_t lost_from(std::uint32_t order) const {
        const auto found = std::ranges::lower_bound(block.orders.losses, order, {}, &Loss::row);
        const bool lost = found != block.orders.losses.end() && found->row == order;
        return lost ? found->from : std::numeric_limits<std::int64_t>::max();
    }
    Rows lines_of(std::uint32_t order) const {  // lines lie in the order of their orders
        const auto first = [&](std::uint64_t code) {
            std::uint32_t low = lines.begin, high = lines.end;
            while (low < high) {
                const std::uint32_t middle = low + (high - low) / 2;
                if (block.lines.order.stored_at(middle) < code)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        };
        return {first(order + std::uint64_t{1}), first(order + std::uint64_t{2})};
    }
    std::int64_t items(std::uint32_t order) const {
        const Rows own = lines_of(order);
        std::int64_t sum = own.size() == 0 ? kMissing : 0;
        for (std::uint32_t line = own.begin; line < own.end; ++line) sum += block.lines.quantity.value_at(line);
        return sum;
    }
    // A refund exists when its order does.
    std::int64_t refund_exists_from(std::uint32_t refund) const {
        const std::uint64_t order = block.refunds.order.stored_at(refund);
        const std::int64_t ordered = order == 0 ? kMissing : block.orders.at.value_at(order - 1);
        return std::max(block.refunds.at.value_at(refund), ordered);
    }
    std::string_view span_text(std::uint32_t span) const {
        return text_of(TextDomain::kSpan, block.spans.what.stored_at(span));
    }

    const SharedTables& shared;
    const NormalTexts& normal;
    const Block& block;
    const std::uint32_t slot;
    const std::int64_t generation;
    const Rows orders, lines, refunds, spans;

    const EventColumns& events(EventKind kind) const { return block.events[static_cast<std::size_t>(kind)]; }
    Rows rows_of(const RowSpace& space) const {  // what a block has none of has no offsets
        return space.offsets.empty() ? Rows{} : Rows{space.offsets[slot], space.offsets[slot + 1]};
    }

private:
    std::string& out_;
};

struct CustomerColumn {
    std::string name;
    std::string_view type;
    std::function<void(CustomerRow&)> write;
};
// In event_rows.cpp.
void add_event_columns(std::vector<CustomerColumn>& columns);
void add_trait_columns(std::vector<CustomerColumn>& columns);
void add_price_columns(std::vector<CustomerColumn>& columns);

}  // namespace shuke::audience::clickhouse
