#include "audience/engine/block_run.h"

#include <algorithm>

#include "audience/engine/kernels.h"
#include "audience/engine/points_left.h"
#include "audience/engine/window_range.h"
#include "base/check.h"
#include "domain/order.h"

namespace shuke::audience {
namespace {

constexpr std::size_t padded(std::size_t rows) { return words_for(rows) * 64; }

// Codes that lie in scratch memory, padded with "missing".
template <class T>
Column scratch_codes(const T* codes) {
    Column column;
    column.data = reinterpret_cast<const std::byte*>(codes);
    column.width = sizeof(T);
    column.has_missing = true;
    column.min = 1;
    column.max = std::numeric_limits<T>::max();
    return column;
}

}  // namespace

std::size_t BlockRun::rows(Level level) {
    switch (level) {
        case Level::kOrder:
        case Level::kPurchase: return block_.orders.rows;
        case Level::kLine: return block_.lines.rows;
        case Level::kRefund: return block_.refunds.rows;
        default: return events(event_of(level)).rows;
    }
}

void BlockRun::fill_rows_of(const SlotBits& who, Level level, Word* bits) {
    constexpr std::size_t kFew = kBlockSlots / 8;  // most groups of 64 rows have none of them
    if (who.count() > kFew) return fill_ones(bits, rows(level));
    std::fill_n(bits, words_for(rows(level)), Word{0});
    const std::uint32_t* begin = offsets(level);
    who.for_each([&](std::size_t slot) { set_range(bits, begin[slot], begin[slot + 1]); });
}

const std::uint32_t* BlockRun::offsets(Level level) {
    switch (level) {
        case Level::kOrder:
        case Level::kPurchase: return block_.orders.offsets.data();
        case Level::kLine: return block_.lines.offsets.data();
        case Level::kRefund: return block_.refunds.offsets.data();
        default: return events(event_of(level)).offsets.data();
    }
}

const Column& BlockRun::shop_column(Level level) {
    if (level == Level::kRefund) return block_.refunds.shop;
    if (is_event(level)) return events(event_of(level)).shop;
    if (level == Level::kLine && block_.orders.shop.width != 0) return shops_of_lines();
    return block_.orders.shop;
}

const Column& BlockRun::shops_of_lines() {
    if (line_shops_) return *line_shops_;
    const LineColumns& lines = block_.lines;
    auto* shops = kept_memory_.take<std::uint16_t>(padded(lines.rows));
    std::fill_n(shops, padded(lines.rows), std::uint16_t{0});
    for (std::size_t row = 0; row < lines.rows; ++row)
        shops[row] = static_cast<std::uint16_t>(block_.orders.shop.stored_at(lines.order.stored_at(row) - 1));
    return *(line_shops_ = scratch_codes(shops));
}

void BlockRun::keep_existing_orders(Word* keep) const {
    keep_in_range(block_.orders.at, block_.orders.rows, kEarliest, as_of_, Keep::kInsideOrMissing, keep);
}

void BlockRun::keep_flag(FieldKey flag, Word* keep) {
    if (is_event_field(flag)) {
        const EventField field = event_field(flag);
        const EventColumns& rows = events(field.kind);
        const Column& column = rows.values[field.column];
        if (field.place == EventPlace::kColumn) return keep_known(column, rows.rows, keep);
        return keep_in_range(column, rows.rows, kEarliest, as_of_, Keep::kInside, keep);
    }
    if (flag == FieldKey::kPaid)
        return keep_in_range(block_.orders.paid_from, block_.orders.rows, kAlways, as_of_, Keep::kInside, keep);
    if (flag == FieldKey::kRefundDated) return keep_known(block_.refunds.dated, block_.refunds.rows, keep);
    SHUKE_CHECK(flag == FieldKey::kKept, "not a yes/no field");
    const Word* kept = kept_orders();
    for (std::size_t word = 0; word < words_for(block_.orders.rows); ++word) keep[word] &= kept[word];
}

// Kept and existing.
const Word* BlockRun::kept_orders() {
    if (kept_ != nullptr) return kept_;
    Word* bits = kept_memory_.take<Word>(words_for(block_.orders.rows) + 1);
    bits[words_for(block_.orders.rows)] = 0;
    fill_ones(bits, block_.orders.rows);
    keep_existing_orders(bits);
    keep_flag(FieldKey::kPaid, bits);
    for (const Loss& loss : block_.orders.losses) {
        if (loss.from <= as_of_) bits[loss.row / 64] &= ~(Word{1} << (loss.row % 64));
    }
    return kept_ = bits;
}

SlotBits BlockRun::existing_customers() const {
    SlotBits bits = living_;
    keep_in_range(block_.customers.exists_from, block_.slots, kAlways, as_of_, Keep::kInside, bits.words.data());
    return bits;
}

const Column& BlockRun::column(FieldKey field) {
    if (field == FieldKey::kRefundStatus && block_.refunds.done_at.max > as_of_) return computed_column(field);
    if (is_event_field(field)) return event_column_of(event_field(field));
    if (const Column* stored = stored_column(block_, field)) return *stored;
    return computed_column(field);
}

const Column& BlockRun::computed_column(FieldKey field) {
    auto& computed = computed_[static_cast<std::size_t>(field)];
    if (!computed) {
        Column column = compute(field);
        if (!computed) computed = column;  // some come several at once
    }
    return *computed;
}

const Column& BlockRun::event_column_of(EventField field) {
    const EventColumns& rows = events(field.kind);
    switch (field.place) {
        case EventPlace::kAt: return rows.at;
        case EventPlace::kShop:
        case EventPlace::kPlatform: return rows.shop;
        case EventPlace::kProduct:
        case EventPlace::kTitle:
        case EventPlace::kSku:
        case EventPlace::kCategory:
        case EventPlace::kBrand: return rows.label;
        case EventPlace::kColumn:
        case EventPlace::kReached: return rows.values[field.column];
        case EventPlace::kStatus: {
            auto& status = statuses_[static_cast<std::size_t>(field.kind)];
            if (!status) status = event_status(field.kind);
            return *status;
        }
        case EventPlace::kLeft: break;
    }
    if (!points_left_) points_left_ = left_of_points();
    return *points_left_;
}

// The last of its states that has been reached; before any, the first choice.
Column BlockRun::event_status(EventKind kind) {
    const EventColumns& rows = events(kind);
    auto* codes = kept_memory_.take<std::uint8_t>(padded(rows.rows));
    std::fill_n(codes, padded(rows.rows), std::uint8_t{0});
    std::fill_n(codes, rows.rows, std::uint8_t{1});
    const auto columns = event_columns(kind);
    std::uint8_t code = 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].state.empty()) continue;
        ++code;
        if (rows.values[i].all_missing()) continue;
        for (std::size_t row = 0; row < rows.rows; ++row) {
            const std::int64_t from = rows.values[i].value_at(row);
            if (from != kMissing && from <= as_of_) codes[row] = code;
        }
    }
    return scratch_codes(codes);
}

