// src/api/resources/orders.cpp: looking through orders.
#include "api/resources.h"
#include "api/resources/order_json.h"
#include "base/time_zone.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

const Shop* shop_of(std::span<const Shop> shops, ShopId id) {
    for (const auto& shop : shops) {
        if (shop.id == id) return &shop;
    }
    return nullptr;
}

Day day_asked(const Call& call, const char* name) {
    const std::string text = call.asked(name);
    if (text.empty()) return kNoDay;
    return parse_time(text)->day;  // checked against the declaration
}

Reply list_orders(Call& call) {
    record::OrderFilter filter;
    filter.order_no = call.asked("q");
    filter.from = day_asked(call, "from");
    filter.to = day_asked(call, "to");
    if (const auto status = call.asked("status"); !status.empty()) filter.status = parse_order_status(status);
    std::vector<Shop> shops;
    auto read = call.at.database.read([&](soci::session& session) { shops = record::all_shops(session); });
    if (!read) return std::unexpected(read.error());
    const std::string shop = call.asked("shop");
    for (const auto& one : shops) {
        if (shop.empty() ? !filter.order_no.empty() : one.name == shop) filter.shops.push_back(one.id);
    }
    if (!shop.empty() && filter.shops.empty()) return json({{"items", Json::array()}, {"next_cursor", nullptr}});
    return order_page(call, filter);
}

Reply get_order(Call& call) {
    std::optional<record::PagedOrder> order;
    std::vector<Shop> shops;
    auto read = call.at.database.read([&](soci::session& session) {
        order = record::paged_order(session, OrderId{call.id()});
        shops = record::all_shops(session);
    });
    if (!read) return std::unexpected(read.error());
    if (!order)
        return fail(Code::kNotFound, "order.unknown", "there is no order of the number " + std::to_string(call.id()));
    return json(order_json(*order, shops));
}

}  // namespace

Json lines_json(const record::PagedOrder& order) {
    const Currency currency = order.header.currency;
    Json lines = Json::array();
    for (const auto& line : order.lines) {
        lines.push_back({{"line_no", line.line_no},
                         {"product", line.product},
                         {"title", text_or_null(line.title)},
                         {"sku", text_or_null(line.sku)},
                         {"category", text_or_null(line.category)},
                         {"brand", text_or_null(line.brand)},
                         {"quantity", static_cast<double>(line.quantity_milli) / 1000},
                         {"price", money_json(line.price, currency)},
                         {"amount", money_json(line.amount, currency)},
                         {"discount", money_json(line.discount, currency)},
                         {"refunded", money_json(line.refunded, currency)}});
    }
    return lines;
}

Json order_json(const record::PagedOrder& order, std::span<const Shop> shops) {
    const auto& head = order.header;
    const Shop* shop = shop_of(shops, order.shop);
    return {{"id", order.id.value},
            {"order_no", order.order_no},
            {"shop_id", order.shop.value},
            {"shop", shop != nullptr ? shop->name : ""},
            {"platform", shop != nullptr ? shop->platform : ""},
            {"customer_id", order.customer ? Json(order.customer.value) : Json()},
            {"status", to_string(head.status)},
            {"created_at", instant_json(head.created_at)},
            {"paid_at", instant_json(head.paid_at)},
            {"shipped_at", instant_json(head.shipped_at)},
            {"signed_at", instant_json(head.signed_at)},
            {"finished_at", instant_json(head.finished_at)},
            {"closed_at", instant_json(head.closed_at)},
            {"updated_at", instant_json(head.updated_at)},
            {"amount", money_json(head.amount, head.currency)},
            {"discount", money_json(head.discount, head.currency)},
            {"refunded", money_json(head.refunded, head.currency)},
            {"channel", text_or_null(head.channel)},
            {"coupon", text_or_null(head.coupon)},
            {"province", text_or_null(head.province)},
            {"city", text_or_null(head.city)},
            {"lines", lines_json(order)}};
}

Reply order_page(Call& call, record::OrderFilter filter) {
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const int limit = call.query.at("limit").get<int>();
    filter.before = *before;
    filter.limit = limit + 1;
    std::vector<record::PagedOrder> orders;
    std::vector<Shop> shops;
    auto read = call.at.database.read([&](soci::session& session) {
        orders = record::page_of_orders(session, filter);
        shops = record::all_shops(session);
    });
    if (!read) return std::unexpected(read.error());
    Json items = Json::array(), next;
    for (const auto& order : orders) {
        if (items.size() == static_cast<std::size_t>(limit)) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back(order_json(order, shops));
    }
    return json({{"items", items}, {"next_cursor", next}});
}

void add_orders(Handlers& handlers) {
    handlers.add("list_orders", list_orders);
    handlers.add("get_order", get_order);
}

}  // namespace shuke::api
