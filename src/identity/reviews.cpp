#include "identity/reviews.h"

#include "base/error.h"
#include "record/bulk_select.h"

namespace shuke::identity {
namespace {

constexpr auto kInt = record::Type::kInteger;
constexpr auto kText = record::Type::kText;
constexpr std::int64_t kPutOff = std::int64_t{30} * 86'400 * 1'000'000;

// Pairs by identifier, the oldest accounts first; our own numbers, so they may stand in the text.
std::string select_pairs(Instant now, std::int64_t after, std::int64_t only) {
    std::string sql =
        "SELECT i.id, a.customer_id, b.customer_id, a.id, b.id, i.kind, i.value_sealed FROM identifiers i "
        "JOIN account_identifiers la ON la.identifier_id = i.id JOIN account_identifiers lb ON lb.identifier_id = i.id "
        "AND "
        "lb.account_id > la.account_id JOIN accounts a ON a.id = la.account_id JOIN accounts b ON b.id = lb.account_id "
        "WHERE (i.trusted = 0 OR i.shared = 1) AND i.kind <> 10 AND a.customer_id <> b.customer_id AND NOT EXISTS "
        "(SELECT 1 FROM "
        "separations s WHERE s.account_a = a.id AND s.account_b = b.id) AND NOT EXISTS (SELECT 1 FROM "
        "postponed_reviews p WHERE "
        "p.account_a = a.id AND p.account_b = b.id AND p.until_at > ";
    sql += std::to_string(now.us_since_epoch) + ")";
    sql += only > 0 ? " AND i.id = " + std::to_string(only) : " AND i.id > " + std::to_string(after);
    return sql + " ORDER BY i.id, a.id, b.id";
}

std::vector<Review> pairs(soci::session& session, const KeyRing& keys, Instant now, std::int64_t after,
                          std::int64_t only, std::size_t most) {
    record::BulkSelect select(session, select_pairs(now, after, only), {kInt, kInt, kInt, kInt, kInt, kInt, kText});
    std::vector<Review> found;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            if (!found.empty() && found.back().id == select.integer(0, i)) continue;
            if (found.size() == most) return found;
            Review one;
            one.id = select.integer(0, i);
            one.a = CustomerId{select.integer(1, i)};
            one.b = CustomerId{select.integer(2, i)};
            one.account_a = record::AccountId{select.integer(3, i)};
            one.account_b = record::AccountId{select.integer(4, i)};
            one.kind = static_cast<int>(select.integer(5, i));
            one.value = Personal<std::string>(or_throw(keys.unseal(select.text(6, i))));
            found.push_back(std::move(one));
        }
    }
    return found;
}

}  // namespace

std::vector<Review> open_reviews(soci::session& session, const KeyRing& keys, Instant now, std::int64_t after,
                                 std::size_t most) {
    return pairs(session, keys, now, after, 0, most);
}

std::vector<CustomerId> decide_review(soci::session& session, const KeyRing& keys, std::int64_t id, Verdict verdict,
                                      const std::string& reason, const Decision& decision) {
    const auto found = pairs(session, keys, decision.at, 0, id, 1);
    if (found.empty())
        throw Failure{{Code::kNotFound, "review.unknown",
                       "there is no open pair of this number; somebody has decided it meanwhile"}};
    const Review& review = found.front();
    if (verdict == Verdict::kSame) return {merge_customers(session, review.a, review.b, decision)};
    if (verdict == Verdict::kDifferent) {
        record::insert_separation(session, review.account_a, review.account_b, decision.actor, decision.at);
    } else {
        const long long a = review.account_a.value, b = review.account_b.value,
                        until = decision.at.us_since_epoch + kPutOff;
        session << "DELETE FROM postponed_reviews WHERE account_a = :a AND account_b = :b", soci::use(a), soci::use(b);
        session << "INSERT INTO postponed_reviews (account_a, account_b, actor, reason, until_at) VALUES (:a, :b, "
                   ":actor, :reason, :until)",
            soci::use(a), soci::use(b), soci::use(decision.actor), soci::use(reason), soci::use(until);
    }
    return {review.a, review.b};
}

}  // namespace shuke::identity
