#include "platform/webhook.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

#include "base/money.h"

namespace shuke::platform {
namespace {

using nlohmann::json;

// The text of a member, however it is spelt; "" where it is null or absent.
std::string text(const json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

const json& part(const json& from, const char* name) {
    static const json kNone = json::object();
    const auto found = from.find(name);
    return found == from.end() || !found->is_object() ? kNone : *found;
}

std::string first_of(std::initializer_list<std::string> texts) {
    for (const auto& one : texts) {
        if (!one.empty()) return one;
    }
    return "";
}

// Decimals as they come, added without loss: "10.00" + "2.5".
std::string sum(const std::vector<std::string>& amounts) {
    std::int64_t total = 0;
    for (const auto& one : amounts) {
        const auto decimal = parse_decimal(one);
        const auto micro = decimal ? to_minor(*decimal, 6) : Result<Rounded>(Rounded{0, 0});
        if (micro) total += micro->minor < 0 ? -micro->minor : micro->minor;
    }
    return total == 0 ? "" : format_minor(total, 6);
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() ? b : b.empty() ? a : a + " " + b; }

std::string refunds_of(const json& order) {
    std::vector<std::string> amounts;
    for (const auto& refund : order.value("refunds", json::array())) {
        if (refund.contains("total")) amounts.push_back(text(refund, "total"));  // WooCommerce
        for (const auto& transaction : refund.value("transactions", json::array())) {
            if (text(transaction, "kind") == "refund" && text(transaction, "status") == "success")
                amounts.push_back(text(transaction, "amount"));
        }
    }
    return sum(amounts);
}

WebOrder shopify(const json& order) {
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
    for (const auto& code : order.value("discount_codes", json::array())) head["coupon"] = text(code, "code");
    const std::string paid = text(order, "financial_status"), sent = text(order, "fulfillment_status");
    const bool is_paid = paid == "paid" || paid == "partially_refunded" || paid == "refunded";
    if (is_paid) head["paid_at"] = first_of({text(order, "processed_at"), text(order, "created_at")});
    for (const auto& one : order.value("fulfillments", json::array())) head["shipped_at"] = text(one, "created_at");
    head["refunded"] = refunds_of(order);
    head["status"] = !head["closed_at"].empty() ? "closed"
                     : sent == "fulfilled"      ? "shipped"
                     : is_paid                  ? "paid"
                                                : "created";
    for (const auto& item : order.value("line_items", json::array())) {
        FieldTexts line;
        line["product"] = first_of({text(item, "product_id"), text(item, "sku")});
        line["title"] = first_of({text(item, "title"), text(item, "name")});
        line["brand"] = text(item, "vendor");
        line["quantity"] = text(item, "quantity");
        line["price"] = text(item, "price");
        line["line_no"] = std::to_string(read.lines.size() + 1);
        read.lines.push_back(std::move(line));
    }
    return read;
}

// Times with the suffix _gmt are in UTC, and do not say so.
std::string utc(const json& order, const char* name) {
    const std::string time = text(order, name);
    return time.empty() ? "" : time + "Z";
}

WebOrder woocommerce(const json& order) {
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
    for (const auto& coupon : order.value("coupon_lines", json::array())) head["coupon"] = text(coupon, "code");
    head["refunded"] = refunds_of(order);
    const std::string state = text(order, "status");
    const bool ended = state == "cancelled" || state == "failed" || state == "refunded" || state == "trash";
    head["status"] = ended ? "closed" : state == "completed" ? "finished" : state == "processing" ? "paid" : "created";
    for (const auto& item : order.value("line_items", json::array())) {
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

}  // namespace

std::string hmac_sha256_base64(std::string_view body, std::string_view secret) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &size);
    std::string text(4 * ((size + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest, static_cast<int>(size));
    return text;
}

bool is_signed(std::string_view body, std::string_view secret, std::string_view signature) {
    const std::string own = hmac_sha256_base64(body, secret);
    return own.size() == signature.size() && CRYPTO_memcmp(own.data(), signature.data(), own.size()) == 0;
}

Result<std::optional<WebOrder>> read_order(WebShop shop, std::string_view topic, std::string_view body) {
    const bool is_order = shop == WebShop::kShopify ? topic.starts_with("orders/") && topic != "orders/delete"
                                                    : topic.starts_with("order.") && topic != "order.deleted";
    if (!is_order) return std::nullopt;
    const json order = json::parse(body, nullptr, false);
    if (order.is_discarded() || !order.is_object())
        return fail(Code::kInvalid, "webhook.json", "the body is not a JSON object");
    try {
        WebOrder read = shop == WebShop::kShopify ? shopify(order) : woocommerce(order);
        std::erase_if(read.order, [](const auto& field) { return field.second.empty(); });
        if (!read.order.contains("order_no"))
            return fail(Code::kInvalid, "webhook.no_order", "the order has no number");
        return read;
    } catch (const json::exception&) {
        return fail(Code::kInvalid, "webhook.no_order", "the body is not an order of this platform");
    }
}

}  // namespace shuke::platform
