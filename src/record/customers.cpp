#include "record/customers.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"
#include "record/bulk_select.h"
#include "record/database.h"
#include "record/persons.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kNoInstant = kNever.us_since_epoch;

std::string with_id(std::string sql, std::int64_t id) {
    // A number of our own, not text from outside: bulk selects take no parameters.
    const auto at = sql.find('?');
    return sql.replace(at, 1, std::to_string(id));
}

std::optional<ShownProfile> profile_of(soci::session& session, const KeyRing& keys, CustomerId id) {
    BulkSelect select(
        session,
        with_id("SELECT id, name_sealed, street_sealed, postcode_sealed, gender, birthday, province, city, district "
                "FROM accounts WHERE customer_id = ? ORDER BY profile_at DESC, id",
                id.value),
        {kInt, kText, kText, kText, kInt, kInt, kText, kText, kText});
    ShownProfile profile;
    profile.id = id;
    const auto fill_text = [](std::string& known, std::string_view said) {
        if (known.empty()) known = said;
    };
    const auto fill_sealed = [&](Personal<std::string>& known, std::string_view sealed) {
        if (known.reveal().empty() && !sealed.empty()) known = Personal<std::string>(or_throw(keys.unseal(sealed)));
    };
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            profile.accounts.push_back(AccountId{select.integer(0, i)});
            fill_sealed(profile.name, select.text(1, i));
            fill_sealed(profile.street, select.text(2, i));
            fill_sealed(profile.postcode, select.text(3, i));
            if (profile.gender == Gender::kUnknown) profile.gender = static_cast<Gender>(select.integer(4, i));
            if (profile.birthday == kNoDay)
                profile.birthday = Day{static_cast<std::int32_t>(select.integer(5, i, kNoDay.days_since_epoch))};
            fill_text(profile.province, select.text(6, i));
            fill_text(profile.city, select.text(7, i));
            fill_text(profile.district, select.text(8, i));
        }
    }
    if (profile.accounts.empty()) return std::nullopt;
    std::sort(profile.accounts.begin(), profile.accounts.end());
    return profile;
}

void read_orders(soci::session& session, CustomerId id, std::vector<ShownEvent>& events) {
    BulkSelect select(
        session,
        with_id(
            "SELECT id, shop_id, order_no, status, created_at, paid_at, shipped_at, signed_at, finished_at, closed_at, "
            "currency, coalesce(amount, lines_amount) FROM orders WHERE customer_id = ? ORDER BY id",
            id.value),
        {kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            ShownEvent event;
            event.order = OrderId{select.integer(0, i)};
            event.shop = ShopId{select.integer(1, i)};
            event.number = event.order_no = select.text(2, i);
            event.status = static_cast<OrderStatus>(select.integer(3, i));
            event.at = Instant{select.integer(4, i, kNoInstant)};
            event.paid_at = Instant{select.integer(5, i, kNoInstant)};
            event.shipped_at = Instant{select.integer(6, i, kNoInstant)};
            event.signed_at = Instant{select.integer(7, i, kNoInstant)};
            event.finished_at = Instant{select.integer(8, i, kNoInstant)};
            event.closed_at = Instant{select.integer(9, i, kNoInstant)};
            event.currency = static_cast<Currency>(select.integer(10, i));
            event.amount = select.integer(11, i, kMissingAmount);
            events.push_back(std::move(event));
        }
    }
}

void read_lines(soci::session& session, CustomerId id, std::vector<ShownEvent>& events) {
    BulkSelect select(session,
                      with_id("SELECT o.id, p.code, b.title, c.name, l.quantity_milli, l.amount FROM orders o "
                              "JOIN order_lines l ON l.order_id = o.id JOIN product_labels b ON b.id = l.label_id "
                              "JOIN products p ON p.id = b.product_id LEFT JOIN categories c ON c.id = b.category_id "
                              "WHERE o.customer_id = ? ORDER BY o.id, l.line_no",
                              id.value),
                      {kInt, kText, kText, kText, kInt, kInt});
    std::size_t at = 0;  // events are by order id as well
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            while (events[at].order.value != select.integer(0, i)) ++at;
            events[at].lines.push_back({std::string(select.text(1, i)), std::string(select.text(2, i)),
                                        std::string(select.text(3, i)), select.integer(4, i),
                                        select.integer(5, i, kMissingAmount)});
        }
    }
}

