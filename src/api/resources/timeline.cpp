// src/api/resources/timeline.cpp: all that happened around one customer, the newest first.
#include <algorithm>
#include <charconv>

#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "api/resources/order_json.h"
#include "audience/schema.h"
#include "auth/masking.h"
#include "record/customer_cards.h"
#include "record/customer_events.h"
#include "record/customers.h"
#include "record/notes.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

struct Item {
    Instant at = kNever;
    std::string kind;
    std::int64_t id = 0;
    Json body;
};

constexpr const char* kKinds[] = {"shipment", "review", "message", "interaction", "points", "coupon", "ticket"};

// Seconds of the order of things that happened at one moment: by kind, then by id.
bool newer(const Item& a, const Item& b) { return std::tie(a.at, a.kind, a.id) > std::tie(b.at, b.kind, b.id); }

std::string cursor_of(const Item& item) {
    return std::to_string(item.at.us_since_epoch) + ":" + item.kind + ":" + std::to_string(item.id);
}

Result<std::optional<Item>> parse_cursor(const std::string& text) {
    if (text.empty()) return std::nullopt;
    Item item;
    const auto first = text.find(':'), last = text.rfind(':');
    if (first != std::string::npos && last > first) {
        const auto at = std::from_chars(text.data(), text.data() + first, item.at.us_since_epoch);
        const auto id = std::from_chars(text.data() + last + 1, text.data() + text.size(), item.id);
        item.kind = text.substr(first + 1, last - first - 1);
        if (at.ec == std::errc() && id.ec == std::errc()) return item;
    }
    return fail(Code::kInvalid, "request.cursor", "this cursor is of no page; take next_cursor of the page before");
}

class Timeline {
public:
    // `clear`: what colleagues noted is shown as they wrote it.
    Timeline(soci::session& session, const KeyRing& keys, bool clear)
        : session_(session), keys_(keys), clear_(clear), shops_(record::all_shops(session)) {}

    std::vector<Item> read(CustomerId customer) {
        const auto ids = record::all_ids_of(session_, customer);
        add_orders(customer);
        const auto shown = record::show_customer(session_, keys_, customer);
        if (shown) {
            for (const auto& event : shown->events) {
                if (event.kind == record::ShownEvent::Kind::kRefund) add_refund(event);
            }
            for (const auto& merge : shown->merges) add_merge(merge);
        }
        for (const auto& event : record::customer_events(session_, keys_, ids)) add_event(event);
        for (const auto& note : record::notes_of(session_, keys_, customer))
            add(note.at, "note", note.id, "",
                {{"text", clear_ ? note.text.reveal() : auth::mask_in_text(note.text.reveal())},
                 {"author", note.author}});
        return std::move(items_);
    }

private:
    void add(Instant at, const std::string& kind, std::int64_t id, const std::string& title, Json detail,
             Json amount = {}) {
        Json body{
            {"at", instant_json(at)}, {"kind", kind}, {"id", id}, {"title", title}, {"detail", std::move(detail)}};
        if (!amount.is_null()) body["amount"] = std::move(amount);
        items_.push_back({at, kind, id, std::move(body)});
    }

    std::string shop_name(ShopId id) const {
        for (const auto& shop : shops_) {
            if (shop.id == id) return shop.name;
        }
        return "";
    }

    void add_orders(CustomerId customer) {
        record::OrderFilter filter;
        filter.customers = {customer};
        filter.limit = 100'000;
        for (const auto& order : record::page_of_orders(session_, filter)) {
            const auto& head = order.header;
            Json detail{{"order_id", order.id.value},
                        {"order_no", order.order_no},
                        {"status", to_string(head.status)},
                        {"shop", text_or_null(shop_name(order.shop))},
                        {"channel", text_or_null(head.channel)},
                        {"coupon", text_or_null(head.coupon)},
                        {"paid_at", instant_json(head.paid_at)},
                        {"shipped_at", instant_json(head.shipped_at)},
                        {"signed_at", instant_json(head.signed_at)},
                        {"finished_at", instant_json(head.finished_at)},
                        {"closed_at", instant_json(head.closed_at)},
                        {"lines", lines_json(order)}};
            add(head.created_at, "order", order.id.value, order.order_no, std::move(detail),
                money_json(head.amount, head.currency));
        }
    }

