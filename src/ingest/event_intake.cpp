#include "ingest/event_intake.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "identity/account_resolver.h"
#include "identity/lookup.h"
#include "record/accounts.h"
#include "record/changes.h"
#include "record/custom_attributes.h"
#include "record/interactions.h"
#include "record/next_id.h"
#include "record/reviews.h"
#include "record/settings.h"
#include "record/shipments.h"
#include "record/shops.h"
#include "record/spans.h"
#include "record/tags.h"

namespace shuke::ingest {
namespace {

using Kind = OrderOutcome::Kind;

[[noreturn]] void refuse(const char* key, const std::string& detail) { throw Failure{{Code::kInvalid, key, detail}}; }

// One row, read with the shop's zone and currency.
class Fields {
public:
    Fields(const IncomingEvent& event, const Shop& shop)
        : event_(event), shop_(shop), zone_(TimeZone::find(shop.time_zone).value_or(TimeZone::utc())) {}

    const std::string& text(std::string_view name) const {
        static const std::string kNone;
        const auto found = event_.fields.find(name);
        return found == event_.fields.end() ? kNone : found->second;
    }
    const std::string& needed(std::string_view name) const {
        const auto& said = text(name);
        if (is_blank(said)) refuse("field.missing", "'" + std::string(name) + "' is missing");
        return said;
    }
    Instant time(std::string_view name) const {
        const auto& said = text(name);
        return is_blank(said) ? kNever : to_instant(or_throw(parse_time(said)), zone_);
    }
    Instant needed_time(std::string_view name) const {
        needed(name);
        return time(name);
    }
    std::int64_t whole(std::string_view name) const {
        const auto& said = text(name);
        return is_blank(said) ? kMissingAmount : or_throw(to_minor(or_throw(parse_decimal(said)), 0)).minor;
    }
    Currency currency() const {
        return text("currency").empty() ? shop_.currency : or_throw(parse_currency(text("currency")));
    }
    bool flag(std::string_view name) const { return text(name) == "true"; }
    Day day(Instant at) const { return at == kNever ? kNoDay : zone_.day_of(at); }
    Gender gender() const {
        const std::string word = fold(text("gender"));
        if (word == "male" || word == "m" || word == "男") return Gender::kMale;
        if (word == "female" || word == "f" || word == "女") return Gender::kFemale;
        return Gender::kUnknown;
    }

private:
    const IncomingEvent& event_;
    const Shop& shop_;
    TimeZone zone_;
};

class Taker {
public:
    Taker(record::Database& database, soci::session& session)
        : database_(database), session_(session), now_(database.clock().now()) {}

    Kind take(EventTable table, const IncomingEvent& event, std::string& key) {
        const Shop shop = shop_of(event);
        const Fields row(event, shop);
        switch (table) {
            case EventTable::kInteractions: return take_interaction(row, shop);
            case EventTable::kReviews: return take_review(row, shop, key);
            case EventTable::kRefunds: return take_refund(row, shop, key);
            case EventTable::kShipments: return take_shipment(row, shop, key);
            case EventTable::kCustomers: break;
        }
        return Kind::kUnchanged;
    }

    Shop shop_of(const IncomingEvent& event) {
        const auto said = [&](const char* name) {
            const auto found = event.fields.find(name);
            return found == event.fields.end() || is_blank(found->second) ? std::string("native") : found->second;
        };
        Shop shop;
        shop.platform = said("platform");
        shop.name = said("shop");
        return record::ensure_shop(session_, shop, now_);
    }

private:
    struct Order {
        OrderId id;
        CustomerId customer;
    };

    std::optional<Order> order_of(const Fields& row, const Shop& shop) {
        const std::string& number = row.text("order_no");
        if (number.empty()) return std::nullopt;
        const long long in = shop.id.value;
        long long id = 0;
        record::Nullable customer;
        session_ << "SELECT id, customer_id FROM orders WHERE shop_id = :shop AND order_no = :no", soci::use(in),
            soci::use(number), soci::into(id), soci::into(customer.value, customer.indicator);
        if (!session_.got_data())
            throw Failure{
                {Code::kNotFound, "order.unknown", "this shop has no order of this number; send the order first"}};
        return Order{OrderId{id}, CustomerId{customer.or_else(0)}};
    }

