// src/platform/webhook.h
//
// What Shopify and WooCommerce send when an order is made or changes: the order in the names of the native form.
//
//   is_signed    HMAC-SHA256 of the body under the shop's secret, base64, compared in constant time
//   is_ping      what WooCommerce sends, unsigned, when a webhook is made: "webhook_id=7"; it wants to hear 200
//   read_order   one order; nothing where the event is of something else
//
// Errors   webhook.json, webhook.no_order
// Source   Shopify Admin REST 2024-01 "Order", WooCommerce REST v3 "Order"; both sign alike (X-Shopify-Hmac-Sha256,
//          X-WC-Webhook-Signature)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace shuke::platform {

enum class WebShop : std::uint8_t { kShopify, kWooCommerce };

bool is_signed(std::string_view body, std::string_view secret, std::string_view signature);
bool is_ping(WebShop shop, std::string_view body);
std::string hmac_sha256_base64(std::string_view body, std::string_view secret);

using FieldTexts = std::map<std::string, std::string, std::less<>>;
struct WebOrder {
    FieldTexts order;               // order_no, created_at, amount …
    std::vector<FieldTexts> lines;  // product, title, quantity …
};
// `topic` as the sender names it: "orders/create", "order.updated".
Result<std::optional<WebOrder>> read_order(WebShop shop, std::string_view topic, std::string_view body);

}  // namespace shuke::platform
