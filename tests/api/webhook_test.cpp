// Aim: orders that Shopify and WooCommerce send are taken once, if the shop's secret signed them, in whatever order they come; and
// they are the orders that a file of the native form would have made.
// Method: payloads as the platforms' references print them, signed here, against the real server; the same orders as CSV into
// another record.
#include "platform/webhook.h"

#include <gtest/gtest.h>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

constexpr const char* kSecret = "a secret of the shop";

struct Platform {
    const char *path, *signature, *topic;
};
constexpr Platform kShopify{"/api/v1/webhooks/shopify/mystore", "X-Shopify-Hmac-Sha256: ", "X-Shopify-Topic: "};
constexpr Platform kWooCommerce{"/api/v1/webhooks/woocommerce/mystore",
                                "X-WC-Webhook-Signature: ", "X-WC-Webhook-Topic: "};

// An order of Shopify's reference, paid and partly refunded; what is not read is left in to be passed over.
Json shopify_order() {
    return Json::parse(R"({
      "id": 820982911946154508, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508", "app_id": null,
      "browser_ip": null, "buyer_accepts_marketing": true, "cancel_reason": null, "cancelled_at": null,
      "closed_at": null, "confirmed": true, "contact_email": "jon@doe.ca", "created_at": "2026-11-20T09:00:00-05:00",
      "currency": "USD", "current_total_price": "393.00", "customer_locale": "en",
      "discount_codes": [{"code": "WELCOME5", "amount": "5.00", "type": "fixed_amount"}], "email": "jon@doe.ca",
      "financial_status": "paid", "fulfillment_status": null, "name": "#9999", "note": null, "note_attributes": [],
      "number": 234, "order_number": 1234, "payment_gateway_names": ["visa", "bogus"], "phone": null,
      "presentment_currency": "USD", "processed_at": "2026-11-20T09:01:00-05:00", "source_name": "web",
      "subtotal_price": "393.00", "tags": "", "tax_lines": [], "test": false, "total_discounts": "5.00",
      "total_line_items_price": "398.00", "total_price": "403.00", "total_tax": "0.00",
      "updated_at": "2026-11-20T09:01:00-05:00",
      "billing_address": {"name": "Bob Biller", "city": "Billtown", "province": "Kentucky", "phone": "555-555-BILL"},
      "shipping_address": {"first_name": "Steve", "last_name": "Shipper", "name": "Steve Shipper",
        "address1": "123 Shipping Street", "city": "Shippington", "province": "Kentucky", "country": "United States",
        "zip": "40003", "phone": "+1 502 555 0123"},
      "customer": {"id": 115310627314723954, "email": "john@example.com", "first_name": "John", "last_name": "Smith",
        "phone": null, "tags": ""},
      "line_items": [
        {"id": 866550311766439020, "product_id": 632910392, "variant_id": 808950810, "sku": "IPOD2008PINK",
         "title": "IPod Nano - 8GB", "vendor": "Apple", "name": "IPod Nano - 8GB", "quantity": 1, "price": "199.00",
         "total_discount": "0.00", "discount_allocations": [{"amount": "5.00", "discount_application_index": 0}]},
        {"id": 141249953214522974, "product_id": 632910393, "variant_id": 808950811, "sku": "IPOD2008BLACK",
         "title": "IPod Nano - 8GB", "vendor": "Apple", "name": "IPod Nano - 8GB", "quantity": 1, "price": "199.00",
         "total_discount": "0.00", "discount_allocations": []}],
      "shipping_lines": [], "fulfillments": [], "refunds": []})");
}