    CustomerId whose(const Fields& row, const std::optional<Order>& order) {
        if (!row.text("customer_id").empty()) {
            const auto found =
                or_throw(identity::find_customers(session_, database_.keys(), "id:" + row.text("customer_id")));
            return found.front();
        }
        for (const char* kind : {"external_id", "phone", "email"}) {
            if (row.text(kind).empty()) continue;
            const auto found = or_throw(
                identity::find_customers(session_, database_.keys(), std::string(kind) + ":" + row.text(kind)));
            if (found.size() > 1)
                throw Failure{
                    {Code::kConflict, "customer.ambiguous", "several customers have this " + std::string(kind)}};
            return found.front();
        }
        if (order && order->customer) return order->customer;
        if (order) return CustomerId{0};
        refuse("field.missing", "say whose it is: customer_id, external_id, phone, email or order_no");
    }

    void fill_head(record::EventHead& head, const Fields& row, const Shop& shop) {
        const auto order = order_of(row, shop);
        head.customer = whose(row, order);
        if (order) head.order = order->id;
        head.shop = shop.id;
        head.at = row.needed_time("at");
        head.day = row.day(head.at);
        head.currency = row.currency();
    }

    template <class Choice>
    static Choice choice(const std::string& word, std::initializer_list<const char*> words, const char* field) {
        if (word.empty()) return Choice{};
        int number = 0;
        for (const char* one : words) {
            ++number;
            if (fold(word) == one) return static_cast<Choice>(number);
        }
        refuse("field.unknown_word", "'" + std::string(field) + "' has a word that is not known");
    }

    Kind take_interaction(const Fields& row, const Shop& shop) {
        record::Interaction one;
        fill_head(one.head, row, shop);
        if (!one.head.customer) refuse("field.missing", "an interaction is somebody's; this order is a guest's");
        one.channel = row.text("channel");
        one.kind = row.text("kind");
        one.direction = choice<Direction>(row.text("direction"), {"inbound", "outbound"}, "direction");
        one.agent = row.text("agent");
        one.topic = row.text("topic");
        one.outcome = row.text("outcome");
        one.seconds = row.whole("seconds");
        one.text = row.text("text");
        // Nobody numbers them: the same moment, channel and kind of a customer are the same one.
        const long long customer = one.head.customer.value, at = one.head.at.us_since_epoch;
        long long id = 0;
        std::string outcome, topic;
        soci::indicator no_outcome = soci::i_ok, no_topic = soci::i_ok;
        session_ << "SELECT id, outcome, topic FROM interactions WHERE customer_id = :customer AND at = :at AND "
                    "coalesce(channel, '') = "
                    ":channel AND coalesce(kind, '') = :kind",
            soci::use(customer), soci::use(at), soci::use(one.channel), soci::use(one.kind), soci::into(id),
            soci::into(outcome, no_outcome), soci::into(topic, no_topic);
        const bool known = session_.got_data();
        if (known && (no_outcome == soci::i_null ? "" : outcome) == one.outcome &&
            (no_topic == soci::i_null ? "" : topic) == one.topic)
            return Kind::kUnchanged;
        one.head.id = known ? id : 0;
        std::vector<record::Interaction> rows{one};
        record::put_interactions(session_, database_.keys(), rows);
        return known ? Kind::kChanged : Kind::kNew;
    }