void read_refunds(soci::session& session, CustomerId id, std::vector<ShownEvent>& events) {
    BulkSelect select(
        session,
        with_id("SELECT r.refund_no, r.shop_id, r.order_id, o.order_no, coalesce(r.asked_at, o.paid_at, o.created_at), "
                "r.currency, "
                "r.amount FROM refunds r LEFT JOIN orders o ON o.id = r.order_id WHERE r.customer_id = ? ORDER BY r.id",
                id.value),
        {kText, kInt, kInt, kText, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            ShownEvent event;
            event.kind = ShownEvent::Kind::kRefund;
            event.number = select.text(0, i);
            event.shop = ShopId{select.integer(1, i)};
            event.order = OrderId{select.integer(2, i)};
            event.order_no = select.text(3, i);
            event.at = Instant{select.integer(4, i, kNoInstant)};
            event.currency = static_cast<Currency>(select.integer(5, i));
            event.amount = select.integer(6, i);
            events.push_back(std::move(event));
        }
    }
}

}  // namespace

std::optional<ShownCustomer> show_customer(soci::session& session, const KeyRing& keys, CustomerId id) {
    auto profile = profile_of(session, keys, id);
    if (!profile) return std::nullopt;
    ShownCustomer shown;
    shown.profile = std::move(*profile);
    shown.identifiers = identifiers_of(session, keys, Person{.customer = id, .ids = {}, .accounts = {}});
    shown.merges = merges_of(session, id);
    read_orders(session, id, shown.events);
    read_lines(session, id, shown.events);
    read_refunds(session, id, shown.events);
    std::stable_sort(shown.events.begin(), shown.events.end(), [](const ShownEvent& a, const ShownEvent& b) {
        return std::tuple(a.at, a.kind) < std::tuple(b.at, b.kind);
    });
    return shown;
}

std::vector<CustomerId> customers_with_identifier(soci::session& session, const std::vector<Hash128>& fingerprints) {
    std::vector<CustomerId> found;
    long long high = 0, low = 0, customer = 0;
    soci::statement select =
        (session.prepare
             << "SELECT DISTINCT a.customer_id FROM identifiers i JOIN account_identifiers l ON l.identifier_id = i.id "
                "JOIN accounts a ON a.id = l.account_id WHERE i.value_high = :high AND i.value_low = :low",
         soci::use(high), soci::use(low), soci::into(customer));
    for (const Hash128 fingerprint : fingerprints) {
        // The statement holds both by reference.
        high = static_cast<long long>(fingerprint.high);  // NOLINT(clang-analyzer-deadcode.DeadStores)
        low = static_cast<long long>(fingerprint.low);    // NOLINT(clang-analyzer-deadcode.DeadStores)
        select.execute();
        while (select.fetch()) found.push_back(CustomerId{customer});
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<ExternalId> external_ids(soci::session& session, const KeyRing& keys, int external_id_kind) {
    BulkSelect select(
        session,
        with_id(
            "SELECT a.customer_id, i.value_sealed FROM accounts a JOIN account_identifiers l ON l.account_id = a.id "
            "JOIN identifiers i ON i.id = l.identifier_id WHERE i.kind = ? ORDER BY a.customer_id, a.id",
            external_id_kind),
        {kInt, kText});
    std::vector<ExternalId> found;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId customer{select.integer(0, i)};
            if (!found.empty() && found.back().customer == customer)
                continue;  // the lowest account's speaks for the customer
            found.push_back({customer, or_throw(keys.unseal(select.text(1, i)))});
        }
    }
    return found;
}

}  // namespace shuke::record