Column BlockRun::left_of_points() {
    const EventColumns& rows = events(EventKind::kPoints);
    const auto column = [&](std::string_view name) -> const Column& {
        return rows.values[event_column(EventKind::kPoints, name)];
    };
    const Column& amount = column("amount");
    const Column& expires_at = column("expires_at");
    const Column& kind = column("kind");
    std::int64_t* left = take_values(rows.rows, 0);
    std::vector<PointsEntry> entries;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        entries.clear();
        for (std::uint32_t row = rows.offsets[slot]; row < rows.offsets[slot + 1]; ++row) {
            if (rows.at.value_at(row) > as_of_) break;  // ascending in time
            const bool counts = kind.stored_at(row) != static_cast<std::uint64_t>(PointsKind::kExpire);
            entries.push_back({rows.at.value_at(row), amount.value_at(row), expires_at.value_at(row), counts});
        }
        points_left(entries, as_of_, left + rows.offsets[slot]);
    }
    return scratch_column(left, padded(rows.rows));
}

Column BlockRun::refund_status() {
    const RefundColumns& refunds = block_.refunds;
    auto* codes = kept_memory_.take<std::uint32_t>(padded(refunds.rows));
    std::fill_n(codes, padded(refunds.rows), std::uint32_t{0});
    for (std::size_t row = 0; row < refunds.rows; ++row) {
        if (refunds.done_at.value_at(row) <= as_of_)
            codes[row] = static_cast<std::uint32_t>(refunds.status.stored_at(row));
    }
    return scratch_codes(codes);
}

// What is known of a line's product today, by its label.
Column BlockRun::product_value(FieldKey field) {
    const LineColumns& lines = block_.lines;
    const std::vector<std::int64_t>& of_label = shared_.prices[field == FieldKey::kListPrice ? 0
                                                               : field == FieldKey::kCost    ? 1
                                                                                             : 2];
    std::int64_t* out = take_values(lines.rows, kMissing);
    for (std::size_t row = 0; row < lines.rows && !of_label.empty(); ++row)
        out[row] = of_label[lines.label.stored_at(row)];
    return scratch_column(out, padded(lines.rows));
}

