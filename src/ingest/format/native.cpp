#include "ingest/format/native.h"

#include <utility>

#include "base/text.h"
#include "ingest/format/flat_json.h"

namespace shuke::ingest {
namespace {

enum Column : int {
    kPlatform,
    kShop,
    kOrderNo,
    kExternalId,
    kName,
    kPhone,
    kEmail,
    kGender,
    kBirthday,
    kProvince,
    kCity,
    kDistrict,
    kStatus,
    kCreatedAt,
    kPaidAt,
    kShippedAt,
    kSignedAt,
    kFinishedAt,
    kClosedAt,
    kUpdatedAt,
    kAmount,
    kDiscount,
    kRefunded,
    kRefundedAt,
    kCurrency,
    kChannel,
    kCoupon,
    kLineNo,
    kProduct,
    kTitle,
    kCategory,
    kBrand,
    kQuantity,
    kPrice,
    kLineAmount,
};

constexpr ColumnName kColumns[] = {
    {kPlatform, "platform"},
    {kShop, "shop"},
    {kOrderNo, "order_no"},
    {kExternalId, "external_id"},
    {kName, "name"},
    {kPhone, "phone"},
    {kEmail, "email"},
    {kGender, "gender"},
    {kBirthday, "birthday"},
    {kProvince, "province"},
    {kCity, "city"},
    {kDistrict, "district"},
    {kStatus, "status"},
    {kCreatedAt, "created_at"},
    {kPaidAt, "paid_at"},
    {kShippedAt, "shipped_at"},
    {kSignedAt, "signed_at"},
    {kFinishedAt, "finished_at"},
    {kClosedAt, "closed_at"},
    {kUpdatedAt, "updated_at"},
    {kAmount, "amount"},
    {kDiscount, "discount"},
    {kRefunded, "refunded"},
    {kRefundedAt, "refunded_at"},
    {kCurrency, "currency"},
    {kChannel, "channel"},
    {kCoupon, "coupon"},
    {kLineNo, "line_no"},
    {kProduct, "product"},
    {kTitle, "title"},
    {kCategory, "category"},
    {kBrand, "brand"},
    {kQuantity, "quantity"},
    {kPrice, "price"},
    {kLineAmount, "line_amount"},
};
constexpr int kRequired[] = {kOrderNo};

Gender read_gender(std::string_view text) {
    if (text.empty()) return Gender::kUnknown;
    const std::string word = fold(text);
    if (word == "male" || word == "m" || word == "男" || word == "1") return Gender::kMale;
    if (word == "female" || word == "f" || word == "女" || word == "2") return Gender::kFemale;
    return Gender::kUnknown;
}

std::optional<OrderStatus> read_status(Cells& cells) {
    const std::string_view text = cells.text(kStatus);
    if (text.empty()) return std::nullopt;
    if (const auto status = parse_order_status(text)) return status;
    const std::string word = fold(text);
    if (const auto status = parse_order_status(word)) return status;
    const auto near = nearest(word, {std::begin(kOrderStatusNames), std::end(kOrderStatusNames)});
    cells.reject(kStatus, "status.unknown",
                 "'" + std::string(cut(text, 40)) +
                     "' is not a status; expected created, paid, shipped, signed, finished or closed" +
                     (near.empty() ? "" : ". Is it '" + std::string(near) + "'?"));
    return std::nullopt;
}

// The same currency stands in row after row.
class CurrencyReader {
public:
    Currency read(Cells& cells) {
        const std::string_view text = cells.text(kCurrency);
        if (text.empty()) return Currency::kNone;
        if (text == last_text_) return last_;
        const auto currency = parse_currency(text);
        if (!currency) {
            cells.reject(kCurrency, currency.error());
            return Currency::kNone;
        }
        last_text_ = text;
        last_ = *currency;
        return last_;
    }

private:
    std::string last_text_;
    Currency last_ = Currency::kNone;
};

class NativeRows {
public:
    explicit NativeRows(const SourceInfo& info)
        : clock_(info.time_zone), default_currency_(info.currency), digits_(shuke::info(info.currency).digits) {}

    std::optional<RowFault> convert(Cells& cells, OrderRow& row) {
        read_order(cells, row);
        read_buyer(cells, row.buyer);
        read_times(cells, row);
        row.currency = currencies_.read(cells);
        const bool usual = row.currency == Currency::kNone || row.currency == default_currency_;
        const int digits = usual ? digits_ : shuke::info(row.currency).digits;
        row.amount = cells.amount(kAmount, digits);
        row.discount = cells.amount(kDiscount, digits);
        row.refunded = cells.amount(kRefunded, digits);
        read_line(cells, row, digits);
        return cells.fault();
    }

private:
    static void read_order(Cells& cells, OrderRow& row) {
        row.platform = cells.text(kPlatform);
        row.shop = cells.text(kShop);
        row.order_no = read_order_no(cells, kOrderNo, cells.text(kOrderNo));
        row.status = read_status(cells);
        row.channel = cells.text(kChannel);
        row.coupon = cells.text(kCoupon);
    }

