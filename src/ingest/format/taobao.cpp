#include "ingest/format/taobao.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "platform/china_address.h"
#include "platform/taobao/export_columns.h"
#include "platform/taobao/export_text.h"

namespace shuke::ingest {
namespace {

using platform::taobao::DetailColumn;
using platform::taobao::number_text;
using platform::taobao::OrderColumn;
using platform::taobao::plain_cell;

template <class Column>
std::vector<ColumnName> names_of(const platform::taobao::ExportColumn<Column>* begin,
                                 const platform::taobao::ExportColumn<Column>* end) {
    std::vector<ColumnName> names;
    for (const auto* column = begin; column != end; ++column) {
        names.push_back({static_cast<int>(column->column), column->heading});
    }
    return names;
}

// A row's cells, rid of what the export puts around them.
template <class Column>
class ExportCells {
public:
    ExportCells(const ColumnMap& columns, const std::vector<std::string_view>& cells) : cells_(columns, cells) {}

    std::string_view text(Column column) { return plain_cell(cells_.text(static_cast<int>(column))); }
    std::string_view order_no(Column column) { return read_order_no(cells_, static_cast<int>(column), text(column)); }

    Instant time(Column column, LocalClock& clock) {
        const auto instant = clock.read(text(column));
        if (instant) return *instant;
        cells_.reject(static_cast<int>(column), instant.error());
        return kNever;
    }
    std::optional<Decimal> number(Column column) {
        const std::string_view value = number_text(cells_.text(static_cast<int>(column)));
        if (value.empty()) return std::nullopt;
        const auto number = read_decimal(value);
        if (number) return *number;
        cells_.reject(static_cast<int>(column), number.error());
        return std::nullopt;
    }
    std::int64_t amount(Column column, int digits) {
        return cells_.amount(static_cast<int>(column), number(column), digits);
    }

    std::optional<OrderStatus> status(Column column) {
        const std::string_view word = text(column);
        if (word.empty()) return std::nullopt;
        const auto status = platform::taobao::parse_export_status(word);
        if (!status) {
            reject(column, "status.unknown",
                   "'" + std::string(cut(word, 60)) +
                       "' is not a known 订单状态, such as 等待买家付款, 交易成功 or 交易关闭");
        }
        return status;
    }
    void reject(Column column, std::string key, std::string reason) {
        cells_.reject(static_cast<int>(column), std::move(key), std::move(reason));
    }
    void reject(Column column, const Error& error) { cells_.reject(static_cast<int>(column), error); }
    const std::optional<RowFault>& fault() const { return cells_.fault(); }

private:
    Cells cells_;
};

std::int64_t or_zero(std::int64_t amount) { return amount == kMissingAmount ? 0 : amount; }

// See the head of taobao.h. All in minor units, kMissingAmount where not given.
std::int64_t paid_amount(std::int64_t actual, std::int64_t refunded, std::int64_t total) {
    if (actual == kMissingAmount) return total;
    const bool is_rest = refunded > 0 && (actual + refunded == total || refunded > actual);
    return is_rest ? actual + refunded : actual;
}

class TaobaoOrders final : public RowFormat {
public:
    TaobaoOrders(ColumnMap columns, const SourceInfo& info)
        : columns_(std::move(columns)), clock_(info.time_zone), digits_(shuke::info(info.currency).digits) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        ExportCells<OrderColumn> cells(columns_, record.cells);
        OrderRow& row = batch.rows.emplace_back();
        row.kind = RowKind::kOrder;
        row.order_no = cells.order_no(OrderColumn::kOrderNo);
        row.shop = cells.text(OrderColumn::kShop);
        row.channel = cells.text(OrderColumn::kDevice);
        row.note = note(cells, batch);
        read_buyer(cells, row.buyer);
        row.created_at = cells.time(OrderColumn::kCreatedAt, clock_);
        row.paid_at = cells.time(OrderColumn::kPaidAt, clock_);
        row.shipped_at = cells.time(OrderColumn::kShippedAt, clock_);
        row.finished_at = cells.time(OrderColumn::kFinishedAt, clock_);
        row.status = cells.status(OrderColumn::kStatus);
        if (!row.status) row.status = row.paid_at == kNever ? OrderStatus::kCreated : OrderStatus::kPaid;
        read_money(cells, row);
        return cells.fault();
    }

private:
    using Row = ExportCells<OrderColumn>;

    static void read_buyer(Row& cells, BuyerColumns& buyer) {
        buyer.nick = cells.text(OrderColumn::kNick);
        buyer.payer_account = cells.text(OrderColumn::kPayerAccount);
        buyer.name = cells.text(OrderColumn::kReceiver);
        buyer.phone = cells.text(OrderColumn::kPhone);
        buyer.telephone = cells.text(OrderColumn::kTelephone);
        const auto address = platform::split_china_address(cells.text(OrderColumn::kAddress));
        buyer.province = address.province;
        buyer.city = address.city;
        buyer.district = address.district;
        buyer.street = address.street;
        buyer.postcode = address.postcode;
    }

    // The seller's remark, and behind it the buyer's message.
    static std::string_view note(Row& cells, RowBatch& batch) {
        const std::string_view seller = cells.text(OrderColumn::kSellerNote);
        const std::string_view buyer = cells.text(OrderColumn::kBuyerMessage);
        if (seller.empty() || buyer.empty()) return seller.empty() ? buyer : seller;
        return keep(batch.texts, std::string(seller) + " / " + std::string(buyer));
    }