    Kind take_review(const Fields& row, const Shop& shop, std::string& key) {
        record::Review one;
        one.review_no = key = row.needed("review_no");
        fill_head(one.head, row, shop);
        one.score = row.whole("score");
        if (one.score != kMissingAmount && (one.score < 1 || one.score > 5))
            refuse("number.out_of_range", "'score' is 1 to 5");
        one.sentiment = choice<Sentiment>(row.text("sentiment"), {"negative", "neutral", "positive"}, "sentiment");
        one.has_photo = row.flag("has_photo");
        one.follow_up = row.flag("follow_up");
        one.replied_at = row.time("replied_at");
        one.text = row.text("text");
        const long long in = shop.id.value;
        long long id = 0, at = 0;
        record::Nullable score, sentiment, replied;
        int photo = 0, follow_up = 0;
        std::string sealed;
        soci::indicator no_text = soci::i_ok;
        session_ << "SELECT id, at, score, sentiment, replied_at, has_photo, follow_up, content_sealed FROM reviews "
                    "WHERE shop_id = :shop AND "
                    "review_no = :no",
            soci::use(in), soci::use(one.review_no), soci::into(id), soci::into(at),
            soci::into(score.value, score.indicator), soci::into(sentiment.value, sentiment.indicator),
            soci::into(replied.value, replied.indicator), soci::into(photo), soci::into(follow_up),
            soci::into(sealed, no_text);
        const bool known = session_.got_data();
        if (known) {
            const std::string words = no_text == soci::i_null ? "" : or_throw(database_.keys().unseal(sealed));
            const bool same = at == one.head.at.us_since_epoch && score.or_else(kMissingAmount) == one.score &&
                              sentiment.or_else(0) == static_cast<int>(one.sentiment) &&
                              replied.or_else(kNever.us_since_epoch) == one.replied_at.us_since_epoch &&
                              (photo != 0) == one.has_photo && (follow_up != 0) == one.follow_up && words == one.text;
            if (same) return Kind::kUnchanged;
            one.head.id = id;
        }
        std::vector<record::Review> rows{one};
        record::put_reviews(session_, database_.keys(), rows);
        return known ? Kind::kChanged : Kind::kNew;
    }

    Kind take_shipment(const Fields& row, const Shop& shop, std::string& key) {
        record::Shipment one;
        one.carrier = row.needed("carrier");
        one.tracking_no = key = row.needed("tracking_no");
        fill_head(one.head, row, shop);
        one.issue = row.text("issue");
        const std::pair<const char*, Instant*> times[] = {
            {"promised_at", &one.promised_at},     {"picked_up_at", &one.picked_up_at}, {"arrived_at", &one.arrived_at},
            {"delivering_at", &one.delivering_at}, {"problem_at", &one.problem_at},     {"signed_at", &one.signed_at},
            {"returned_at", &one.returned_at}};
        for (const auto& [name, into] : times) *into = row.time(name);
        long long id = 0, at = 0;
        record::Nullable known_times[7];
        std::string issue;
        soci::indicator no_issue = soci::i_ok;
        session_ << "SELECT id, at, promised_at, picked_up_at, arrived_at, delivering_at, problem_at, signed_at, "
                    "returned_at, issue FROM "
                    "shipments WHERE carrier = :carrier AND tracking_no = :no",
            soci::use(one.carrier), soci::use(one.tracking_no), soci::into(id), soci::into(at),
            soci::into(known_times[0].value, known_times[0].indicator),
            soci::into(known_times[1].value, known_times[1].indicator),
            soci::into(known_times[2].value, known_times[2].indicator),
            soci::into(known_times[3].value, known_times[3].indicator),
            soci::into(known_times[4].value, known_times[4].indicator),
            soci::into(known_times[5].value, known_times[5].indicator),
            soci::into(known_times[6].value, known_times[6].indicator), soci::into(issue, no_issue);
        const bool known = session_.got_data();
        if (known) {
            bool same = at == one.head.at.us_since_epoch;
            if (one.issue.empty() && no_issue != soci::i_null) one.issue = issue;
            same = same && one.issue == (no_issue == soci::i_null ? "" : issue);
            // What the carrier does not say again stays.
            for (std::size_t i = 0; i < std::size(times); ++i) {
                const Instant before{known_times[i].or_else(kNever.us_since_epoch)};
                if (*times[i].second == kNever) *times[i].second = before;
                same = same && *times[i].second == before;
            }
            if (same) return Kind::kUnchanged;
            one.head.id = id;
        }
        std::vector<record::Shipment> rows{one};
        record::put_shipments(session_, rows);
        return known ? Kind::kChanged : Kind::kNew;
    }