const Column* stored_column(const Block& block, FieldKey field) {
    using enum FieldKey;
    switch (field) {
        case kAt: return &block.orders.at;
        case kPaidAt: return &block.orders.paid_at;
        case kShippedAt: return &block.orders.shipped_at;
        case kSignedAt: return &block.orders.signed_at;
        case kFinishedAt: return &block.orders.finished_at;
        case kClosedAt: return &block.orders.closed_at;
        case kAmount: return &block.orders.amount;
        case kDiscount: return &block.orders.discount;
        case kDay: return &block.orders.day;
        case kHour: return &block.orders.hour;
        case kShop:
        case kPlatform: return &block.orders.shop;
        case kChannel: return &block.orders.channel;
        case kProvince: return &block.orders.province;
        case kCity: return &block.orders.city;
        case kCoupon: return &block.orders.coupon;
        case kProduct:
        case kTitle:
        case kSku:
        case kCategory:
        case kBrand: return &block.lines.label;
        case kQuantity: return &block.lines.quantity;
        case kPrice: return &block.lines.price;
        case kLineAmount: return &block.lines.amount;
        case kLineDiscount: return &block.lines.discount;
        case kLineRefunded: return &block.lines.refunded;
        case kRefundAt: return &block.refunds.at;
        case kRefundDoneAt: return &block.refunds.done_at;
        case kRefundAmount: return &block.refunds.amount;
        case kRefundKind: return &block.refunds.kind;
        case kRefundReason: return &block.refunds.reason;
        case kRefundStatus: return &block.refunds.status;
        case kRefundShop:
        case kRefundPlatform: return &block.refunds.shop;
        default: return nullptr;
    }
}

Column BlockRun::compute(FieldKey field) {
    using enum FieldKey;
    switch (field) {
        case kStatus: return computed_status();
        case kRefunded: return refunded();
        case kItems: return items();
        case kWeekday: return weekdays();
        case kNth:
        case kGapDays: number(kept_orders(), kNth, kGapDays); break;
        case kListPrice:
        case kCost:
        case kListedAt: return product_value(field);
        case kRefundStatus: return refund_status();
        default: return purchase_column(field);
    }
    const auto& computed = computed_[static_cast<std::size_t>(field)];
    SHUKE_CHECK(computed.has_value(), "a field without a column");
    return *computed;
}

std::int64_t* BlockRun::take_values(std::size_t rows, std::int64_t fill) {
    auto* values = kept_memory_.take<std::int64_t>(padded(rows));
    std::fill_n(values, padded(rows), fill);
    return values;
}

// The furthest state reached by the instant; closed ends them all.
Column BlockRun::computed_status() {
    const std::size_t rows = block_.orders.rows;
    auto* codes = kept_memory_.take<std::uint8_t>(padded(rows));
    std::fill_n(codes, padded(rows), std::uint8_t{0});
    std::fill_n(codes, rows, std::uint8_t{1});
    const OrderColumns& orders = block_.orders;
    const Column* const from[] = {&orders.paid_from, &orders.shipped_from, &orders.signed_from, &orders.finished_from,
                                  &orders.closed_from};
    const Scratch::Rewind rewind(temporary_);
    Word* bits = take_bits(Level::kOrder);
    for (std::size_t state = 0; state < std::size(from); ++state) {
        fill_ones(bits, rows);
        keep_in_range(*from[state], rows, kAlways, as_of_, Keep::kInside, bits);
        for_each_bit(bits, 0, rows,
                     [&](std::size_t row) { return codes[row] = static_cast<std::uint8_t>(state + 2), true; });
    }
    return scratch_codes(codes);
}

Column BlockRun::refunded() {
    std::int64_t* sums = take_values(block_.orders.rows, 0);
    const RefundColumns& refunds = block_.refunds;
    for (std::size_t row = 0; row < refunds.rows; ++row) {
        const std::uint64_t order = refunds.order.stored_at(row);
        const std::int64_t at = refunds.at.value_at(row);
        const std::int64_t amount = refunds.amount.value_at(row);
        if (order != 0 && at <= as_of_ && amount > 0)
            sums[order - 1] += amount;  // a missing time or amount is the lowest number
    }
    return scratch_column(sums, padded(block_.orders.rows));
}

Column BlockRun::items() {
    std::int64_t* sums = take_values(block_.orders.rows, kMissing);
    const LineColumns& lines = block_.lines;
    for (std::size_t row = 0; row < lines.rows; ++row) {
        std::int64_t& sum = sums[lines.order.stored_at(row) - 1];
        sum = (sum == kMissing ? 0 : sum) + lines.quantity.value_at(row);
    }
    return scratch_column(sums, padded(block_.orders.rows));
}