Json woocommerce_order() {
    return Json::parse(R"({
      "id": 727, "parent_id": 0, "number": "727", "order_key": "wc_order_58d2d042d1d", "created_via": "rest-api",
      "version": "3.0.0", "status": "processing", "currency": "USD", "date_created": "2026-11-20T16:28:02",
      "date_created_gmt": "2026-11-20T19:28:02", "date_modified": "2026-11-20T16:28:08",
      "date_modified_gmt": "2026-11-20T19:28:08", "discount_total": "0.00", "shipping_total": "10.00", "total": "29.35",
      "total_tax": "1.35", "prices_include_tax": false, "customer_id": 26, "customer_note": "",
      "billing": {"first_name": "John", "last_name": "Doe", "address_1": "969 Market", "city": "San Francisco",
        "state": "CA", "postcode": "94103", "country": "US", "email": "john.doe@example.com", "phone": "+14155550123"},
      "shipping": {"first_name": "John", "last_name": "Doe", "address_1": "969 Market", "city": "San Francisco",
        "state": "CA", "postcode": "94103", "country": "US"},
      "payment_method": "bacs", "date_paid": "2026-11-20T16:28:08", "date_paid_gmt": "2026-11-20T19:28:08",
      "date_completed": null, "date_completed_gmt": null, "meta_data": [],
      "line_items": [
        {"id": 315, "name": "Woo Single #1", "product_id": 93, "variation_id": 0, "quantity": 2, "subtotal": "6.00",
         "total": "6.00", "total_tax": "0.45", "sku": "", "price": 3},
        {"id": 316, "name": "Ship Your Idea, Black", "product_id": 22, "variation_id": 23, "quantity": 1,
         "subtotal": "12.00", "total": "12.00", "total_tax": "0.90", "sku": "Bar3", "price": 12}],
      "tax_lines": [], "shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": []})");
}

class Webhooks : public ::testing::Test {
protected:
    Webhooks() : key_(server_.key("admin")) {
        for (const char* kind : {"shopify", "woocommerce"}) {
            const auto set = call("PUT", "/api/v1/webhook-sources",
                                  Json{{"kind", kind}, {"shop", "mystore"}, {"secret", kSecret}}.dump());
            EXPECT_EQ(set.status, 200) << set.body;
            EXPECT_EQ(set.body.find(kSecret), std::string::npos) << "a secret is never shown again";
        }
    }