    Kind take_refund(const Fields& row, const Shop& shop, std::string& key) {
        const std::string number = key = row.needed("refund_no");
        const auto order = order_of(row, shop);
        const Currency currency = row.currency();
        const auto amount =
            or_throw(to_minor(or_throw(parse_decimal(row.needed("amount"))), info(currency).digits)).minor;
        if (amount < 0) refuse("amount.negative", "a refund's amount is what was given back, not below 0");
        const Instant asked = row.time("asked_at"), done = row.time("done_at");
        const long long in = shop.id.value, of = order ? order->id.value : 0, value = amount;
        const std::string &kind = row.text("kind"), &reason = row.text("reason"), &status = row.text("status");
        record::Nullable asked_at(asked.us_since_epoch, kNever.us_since_epoch),
            done_at(done.us_since_epoch, kNever.us_since_epoch);
        record::Nullable day(row.day(asked).days_since_epoch, kNoDay.days_since_epoch),
            customer(order ? order->customer.value : 0, 0);
        const int money = static_cast<int>(currency);
        long long id = 0, known_amount = 0;
        record::Nullable known_asked, known_done;
        std::string known_status;
        soci::indicator no_status = soci::i_ok;
        session_ << "SELECT id, amount, asked_at, done_at, status FROM refunds WHERE shop_id = :shop AND refund_no = "
                    ":no AND order_id = :order",
            soci::use(in), soci::use(number), soci::use(of), soci::into(id), soci::into(known_amount),
            soci::into(known_asked.value, known_asked.indicator), soci::into(known_done.value, known_done.indicator),
            soci::into(known_status, no_status);
        const bool known = session_.got_data();
        if (known && known_amount == value && known_asked.or_else(kNever.us_since_epoch) == asked.us_since_epoch &&
            known_done.or_else(kNever.us_since_epoch) == done.us_since_epoch &&
            (no_status == soci::i_null ? "" : known_status) == status)
            return Kind::kUnchanged;
        if (known) {
            session_ << "DELETE FROM refunds WHERE id = :id", soci::use(id);
        } else {
            id = record::next_id(session_, "refunds");
        }
        session_
            << "INSERT INTO refunds (id, shop_id, refund_no, order_id, customer_id, asked_at, done_at, day, currency, "
               "amount, kind, "
               "reason, status) VALUES (:id, :shop, :no, :order, :customer, :asked, :done, :day, :currency, :amount, "
               "nullif(:kind, ''), nullif(:reason, ''), nullif(:status, ''))",
            soci::use(id), soci::use(in), soci::use(number), soci::use(of),
            soci::use(customer.value, customer.indicator), soci::use(asked_at.value, asked_at.indicator),
            soci::use(done_at.value, done_at.indicator), soci::use(day.value, day.indicator), soci::use(money),
            soci::use(value), soci::use(kind), soci::use(reason), soci::use(status);
        record::append_changes(session_, {CustomerId{customer.or_else(0)}});
        return known ? Kind::kChanged : Kind::kNew;
    }

    record::Database& database_;
    soci::session& session_;
    Instant now_;
};

// A buyer without an order: an account as an order would have made it.
class CustomerTaker {
public:
    CustomerTaker(record::Database& database, record::WriteSession& session, const std::string& actor)
        : database_(database),
          session_(session),
          actor_(actor),
          resolver_(session, database.keys(), options(session, actor)) {
        resolver_.begin();
    }