const std::int32_t* BlockRun::local_days() {
    if (local_days_ != nullptr) return local_days_;
    const OrderColumns& orders = block_.orders;
    local_days_ = kept_memory_.take<std::int32_t>(padded(orders.rows));
    const auto day_of = [&](std::uint64_t stored) {
        return stored == 0 ? kNoLocalDay : static_cast<std::int32_t>(orders.day.decode(stored));
    };
    const bool differ = visit_rows(orders.day, [&](const auto* stored) {
        for (std::size_t row = 0; row < orders.rows; ++row) local_days_[row] = day_of(stored[row]);
    });
    if (!differ) std::fill_n(local_days_, orders.rows, day_of(orders.day.constant));
    return local_days_;
}

// Small numbers: stored as they are plus one, 0 = missing.
Column BlockRun::weekdays() {
    const std::size_t rows = block_.orders.rows;
    const std::int32_t* days = local_days();
    auto* out = kept_memory_.take<std::uint8_t>(padded(rows));
    std::fill_n(out, padded(rows), std::uint8_t{0});
    for (std::size_t row = 0; row < rows; ++row)
        if (days[row] != kNoLocalDay) out[row] = static_cast<std::uint8_t>(weekday(Day{days[row]}) + 1);
    Column column = scratch_codes(out);
    column.base = column.min = 0;
    column.max = 254;
    return column;
}

// Numbers are stored as they are, gaps plus one; 0 is missing.
void BlockRun::number(const Word* members, FieldKey nth_field, FieldKey gap_field) {
    const std::size_t rows = block_.orders.rows;
    auto* nth = kept_memory_.take<std::uint32_t>(padded(rows));
    auto* gap = kept_memory_.take<std::uint32_t>(padded(rows));
    std::fill(nth + rows, nth + padded(rows), 0u);
    std::fill(gap + rows, gap + padded(rows), 0u);
    number_orders({block_.orders, members}, local_days(), nth, gap);
    Column gaps = scratch_codes(gap);
    gaps.base = gaps.min = 0;
    gaps.max = std::numeric_limits<std::uint32_t>::max() - 1;
    computed_[static_cast<std::size_t>(nth_field)] = scratch_codes(nth);
    computed_[static_cast<std::size_t>(gap_field)] = gaps;
}

const Word* BlockRun::purchases() {
    if (purchases_ != nullptr) return purchases_;
    const OrderColumns& orders = block_.orders;
    const OrderSequence kept = kept_sequence();
    Word* begins = kept_memory_.take<Word>(words_for(orders.rows) + 1);
    std::copy_n(kept.members, words_for(orders.rows) + 1, begins);
    keep_known(orders.day, orders.rows, begins);
    keep_purchases(kept, begins);
    return purchases_ = begins;
}

Column BlockRun::purchase_column(FieldKey field) {
    switch (field) {
        case FieldKey::kPurchaseAt: return block_.orders.at;
        case FieldKey::kPurchaseDay: return block_.orders.day;
        case FieldKey::kPurchaseShop:
        case FieldKey::kPurchasePlatform: return block_.orders.shop;
        case FieldKey::kPurchaseAmount: return purchase_sum(&block_.orders.amount);
        case FieldKey::kPurchaseItems: return purchase_sum(&column(FieldKey::kItems));
        case FieldKey::kPurchaseOrders: return purchase_sum(nullptr);
        default: break;
    }
    number(purchases(), FieldKey::kPurchaseNth, FieldKey::kPurchaseGapDays);
    return *computed_[static_cast<std::size_t>(field)];
}

// What is known of its orders' values added up; null: their number.
Column BlockRun::purchase_sum(const Column* of_orders) {
    const std::size_t rows = block_.orders.rows;
    std::int64_t* sums = take_values(rows, kMissing);
    const Scratch::Rewind rewind(temporary_);
    auto* of_order = temporary_.take<std::uint32_t>(rows);
    purchases_of_orders(kept_sequence(), purchases(), of_order);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::int64_t value = of_orders == nullptr ? 1 : of_orders->value_at(row);
        if (of_order[row] == kNoPurchase || value == kMissing) continue;
        std::int64_t& sum = sums[of_order[row]];
        sum = (sum == kMissing ? 0 : sum) + value;
    }
    return scratch_column(sums, padded(rows));
}

}  // namespace shuke::audience
