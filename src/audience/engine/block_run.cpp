#include "audience/engine/block_run.h"

#include <algorithm>

#include "audience/engine/kernels.h"
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
        case Level::kOrder: return block_.orders.rows;
        case Level::kLine: return block_.lines.rows;
        case Level::kRefund: return block_.refunds.rows;
        case Level::kPurchase: break;
    }
    gather_purchases();
    return purchases_->rows;
}

const std::uint32_t* BlockRun::offsets(Level level) {
    switch (level) {
        case Level::kOrder: return block_.orders.offsets.data();
        case Level::kLine: return block_.lines.offsets.data();
        case Level::kRefund: return block_.refunds.offsets.data();
        case Level::kPurchase: break;
    }
    gather_purchases();
    return purchases_->offsets;
}

const Column& BlockRun::shop_column(Level level) {
    if (level == Level::kRefund) return block_.refunds.shop;
    return level == Level::kPurchase ? column(FieldKey::kPurchaseShop) : block_.orders.shop;
}

void BlockRun::keep_existing_orders(Word* keep) const {
    keep_in_range(block_.orders.at, block_.orders.rows, kEarliest, as_of_, Keep::kInsideOrMissing, keep);
}

void BlockRun::keep_flag(FieldKey flag, Word* keep) {
    if (flag == FieldKey::kPaid) return keep_in_range(block_.orders.paid_from, block_.orders.rows, kAlways, as_of_, Keep::kInside, keep);
    if (flag == FieldKey::kRefundDated) return keep_known(block_.refunds.dated, block_.refunds.rows, keep);
    SHUKE_CHECK(flag == FieldKey::kKept, "not a yes/no field");
    const Word* kept = kept_orders();
    for (std::size_t word = 0; word < words_for(block_.orders.rows); ++word) keep[word] &= kept[word];
}

// Kept and existing.
const Word* BlockRun::kept_orders() {
    if (kept_ != nullptr) return kept_;
    Word* bits = kept_memory_.take<Word>(words_for(block_.orders.rows) + 1);
    fill_ones(bits, block_.orders.rows);
    keep_existing_orders(bits);
    keep_flag(FieldKey::kPaid, bits);
    for (const Loss& loss : block_.orders.losses) {
        if (loss.from <= as_of_) bits[loss.row / 64] &= ~(Word{1} << (loss.row % 64));
    }
    return kept_ = bits;
}

SlotBits BlockRun::existing_customers() const {
    SlotBits bits = SlotBits::first(block_.slots);
    keep_in_range(block_.customers.exists_from, block_.slots, kAlways, as_of_, Keep::kInside, bits.words.data());
    return bits;
}

const Column& BlockRun::column(FieldKey field) {
    if (const Column* stored = stored_column(field)) return *stored;
    auto& computed = computed_[static_cast<std::size_t>(field)];
    if (!computed) {
        Column column = compute(field);
        if (!computed) computed = column;  // some come several at once
    }
    return *computed;
}

const Column* BlockRun::stored_column(FieldKey field) const {
    using enum FieldKey;
    switch (field) {
        case kAt: return &block_.orders.at;
        case kPaidAt: return &block_.orders.paid_at;
        case kShippedAt: return &block_.orders.shipped_at;
        case kSignedAt: return &block_.orders.signed_at;
        case kFinishedAt: return &block_.orders.finished_at;
        case kClosedAt: return &block_.orders.closed_at;
        case kAmount: return &block_.orders.amount;
        case kDiscount: return &block_.orders.discount;
        case kShop:
        case kPlatform: return &block_.orders.shop;
        case kChannel: return &block_.orders.channel;
        case kProvince: return &block_.orders.province;
        case kCity: return &block_.orders.city;
        case kCoupon: return &block_.orders.coupon;
        case kProduct:
        case kTitle:
        case kSku:
        case kCategory:
        case kBrand: return &block_.lines.label;
        case kQuantity: return &block_.lines.quantity;
        case kPrice: return &block_.lines.price;
        case kLineAmount: return &block_.lines.amount;
        case kLineDiscount: return &block_.lines.discount;
        case kLineRefunded: return &block_.lines.refunded;
        case kRefundAt: return &block_.refunds.at;
        case kRefundDoneAt: return &block_.refunds.done_at;
        case kRefundAmount: return &block_.refunds.amount;
        case kRefundKind: return &block_.refunds.kind;
        case kRefundReason: return &block_.refunds.reason;
        case kRefundStatus: return &block_.refunds.status;
        case kRefundShop:
        case kRefundPlatform: return &block_.refunds.shop;
        default: return nullptr;
    }
}

