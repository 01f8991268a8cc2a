#include "record/tiers.h"

#include <algorithm>

#include "base/text.h"
#include "record/bulk_select.h"
#include "record/changes.h"
#include "record/statement_batch.h"
#include "record/survivors.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;

// Whose tier has a name or a rank that changes.
void stamp_members(soci::session& session) {
    const Survivors survivors(session);
    std::vector<CustomerId> customers;
    BulkSelect select(session, "SELECT DISTINCT customer_id FROM customer_tiers", {kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) customers.push_back(survivors.of(CustomerId{select.integer(0, i)}));
    }
    std::ranges::sort(customers);
    customers.erase(std::ranges::unique(customers).begin(), customers.end());
    append_changes(session, customers);
}

}  // namespace

std::vector<Tier> all_tiers(soci::session& session) {
    std::vector<Tier> tiers;
    BulkSelect select(session, "SELECT id, name, rank FROM tiers ORDER BY rank", {kInt, kText, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            tiers.push_back({.id = TierId{select.integer(0, i)},
                             .name = std::string(select.text(1, i)),
                             .rank = static_cast<int>(select.integer(2, i))});
        }
    }
    return tiers;
}

void set_tiers(soci::session& session, const std::vector<std::string>& names) {
    const std::vector<Tier> known = all_tiers(session);
    long long next = 1;
    for (const Tier& tier : known) next = std::max(next, static_cast<long long>(tier.id.value) + 1);
    session << "DELETE FROM tiers";
    int rank = 0;
    for (const std::string& name : names) {
        const std::string plain = nfkc(trim(name));
        const auto old = std::ranges::find(known, plain, &Tier::name);
        const long long id = old == known.end() ? next++ : old->id.value;
        ++rank;
        session << "INSERT INTO tiers (id, name, rank) VALUES (:id, :name, :rank)", soci::use(id), soci::use(plain),
            soci::use(rank);
    }
    stamp_members(session);
}

void put_customer_tiers(soci::session& session, const std::vector<CustomerTier>& rows) {
    StatementBatch remove(session, "DELETE FROM customer_tiers WHERE customer_id = :customer AND at = :at",
                          {kInt, kInt});
    StatementBatch insert(session, insert_into("customer_tiers", {"customer_id", "at", "tier_id", "reason"}),
                          {kInt, kInt, kInt, kText});
    const Survivors survivors(session);
    std::vector<CustomerId> changed;
    for (const CustomerTier& row : rows) {
        remove.integer(row.customer.value).integer(row.at.us_since_epoch);
        insert.integer(row.customer.value).integer(row.at.us_since_epoch).nullable(row.tier.value, 0);
        insert.nullable_text(row.reason);
        changed.push_back(survivors.of(row.customer));
    }
    remove.flush();
    insert.flush();
    append_changes(session, changed);
}

}  // namespace shuke::record
