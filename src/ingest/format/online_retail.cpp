#include "ingest/format/online_retail.h"

#include <utility>

#include "base/text.h"

namespace shuke::ingest {
namespace {

enum Column : int { kInvoice, kStockCode, kDescription, kQuantity, kDate, kPrice, kCustomer, kCountry };

// The second names are those of Online Retail II.
constexpr ColumnName kColumns[] = {
    {kInvoice, "InvoiceNo"},   {kInvoice, "Invoice"},      {kStockCode, "StockCode"}, {kDescription, "Description"},
    {kQuantity, "Quantity"},   {kDate, "InvoiceDate"},     {kPrice, "UnitPrice"},     {kPrice, "Price"},
    {kCustomer, "CustomerID"}, {kCustomer, "Customer ID"}, {kCountry, "Country"},
};
constexpr int kRequired[] = {kInvoice, kStockCode, kQuantity, kDate, kPrice, kCustomer};

// "17850.0" is what programs make of the number 17850 in a column with empty cells.
std::string_view without_fraction(std::string_view id) { return id.ends_with(".0") ? id.substr(0, id.size() - 2) : id; }

// "12/1/2010 8:26" (month first), as the much copied American edition of this file writes its dates, → ISO.
std::string from_american(std::string_view text) {
    const auto parts = split(text, '/');
    if (parts.size() != 3 || parts[0].size() > 2 || parts[1].size() > 2 || parts[2].size() < 4) return {};
    return std::string(parts[2].substr(0, 4)) + "-" + std::string(parts[0]) + "-" + std::string(parts[1]) +
           std::string(parts[2].substr(4));
}

class OnlineRetail final : public RowFormat {
public:
    OnlineRetail(ColumnMap columns, const SourceInfo& info)
        : columns_(std::move(columns)), clock_(info.time_zone), digits_(shuke::info(info.currency).digits) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        Cells cells(columns_, record.cells);
        OrderRow& row = batch.rows.emplace_back();
        row.order_no = read_order_no(cells, kInvoice, cells.text(kInvoice));
        row.product = cells.text(kStockCode);
        row.title = cells.text(kDescription);
        row.buyer.external_id = without_fraction(cells.text(kCustomer));
        row.buyer.province = cells.text(kCountry);
        row.created_at = read_time(cells);
        const auto quantity = required(cells, kQuantity, "quantity.missing", "a row needs a quantity");
        const auto price = required(cells, kPrice, "price.missing", "a row needs a price; 0 for a gift");
        if (cells.fault()) return cells.fault();
        classify(cells, row, *quantity, *price);
        if (row.kind == RowKind::kLine) {
            row.status = OrderStatus::kPaid;
            row.paid_at = row.created_at;
        }
        return cells.fault();
    }

private:
    static std::optional<Decimal> required(Cells& cells, int column, const char* key, const char* reason) {
        const auto number = cells.number(column);
        if (!number) cells.reject(column, key, reason);
        return number;
    }

    Instant read_time(Cells& cells) {
        const std::string_view text = cells.text(kDate);
        if (text.empty()) cells.reject(kDate, "time.missing", "a row needs the time of its invoice");
        const std::string iso = text.find('/') <= 2 ? from_american(text) : "";
        const auto instant = clock_.read(iso.empty() ? text : iso);
        if (instant) return *instant;
        cells.reject(kDate, instant.error());
        return kNever;
    }

    void classify(Cells& cells, OrderRow& row, Decimal quantity, Decimal price) const {
        const char first = row.order_no.front();
        const bool cancelled = first == 'C' || first == 'c';
        if (cancelled) {
            row.kind = RowKind::kCancelledLine;
            if (quantity.units > 0) {
                cells.reject(kQuantity, "quantity.sign", "a cancelled invoice (C…) takes back a negative quantity");
            }
            quantity.units = -quantity.units;
        } else if (first == 'A' || first == 'a' || quantity.units <= 0) {
            row.kind = RowKind::kAdjustment;
        }
        if (price.units < 0 && row.kind != RowKind::kAdjustment) {
            cells.reject(kPrice, "price.negative", "only adjustments (invoice A…) have a negative price");
        }
        set_money(cells, row, quantity, price);
    }

    void set_money(Cells& cells, OrderRow& row, Decimal quantity, Decimal price) const {
        const auto milli = to_amount(quantity, 3);
        const auto unit = to_amount(price, digits_);
        const auto amount = to_amount(quantity, price, digits_);
        if (!milli) return cells.reject(kQuantity, milli.error());
        if (!unit) return cells.reject(kPrice, unit.error());
        if (!amount) return cells.reject(kPrice, amount.error());
        row.quantity_milli = milli->minor;
        row.price = unit->minor;
        row.line_amount = amount->minor;
        row.rounding = amount->error;
    }

    ColumnMap columns_;
    LocalClock clock_;
    int digits_;
};

}  // namespace

std::span<const ColumnName> online_retail_columns() { return kColumns; }
std::span<const int> online_retail_required_columns() { return kRequired; }
std::unique_ptr<RowFormat> make_online_retail_format(ColumnMap columns, const SourceInfo& info) {
    return std::make_unique<OnlineRetail>(std::move(columns), info);
}

}  // namespace shuke::ingest