    static void read_buyer(Cells& cells, BuyerColumns& buyer) {
        buyer.external_id = cells.text(kExternalId);
        buyer.name = cells.text(kName);
        buyer.phone = cells.text(kPhone);
        buyer.email = cells.text(kEmail);
        buyer.province = cells.text(kProvince);
        buyer.city = cells.text(kCity);
        buyer.district = cells.text(kDistrict);
        buyer.gender = read_gender(cells.text(kGender));
        buyer.birthday = cells.date(kBirthday);
    }

    void read_times(Cells& cells, OrderRow& row) {
        row.created_at = cells.time(kCreatedAt, clock_);
        row.paid_at = cells.time(kPaidAt, clock_);
        row.shipped_at = cells.time(kShippedAt, clock_);
        row.signed_at = cells.time(kSignedAt, clock_);
        row.finished_at = cells.time(kFinishedAt, clock_);
        row.closed_at = cells.time(kClosedAt, clock_);
        row.updated_at = cells.time(kUpdatedAt, clock_);
        row.refunded_at = cells.time(kRefundedAt, clock_);
    }

    static void read_line(Cells& cells, OrderRow& row, int digits) {
        row.product = cells.text(kProduct);
        row.title = cells.text(kTitle);
        row.category = cells.text(kCategory);
        row.brand = cells.text(kBrand);
        const auto quantity = cells.number(kQuantity);
        const auto price = cells.number(kPrice);
        const auto line_amount = cells.number(kLineAmount);
        if (row.product.empty() && row.title.empty() && !quantity && !price && !line_amount) {
            row.kind = RowKind::kOrder;
            return;
        }
        row.kind = RowKind::kLine;
        if (const auto number = cells.number(kLineNo)) {
            const bool whole = number->scale == 0 && number->units > 0 && number->units <= 1'000'000'000;
            if (whole)
                row.source_line_no = static_cast<std::int32_t>(number->units);
            else
                cells.reject(
                    kLineNo, "line_no.invalid",
                    "'" + std::string(cut(cells.text(kLineNo), 40)) + "' is not a line number; expected 1, 2, 3 …");
        }
        read_money(cells, row, quantity.value_or(Decimal{1, 0}), price, line_amount, digits);
    }

    static void read_money(Cells& cells, OrderRow& row, Decimal quantity, std::optional<Decimal> price,
                           std::optional<Decimal> line_amount, int digits) {
        if (price && price->units < 0)
            cells.reject(kPrice, "price.negative", "a price cannot be negative; give a refund in 'refunded'");
        if (quantity.units < 0)
            cells.reject(kQuantity, "quantity.negative", "a quantity cannot be negative; give a refund in 'refunded'");
        if (cells.fault()) return;
        row.price = cells.amount(kPrice, price, digits);
        const auto milli = to_amount(quantity, 3);
        if (milli)
            row.quantity_milli = milli->minor;
        else
            cells.reject(kQuantity, milli.error());
        if (line_amount && line_amount->units < 0) cells.amount(kLineAmount, line_amount, digits);  // rejects it
        if (!line_amount && !price) return;
        const auto rounded = line_amount ? to_amount(*line_amount, digits) : to_amount(quantity, *price, digits);
        if (!rounded) return cells.reject(line_amount ? kLineAmount : kPrice, rounded.error());
        row.line_amount = rounded->minor;
        row.rounding = rounded->error;
    }

    LocalClock clock_;
    Currency default_currency_;
    int digits_;
    CurrencyReader currencies_;
};

class NativeFormat final : public RowFormat {
public:
    NativeFormat(ColumnMap columns, const SourceInfo& info) : columns_(std::move(columns)), rows_(info) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        Cells cells(columns_, record.cells);
        return rows_.convert(cells, batch.rows.emplace_back());
    }

private:
    ColumnMap columns_;
    NativeRows rows_;
};

class NativeJsonFormat final : public RowFormat {
public:
    explicit NativeJsonFormat(const SourceInfo& info)
        : columns_(ColumnMap::by_position(kColumns)), json_(kColumns), rows_(info) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        if (auto fault = json_.read(record.raw, values_, batch.texts)) return fault;
        Cells cells(columns_, values_);
        return rows_.convert(cells, batch.rows.emplace_back());
    }

private:
    ColumnMap columns_;
    FlatJson json_;
    std::vector<std::string_view> values_;
    NativeRows rows_;
};

}  // namespace

std::span<const ColumnName> native_columns() { return kColumns; }
std::span<const int> native_required_columns() { return kRequired; }

std::unique_ptr<RowFormat> make_native_format(ColumnMap columns, const SourceInfo& info) {
    return std::make_unique<NativeFormat>(std::move(columns), info);
}
std::unique_ptr<RowFormat> make_native_json_format(const SourceInfo& info) {
    return std::make_unique<NativeJsonFormat>(info);
}

}  // namespace shuke::ingest