    void read_money(Row& cells, OrderRow& row) const {
        std::int64_t total = cells.amount(OrderColumn::kTotal, digits_);
        const std::int64_t goods = cells.amount(OrderColumn::kGoodsDue, digits_);
        const std::int64_t postage = cells.amount(OrderColumn::kPostageDue, digits_);
        if (total == kMissingAmount && goods != kMissingAmount) total = goods + or_zero(postage);
        const std::int64_t actual = cells.amount(OrderColumn::kPaid, digits_);
        row.refunded = cells.amount(OrderColumn::kRefunded, digits_);
        const bool is_open = row.status == OrderStatus::kCreated || row.status == OrderStatus::kClosed;
        const bool is_paid = row.paid_at != kNever || !is_open;
        row.amount = is_paid ? paid_amount(actual, row.refunded, total) : total;
    }

    ColumnMap columns_;
    LocalClock clock_;
    int digits_;
};

class TaobaoLines final : public RowFormat {
public:
    TaobaoLines(ColumnMap columns, const SourceInfo& info)
        : columns_(std::move(columns)), clock_(info.time_zone), digits_(shuke::info(info.currency).digits) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        ExportCells<DetailColumn> cells(columns_, record.cells);
        OrderRow& row = batch.rows.emplace_back();
        row.kind = RowKind::kLine;
        row.order_no = cells.order_no(DetailColumn::kOrderNo);
        row.status = cells.status(DetailColumn::kStatus);
        if (row.status == OrderStatus::kClosed) row.status = std::nullopt;
        row.created_at = cells.time(DetailColumn::kCreatedAt, clock_);
        row.source_line_id = cells.text(DetailColumn::kLineId);
        row.title = cells.text(DetailColumn::kTitle);
        // 商家编码 is the product's code, 外部系统编号 that of its variant.
        row.product = cells.text(DetailColumn::kProductCode);
        row.sku = cells.text(DetailColumn::kSkuCode);
        if (row.product.empty()) row.product = row.sku;
        if (row.sku.empty()) row.sku = cells.text(DetailColumn::kSkuText);
        read_money(cells, row);
        return cells.fault();
    }

private:
    using Row = ExportCells<DetailColumn>;

    // What is due for the line, discounts off; else what was paid for it; else quantity × price.
    void read_money(Row& cells, OrderRow& row) const {
        const Decimal quantity = cells.number(DetailColumn::kQuantity).value_or(Decimal{1, 0});
        const auto price = cells.number(DetailColumn::kPrice);
        if (quantity.units < 0)
            cells.reject(DetailColumn::kQuantity, "quantity.negative", "a quantity cannot be negative");
        if (price && price->units < 0)
            cells.reject(DetailColumn::kPrice, "price.negative", "a price cannot be negative");
        row.line_refunded = cells.amount(DetailColumn::kRefunded, digits_);
        const std::int64_t due = cells.amount(DetailColumn::kDue, digits_);
        const std::int64_t paid = cells.amount(DetailColumn::kPaid, digits_);
        row.price = cells.amount(DetailColumn::kPrice, digits_);
        const auto milli = to_amount(quantity, 3);
        if (!milli) return cells.reject(DetailColumn::kQuantity, milli.error());
        row.quantity_milli = milli->minor;
        if (!price) {
            row.line_amount = due != kMissingAmount ? due : paid;
            return;
        }
        const auto full = to_amount(quantity, *price, digits_);
        if (!full) return cells.reject(DetailColumn::kPrice, full.error());
        row.line_amount = due != kMissingAmount ? due : paid > 0 ? paid : full->minor;
        if (row.line_amount == full->minor)
            row.rounding = full->error;
        else if (row.line_amount < full->minor)
            row.line_discount = full->minor - row.line_amount;
    }

    ColumnMap columns_;
    LocalClock clock_;
    int digits_;
};

bool has_any(const Heading& heading, std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return heading.has(name); });
}

}  // namespace

TaobaoFile taobao_file(const Heading& heading) {
    if (has_any(heading, {"订单编号", "主订单编号"}) && has_any(heading, {"标题", "宝贝标题"}) &&
        heading.has("购买数量")) {
        return TaobaoFile::kLines;
    }
    if (heading.has("订单编号") && has_any(heading, {"总金额", "买家实际支付金额", "买家实付金额", "支付金额"}))
        return TaobaoFile::kOrders;
    return TaobaoFile::kNone;
}

Result<std::unique_ptr<RowFormat>> make_taobao_format(const Heading& heading, SourceInfo& info) {
    const bool lines = taobao_file(heading) == TaobaoFile::kLines;
    using namespace platform::taobao;
    const auto names = lines ? names_of(std::begin(kDetailColumns), std::end(kDetailColumns))
                             : names_of(std::begin(kOrderColumns), std::end(kOrderColumns));
    auto columns = ColumnMap::bind(heading, names, {});
    if (!columns) return std::unexpected(columns.error());
    info.ignored_columns = columns->ignored();
    if (lines) return std::make_unique<TaobaoLines>(std::move(*columns), info);
    return std::make_unique<TaobaoOrders>(std::move(*columns), info);
}

}  // namespace shuke::ingest
