#include "segments/arrays.h"

#include <algorithm>
#include <numeric>

namespace shuke::bench {
namespace {

std::uint8_t place_of(std::string_view name, const auto& names) {
    return static_cast<std::uint8_t>(std::ranges::find(names, name) - names.begin());
}

// Where each customer's rows begin, and in what order to take rows that were given one customer each.
struct Grouping {
    std::vector<std::uint32_t> offsets, order;

    Grouping(const std::vector<std::uint32_t>& customer_of_row, std::size_t customers)
        : offsets(customers + 1), order(customer_of_row.size()) {
        for (const std::uint32_t customer : customer_of_row) ++offsets[customer + 1];
        std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
        std::vector<std::uint32_t> next(offsets.begin(), offsets.end() - 1);
        for (std::uint32_t row = 0; row < customer_of_row.size(); ++row) order[next[customer_of_row[row]]++] = row;
    }

    template <class T>
    void apply(Array<T>& values) const {
        Array<T> sorted(values.size());
        for (std::size_t row = 0; row < order.size(); ++row) sorted[row] = values[order[row]];
        values = std::move(sorted);
    }
};

// Keeps rows as they come, in the order of time, and groups them by customer at the end.
class Collector : public WorldSink {
public:
    void add_label(const LabelFact&) override {}

    void add_customer(const CustomerFact& customer) override {
        arrays_.customers.gender.push_back(static_cast<std::uint8_t>(customer.gender));
        arrays_.customers.province.push_back(place_of(customer.province, kProvinces));
        arrays_.customers.created_at.push_back(static_cast<std::uint32_t>(customer.created_at.seconds()));
    }

    void add_order(const OrderFact& order) override {
        auto& out = arrays_.orders;
        const std::int64_t local = order.created_at.seconds() + kUtcOffset;
        const bool paid = order.paid_at != kNever;
        order_owner_.push_back(index_of(order.customer));
        out.id.push_back(static_cast<std::uint32_t>(order.id.value));
        out.at.push_back(static_cast<std::uint32_t>(order.created_at.seconds()));
        out.shop.push_back(static_cast<std::uint8_t>(order.shop.value));
        out.paid.push_back(paid);
        out.kept.push_back(paid);
        out.channel.push_back(place_of(order.channel, kChannels));
        out.province.push_back(place_of(order.province, kProvinces));
        out.hour.push_back(static_cast<std::uint8_t>(local % 86'400 / 3600));
        out.amount.push_back(static_cast<std::int32_t>(order.amount));
        out.discount.push_back(static_cast<std::int32_t>(order.discount));
        out.net.push_back(paid ? static_cast<std::int32_t>(order.amount) : 0);
        out.day.push_back(static_cast<std::int32_t>(local / 86'400));
    }

    void add_line(const LineFact& line) override {
        auto& out = arrays_.lines;
        const auto product = static_cast<std::uint32_t>(line.label.value);
        line_owner_.push_back(order_owner_.back());
        out.at.push_back(arrays_.orders.at.back());
        out.paid.push_back(arrays_.orders.paid.back());
        out.product.push_back(static_cast<std::uint16_t>(product));
        out.category.push_back(static_cast<std::uint16_t>(category_of(product)));
        out.amount.push_back(static_cast<std::int32_t>(line.amount));
    }

    // The world refunds an order once at most, right after it was added.
    void add_refund(const RefundFact& refund) override {
        auto& orders = arrays_.orders;
        orders.net.back() -= static_cast<std::int32_t>(refund.amount);
        if (refund.amount >= orders.amount.back() && orders.amount.back() > 0) {
            orders.kept.back() = 0;
            orders.net.back() = 0;
        }
        refund_owner_.push_back(order_owner_.back());
        arrays_.refunds.at.push_back(static_cast<std::uint32_t>(refund.at.seconds()));
        arrays_.refunds.amount.push_back(static_cast<std::int32_t>(refund.amount));
    }

    void add_message(const MessageRow& message) override {
        message_owner_.push_back(index_of(message.customer));
        arrays_.messages.at.push_back(static_cast<std::uint32_t>(message.at.seconds()));
        arrays_.messages.channel.push_back(message.channel);
        arrays_.messages.delivered.push_back(message.delivered);
    }

    Arrays finish() {
        group(arrays_.orders, order_owner_, [](auto& o, const auto& apply) {
            apply(o.id), apply(o.at), apply(o.shop), apply(o.paid), apply(o.kept), apply(o.channel);
            apply(o.province), apply(o.hour), apply(o.amount), apply(o.discount), apply(o.net), apply(o.day);
        });
        group(arrays_.lines, line_owner_, [](auto& l, const auto& apply) {
            apply(l.at), apply(l.paid), apply(l.product), apply(l.category), apply(l.amount);
        });
        group(arrays_.refunds, refund_owner_, [](auto& r, const auto& apply) { apply(r.at), apply(r.amount); });
        group(arrays_.messages, message_owner_,
              [](auto& m, const auto& apply) { apply(m.at), apply(m.channel), apply(m.delivered); });
        return std::move(arrays_);
    }

private:
    static std::uint32_t index_of(CustomerId id) { return static_cast<std::uint32_t>(id.value - 1); }

    void group(auto& table, std::vector<std::uint32_t>& owners, const auto& columns) {
        Grouping grouping(owners, arrays_.size());
        columns(table, [&](auto& column) { grouping.apply(column); });
        table.offsets = std::move(grouping.offsets);
        owners = {};
    }

    Arrays arrays_;
    std::vector<std::uint32_t> order_owner_, line_owner_, refund_owner_, message_owner_;
};

}  // namespace

Arrays make_arrays(const WorldShape& shape) {
    Collector collector;
    make_world(shape, collector);
    return collector.finish();
}

}  // namespace shuke::bench
