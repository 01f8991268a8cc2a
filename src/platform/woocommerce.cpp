// src/platform/woocommerce.cpp: orders as WooCommerce sends them (REST v3 "Order").
#include "platform/web_order.h"

namespace shuke::platform {
namespace {

// Times with the suffix _gmt are in UTC, and do not say so.
std::string utc(const WebJson& order, const char* name) {
    const std::string time = text(order, name);
    return time.empty() ? "" : time + "Z";
}

}  // namespace

WebOrder woocommerce_order(const WebJson& order) {
    WebOrder read;
    auto& head = read.order;
    const auto &billing = part(order, "billing"), &shipping = part(order, "shipping");
    head["order_no"] = first_of({text(order, "number"), text(order, "id")});
    if (text(order, "customer_id") != "0") head["external_id"] = text(order, "customer_id");
    head["name"] = joined(text(billing, "first_name"), text(billing, "last_name"));
    head["email"] = text(billing, "email");
    head["phone"] = text(billing, "phone");
    head["province"] = first_of({text(shipping, "state"), text(billing, "state")});
    head["city"] = first_of({text(shipping, "city"), text(billing, "city")});
    head["created_at"] = utc(order, "date_created_gmt");
    head["updated_at"] = utc(order, "date_modified_gmt");
    head["paid_at"] = utc(order, "date_paid_gmt");
    head["finished_at"] = utc(order, "date_completed_gmt");
    head["currency"] = text(order, "currency");
    head["amount"] = text(order, "total");
    head["discount"] = text(order, "discount_total");
    head["channel"] = text(order, "created_via");
    for (const auto& coupon : list(order, "coupon_lines")) head["coupon"] = text(coupon, "code");
    std::vector<std::string> refunds;
    for (const auto& refund : list(order, "refunds")) refunds.push_back(text(refund, "total"));
    head["refunded"] = sum(refunds);
    const std::string state = text(order, "status");
    const bool ended = state == "cancelled" || state == "failed" || state == "refunded" || state == "trash";
    head["status"] = ended ? "closed" : state == "completed" ? "finished" : state == "processing" ? "paid" : "created";
    for (const auto& item : list(order, "line_items")) {
        FieldTexts line;
        line["product"] = first_of({text(item, "product_id"), text(item, "sku")});
        line["title"] = text(item, "name");
        line["quantity"] = text(item, "quantity");
        line["line_amount"] = text(item, "total");
        line["line_no"] = std::to_string(read.lines.size() + 1);
        read.lines.push_back(std::move(line));
    }
    return read;
}

}  // namespace shuke::platform