    void add_refund(const record::ShownEvent& event) {
        Json detail{{"shop", text_or_null(shop_name(event.shop))}, {"order_no", text_or_null(event.order_no)}};
        if (event.order) detail["order_id"] = event.order.value;
        add(event.at, "refund", ++refunds_, event.number, std::move(detail), money_json(event.amount, event.currency));
    }

    void add_merge(const record::Merge& merge) {
        add(merge.at, "merge", merge.id, "",
            {{"merge_id", merge.id},
             {"survivor_id", merge.survivor.value},
             {"merged_id", merge.merged.value},
             {"actor", merge.actor},
             {"by", merge.identifier ? "identifier" : "person"},
             {"split_at", instant_json(merge.split_at)}});
    }

    // The word of a choice, as the audience's language has it.
    static Json choice_word(EventKind kind, const record::ShownValue& value) {
        const auto& fact = audience::facts()[static_cast<std::size_t>(audience::FactKind::kShipments) +
                                             static_cast<std::size_t>(kind)];
        const auto* field = audience::find_field(fact, value.name);
        const auto number = static_cast<std::size_t>(value.number);
        if (field == nullptr || number == 0 || number > field->choices.size()) return {};
        return std::string(field->choices[number - 1].key);
    }

    void add_event(const record::CustomerEvent& event) {
        Json detail = Json::object(), amount;
        std::string title;
        for (const auto& value : event.values) {
            const std::string name(value.name);
            switch (value.type) {
                case EventValue::kText: detail[name] = value.text; break;
                case EventValue::kChoice: detail[name] = choice_word(event.kind, value); break;
                case EventValue::kFlag: detail[name] = value.number == 1; break;
                case EventValue::kTime:
                case EventValue::kPlanned: detail[name] = instant_json(Instant{value.number}); break;
                case EventValue::kMoney:
                    (name == "value" ? amount : detail[name]) = money_json(value.number, event.currency);
                    break;
                case EventValue::kNumber: detail[name == "amount" ? "points" : name] = value.number; break;
            }
            if (name == "topic" || name == "carrier" || name == "channel" || name == "template" || name == "reason")
                title = value.text;
        }
        if (!event.tracking_no.empty()) detail["tracking_no"] = event.tracking_no;
        if (event.shop) detail["shop"] = text_or_null(shop_name(event.shop));
        if (event.order) detail["order_id"] = event.order.value;
        // What people wrote is theirs: whoever may not see it clear learns that there is something.
        if (!event.words.reveal().empty()) detail["text"] = "***";
        add(event.at, kKinds[static_cast<std::size_t>(event.kind)], event.id, title, std::move(detail),
            std::move(amount));
    }

    soci::session& session_;
    const KeyRing& keys_;
    const bool clear_;
    std::vector<Shop> shops_;
    std::vector<Item> items_;
    std::int64_t refunds_ = 0;
};

Reply customer_timeline(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const auto after = parse_cursor(call.asked("cursor"));
    if (!after) return std::unexpected(after.error());
    std::vector<Item> items;
    const bool clear = call.can(auth::Permission::kCustomersReveal);
    auto read = call.at.database.read(
        [&](soci::session& session) { items = Timeline(session, call.at.database.keys(), clear).read(*id); });
    if (!read) return std::unexpected(read.error());
    const std::string kind = call.asked("kind");
    std::erase_if(items, [&](const Item& item) {
        return (!kind.empty() && item.kind != kind) || (*after && !newer(**after, item));
    });
    std::ranges::sort(items, newer);
    const auto limit = call.query.at("limit").get<std::size_t>();
    Json list = Json::array(), next;
    for (std::size_t i = 0; i < items.size() && i < limit; ++i) list.push_back(std::move(items[i].body));
    if (items.size() > limit) next = cursor_of(items[limit - 1]);
    return json({{"items", list}, {"next_cursor", next}});
}

}  // namespace

void add_timeline(Handlers& handlers) { handlers.add("customer_timeline", customer_timeline); }

}  // namespace shuke::api
