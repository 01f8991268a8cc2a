// src/platform/shopify.cpp: orders as Shopify sends them (Admin REST "Order").
#include "base/money.h"
#include "platform/web_order.h"

namespace shuke::platform {
namespace {

constexpr int kPlaces = 6;

std::int64_t micro(const std::string& amount) {
    const auto decimal = parse_decimal(amount);
    const auto scaled = decimal ? to_minor(*decimal, kPlaces) : Result<Rounded>(Rounded{0, 0});
    return scaled ? scaled->minor : 0;
}

// What was given back, and when last.
void add_refunds(const WebJson& order, FieldTexts& head) {
    std::vector<std::string> amounts;
    for (const auto& refund : list(order, "refunds")) {
        for (const auto& transaction : list(refund, "transactions")) {
            if (text(transaction, "kind") != "refund" || text(transaction, "status") != "success") continue;
            amounts.push_back(text(transaction, "amount"));
            head["refunded_at"] = first_of({text(transaction, "processed_at"), text(refund, "created_at")});
        }
    }
    head["refunded"] = sum(amounts);
}

// What was paid for the line: its price by its quantity, less the discounts that fell to it. "" where nothing fell to it.
std::string line_amount(const WebJson& item) {
    std::int64_t discount = 0;
    for (const auto& one : list(item, "discount_allocations")) discount += micro(text(one, "amount"));
    const auto quantity = parse_decimal(text(item, "quantity")), price = parse_decimal(text(item, "price"));
    if (discount == 0 || !quantity || !price) return "";
    const auto full = to_minor(*quantity, *price, kPlaces);
    return full ? format_minor(full->minor - discount, kPlaces) : "";
}

}  // namespace

WebOrder shopify_order(const WebJson& order) {
    WebOrder read;
    auto& head = read.order;
    const auto& customer = part(order, "customer");
    const auto& address = order.contains("shipping_address") && order["shipping_address"].is_object()
                              ? part(order, "shipping_address")
                              : part(order, "billing_address");
    head["order_no"] = first_of({text(order, "name"), text(order, "order_number"), text(order, "id")});
    head["external_id"] = text(customer, "id");
    head["name"] = first_of({text(address, "name"), joined(text(customer, "first_name"), text(customer, "last_name"))});
    head["email"] = first_of({text(order, "email"), text(customer, "email")});
    head["phone"] = first_of({text(order, "phone"), text(customer, "phone"), text(address, "phone")});
    head["province"] = text(address, "province");
    head["city"] = text(address, "city");
    head["created_at"] = text(order, "created_at");
    head["updated_at"] = text(order, "updated_at");
    head["closed_at"] = text(order, "cancelled_at");
    head["currency"] = text(order, "currency");
    head["amount"] = text(order, "total_price");
    head["discount"] = text(order, "total_discounts");
    head["channel"] = text(order, "source_name");
    for (const auto& code : list(order, "discount_codes")) head["coupon"] = text(code, "code");
    const std::string paid = text(order, "financial_status"), sent = text(order, "fulfillment_status");
    const bool is_paid = paid == "paid" || paid == "partially_refunded" || paid == "refunded";
    if (is_paid) head["paid_at"] = first_of({text(order, "processed_at"), text(order, "created_at")});
    for (const auto& one : list(order, "fulfillments")) head["shipped_at"] = text(one, "created_at");
    add_refunds(order, head);
    head["status"] = !head["closed_at"].empty() ? "closed"
                     : sent == "fulfilled"      ? "shipped"
                     : is_paid                  ? "paid"
                                                : "created";
    for (const auto& item : list(order, "line_items")) {
        FieldTexts line;
        line["product"] = first_of({text(item, "product_id"), text(item, "sku")});
        line["title"] = first_of({text(item, "title"), text(item, "name")});
        line["brand"] = text(item, "vendor");
        line["quantity"] = text(item, "quantity");
        line["price"] = text(item, "price");
        line["line_amount"] = line_amount(item);
        line["line_no"] = std::to_string(read.lines.size() + 1);
        read.lines.push_back(std::move(line));
    }
    return read;
}

}  // namespace shuke::platform
