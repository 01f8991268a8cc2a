#include "record/facts.h"

#include <algorithm>

#include "base/text.h"
#include "record/bulk_select.h"
#include "record/spans.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kNoInstant = kNever.us_since_epoch;
constexpr Day kNewestRate{2'932'896};  // 9999-12-31: what is of today is converted at the newest rate
constexpr std::int64_t kNoDayNumber = kNoDay.days_since_epoch;

// A claim that was turned down or taken back gives nothing back, whatever amount was asked for.
bool gave_nothing(std::string_view status) {
    constexpr std::string_view kWords[] = {"rejected", "refused",   "denied", "closed",  "cancelled", "canceled",
                                           "failed",   "withdrawn", "已拒绝", "拒绝",    "拒绝退款",  "已关闭",
                                           "退款关闭", "已取消",    "已撤销", "退款失败"};
    return std::ranges::find(kWords, fold(trim(status))) != std::end(kWords);
}

}  // namespace

FactReader::FactReader(soci::session& session, Converter& converter, Whose whose)
    : session_(session), converter_(converter), whose_(std::move(whose)) {}

std::string FactReader::where(std::string_view column) const {
    return whose_.is_everybody() ? std::string() : " WHERE " + whose_.condition(column);
}

std::int64_t FactReader::convert(std::int64_t amount, OrderId order) {
    if (amount == kMissingAmount || foreign_orders_.empty()) return amount;
    const auto foreign = foreign_orders_.find(order.value);
    return foreign == foreign_orders_.end() ? amount
                                            : converter_.convert(amount, foreign->second.currency, foreign->second.day);
}

// A customer's profile is, field by field, what its accounts said last.
void FactReader::customers(const std::function<void(const CustomerFact&)>& visit) {
    BulkSelect select(
        session_,
        "SELECT a.customer_id, a.gender, a.birthday, a.province, a.city, a.district, s.name FROM accounts a "
        "JOIN shops s ON s.id = a.shop_id" +
            where("a.customer_id") + " ORDER BY a.customer_id, a.profile_at DESC, a.id",
        {kInt, kInt, kInt, kText, kText, kText, kText});
    CustomerFact fact;
    std::string province, city, district, shop;
    const auto emit = [&] {
        if (!fact.id) return;
        fact.province = province;
        fact.city = city;
        fact.district = district;
        fact.shop = shop;
        visit(fact);
    };
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId id{select.integer(0, i)};
            if (id != fact.id) {
                emit();
                fact = {};
                fact.id = id;
                for (auto* text : {&province, &city, &district, &shop}) text->clear();
            }
            if (fact.gender == Gender::kUnknown) fact.gender = static_cast<Gender>(select.integer(1, i));
            if (fact.birthday == kNoDay)
                fact.birthday = Day{static_cast<std::int32_t>(select.integer(2, i, kNoDayNumber))};
            if (province.empty()) province = select.text(3, i);
            if (city.empty()) city = select.text(4, i);
            if (district.empty()) district = select.text(5, i);
            if (shop.empty()) shop = select.text(6, i);
        }
    }
    emit();
}

void FactReader::labels(const std::function<void(const LabelFact&)>& visit, LabelId after) {
    BulkSelect select(session_,
                      "SELECT l.id, p.code, l.title, l.sku, c.name, l.brand, s.currency, t.list_price, t.cost, "
                      "t.listed_at FROM product_labels l JOIN products p ON p.id = l.product_id JOIN shops s ON s.id = "
                      "p.shop_id LEFT JOIN categories c ON c.id = l.category_id LEFT JOIN product_terms t ON "
                      "t.product_id = p.id WHERE l.id > " +
                          std::to_string(after.value) + " ORDER BY l.id",
                      {kInt, kText, kText, kText, kText, kText, kInt, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const auto currency = static_cast<Currency>(select.integer(6, i));
            const auto price = [&](std::size_t column) {
                const std::int64_t amount = select.integer(column, i, kMissingAmount);
                return currency == converter_.base() ? amount : converter_.convert(amount, currency, kNewestRate);
            };
            LabelFact fact;
            fact.id = LabelId{select.integer(0, i)};
            fact.product = select.text(1, i);
            fact.title = select.text(2, i);
            fact.sku = select.text(3, i);
            fact.category = select.text(4, i);
            fact.brand = select.text(5, i);
            fact.list_price = price(7);
            fact.cost = price(8);
            fact.listed_at = Instant{select.integer(9, i, kNoInstant)};
            visit(fact);
        }
    }
}

