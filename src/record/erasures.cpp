#include "record/erasures.h"

#include "record/bulk_select.h"
#include "record/database.h"

namespace shuke::record {
namespace {

void put_fingerprint(soci::session& session, long long high, long long low, AccountId account) {
    const long long id = account.value;
    session << "DELETE FROM erased_fingerprints WHERE value_high = :high AND value_low = :low", soci::use(high),
        soci::use(low);
    session << "INSERT INTO erased_fingerprints (value_high, value_low, account_id) VALUES (:high, :low, :account)",
        soci::use(high), soci::use(low), soci::use(id);
}

void empty_profile(soci::session& session, const KeyRing& keys, AccountId account) {
    const long long id = account.value;
    long long high = 0;
    long long low = 0;
    session << "SELECT key_high, key_low FROM accounts WHERE id = :id", soci::use(id), soci::into(high),
        soci::into(low);
    put_fingerprint(session, high, low, account);
    // Whoever buys again gets an account of their own under the old key.
    const Hash128 key = keys.fingerprint("erased account", std::to_string(id));
    const auto new_high = static_cast<long long>(key.high);
    const auto new_low = static_cast<long long>(key.low);
    session << "UPDATE accounts SET key_high = :high, key_low = :low, name_sealed = NULL, street_sealed = NULL, "
               "postcode_sealed = NULL, gender = 0, birthday = NULL, province = NULL, city = NULL, district = NULL, "
               "profile_content = 0 WHERE id = :id",
        soci::use(new_high), soci::use(new_low), soci::use(id);
}

struct Carried {
    long long id = 0, high = 0, low = 0;
    int others = 0;  // accounts of other customers that carry it
};

std::vector<Carried> carried_by(soci::session& session, AccountId account, CustomerId customer) {
    const long long id = account.value;
    const long long own = customer.value;
    Carried one;
    soci::statement select =
        (session.prepare << "SELECT i.id, i.value_high, i.value_low, (SELECT count(*) FROM account_identifiers o JOIN "
                            "accounts a ON a.id = o.account_id WHERE o.identifier_id = i.id AND a.customer_id <> "
                            ":customer) FROM account_identifiers l JOIN identifiers i ON i.id = l.identifier_id WHERE "
                            "l.account_id = :account",
         soci::use(own, "customer"), soci::use(id, "account"), soci::into(one.id), soci::into(one.high),
         soci::into(one.low), soci::into(one.others));
    select.execute();
    std::vector<Carried> found;
    while (select.fetch()) found.push_back(one);
    return found;
}

}  // namespace

Erasures::Erasures(soci::session& session) {
    BulkSelect accounts(session, "SELECT account_id FROM erasures", {Type::kInteger});
    while (const std::size_t rows = accounts.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) accounts_.insert(accounts.integer(0, i));
    }
    if (accounts_.empty()) return;
    BulkSelect prints(session,
                      "SELECT f.value_high, f.value_low, a.id, a.customer_id, e.erased_at FROM erased_fingerprints f "
                      "JOIN erasures e ON e.account_id = f.account_id JOIN accounts a ON a.id = f.account_id",
                      {Type::kInteger, Type::kInteger, Type::kInteger, Type::kInteger, Type::kInteger});
    while (const std::size_t rows = prints.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const Hash128 print{static_cast<std::uint64_t>(prints.integer(0, i)),
                                static_cast<std::uint64_t>(prints.integer(1, i))};
            by_fingerprint_.emplace(print, Erased{AccountId{prints.integer(2, i)}, CustomerId{prints.integer(3, i)},
                                                  Instant{prints.integer(4, i)}});
        }
    }
}

const Erasures::Erased* Erasures::find(Hash128 fingerprint) const {
    const auto found = by_fingerprint_.find(fingerprint);
    return found == by_fingerprint_.end() ? nullptr : &found->second;
}

std::int64_t empty_account(soci::session& session, const KeyRing& keys, AccountId account, CustomerId customer,
                           Instant now) {
    const long long id = account.value;
    std::int64_t gone = 0;
    for (const Carried& one : carried_by(session, account, customer)) {
        session << "DELETE FROM account_identifiers WHERE account_id = :account AND identifier_id = :identifier",
            soci::use(id), soci::use(one.id);
        if (one.others > 0) continue;
        put_fingerprint(session, one.high, one.low, account);
        // The person's other accounts are emptied as well; whichever comes first takes the identifier away.
        session << "DELETE FROM account_identifiers WHERE identifier_id = :identifier", soci::use(one.id);
        session << "DELETE FROM identifiers WHERE id = :identifier", soci::use(one.id);
        ++gone;
    }
    empty_profile(session, keys, account);
    const long long owner = customer.value;
    const long long at = now.us_since_epoch;
    session << "DELETE FROM erasures WHERE account_id = :id", soci::use(id);
    session << "INSERT INTO erasures (account_id, customer_id, erased_at) VALUES (:account, :customer, :at)",
        soci::use(id), soci::use(owner), soci::use(at);
    return gone;
}

void put_erased_fingerprint(soci::session& session, Hash128 fingerprint, AccountId account) {
    put_fingerprint(session, static_cast<long long>(fingerprint.high), static_cast<long long>(fingerprint.low),
                    account);
}

Instant erased_at(soci::session& session, CustomerId customer) {
    const long long id = customer.value;
    int left = 0;
    Nullable at;
    session << "SELECT (SELECT count(*) FROM accounts a WHERE a.customer_id = :id AND NOT EXISTS (SELECT 1 FROM "
               "erasures e WHERE e.account_id = a.id)), (SELECT max(e.erased_at) FROM erasures e JOIN accounts a ON "
               "a.id = e.account_id WHERE a.customer_id = :id2)",
        soci::use(id, "id"), soci::use(id, "id2"), soci::into(left), soci::into(at.value, at.indicator);
    return left > 0 ? kNever : Instant{at.or_else(kNever.us_since_epoch)};
}

}  // namespace shuke::record