Column BlockRun::compute(FieldKey field) {
    using enum FieldKey;
    switch (field) {
        case kStatus: return computed_status();
        case kRefunded: return refunded();
        case kNet: return net();
        case kItems: return items();
        case kWeekday:
        case kHour:
        case kDay: return local_time(field);
        case kPurchaseItems: return purchase_items();
        case kPurchasePlatform: return column(kPurchaseShop);
        case kNth:
        case kGapDays: number_kept_orders(); break;
        default: gather_purchases();
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

void BlockRun::store(FieldKey field, std::int64_t* values, std::size_t rows) {
    computed_[static_cast<std::size_t>(field)] = scratch_column(values, padded(rows));
}

const std::int64_t* BlockRun::values(const Column& column, std::size_t rows) {
    auto* out = kept_memory_.take<std::int64_t>(padded(rows));
    const auto decode = [&](const auto* data) {
        for (std::size_t row = 0; row < rows; ++row) out[row] = column.decode(data[row]);
    };
    if (!visit_rows(column, decode)) std::fill_n(out, rows, column.decode(column.constant));
    return out;
}

// The furthest state reached by the instant; closed ends them all.
Column BlockRun::computed_status() {
    const std::size_t rows = block_.orders.rows;
    auto* codes = kept_memory_.take<std::uint8_t>(padded(rows));
    std::fill_n(codes, padded(rows), std::uint8_t{0});
    std::fill_n(codes, rows, std::uint8_t{1});
    const OrderColumns& orders = block_.orders;
    const Column* const from[] = {&orders.paid_from, &orders.shipped_from, &orders.signed_from, &orders.finished_from, &orders.closed_from};
    const Scratch::Rewind rewind(temporary_);
    Word* bits = take_bits(Level::kOrder);
    for (std::uint8_t state = 0; state < std::size(from); ++state) {
        fill_ones(bits, rows);
        keep_in_range(*from[state], rows, kAlways, as_of_, Keep::kInside, bits);
        for_each_bit(bits, 0, rows, [&](std::size_t row) { return codes[row] = static_cast<std::uint8_t>(state + 2), true; });
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
        if (order != 0 && at <= as_of_ && amount > 0) sums[order - 1] += amount;  // a missing time or amount is the lowest number
    }
    return scratch_column(sums, padded(block_.orders.rows));
}

Column BlockRun::net() {
    const std::size_t rows = block_.orders.rows;
    const Column refunded = column(FieldKey::kRefunded);
    std::int64_t* out = take_values(rows, kMissing);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::int64_t amount = block_.orders.amount.value_at(row);
        if (amount != kMissing) out[row] = amount - refunded.value_at(row);
    }
    return scratch_column(out, padded(rows));
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

// The shop-local day of each order; kMissing without a time.
const std::int64_t* BlockRun::local_days() {
    if (local_days_ != nullptr) return local_days_;
    const OrderColumns& orders = block_.orders;
    std::int64_t* days = take_values(orders.rows, kMissing);
    for (std::size_t row = 0; row < orders.rows; ++row) {
        const std::int64_t at = orders.at.value_at(row);
        if (at != kMissing) days[row] = floor_days(at + orders.utc_offset.value_at(row) * orders.utc_offset_unit);
    }
    return local_days_ = days;
}

Column BlockRun::local_time(FieldKey field) {
    const OrderColumns& orders = block_.orders;
    const std::int64_t* days = local_days();
    std::int64_t* out = take_values(orders.rows, kMissing);
    for (std::size_t row = 0; row < orders.rows; ++row) {
        if (days[row] == kMissing) continue;
        if (field == FieldKey::kDay) {
            out[row] = days[row];
        } else if (field == FieldKey::kWeekday) {
            out[row] = weekday(Day{static_cast<std::int32_t>(days[row])});
        } else {
            const std::int64_t local = orders.at.value_at(row) + orders.utc_offset.value_at(row) * orders.utc_offset_unit;
            out[row] = (local - days[row] * 86'400) / 3600;
        }
    }
    return scratch_column(out, padded(orders.rows));
}

void BlockRun::number_kept_orders() {
    const OrderColumns& orders = block_.orders;
    const Word* kept = kept_orders();
    const std::int64_t* days = local_days();
    std::int64_t* nth = take_values(orders.rows, kMissing);
    std::int64_t* gap = take_values(orders.rows, kMissing);
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        std::int64_t number = 0;
        std::int64_t day_before = kMissing;
        for_each_bit(kept, orders.offsets[slot], orders.offsets[slot + 1], [&](std::size_t row) {
            nth[row] = ++number;
            if (day_before != kMissing && days[row] != kMissing) gap[row] = std::max<std::int64_t>(0, days[row] - day_before);
            day_before = days[row];
            return true;
        });
    }
    store(FieldKey::kNth, nth, orders.rows);
    store(FieldKey::kGapDays, gap, orders.rows);
}

void BlockRun::gather_purchases() {
    if (purchases_) return;
    const OrderColumns& orders = block_.orders;
    const Word* kept = kept_orders();
    const std::int64_t* days = local_days();
    const std::int64_t* amounts = values(orders.amount, orders.rows);
    const std::size_t most = orders.rows;
    std::int64_t* at = take_values(most, kMissing);
    std::int64_t* day = take_values(most, kMissing);
    std::int64_t* amount = take_values(most, kMissing);
    std::int64_t* count = take_values(most, kMissing);
    std::int64_t* gap = take_values(most, kMissing);
    std::int64_t* nth = take_values(most, kMissing);
    auto* shop = kept_memory_.take<std::uint16_t>(padded(most));
    std::fill_n(shop, padded(most), std::uint16_t{0});
    Purchases result{0, kept_memory_.take<std::uint32_t>(kBlockSlots + 1), kept_memory_.take<std::uint32_t>(padded(most))};
    std::fill_n(result.of_order, most, kNone);
    std::uint32_t rows = 0;
    for (std::size_t slot = 0; slot < kBlockSlots; ++slot) {
        const std::uint32_t first = rows;
        result.offsets[slot] = first;
        for_each_bit(kept, orders.offsets[slot], orders.offsets[slot + 1], [&](std::size_t row) {
            if (days[row] == kMissing) return true;
            const auto shop_code = static_cast<std::uint16_t>(orders.shop.stored_at(row));
            // The same shop and day is near the end: orders ascend in time, and zones are at most two days apart.
            std::uint32_t found = rows;
            while (found > first && day[found - 1] >= days[row] - 2 && (day[found - 1] != days[row] || shop[found - 1] != shop_code)) --found;
            const bool known = found > first && day[found - 1] == days[row] && shop[found - 1] == shop_code;
            const std::uint32_t purchase = known ? found - 1 : rows++;
            if (!known) {
                at[purchase] = orders.at.value_at(row);
                day[purchase] = days[row];
                shop[purchase] = shop_code;
                count[purchase] = 0;
                nth[purchase] = purchase - first + 1;
                if (purchase > first) gap[purchase] = std::max<std::int64_t>(0, days[row] - day[purchase - 1]);
            }
            ++count[purchase];
            if (amounts[row] != kMissing) amount[purchase] = (amount[purchase] == kMissing ? 0 : amount[purchase]) + amounts[row];
            result.of_order[row] = purchase;
            return true;
        });
    }
    result.offsets[kBlockSlots] = result.rows = rows;
    purchases_ = result;
    using enum FieldKey;
    store(kPurchaseAt, at, most);
    store(kPurchaseDay, day, most);
    store(kPurchaseAmount, amount, most);
    store(kPurchaseOrders, count, most);
    store(kPurchaseGapDays, gap, most);
    store(kPurchaseNth, nth, most);
    computed_[static_cast<std::size_t>(kPurchaseShop)] = scratch_codes(shop);
}

Column BlockRun::purchase_items() {
    gather_purchases();
    const Column items_of_orders = column(FieldKey::kItems);
    std::int64_t* sums = take_values(purchases_->rows, kMissing);
    for (std::size_t row = 0; row < block_.orders.rows; ++row) {
        const std::uint32_t purchase = purchases_->of_order[row];
        const std::int64_t items = items_of_orders.value_at(row);
        if (purchase == kNone || items == kMissing) continue;
        sums[purchase] = (sums[purchase] == kMissing ? 0 : sums[purchase]) + items;
    }
    return scratch_column(sums, padded(purchases_->rows));
}

}  // namespace shuke::audience