void FactReader::orders(const std::function<void(const OrderFact&)>& visit) {
    BulkSelect select(
        session_,
        "SELECT id, customer_id, shop_id, created_at, paid_at, shipped_at, signed_at, finished_at, closed_at, status, "
        "currency, coalesce(amount, lines_amount), discount, channel, province, city, coupon, day FROM orders" +
            where("customer_id") + " ORDER BY id",
        {kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kText, kText, kText, kText,
         kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            OrderFact fact;
            fact.id = OrderId{select.integer(0, i)};
            fact.customer = CustomerId{select.integer(1, i)};
            fact.shop = ShopId{select.integer(2, i)};
            fact.created_at = Instant{select.integer(3, i, kNoInstant)};
            fact.paid_at = Instant{select.integer(4, i, kNoInstant)};
            fact.shipped_at = Instant{select.integer(5, i, kNoInstant)};
            fact.signed_at = Instant{select.integer(6, i, kNoInstant)};
            fact.finished_at = Instant{select.integer(7, i, kNoInstant)};
            fact.closed_at = Instant{select.integer(8, i, kNoInstant)};
            fact.status = static_cast<OrderStatus>(select.integer(9, i));
            const auto currency = static_cast<Currency>(select.integer(10, i));
            if (currency != converter_.base()) {
                foreign_orders_[fact.id.value] = {currency,
                                                  Day{static_cast<std::int32_t>(select.integer(17, i, kNoDayNumber))}};
            }
            fact.amount = convert(select.integer(11, i, kMissingAmount), fact.id);
            fact.discount = convert(select.integer(12, i, kMissingAmount), fact.id);
            fact.channel = select.text(13, i);
            fact.province = select.text(14, i);
            fact.city = select.text(15, i);
            fact.coupon = select.text(16, i);
            visit(fact);
        }
    }
}