    Kind take(const IncomingEvent& event, std::string& key) {
        const Instant now = database_.clock().now();
        const Shop shop = Taker(database_, session_.now()).shop_of(event);
        const Fields row(event, shop);
        identity::Buyer buyer;
        buyer.external_id = row.text("external_id");
        buyer.name = row.text("name");
        buyer.phone = row.text("phone");
        buyer.email = row.text("email");
        buyer.province = row.text("province");
        buyer.city = row.text("city");
        buyer.district = row.text("district");
        buyer.gender = row.gender();
        if (!row.text("birthday").empty()) buyer.birthday = or_throw(parse_time(row.text("birthday"))).day;
        long long before = 0, after = 0;
        session_.now() << "SELECT coalesce(max(id), 0) FROM accounts", soci::into(before);
        const auto who = resolver_.resolve(buyer, shop, now, now);
        if (!who) refuse("field.missing", "say who it is: external_id, phone or email");
        resolver_.flush();
        session_.now() << "SELECT coalesce(max(id), 0) FROM accounts", soci::into(after);
        key = std::to_string(who->customer.value);
        bool changed = who->changed;
        for (const auto& [name, value] : event.custom) {
            record::put_attribute_values(session_.now(), database_.keys(), {{who->customer, name, value}}, now);
            changed = true;
        }
        for (const auto& tag : event.tags) {
            const auto id = record::ensure_tag(session_.now(), tag);
            changed |=
                !record::add_members(session_.now(), record::kTagSpans, id.value, {who->customer}, now, record::kByHand)
                     .entered.empty();
        }
        if (changed || after > before) record::append_changes(session_.now(), {who->customer});
        return after > before ? Kind::kNew : changed ? Kind::kChanged : Kind::kUnchanged;
    }
    void finish() { resolver_.finish(); }

private:
    static identity::AccountResolver::Options options(record::WriteSession& session, const std::string& actor) {
        identity::AccountResolver::Options options;
        options.actor = actor;
        options.shared_names_max =
            static_cast<std::size_t>(record::integer_setting(session.now(), "identity.shared_names_max"));
        return options;
    }

    record::Database& database_;
    record::WriteSession& session_;
    std::string actor_;
    identity::AccountResolver resolver_;
};

OrderOutcome rejected(const Error& error) {
    OrderOutcome outcome;
    outcome.kind = Kind::kRejected;
    outcome.problem = error.key;
    outcome.detail = error.detail;
    return outcome;
}

}  // namespace

Result<std::vector<OrderOutcome>> take_events(record::Database& database, EventTable table,
                                              const std::vector<IncomingEvent>& events, const std::string& actor) {
    std::vector<OrderOutcome> outcomes(events.size());
    if (table != EventTable::kCustomers) {
        auto written = database.write("events.take", [&](soci::session& session) {
            Taker taker(database, session);
            for (std::size_t i = 0; i < events.size(); ++i) {
                session << "SAVEPOINT one_row";
                try {
                    std::string key;
                    outcomes[i].kind = taker.take(table, events[i], key);
                    outcomes[i].order_no = key;
                } catch (const Failure& failure) {
                    session << "ROLLBACK TO SAVEPOINT one_row";
                    outcomes[i] = rejected(failure.error);
                }
                session << "RELEASE SAVEPOINT one_row";
            }
        });
        if (!written) return std::unexpected(written.error());
        return outcomes;
    }
    // The resolver's rows wait in a session of its own, so its rows are checked before anything is written.
    const auto turn = database.own_turn();
    std::unique_ptr<record::WriteSession> session;
    auto written = record::guarded([&] {
        session = std::make_unique<record::WriteSession>(database.connect());
        database.begin_write(*session);
        CustomerTaker taker(database, *session, actor);
        for (std::size_t i = 0; i < events.size(); ++i) {
            try {
                std::string key;
                outcomes[i].kind = taker.take(events[i], key);
                outcomes[i].order_no = key;
            } catch (const Failure& failure) {
                outcomes[i] = rejected(failure.error);
            }
        }
        taker.finish();
        database.commit(session->now());
    });
    if (!written) {
        if (session) record::roll_back(session->after_failure());
        return std::unexpected(written.error());
    }
    return outcomes;
}

}  // namespace shuke::ingest
