#include "audience/engine/gather.h"

#include <algorithm>
#include <map>

#include "audience/engine/block_columns.h"
#include "audience/engine/order_sequence.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

using Values = std::vector<std::int64_t>;
using Tables = std::vector<Table<const Block>>;

// Rows [begin, end) of a source's table.
struct Rows {
    const Table<const Block>* table;
    std::uint32_t begin, end;
};

class Gathering {
public:
    explicit Gathering(std::span<const Source> sources) : sources_(sources), block_(std::make_shared<Block>()) {
        for (const Source& source : sources_) {
            auto& tables = tables_[source.block];
            if (tables.empty()) tables = tables_of(*source.block);
        }
    }

    std::shared_ptr<const Block> run() {
        block_->slots = static_cast<std::uint32_t>(sources_.size());
        gather_customers();
        make_room_for_events();
        auto tables = tables_of(*block_);
        for (std::size_t number = 0; number < tables.size(); ++number) {
            const std::vector<Rows> rows = rows_of(number);
            if (number == 0) orders_ = rows;
            set_offsets(*tables[number].rows, rows);
            gather_columns(tables[number], rows);
            if (tables[number].may_lack_offsets && tables[number].rows->rows == 0) tables[number].rows->offsets.clear();
        }
        gather_losses();
        block_->orders.repeats = find_repeats(block_->orders);
        block_->orders.days_ascend = days_ascend(block_->orders);
        return block_;
    }

private:
    void gather_customers() {
        auto out = customer_columns(*block_);
        std::map<const Block*, std::vector<NamedColumn<const Column>>> columns;
        for (const Source& source : sources_) {
            auto& of = columns[source.block];
            if (of.empty()) of = customer_columns(*source.block);
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            Values values;
            for (const Source& source : sources_) {
                const Column& column = *columns[source.block][i].column;
                values.push_back(are_codes(out[i].stored) ? static_cast<std::int64_t>(column.stored_at(source.slot))
                                                          : column.value_at(source.slot));
            }
            *out[i].column = are_codes(out[i].stored) ? block_->customer_store.add_codes(values)
                                                      : block_->customer_store.add(values);
        }
    }

    void make_room_for_events() {
        for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
            const bool any = std::ranges::any_of(sources_, [&](const Source& source) {
                const RowSpace& events = source.block->events[kind];
                return events.rows > 0 && events.offsets[source.slot] < events.offsets[source.slot + 1];
            });
            if (any) block_->events[kind].values.resize(event_columns(static_cast<EventKind>(kind)).size());
        }
    }

    std::vector<Rows> rows_of(std::size_t number) const {
        std::vector<Rows> rows;
        rows.reserve(sources_.size());
        for (const Source& source : sources_) {
            const auto& table = tables_.at(source.block)[number];
            const RowSpace& space = *table.rows;
            const bool none = space.rows == 0;  // then there may be no offsets
            rows.push_back({&table, none ? 0 : space.offsets[source.slot], none ? 0 : space.offsets[source.slot + 1]});
        }
        return rows;
    }

    static void set_offsets(RowSpace& out, const std::vector<Rows>& rows) {
        out.offsets.assign(kBlockSlots + 1, 0);
        for (std::size_t i = 0; i < rows.size(); ++i) out.offsets[i + 1] = out.offsets[i] + rows[i].end - rows[i].begin;
        out.rows = out.offsets[rows.size()];
        std::fill(out.offsets.begin() + static_cast<std::ptrdiff_t>(rows.size()), out.offsets.end(), out.rows);
    }

    void gather_columns(Table<Block>& out, const std::vector<Rows>& rows) const {
        std::vector<Values> values(out.columns.size());
        for (std::size_t i = 0; i < out.columns.size() && out.rows->rows > 0; ++i) {
            const Stored stored = out.columns[i].stored;
            values[i].reserve(out.rows->rows);
            for (std::size_t source = 0; source < rows.size(); ++source) {
                if (rows[source].begin < rows[source].end) append(stored, i, source, rows[source], values[i]);
            }
            // Columns that say the same share their bytes, as they do in a block that was built.
            std::size_t same = 0;
            while (same < i && (out.columns[same].stored != stored || values[same] != values[i])) ++same;
            *out.columns[i].column = same < i            ? *out.columns[same].column
                                     : are_codes(stored) ? out.store->add_codes(values[i])
                                                         : out.store->add(values[i]);
        }
    }

    void append(Stored stored, std::size_t number, std::size_t source, const Rows& from, Values& out) const {
        const Column& column = *from.table->columns[number].column;
        if (!are_codes(stored)) return append_decoded(column, from, out);
        // Rows of orders count from the block's first one: moved from where they were to where they are now.
        const bool order_row = stored == Stored::kOrderRow;
        const std::uint64_t was = order_row ? orders_[source].begin : 0;
        const std::uint64_t is = order_row ? block_->orders.offsets[source] : 0;
        for (std::uint32_t row = from.begin; row < from.end; ++row) {
            const std::uint64_t code = column.stored_at(row);
            out.push_back(code == 0 ? 0 : static_cast<std::int64_t>(code - was + is));
        }
    }

    static void append_decoded(const Column& column, const Rows& from, Values& out) {
        const bool stored = visit_rows(column, [&](const auto* data) {
            for (std::uint32_t row = from.begin; row < from.end; ++row) out.push_back(column.decode(data[row]));
        });
        if (!stored) out.insert(out.end(), from.end - from.begin, column.decode(column.constant));
    }

    void gather_losses() {
        OrderColumns& out = block_->orders;
        for (std::size_t source = 0; source < sources_.size(); ++source) {
            const std::vector<Loss>& losses = sources_[source].block->orders.losses;
            auto loss = std::ranges::lower_bound(losses, orders_[source].begin, {}, &Loss::row);
            for (; loss != losses.end() && loss->row < orders_[source].end; ++loss)
                out.losses.push_back({loss->row - orders_[source].begin + out.offsets[source], loss->from});
        }
    }

    std::span<const Source> sources_;
    std::shared_ptr<Block> block_;
    std::map<const Block*, Tables> tables_;  // of the sources' blocks
    std::vector<Rows> orders_;               // by source
};

}  // namespace

std::shared_ptr<const Block> gather(std::span<const Source> sources) {
    SHUKE_CHECK(sources.size() <= kBlockSlots, "more customers than a block has slots");
    return Gathering(sources).run();
}

}  // namespace shuke::audience
