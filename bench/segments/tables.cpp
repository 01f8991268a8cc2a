#include "segments/tables.h"

#include <charconv>
#include <concepts>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace shuke::bench {
namespace {

constexpr std::string_view kPlatform = "enum('taobao', 'jd')";
constexpr std::string_view kLow = "LowCardinality(String)";

using Text = std::string_view;
constexpr TableColumn number(Text name, Text duckdb, Text clickhouse, Text postgres) {
    return {name, duckdb, clickhouse, postgres, "integer"};
}
constexpr TableColumn text(Text name, Text duckdb) { return {name, duckdb, kLow, "text", "text"}; }

constexpr TableColumn kCustomers[] = {
    number("id", "integer", "UInt32", "integer"),
    number("gender", "utinyint", "UInt8", "smallint"),
    text("province", "province"),
    number("created_at", "integer", "UInt32", "integer"),
};
constexpr TableColumn kOrders[] = {
    number("customer", "integer", "UInt32", "integer"),
    number("moment", "integer", "UInt32", "integer"),
    number("id", "integer", "UInt32", "integer"),
    number("paid", "boolean", "Bool", "boolean"),
    number("kept", "boolean", "Bool", "boolean"),
    number("amount", "integer", "Int32", "integer"),
    number("discount", "integer", "Int32", "integer"),
    number("net", "integer", "Int32", "integer"),
    text("platform", kPlatform),
    text("channel", "channel"),
    text("province", "province"),
    number("day", "integer", "Int32", "integer"),
    number("hour", "utinyint", "UInt8", "smallint"),
};
constexpr TableColumn kLines[] = {
    number("customer", "integer", "UInt32", "integer"),
    number("moment", "integer", "UInt32", "integer"),
    number("paid", "boolean", "Bool", "boolean"),
    text("product", "product"),
    text("category", "category"),
    number("amount", "integer", "Int32", "integer"),
};
constexpr TableColumn kRefunds[] = {
    number("customer", "integer", "UInt32", "integer"),
    number("moment", "integer", "UInt32", "integer"),
    number("amount", "integer", "Int32", "integer"),
};
constexpr TableColumn kMessages[] = {
    number("customer", "integer", "UInt32", "integer"),
    number("moment", "integer", "UInt32", "integer"),
    text("channel", "message_channel"),
    number("delivered", "boolean", "Bool", "boolean"),
};
constexpr Table kTables[] = {
    {"customers", kCustomers, "id"},
    {"orders", kOrders, "customer, moment"},
    {"lines", kLines, "customer, moment"},
    {"refunds", kRefunds, "customer, moment"},
    {"messages", kMessages, "customer, moment"},
};

class TableWriter {
public:
    explicit TableWriter(const std::filesystem::path& file) : out_(file, std::ios::binary) {}

    template <class... Fields>
    void row(const Fields&... fields) {
        (add(fields), ...);
        text_.back() = '\n';
        if (text_.size() > 1 << 20) flush();
    }
    void finish() {
        flush();
        out_.close();
        if (!out_) throw std::runtime_error("cannot write the tables; is the disk full?");
    }

private:
    void add(std::string_view text) { (text_ += text) += '\t'; }
    void add(const std::integral auto& number) {
        char digits[24];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), std::int64_t{number}).ptr;
        add(std::string_view(digits, end));
    }
    void flush() {
        out_ << text_;
        text_.clear();
    }

    std::ofstream out_;
    std::string text_;
};

// One row for each of a customer's rows; `write` gets the customer's id and the row.
void for_each_row(const std::vector<std::uint32_t>& offsets, const auto& write) {
    for (std::uint32_t customer = 0; customer + 1 < offsets.size(); ++customer) {
        for (std::uint32_t row = offsets[customer]; row < offsets[customer + 1]; ++row) write(customer + 1, row);
    }
}

}  // namespace

std::span<const Table> tables() { return kTables; }

std::string column_list(const Table& table, Dialect dialect) {
    std::string list;
    for (const TableColumn& column : table.columns) {
        const std::string_view types[] = {column.duckdb, column.clickhouse, column.postgres, column.sqlite};
        list += (list.empty() ? "" : ", ") + std::string(column.name) + " ";
        list += types[static_cast<std::size_t>(dialect)];
    }
    return list;
}

std::filesystem::path table_file(const std::filesystem::path& folder, const Table& table) {
    return folder / (std::string(table.name) + ".tsv");
}

void write_tables(const Arrays& arrays, const std::filesystem::path& folder) {
    TableWriter customers(table_file(folder, kTables[0]));
    for (std::uint32_t i = 0; i < arrays.size(); ++i)
        customers.row(i + 1, arrays.customers.gender[i], kProvinces[arrays.customers.province[i]],
                      arrays.customers.created_at[i]);
    customers.finish();

    TableWriter orders(table_file(folder, kTables[1]));
    const auto& o = arrays.orders;
    for_each_row(o.offsets, [&](std::uint32_t id, std::uint32_t i) {
        orders.row(id, o.at[i], o.id[i], o.paid[i], o.kept[i], o.amount[i], o.discount[i], o.net[i],
                   kPlatforms[o.shop[i] - 1], kChannels[o.channel[i]], kProvinces[o.province[i]], o.day[i], o.hour[i]);
    });
    orders.finish();

    const auto products = product_names();
    const auto categories = category_names();
    TableWriter lines(table_file(folder, kTables[2]));
    const auto& l = arrays.lines;
    for_each_row(l.offsets, [&](std::uint32_t id, std::uint32_t i) {
        lines.row(id, l.at[i], l.paid[i], products[l.product[i] - 1], categories[l.category[i]], l.amount[i]);
    });
    lines.finish();

    TableWriter refunds(table_file(folder, kTables[3]));
    const auto& r = arrays.refunds;
    for_each_row(r.offsets, [&](std::uint32_t id, std::uint32_t i) { refunds.row(id, r.at[i], r.amount[i]); });
    refunds.finish();

    TableWriter messages(table_file(folder, kTables[4]));
    const auto& m = arrays.messages;
    for_each_row(m.offsets, [&](std::uint32_t id, std::uint32_t i) {
        messages.row(id, m.at[i], kMessageChannels[m.channel[i]], m.delivered[i]);
    });
    messages.finish();
}

}  // namespace shuke::bench