    Answer call(const std::string& method, const std::string& path, const std::string& body = {}) {
        return server_.send(method, path, body, {"Authorization: Bearer " + key_, "Content-Type: application/json"});
    }
    Answer deliver(const Platform& from, const std::string& topic, const std::string& body,
                   const std::string& signature) {
        return server_.send(
            "POST", from.path, body,
            {"Content-Type: application/json", from.topic + topic, from.signature + signature,
             "X-Shopify-Webhook-Id: b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "X-WC-Webhook-Delivery-ID: 8e"});
    }
    Answer signed_delivery(const Platform& from, const std::string& topic, const Json& order) {
        const std::string body = order.dump();
        return deliver(from, topic, body, platform::hmac_sha256_base64(body, kSecret));
    }
    Json order_of(const std::string& number) {
        const auto found = call("GET", "/api/v1/orders?shop=mystore&q=" + number).json();
        EXPECT_LE(found.at("items").size(), 1u);
        return found.at("items").empty() ? Json() : found.at("items").front();
    }
    static std::string result_of(const Answer& answer) { return answer.json().value("result", answer.body); }

    TestServer server_;
    std::string key_;
};

TEST_F(Webhooks, TheSignatureIsThePlatforms) {
    EXPECT_EQ(platform::hmac_sha256_base64(R"({"id":1})", "hush"), "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=");
}

TEST_F(Webhooks, OnlyWhatTheShopsSecretSignedIsTaken) {
    const std::string body = shopify_order().dump();
    const std::string right = platform::hmac_sha256_base64(body, kSecret);
    for (const std::string& wrong :
         {std::string(), std::string("nonsense"), platform::hmac_sha256_base64(body, "another"),
          platform::hmac_sha256_base64(body + " ", kSecret), right.substr(1)}) {
        const auto refused = deliver(kShopify, "orders/create", body, wrong);
        EXPECT_EQ(refused.status, 401) << refused.body;
        EXPECT_EQ(refused.json().value("key", ""), "webhook.signature");
    }
    const auto without =
        server_.send("POST", kShopify.path, body, {"Content-Type: application/json", "X-Shopify-Topic: orders/create"});
    EXPECT_EQ(without.status, 401) << without.body;
    const auto elsewhere = server_.send(
        "POST", "/api/v1/webhooks/shopify/another", body,
        {"Content-Type: application/json", "X-Shopify-Topic: orders/create", "X-Shopify-Hmac-Sha256: " + right});
    EXPECT_EQ(elsewhere.status, 401) << "the secret is this shop's alone";
    EXPECT_EQ(without.body.substr(0, 40), elsewhere.body.substr(0, 40)) << "nobody learns which shops there are";
    EXPECT_TRUE(order_of("%239999").is_null()) << "nothing was taken";
    EXPECT_EQ(result_of(deliver(kShopify, "orders/create", body, right)), "taken");
    EXPECT_FALSE(order_of("%239999").is_null());
}

TEST_F(Webhooks, ADeliveryThatComesAgainDoesNothing) {
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/create", shopify_order())), "taken");
    const Json before = order_of("%239999");
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/create", shopify_order())), "known");
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/updated", shopify_order())), "known")
        << "the headers are not signed: it is the same delivery";
    EXPECT_EQ(order_of("%239999"), before);
}

TEST_F(Webhooks, AnUpdateChangesTheOrderAndAnOlderStateThatComesLateDoesNot) {
    const Json created = shopify_order();
    Json shipped = created;
    shipped["updated_at"] = "2026-11-21T10:00:00-05:00";
    shipped["fulfillment_status"] = "fulfilled";
    shipped["fulfillments"] = Json::array({{{"status", "success"}, {"created_at", "2026-11-21T10:00:00-05:00"}}});
    shipped["financial_status"] = "partially_refunded";
    shipped["refunds"] = Json::parse(R"([{"id": 509562969, "created_at": "2026-11-21T09:30:00-05:00",
      "transactions": [{"amount": "10.00", "kind": "refund", "status": "success"},
                       {"amount": "99.00", "kind": "refund", "status": "failure"}]}])");
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/updated", shipped)), "taken");
    const Json newest = order_of("%239999");
    EXPECT_EQ(newest.at("status"), "shipped");
    EXPECT_EQ(newest.at("refunded").at("minor"), 1000);
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/create", created)), "taken")
        << "another delivery, an older state";
    const Json after = order_of("%239999");
    EXPECT_EQ(after.at("status"), "shipped");
    EXPECT_EQ(after.at("refunded").at("minor"), 1000);
    EXPECT_EQ(after.at("updated_at"), newest.at("updated_at"));
}

TEST_F(Webhooks, OtherTopicsAndThePingOfANewWebhookAreAnswered) {
    EXPECT_EQ(result_of(signed_delivery(kShopify, "customers/create", Json{{"id", 1}})), "ignored");
    const auto ping =
        server_.send("POST", kWooCommerce.path, "webhook_id=7", {"Content-Type: application/x-www-form-urlencoded"});
    EXPECT_EQ(ping.status, 200) << ping.body;
    EXPECT_EQ(server_
                  .send("POST", kWooCommerce.path, "webhook_id=7&order=1",
                        {"Content-Type: application/x-www-form-urlencoded"})
                  .status,
              401);
    EXPECT_EQ(signed_delivery(kShopify, "orders/create", Json{{"hello", "world"}}).status, 422);
}

// Everything but what a record numbers for itself.
Json business_of(Json order) {
    for (const char* own : {"id", "shop_id", "customer_id"}) order.erase(own);
    return order;
}

