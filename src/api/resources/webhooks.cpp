// src/api/resources/webhooks.cpp: what web shops send: signed with the shop's secret, each delivery once.

#include "api/resources.h"
#include "base/crypto.h"
#include "ingest/format/native.h"
#include "ingest/order_intake.h"
#include "platform/webhook.h"
#include "record/changes.h"

namespace shuke::api {
namespace {

constexpr std::int64_t kRemembered = std::int64_t{30} * 86'400 * 1'000'000;

struct Sender {
    const char* kind;
    platform::WebShop platform;
    const char *signature, *topic;  // headers
};
constexpr Sender kShopify{"shopify", platform::WebShop::kShopify, "x-shopify-hmac-sha256", "x-shopify-topic"};
constexpr Sender kWooCommerce{"woocommerce", platform::WebShop::kWooCommerce, "x-wc-webhook-signature",
                              "x-wc-webhook-topic"};

// The same answer for a shop that is not known and a signature that does not hold.
Status check_signature(const Call& call, const Sender& sender, const std::string& shop, const std::string& body) {
    std::string sealed;
    const std::string kind = sender.kind;
    bool known = false;
    auto read = call.at.database.read([&](soci::session& session) {
        session << "SELECT secret_sealed FROM webhook_sources WHERE kind = :kind AND shop = :shop", soci::use(kind),
            soci::use(shop), soci::into(sealed);
        known = session.got_data();
    });
    if (!read) return read;
    const auto secret = known ? call.at.database.keys().unseal(sealed) : Result<std::string>(random_name());
    if (!secret) return std::unexpected(secret.error());
    const bool holds = platform::is_signed(body, *secret, call.request.header(sender.signature));
    if (known && holds) return {};
    return fail(Code::kForbidden, "webhook.signature",
                "the signature is not that of this shop's secret; set it with PUT /webhook-sources");
}

// A delivery is known by what it says, since that alone is signed.
struct Delivery {
    std::string kind, shop, id;
};
Delivery delivery_of(const Sender& sender, const std::string& shop, const std::string& body) {
    Checksum checksum;
    checksum.add(body);
    return {sender.kind, shop, checksum.finish()};
}

Result<bool> is_known(const Call& call, const Delivery& delivery) {
    int known = 0;
    auto read = call.at.database.read([&](soci::session& session) {
        session
            << "SELECT count(*) FROM webhook_deliveries WHERE kind = :kind AND shop = :shop AND delivery = :delivery",
            soci::use(delivery.kind), soci::use(delivery.shop), soci::use(delivery.id), soci::into(known);
    });
    if (!read) return std::unexpected(read.error());
    return known > 0;
}

// Only once the order is in the record: a delivery that is remembered and was not taken would be lost, since the sender's
// next try would be told that it is known. Taken and not remembered, it is taken again, and changes nothing.
Status remember(record::Database& database, const Delivery& delivery) {
    const long long now = database.clock().now().us_since_epoch, old = now - kRemembered;
    return database.write("webhook.receive", [&](soci::session& session) {
        session << "DELETE FROM webhook_deliveries WHERE received_at < :old", soci::use(old);
        session << "DELETE FROM webhook_deliveries WHERE kind = :kind AND shop = :shop AND delivery = :delivery",
            soci::use(delivery.kind), soci::use(delivery.shop), soci::use(delivery.id);
        session << "INSERT INTO webhook_deliveries (kind, shop, delivery, received_at) VALUES (:kind, :shop, "
                   ":delivery, :at)",
            soci::use(delivery.kind), soci::use(delivery.shop), soci::use(delivery.id), soci::use(now);
        session << "UPDATE webhook_sources SET last_received_at = :at WHERE kind = :kind AND shop = :shop",
            soci::use(now), soci::use(delivery.kind), soci::use(delivery.shop);
    });
}

ingest::IncomingOrder incoming(const platform::WebOrder& web, const char* kind, const std::string& shop) {
    const auto texts_of = [&](const platform::FieldTexts& line) {
        ingest::NativeTexts texts;
        for (const auto& column : ingest::native_columns()) {
            const std::string name(column.name);
            const auto in_line = line.find(name), in_order = web.order.find(name);
            texts.push_back(name == "platform"            ? kind
                            : name == "shop"              ? shop
                            : in_line != line.end()       ? in_line->second
                            : in_order != web.order.end() ? in_order->second
                                                          : "");
        }
        return texts;
    };
    ingest::IncomingOrder order;
    for (const auto& line : web.lines) order.rows.push_back(texts_of(line));
    if (order.rows.empty()) order.rows.push_back(texts_of({}));
    return order;
}

void receive(const Sender& sender, const std::shared_ptr<Call>& call, const std::function<void(Reply)>& answer) {
    const std::string shop = call->path.at("shop"), body = call->request.body_text();
    if (platform::is_ping(sender.platform, body)) return answer(json({{"result", "ignored"}}));
    if (auto holds = check_signature(*call, sender, shop, body); !holds) return answer(std::unexpected(holds.error()));
    const auto web = platform::read_order(sender.platform, call->request.header(sender.topic), body);
    if (!web) return answer(std::unexpected(web.error()));
    if (!*web) return answer(json({{"result", "ignored"}}));
    const Delivery delivery = delivery_of(sender, shop, body);
    const auto known = is_known(*call, delivery);
    if (!known) return answer(std::unexpected(known.error()));
    if (*known) return answer(json({{"result", "known"}}));
    const bool taken = call->at.intake.submit(
        {incoming(**web, sender.kind, shop)},
        [answer, delivery, &database = call->at.database](const std::vector<ingest::OrderOutcome>& outcomes) {
            const auto& one = outcomes.front();
            if (one.kind == ingest::OrderOutcome::Kind::kRejected)
                return answer(fail(Code::kInvalid, one.problem, one.detail));
            if (auto noted = remember(database, delivery); !noted) return answer(std::unexpected(noted.error()));
            answer(json({{"result", "taken"}}));
        });
    if (!taken)
        answer(fail(Code::kExhausted, "server.busy", "too many orders wait to be written; try again in a second"));
}

Json source_json(const std::string& kind, const std::string& shop, const record::Nullable& at) {
    return {{"kind", kind},
            {"shop", shop},
            {"path", "/api/v1/webhooks/" + kind + "/" + shop},
            {"has_secret", true},
            {"last_received_at", instant_json(Instant{at.or_else(kNever.us_since_epoch)})}};
}

Reply list_webhook_sources(Call& call) {
    Json items = Json::array();
    auto read = call.at.database.read([&](soci::session& session) {
        std::string kind, shop;
        record::Nullable at;
        soci::statement select =
            (session.prepare << "SELECT kind, shop, last_received_at FROM webhook_sources ORDER BY kind, shop",
             soci::into(kind), soci::into(shop), soci::into(at.value, at.indicator));
        select.execute();
        while (select.fetch()) items.push_back(source_json(kind, shop, at));
    });
    if (!read) return std::unexpected(read.error());
    return json({{"items", items}});
}

Reply set_webhook_source(Call& call) {
    const std::string kind = call.text("kind"), shop = call.text("shop"), secret = call.text("secret");
    const std::string sealed = call.at.database.keys().seal(secret);
    auto written = call.at.database.write("webhook.source", [&](soci::session& session) {
        session << "DELETE FROM webhook_sources WHERE kind = :kind AND shop = :shop", soci::use(kind), soci::use(shop);
        if (!secret.empty())
            session << "INSERT INTO webhook_sources (kind, shop, secret_sealed) VALUES (:kind, :shop, :secret)",
                soci::use(kind), soci::use(shop), soci::use(sealed);
        record::append_audit(
            session, {call.who.actor(), secret.empty() ? "webhook.remove" : "webhook.set", kind + " " + shop, ""},
            call.at.clock.now());
    });
    if (!written) return std::unexpected(written.error());
    Json shown = source_json(kind, shop, {});
    shown["has_secret"] = !secret.empty();
    return json(shown);
}

}  // namespace

void add_webhooks(Handlers& handlers) {
    handlers.add_later(
        "receive_shopify_webhook",
        [](std::shared_ptr<Call> call, const std::function<void(Reply)>& answer) { receive(kShopify, call, answer); });
    handlers.add_later("receive_woocommerce_webhook",
                       [](std::shared_ptr<Call> call, const std::function<void(Reply)>& answer) {
                           receive(kWooCommerce, call, answer);
                       });
    handlers.add("list_webhook_sources", list_webhook_sources);
    handlers.add("set_webhook_source", set_webhook_source);
}

}  // namespace shuke::api
