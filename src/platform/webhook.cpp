#include "platform/webhook.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "platform/web_order.h"

namespace shuke::platform {

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

bool is_ping(WebShop shop, std::string_view body) {
    constexpr std::string_view kPing = "webhook_id=";
    return shop == WebShop::kWooCommerce && body.size() < 40 && body.starts_with(kPing) && body.size() > kPing.size() &&
           body.find_first_not_of("0123456789", kPing.size()) == std::string_view::npos;
}

Result<std::optional<WebOrder>> read_order(WebShop shop, std::string_view topic, std::string_view body) {
    const bool is_order = shop == WebShop::kShopify ? topic.starts_with("orders/") && topic != "orders/delete"
                                                    : topic.starts_with("order.") && topic != "order.deleted";
    if (!is_order) return std::nullopt;
    const WebJson order = WebJson::parse(body, nullptr, false);
    if (order.is_discarded() || !order.is_object())
        return fail(Code::kInvalid, "webhook.json", "the body is not a JSON object");
    try {
        WebOrder read = shop == WebShop::kShopify ? shopify_order(order) : woocommerce_order(order);
        std::erase_if(read.order, [](const auto& field) { return field.second.empty(); });
        if (!read.order.contains("order_no"))
            return fail(Code::kInvalid, "webhook.no_order", "the order has no number");
        return read;
    } catch (const WebJson::exception&) {
        return fail(Code::kInvalid, "webhook.no_order", "the body is not an order of this platform");
    }
}

}  // namespace shuke::platform