void FactReader::lines(const std::function<void(std::vector<LineFact>)>& visit) {
    const std::string theirs =
        whose_.is_everybody() ? "" : "WHERE order_id IN (SELECT id FROM orders" + where("customer_id") + ") ";
    BulkSelect select(
        session_,
        "SELECT order_id, line_no, label_id, quantity_milli, price, amount, discount, refunded FROM order_lines " +
            theirs + "ORDER BY order_id, line_no",
        {kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        std::vector<LineFact> lines(rows);
        for (std::size_t i = 0; i < rows; ++i) {
            LineFact& line = lines[i];
            line.order = OrderId{select.integer(0, i)};
            line.line_no = static_cast<std::int32_t>(select.integer(1, i));
            line.label = LabelId{select.integer(2, i)};
            line.quantity_milli = select.integer(3, i);
            line.price = convert(select.integer(4, i, kMissingAmount), line.order);
            line.amount = convert(select.integer(5, i, kMissingAmount), line.order);
            line.discount = convert(select.integer(6, i, kMissingAmount), line.order);
            line.refunded = convert(select.integer(7, i, kMissingAmount), line.order);
        }
        visit(std::move(lines));
    }
}

// A refund goes with its order; its own customer counts where there is none.
void FactReader::refunds(const std::function<void(const RefundFact&)>& visit) {
    const std::string theirs = whose_.is_everybody()
                                   ? ""
                                   : "WHERE order_id IN (SELECT id FROM orders" + where("customer_id") +
                                         ") OR (order_id IS NULL AND " + whose_.condition("customer_id") + ") ";
    BulkSelect select(session_,
                      "SELECT id, order_id, customer_id, shop_id, asked_at, done_at, currency, amount, kind, reason, "
                      "status, day FROM refunds " +
                          theirs + "ORDER BY id",
                      {kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kText, kText, kText, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            RefundFact fact;
            fact.id = RefundId{select.integer(0, i)};
            fact.order = OrderId{select.integer(1, i)};
            fact.customer = CustomerId{select.integer(2, i)};
            fact.shop = ShopId{select.integer(3, i)};
            fact.at = Instant{select.integer(4, i, kNoInstant)};
            fact.done_at = Instant{select.integer(5, i, kNoInstant)};
            const auto currency = static_cast<Currency>(select.integer(6, i));
            const std::int64_t amount = select.integer(7, i);
            // With its order's rate; a refund of no known order with that of its own day.
            const bool ordered = foreign_orders_.contains(fact.order.value);
            const Day own_day{static_cast<std::int32_t>(select.integer(11, i, kNoDayNumber))};
            fact.amount = currency == converter_.base() ? amount
                          : ordered                     ? convert(amount, fact.order)
                                                        : converter_.convert(amount, currency, own_day);
            fact.kind = select.text(8, i);
            fact.reason = select.text(9, i);
            fact.status = select.text(10, i);
            if (gave_nothing(fact.status)) fact.amount = kMissingAmount;
            visit(fact);
        }
    }
}

void FactReader::spans(const std::multimap<int, std::string>& channels,
                       const std::function<void(const SpanFact&)>& visit) {
    if (whose_.is_guests()) return;
    const Survivors survivors(session_);
    for (const auto& [table, kind] :
         {std::pair(kSegmentSpans, SpanKind::kMember), {kListSpans, SpanKind::kList}, {kTagSpans, SpanKind::kTag}}) {
        for_each_named_span(session_, table, survivors, whose_, [&](std::string_view name, const Span& span) {
            SpanFact fact;
            fact.customer = span.customer;
            fact.kind = kind;
            fact.name = name;
            fact.from = span.from;
            fact.until = span.until;
            visit(fact);
        });
    }
    consents(survivors, visit);
    addresses(channels, visit);
}

// The newest row of (customer, channel) holds until the next one.
void FactReader::consents(const Survivors& survivors, const std::function<void(const SpanFact&)>& visit) {
    BulkSelect select(session_,
                      "SELECT customer_id, channel, at, granted FROM consents WHERE purpose = 'marketing' AND " +
                          whose_.condition("customer_id") + " ORDER BY customer_id, channel, at",
                      {kInt, kText, kInt, kInt});
    SpanFact open;
    std::string channel;
    const auto close = [&](Instant until) {
        if (!open.customer) return;
        open.name = channel;
        open.until = until;
        SpanFact fact = open;
        fact.customer = survivors.of(open.customer);
        visit(fact);
    };
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId customer{select.integer(0, i)};
            const Instant at{select.integer(2, i)};
            close(customer == open.customer && select.text(1, i) == channel ? at : kNever);
            open.customer = customer;
            open.kind = select.integer(3, i) != 0 ? SpanKind::kSubscribed : SpanKind::kRefused;
            open.from = at;
            channel = select.text(1, i);
        }
    }
    close(kNever);
}

void FactReader::addresses(const std::multimap<int, std::string>& channels,
                           const std::function<void(const SpanFact&)>& visit) {
    std::string kinds;
    for (const auto& [kind, channel] : channels) kinds += (kinds.empty() ? "" : ", ") + std::to_string(kind);
    if (kinds.empty()) return;
    BulkSelect select(session_,
                      "SELECT DISTINCT a.customer_id, i.kind FROM identifiers i JOIN account_identifiers l ON "
                      "l.identifier_id = i.id JOIN accounts a ON a.id = l.account_id WHERE i.kind IN (" +
                          kinds + ") AND " + whose_.condition("a.customer_id"),
                      {kInt, kInt});
    SpanFact fact;
    fact.kind = SpanKind::kAddress;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            fact.customer = CustomerId{select.integer(0, i)};
            const auto [first, last] = channels.equal_range(static_cast<int>(select.integer(1, i)));
            for (auto channel = first; channel != last; ++channel) {
                fact.name = channel->second;
                visit(fact);
            }
        }
    }
}

}  // namespace shuke::record