TEST_F(Webhooks, AnOrderByWebhookIsTheOrderByFile) {
    EXPECT_EQ(result_of(signed_delivery(kShopify, "orders/create", shopify_order())), "taken");
    EXPECT_EQ(result_of(signed_delivery(kWooCommerce, "order.created", woocommerce_order())), "taken");
    const Json by_shopify = order_of("%239999"), by_woocommerce = order_of("727");
    TestServer other;
    const std::string key = other.key("admin");
    const auto ask = [&](const std::string& method, const std::string& path, const std::string& body,
                         const std::string& type, std::vector<std::string> more = {}) {
        more.push_back("Authorization: Bearer " + key);
        more.push_back("Content-Type: " + type);
        return other.send(method, path, body, more);
    };
    const std::string csv =
        "platform,shop,order_no,external_id,name,phone,email,province,city,status,created_at,paid_at,updated_at,amount,"
        "discount,currency,channel,coupon,line_no,product,title,brand,quantity,price,line_amount\n"
        "shopify,mystore,#9999,115310627314723954,Steve Shipper,+1 502 555 0123,jon@doe.ca,Kentucky,Shippington,paid,"
        "2026-11-20T09:00:00-05:00,2026-11-20T09:01:00-05:00,2026-11-20T09:01:00-05:00,403.00,5.00,USD,web,WELCOME5,1,"
        "632910392,IPod Nano - 8GB,Apple,1,199.00,194.00\n"
        "shopify,mystore,#9999,115310627314723954,Steve Shipper,+1 502 555 0123,jon@doe.ca,Kentucky,Shippington,paid,"
        "2026-11-20T09:00:00-05:00,2026-11-20T09:01:00-05:00,2026-11-20T09:01:00-05:00,403.00,5.00,USD,web,WELCOME5,2,"
        "632910393,IPod Nano - 8GB,Apple,1,199.00,\n"
        "woocommerce,mystore,727,26,John Doe,+14155550123,john.doe@example.com,CA,San Francisco,paid,"
        "2026-11-20T19:28:02Z,2026-11-20T19:28:08Z,2026-11-20T19:28:08Z,29.35,0.00,USD,rest-api,,1,93,Woo Single "
        "#1,,2,,6.00\n"
        "woocommerce,mystore,727,26,John Doe,+14155550123,john.doe@example.com,CA,San Francisco,paid,"
        "2026-11-20T19:28:02Z,2026-11-20T19:28:08Z,2026-11-20T19:28:08Z,29.35,0.00,USD,rest-api,,2,22,"
        "\"Ship Your Idea, Black\",,1,,12.00\n";
    const auto upload = ask("POST", "/api/v1/uploads", Json{{"filename", "orders.csv"}, {"size", csv.size()}}.dump(),
                            "application/json")
                            .json();
    const std::string id = upload.at("id");
    ASSERT_EQ(ask("PATCH", "/api/v1/uploads/" + id, csv, "application/octet-stream", {"Upload-Offset: 0"}).status, 200);
    const auto job = other.job_of(
        ask("POST", "/api/v1/imports", Json{{"upload_id", id}, {"format", "native"}}.dump(), "application/json"), key);
    ASSERT_EQ(job.at("state"), "done") << job;
    ASSERT_EQ(job.at("result").at("rejected"), 0) << job;
    const auto by_file = [&](const std::string& number) {
        return ask("GET", "/api/v1/orders?shop=mystore&q=" + number, "", "application/json").json().at("items").at(0);
    };
    EXPECT_EQ(business_of(by_shopify), business_of(by_file("%239999")));
    EXPECT_EQ(business_of(by_woocommerce), business_of(by_file("727")));
    EXPECT_EQ(by_shopify.at("amount").at("minor"), 40300);
    EXPECT_EQ(by_shopify.at("created_at"), "2026-11-20T14:00:00Z");
    EXPECT_EQ(by_shopify.at("lines").at(0).at("amount").at("minor"), 19400);
}

}  // namespace
}  // namespace shuke::tests
