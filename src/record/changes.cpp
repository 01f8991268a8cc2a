#include "record/changes.h"

#include "record/audit_chain.h"
#include "record/bulk_select.h"
#include "record/statement_batch.h"

namespace shuke::record {

std::int64_t last_change(soci::session& session) {
    long long seq = 0;
    session << "SELECT coalesce(max(seq), 0) FROM customer_changes", soci::into(seq);
    return seq;
}

void append_changes(soci::session& session, const std::vector<CustomerId>& customers) {
    if (customers.empty()) return;
    std::int64_t seq = last_change(session);
    StatementBatch insert(session, insert_into("customer_changes", {"seq", "customer_id"}),
                          {Type::kInteger, Type::kInteger}, std::min<std::size_t>(customers.size(), 1024));
    for (const CustomerId customer : customers) insert.integer(++seq).integer(customer.value);
    insert.flush();
}

std::vector<CustomerId> changed_since(soci::session& session, std::int64_t change) {
    BulkSelect select(session,
                      "SELECT DISTINCT customer_id FROM customer_changes WHERE seq > " + std::to_string(change) +
                          " ORDER BY customer_id",
                      {Type::kInteger});
    std::vector<CustomerId> customers;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) customers.push_back(CustomerId{select.integer(0, i)});
    }
    return customers;
}

void compact_changes(soci::session& session) {
    // The newest stamp stays even so, hence the numbers never run backwards.
    session
        << "DELETE FROM customer_changes WHERE seq NOT IN (SELECT max(seq) FROM customer_changes GROUP BY customer_id)";
}

void append_audit(soci::session& session, const AuditEntry& entry, Instant at) {
    long long id = 0;
    std::string former;
    session << "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1", soci::into(id), soci::into(former);
    if (!session.got_data()) id = 0;
    ++id;
    const long long when = at.us_since_epoch;
    const std::string hash = hash_audit_entry(former, id, at, entry);
    session << "INSERT INTO audit (id, at, actor, action, subject, detail, hash) VALUES (:id, :at, :actor, :action, "
               ":subject, :detail, :hash)",
        soci::use(id), soci::use(when), soci::use(entry.actor), soci::use(entry.action), soci::use(entry.subject),
        soci::use(entry.detail), soci::use(hash);
}

}  // namespace shuke::record
