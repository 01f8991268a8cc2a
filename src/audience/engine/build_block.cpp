#include <algorithm>
#include <memory>

#include "audience/engine/order_sequence.h"
#include "audience/engine/order_states.h"
#include "audience/engine/staging.h"

namespace shuke::audience {
namespace {

using Values = std::vector<std::int64_t>;

// Whole days since 1970, for seconds before it too.
constexpr std::int64_t floor_days(std::int64_t seconds) { return (seconds >= 0 ? seconds : seconds - 86'399) / 86'400; }

constexpr std::uint32_t kAhead = 24;  // rows that are fetched into the cache before they are needed

class BlockBuilder {
public:
    BlockBuilder(const Staged& staged, Layout& layout, std::uint32_t begin, std::uint32_t end, BuildSpace& space)
        : staged_(staged), layout_(layout), begin_(begin), end_(end), space_(space), block_(std::make_shared<Block>()) {
        block_->slots = end - begin;
        first_event_.fill(std::numeric_limits<std::int64_t>::max());
    }

    std::shared_ptr<const Block> run() {
        sort_orders();
        add_orders();
        add_lines();
        add_refunds();
        add_losses();
        if (begin_ < layout_.customer_slots) {
            add_spans();
            add_traits();
            for (std::size_t kind = 0; kind < kEventKinds; ++kind) add_events(kind);
            add_customers();
        }
        return block_;
    }

private:
    // Rows by slot, each slot's by (time, id); no time is the lowest number and comes first. A block's orders lie
    // anywhere among all orders, so they are fetched ahead, and copied side by side.
    void sort_orders() {
        const Groups& groups = layout_.orders_of_slot;
        const std::uint32_t first = groups.begin[begin_];
        const std::uint32_t last = groups.begin[end_];
        orders_.reserve(last - first);
        for (std::uint32_t i = first; i < last; ++i) {
            if (i + kAhead < last) __builtin_prefetch(&staged_.orders[groups.row(i + kAhead)]);
            const std::uint32_t order = groups.row(i);
            const StagedOrder& staged = staged_.orders[order];
            orders_.push_back({staged_.time(staged, order, StagedOrder::kCreated), staged.id, order});
        }
        block_->orders.offsets.assign(kBlockSlots + 1, 0);
        for (std::uint32_t slot = begin_; slot < end_; ++slot) {
            std::sort(orders_.begin() + (groups.begin[slot] - first),
                      orders_.begin() + (groups.begin[slot + 1] - first));
            block_->orders.offsets[slot - begin_ + 1] = groups.begin[slot + 1] - first;
        }
        finish_offsets(block_->orders, orders_.size());
        rows_.resize(orders_.size());
        for (std::uint32_t row = 0; row < orders_.size(); ++row) {
            rows_[row] = staged_.orders[orders_[row].order];
            layout_.row_of_order[orders_[row].order] = row;
        }
    }

    // Slots without a living customer have no rows.
    void finish_offsets(RowSpace& space, std::size_t rows) const {
        space.rows = static_cast<std::uint32_t>(rows);
        for (std::uint32_t slot = end_ - begin_ + 1; slot <= kBlockSlots; ++slot) space.offsets[slot] = space.rows;
    }

    template <class ValueOf>
    const Values& gather_orders(ValueOf value_of) {
        Values& values = space_.columns[0];
        values.resize(orders_.size());
        for (std::size_t row = 0; row < orders_.size(); ++row) values[row] = value_of(rows_[row], orders_[row].order);
        return values;
    }

    void add_orders() {
        OrderColumns& out = block_->orders;
        add_order_times(out);
        ColumnStore& store = block_->order_store;
        out.amount = store.add(
            gather_orders([&](const StagedOrder& order, std::uint32_t index) { return staged_.amount(order, index); }));
        out.discount = store.add(gather_orders(
            [&](const StagedOrder& order, std::uint32_t index) { return staged_.discount(order, index); }));
        const auto codes = [&](auto member) {
            return store.add_codes(
                gather_orders([&](const StagedOrder& order, std::uint32_t) { return std::int64_t{order.*member}; }));
        };
        out.shop = codes(&StagedOrder::shop);
        out.channel = codes(&StagedOrder::channel);
        out.province = codes(&StagedOrder::province);
        out.city = codes(&StagedOrder::city);
        out.coupon = codes(&StagedOrder::coupon);
        add_local_times(out);
    }

    // Columns that say the same, as paid_at and paid_from nearly always do, share their bytes.
    void add_order_times(OrderColumns& out) {
        Values(&times)[12] = space_.columns;
        for (Values& values : times) values.resize(orders_.size());
        for (std::size_t i = 0; i < orders_.size(); ++i) {
            const SortedOrder& row = orders_[i];
            const auto time = [&](StagedOrder::Time which) { return staged_.time(rows_[i], row.order, which); };
            const OrderTimes known{row.created,
                                   time(StagedOrder::kPaid),
                                   time(StagedOrder::kShipped),
                                   time(StagedOrder::kSigned),
                                   time(StagedOrder::kFinished),
                                   time(StagedOrder::kClosed)};
            const OrderStates from = order_states(known, rows_[i].status);
            const std::int64_t values[11] = {known.created,    known.paid,         known.shipped,   known.signed_,
                                             known.finished,   known.closed,       from.paid_from,  from.shipped_from,
                                             from.signed_from, from.finished_from, from.closed_from};
            for (std::size_t column = 0; column < 11; ++column) times[column][i] = values[column];
        }
        Column* const columns[11] = {&out.at,          &out.paid_at,       &out.shipped_at, &out.signed_at,
                                     &out.finished_at, &out.closed_at,     &out.paid_from,  &out.shipped_from,
                                     &out.signed_from, &out.finished_from, &out.closed_from};
        for (std::size_t i = 0; i < 11; ++i) {
            std::size_t same = 0;
            while (same < i && times[same] != times[i]) ++same;
            *columns[i] = same < i ? *columns[same] : block_->order_store.add(times[i]);
        }
        paid_from_ = times[6];
    }

    void add_local_times(OrderColumns& out) {
        Values& days = space_.columns[0];
        Values& hours = space_.columns[1];
        days.assign(orders_.size(), kMissing);
        hours.assign(orders_.size(), kMissing);
        for (std::size_t row = 0; row < orders_.size(); ++row) {
            if (orders_[row].created == kMissing) continue;
            const TimeZone& zone = staged_.shared.zones[staged_.shared.shop_zones[rows_[row].shop]];
            const std::int64_t local =
                orders_[row].created + zone.offset_seconds(Instant::from_seconds(orders_[row].created));
            days[row] = floor_days(local);
            hours[row] = (local - days[row] * 86'400) / 3'600;
        }
        out.day = block_->order_store.add(days);
        out.hour = block_->order_store.add(hours);
        out.repeats = find_repeats(out);
        out.days_ascend = days_ascend(out);
    }

    // Where the lines of each order row begin among all lines, and how many they are up to it in the block.
    struct LinePlaces {
        std::vector<std::uint32_t> first;  // by order row
        std::vector<std::uint32_t> begin;  // by order row, one more
    };
    LinePlaces find_lines() const {
        const Groups& groups = layout_.lines_of_order;
        LinePlaces places{std::vector<std::uint32_t>(orders_.size()),
                          std::vector<std::uint32_t>(orders_.size() + 1, 0)};
        for (std::size_t row = 0; row < orders_.size(); ++row) {
            if (row + kAhead < orders_.size()) __builtin_prefetch(&groups.begin[orders_[row + kAhead].order]);
            places.first[row] = groups.begin[orders_[row].order];
            places.begin[row + 1] = places.begin[row] + groups.begin[orders_[row].order + 1] - places.first[row];
        }
        return places;
    }

    void add_lines() {
        LineColumns& out = block_->lines;
        const Groups& groups = layout_.lines_of_order;
        const LinePlaces places = find_lines();
        const std::uint32_t rows = places.begin.back();
        Values(&columns)[12] = space_.columns;
        for (std::size_t i = 0; i < 7; ++i) columns[i].resize(rows);
        std::vector<std::uint32_t> lines;
        for (std::uint32_t row = 0; row < orders_.size(); ++row) {
            const std::uint32_t ahead = row + kAhead;
            if (ahead < orders_.size() && places.begin[ahead + 1] > places.begin[ahead]) {
                __builtin_prefetch(&staged_.lines[groups.row(places.first[ahead])]);
            }
            const std::uint32_t count = places.begin[row + 1] - places.begin[row];
            lines.resize(count);
            for (std::uint32_t i = 0; i < count; ++i) lines[i] = groups.row(places.first[row] + i);
            const auto number = [&](std::uint32_t line) { return std::pair(staged_.lines[line].line_no, line); };
            if (!std::ranges::is_sorted(lines, {}, number)) std::ranges::sort(lines, {}, number);
            for (std::uint32_t i = 0; i < count; ++i) put_line(columns, places.begin[row] + i, row, lines[i]);
        }
        out.offsets.assign(kBlockSlots + 1, 0);
        for (std::uint32_t slot = 0; slot < end_ - begin_; ++slot)
            out.offsets[slot + 1] = places.begin[block_->orders.offsets[slot + 1]];
        finish_offsets(out, rows);
        ColumnStore& store = block_->line_store;
        out.order = store.add_codes(columns[0]);
        out.label = store.add_codes(columns[1]);
        Column* const numbers[5] = {&out.quantity, &out.price, &out.amount, &out.discount, &out.refunded};
        for (std::size_t i = 0; i < 5; ++i) *numbers[i] = store.add(columns[i + 2]);
    }

    void put_line(Values (&columns)[12], std::uint32_t row, std::uint32_t order_row, std::uint32_t line) const {
        const StagedLine& staged = staged_.lines[line];
        const std::int32_t numbers[5] = {staged.quantity, staged.price, staged.amount, staged.discount,
                                         staged.refunded};
        columns[0][row] = std::int64_t{order_row} + 1;
        columns[1][row] = staged.label == IdIndex::kNone ? 0 : layout_.label_codes[staged.label];
        for (unsigned i = 0; i < 5; ++i) columns[i + 2][row] = staged_.line_overflow.get(numbers[i], line, i);
    }

    std::int64_t refund_time(const StagedRefund& refund) const {
        if (refund.at != kMissing || refund.order == IdIndex::kNone) return refund.at;
        const std::int64_t paid_from = paid_from_[layout_.row_of_order[refund.order]];
        return paid_from == kAlways ? kMissing : paid_from;
    }
    bool can_count(const StagedRefund& refund) const {
        return refund.at != kMissing || refund.order == IdIndex::kNone ||
               paid_from_[layout_.row_of_order[refund.order]] != kMissing;
    }

    void add_refunds() {
        RefundColumns& out = block_->refunds;
        const Groups& groups = layout_.refunds_of_slot;
        out.offsets.assign(kBlockSlots + 1, 0);
        for (std::uint32_t slot = begin_; slot < end_; ++slot) {
            const auto first = refunds_.size();
            for (std::uint32_t i = groups.begin[slot]; i < groups.begin[slot + 1]; ++i) {
                const StagedRefund& refund = staged_.refunds[groups.row(i)];
                if (can_count(refund)) refunds_.push_back({refund_time(refund), refund.id, &refund});
            }
            std::sort(refunds_.begin() + static_cast<std::ptrdiff_t>(first), refunds_.end());
            out.offsets[slot - begin_ + 1] = static_cast<std::uint32_t>(refunds_.size());
        }
        finish_offsets(out, refunds_.size());
        const auto gather = [&](auto value_of) {
            Values values;
            values.reserve(refunds_.size());
            for (const SortedRefund& row : refunds_) values.push_back(value_of(row));
            return values;
        };
        ColumnStore& store = block_->refund_store;
        out.order = store.add_codes(gather([&](const SortedRefund& row) {
            return row.refund->order == IdIndex::kNone ? std::int64_t{0}
                                                       : std::int64_t{layout_.row_of_order[row.refund->order]} + 1;
        }));
        out.at = store.add(gather([](const SortedRefund& row) { return row.at; }));
        out.done_at = store.add(gather([](const SortedRefund& row) { return row.refund->done_at; }));
        out.amount = store.add(gather([](const SortedRefund& row) { return row.refund->amount; }));
        out.kind = store.add_codes(gather([](const SortedRefund& row) { return std::int64_t{row.refund->kind}; }));
        out.reason = store.add_codes(gather([](const SortedRefund& row) { return std::int64_t{row.refund->reason}; }));
        out.status = store.add_codes(gather([](const SortedRefund& row) { return std::int64_t{row.refund->status}; }));
        out.shop = store.add_codes(gather([](const SortedRefund& row) { return std::int64_t{row.refund->shop}; }));
        out.dated = store.add_codes(
            gather([](const SortedRefund& row) { return std::int64_t{row.refund->at != kMissing ? 1 : 0}; }));
    }

    // An order's refunds in the order of their times; it is lost when they reach its amount.
    void add_losses() {
        struct Part {
            std::uint32_t row;
            std::int64_t from, amount;
        };
        std::vector<Part> parts;
        for (const SortedRefund& refund : refunds_) {
            if (refund.refund->order == IdIndex::kNone || refund.refund->amount == kMissing) continue;
            const std::uint32_t row = layout_.row_of_order[refund.refund->order];
            parts.push_back(
                {row, refund.at == kMissing ? kAlways : refund.at, std::max<std::int64_t>(refund.refund->amount, 0)});
        }
        std::ranges::sort(
            parts, [](const Part& a, const Part& b) { return std::pair(a.row, a.from) < std::pair(b.row, b.from); });
        for (std::size_t i = 0; i < parts.size();) {
            const std::uint32_t row = parts[i].row;
            const std::int64_t amount = block_->orders.amount.value_at(row);
            std::int64_t refunded = 0;
            bool lost = amount <= 0;  // or missing: such an order is never lost, nothing to look for
            for (; i < parts.size() && parts[i].row == row; ++i) {
                refunded += parts[i].amount;
                if (lost || refunded < amount) continue;
                lost = true;
                block_->orders.losses.push_back({row, parts[i].from});
            }
        }
    }

    void add_spans() {
        const Groups& groups = layout_.spans_of_slot;
        const std::uint32_t first = groups.begin[begin_];
        const std::uint32_t last = groups.begin[end_];
        if (first == last) return;  // as in most blocks: no room for offsets either
        SpanColumns& out = block_->spans;
        out.offsets.assign(kBlockSlots + 1, 0);
        for (std::uint32_t slot = begin_; slot < end_; ++slot)
            out.offsets[slot - begin_ + 1] = groups.begin[slot + 1] - first;
        finish_offsets(out, last - first);
        const auto gather = [&](auto member) {
            Values values;
            values.reserve(last - first);
            for (std::uint32_t i = first; i < last; ++i)
                values.push_back(static_cast<std::int64_t>(staged_.spans[groups.row(i)].*member));
            return values;
        };
        ColumnStore& store = block_->span_store;
        out.what = store.add_codes(gather(&StagedSpan::what));
        out.from = store.add(gather(&StagedSpan::from));
        out.until = store.add(gather(&StagedSpan::until));
    }

    // By slot, then by the moment from which they hold; of one moment in order of arrival.
    void add_traits() {
        const Groups& groups = layout_.traits_of_slot;
        if (groups.begin.empty()) return;
        const std::uint32_t first = groups.begin[begin_];
        const std::uint32_t last = groups.begin[end_];
        if (first == last) return;
        TraitColumns& out = block_->traits;
        out.offsets.assign(kBlockSlots + 1, 0);
        std::vector<StagedTrait> rows;
        for (std::uint32_t slot = begin_; slot < end_; ++slot) {
            const auto begin = static_cast<std::ptrdiff_t>(rows.size());
            for (std::uint32_t i = groups.begin[slot]; i < groups.begin[slot + 1]; ++i)
                rows.push_back(staged_.traits[groups.row(i)]);
            std::ranges::stable_sort(rows.begin() + begin, rows.end(), {}, &StagedTrait::from);
            out.offsets[slot - begin_ + 1] = static_cast<std::uint32_t>(rows.size());
        }
        finish_offsets(out, rows.size());
        const auto gather = [&](auto member) {
            Values values;
            values.reserve(rows.size());
            for (const StagedTrait& row : rows) values.push_back(static_cast<std::int64_t>(row.*member));
            return values;
        };
        ColumnStore& store = block_->trait_store;
        out.what = store.add_codes(gather(&StagedTrait::what));
        out.from = store.add(gather(&StagedTrait::from));
        out.value = store.add(gather(&StagedTrait::value));
    }

    void add_events(std::size_t kind) {
        const Groups& groups = layout_.events_of_slot[kind];
        if (groups.begin.empty()) return;
        const std::uint32_t first = groups.begin[begin_];
        const std::uint32_t last = groups.begin[end_];
        if (first == last) return;  // as in most blocks of most kinds
        const StagedEvents& staged = staged_.events[kind];
        EventColumns& out = block_->events[kind];
        out.offsets.assign(kBlockSlots + 1, 0);
        std::vector<std::uint32_t> rows(last - first);
        for (std::uint32_t i = first; i < last; ++i) rows[i - first] = groups.row(i);
        for (std::uint32_t slot = begin_; slot < end_; ++slot) {
            const auto from = rows.begin() + static_cast<std::ptrdiff_t>(groups.begin[slot] - first);
            const auto to = rows.begin() + static_cast<std::ptrdiff_t>(groups.begin[slot + 1] - first);
            std::ranges::sort(from, to, {},
                              [&](std::uint32_t row) { return std::pair(staged.rows[row].at, staged.rows[row].id); });
            out.offsets[slot - begin_ + 1] = groups.begin[slot + 1] - first;
            if (from != to) first_event_[slot - begin_] = std::min(first_event_[slot - begin_], staged.rows[*from].at);
        }
        finish_offsets(out, rows.size());
        const auto gather = [&](auto value_of) {
            Values values;
            values.reserve(rows.size());
            for (const std::uint32_t row : rows) values.push_back(value_of(row));
            return values;
        };
        ColumnStore& store = block_->event_store;
        out.at = store.add(gather([&](std::uint32_t row) { return staged.rows[row].at; }));
        out.shop = store.add_codes(gather([&](std::uint32_t row) { return std::int64_t{staged.rows[row].shop}; }));
        out.label = store.add_codes(gather([&](std::uint32_t row) {
            const std::uint32_t label = staged.rows[row].label;
            return std::int64_t{label == IdIndex::kNone ? 0 : layout_.label_codes[label]};
        }));
        const auto columns = event_columns(static_cast<EventKind>(kind));
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const Values values = gather([&](std::uint32_t row) { return staged.values[row * columns.size() + i]; });
            const bool codes = columns[i].value == EventValue::kText || columns[i].value == EventValue::kChoice ||
                               columns[i].value == EventValue::kFlag;
            out.values.push_back(codes ? store.add_codes(values) : store.add(values));
        }
    }

    void add_customers() {
        CustomerColumns& out = block_->customers;
        const auto gather = [&](auto value_of) {
            Values values;
            for (std::uint32_t slot = begin_; slot < end_; ++slot)
                values.push_back(value_of(slot, staged_.customers[slot]));
            return values;
        };
        ColumnStore& store = block_->customer_store;
        out.id = store.add(
            gather([&](std::uint32_t slot, const StagedCustomer&) { return staged_.customer_ids.ids()[slot]; }));
        const Values exists_from =
            gather([&](std::uint32_t slot, const StagedCustomer& customer) { return first_sign(slot, customer); });
        Values created_at = gather([&](std::uint32_t slot, const StagedCustomer& customer) {
            const std::int64_t first = exists_from[slot - begin_];
            return customer.created_at != kMissing || first == kAlways ? customer.created_at : first;
        });
        out.exists_from = store.add(exists_from);
        out.created_at = created_at == exists_from ? out.exists_from : store.add(created_at);
        out.birthday =
            store.add(gather([](std::uint32_t, const StagedCustomer& customer) { return customer.birthday; }));
        const auto codes = [&](auto member) {
            return store.add_codes(
                gather([&](std::uint32_t, const StagedCustomer& customer) { return std::int64_t{customer.*member}; }));
        };
        out.gender = codes(&StagedCustomer::gender);
        out.province = codes(&StagedCustomer::province);
        out.city = codes(&StagedCustomer::city);
        out.district = codes(&StagedCustomer::district);
        out.shop = codes(&StagedCustomer::shop);
        out.platform = codes(&StagedCustomer::platform);
    }

    // The moment from which the customer exists: creation or the first fact, whichever is earlier; a fact without a
    // time, or none of all this, means always.
    std::int64_t first_sign(std::uint32_t slot, const StagedCustomer& customer) const {
        const std::uint32_t local = slot - begin_;
        std::int64_t first = first_event_[local];
        if (customer.created_at != kMissing) first = std::min(first, customer.created_at);
        const std::uint32_t order = block_->orders.offsets[local];
        if (order < block_->orders.offsets[local + 1])
            first = std::min(first, orders_[order].created);  // sorted: no time first
        for (std::uint32_t row = block_->refunds.offsets[local]; row < block_->refunds.offsets[local + 1]; ++row) {
            if (refunds_[row].refund->order == IdIndex::kNone) first = std::min(first, refunds_[row].at);
        }
        return first == kMissing || first == std::numeric_limits<std::int64_t>::max() ? kAlways : first;
    }

    struct SortedOrder {
        std::int64_t created, id;
        std::uint32_t order;
        auto operator<=>(const SortedOrder&) const = default;
    };
    struct SortedRefund {
        std::int64_t at, id;
        const StagedRefund* refund;
        bool operator<(const SortedRefund& other) const { return std::pair(at, id) < std::pair(other.at, other.id); }
    };

    const Staged& staged_;
    Layout& layout_;
    std::uint32_t begin_, end_;
    BuildSpace& space_;
    std::shared_ptr<Block> block_;
    std::vector<SortedOrder> orders_;  // by row
    std::vector<StagedOrder> rows_;    // the same, whole
    std::vector<SortedRefund> refunds_;
    Values paid_from_;
    std::array<std::int64_t, kBlockSlots> first_event_;  // by slot: the time of its first event of any kind
};

}  // namespace

std::shared_ptr<const Block> build_block(const Staged& staged, Layout& layout, std::uint32_t begin, std::uint32_t end,
                                         BuildSpace& space) {
    return BlockBuilder(staged, layout, begin, end, space).run();
}

}  // namespace shuke::audience
