#include "audience/engine/gather.h"

#include <algorithm>

#include "audience/engine/block_columns.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

using Values = std::vector<std::int64_t>;

// Rows [begin, end) of a source's block.
struct Rows {
    const Block* block;
    std::uint32_t begin, end;
};

template <class Space>
const Space& space_of(const Block& block) {
    if constexpr (std::is_same_v<Space, OrderColumns>) return block.orders;
    if constexpr (std::is_same_v<Space, LineColumns>) return block.lines;
    if constexpr (std::is_same_v<Space, RefundColumns>) return block.refunds;
    if constexpr (std::is_same_v<Space, SpanColumns>) return block.spans;
}

std::vector<Rows> rows_of_sources(std::span<const Source> sources, const auto& space_in) {
    std::vector<Rows> rows;
    rows.reserve(sources.size());
    for (const Source& source : sources) {
        const RowSpace& space = space_in(*source.block);
        const bool none = space.rows == 0;  // then there may be no offsets
        rows.push_back(
            {source.block, none ? 0 : space.offsets[source.slot], none ? 0 : space.offsets[source.slot + 1]});
    }
    return rows;
}

void set_offsets(RowSpace& out, const std::vector<Rows>& rows) {
    out.offsets.assign(kBlockSlots + 1, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) out.offsets[i + 1] = out.offsets[i] + rows[i].end - rows[i].begin;
    out.rows = out.offsets[rows.size()];
    std::fill(out.offsets.begin() + static_cast<std::ptrdiff_t>(rows.size()), out.offsets.end(), out.rows);
}

void append_decoded(const Column& column, std::uint32_t begin, std::uint32_t end, Values& out) {
    if (begin == end) return;
    const bool stored = visit_rows(column, [&](const auto* data) {
        for (std::uint32_t row = begin; row < end; ++row) out.push_back(column.decode(data[row]));
    });
    if (!stored) out.insert(out.end(), end - begin, column.decode(column.constant));
}

void append_codes(const Column& column, std::uint32_t begin, std::uint32_t end, Values& out) {
    for (std::uint32_t row = begin; row < end; ++row) out.push_back(static_cast<std::int64_t>(column.stored_at(row)));
}

// Rows of orders count from the block's first one: moved from where they were to where they are now.
void append_order_rows(const Column& column, const Rows& rows, std::uint32_t was, std::uint32_t is, Values& out) {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
        const std::uint64_t stored = column.stored_at(row);
        out.push_back(stored == 0 ? 0 : static_cast<std::int64_t>(stored - was + is));
    }
}

template <class Space, std::size_t N>
void gather_columns(const std::array<NamedColumn<Space>, N>& columns, const std::vector<Rows>& rows,
                    const std::vector<Rows>& orders, const RowSpace& orders_out, Space& out, ColumnStore& store) {
    std::array<Values, N> values;
    for (std::size_t i = 0; i < N; ++i) {
        if (columns[i].stored == Stored::kUtcOffset) continue;  // see below
        values[i].reserve(out.rows);
        for (std::size_t source = 0; source < rows.size(); ++source) {
            const Rows& from = rows[source];
            const Column& column = space_of<Space>(*from.block).*columns[i].column;
            switch (columns[i].stored) {
                case Stored::kValues:
                case Stored::kTimes: append_decoded(column, from.begin, from.end, values[i]); break;
                case Stored::kCodes: append_codes(column, from.begin, from.end, values[i]); break;
                case Stored::kOrderRow:
                    append_order_rows(column, from, orders[source].begin, orders_out.offsets[source], values[i]);
                    break;
                case Stored::kUtcOffset: break;
            }
        }
        // Columns that say the same share their bytes, as they do in a block that was built.
        std::size_t same = 0;
        while (same < i && (columns[same].stored != columns[i].stored || values[same] != values[i])) ++same;
        Column& column = out.*columns[i].column;
        if (same < i) {
            column = out.*columns[same].column;
        } else {
            column = columns[i].are_codes() ? store.add_codes(values[i]) : store.add(values[i]);
        }
    }
}

// Blocks may count their offsets in different units: 900 s is enough unless some zone was odd.
void gather_utc_offsets(const std::vector<Rows>& rows, OrderColumns& out, ColumnStore& store) {
    Values seconds;
    seconds.reserve(out.rows);
    bool quarters = true;
    for (const Rows& from : rows) {
        const OrderColumns& orders = from.block->orders;
        for (std::uint32_t row = from.begin; row < from.end; ++row) {
            const std::int64_t offset = orders.utc_offset.value_at(row);
            seconds.push_back(offset == kMissing ? kMissing : offset * orders.utc_offset_unit);
            quarters = quarters && (offset == kMissing || seconds.back() % 900 == 0);
        }
    }
    out.utc_offset_unit = quarters ? 900 : 1;
    for (std::int64_t& offset : seconds) offset = offset == kMissing ? kMissing : offset / out.utc_offset_unit;
    out.utc_offset = store.add(seconds);
}

void gather_losses(const std::vector<Rows>& rows, OrderColumns& out) {
    for (std::size_t source = 0; source < rows.size(); ++source) {
        const std::vector<Loss>& losses = rows[source].block->orders.losses;
        auto loss = std::ranges::lower_bound(losses, rows[source].begin, {}, &Loss::row);
        for (; loss != losses.end() && loss->row < rows[source].end; ++loss)
            out.losses.push_back({loss->row - rows[source].begin + out.offsets[source], loss->from});
    }
}

void gather_customers(std::span<const Source> sources, Block& out) {
    Values values;
    for (const auto& named : kCustomerColumns) {
        values.clear();
        for (const Source& source : sources) {
            const Column& column = source.block->customers.*named.column;
            values.push_back(named.are_codes() ? static_cast<std::int64_t>(column.stored_at(source.slot))
                                               : column.value_at(source.slot));
        }
        out.customers.*named.column =
            named.are_codes() ? out.customer_store.add_codes(values) : out.customer_store.add(values);
    }
}

}  // namespace

std::shared_ptr<const Block> gather(std::span<const Source> sources) {
    SHUKE_CHECK(sources.size() <= kBlockSlots, "more customers than a block has slots");
    auto block = std::make_shared<Block>();
    block->slots = static_cast<std::uint32_t>(sources.size());
    gather_customers(sources, *block);
    const std::vector<Rows> orders =
        rows_of_sources(sources, [](const Block& from) -> const RowSpace& { return from.orders; });
    for_each_row_space(*block, [&]<class Space>(Space& out, ColumnStore& store, const auto& columns) {
        const std::vector<Rows> rows =
            rows_of_sources(sources, [](const Block& from) -> const RowSpace& { return space_of<Space>(from); });
        set_offsets(out, rows);
        gather_columns(columns, rows, orders, block->orders, out, store);
    });
    gather_utc_offsets(orders, block->orders, block->order_store);
    gather_losses(orders, block->orders);
    return block;
}

}  // namespace shuke::audience
