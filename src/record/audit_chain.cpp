#include "record/audit_chain.h"

#include "record/bulk_select.h"
#include "record/statement_batch.h"

namespace shuke::record {
namespace {

// Length first, so that no two lists of fields read the same.
void add_field(Checksum& checksum, std::string_view text) {
    checksum.add(std::to_string(text.size()) + ":");
    checksum.add(text);
}

std::string seal_as(const KeyRing& keys, std::string_view kind, const AuditHead& head) {
    return hex(keys.fingerprint(kind, std::to_string(head.entry) + ":" + head.hash));
}

}  // namespace

std::string hash_audit_entry(const std::string& former, std::int64_t id, Instant at, const AuditEntry& entry) {
    Checksum checksum;
    for (const std::string& field : {former, std::to_string(id), std::to_string(at.us_since_epoch), entry.actor,
                                     entry.action, entry.subject, entry.detail}) {
        add_field(checksum, field);
    }
    return checksum.finish();
}

std::string seal_of_entry(const KeyRing& keys, const AuditHead& entry) { return seal_as(keys, "audit entry", entry); }

std::string seal_of_head(const KeyRing& keys, const AuditHead& head) { return seal_as(keys, "audit head", head); }

void seal_audit(soci::session& session, const KeyRing& keys) {
    AuditHead newest;
    long long id = 0;
    session << "SELECT a.id, a.hash FROM audit a JOIN audit_head h ON h.id = 1 AND a.id > h.entry_id "
               "ORDER BY a.id DESC LIMIT 1",
        soci::into(id), soci::into(newest.hash);
    if (!session.got_data()) return;
    newest.entry = id;
    const std::string of_entry = seal_of_entry(keys, newest);
    session << "UPDATE audit SET seal = :seal WHERE id = :id", soci::use(of_entry), soci::use(id);
    const std::string of_head = seal_of_head(keys, newest);
    session << "UPDATE audit_head SET entry_id = :entry, hash = :hash, seal = :seal WHERE id = 1", soci::use(id),
        soci::use(newest.hash), soci::use(of_head);
}

void chain_existing_audit(soci::session& session, const KeyRing& keys) {
    AuditHead head;
    StatementBatch update(session, "UPDATE audit SET hash = :hash WHERE id = :id", {Type::kText, Type::kInteger});
    {
        BulkSelect select(session, "SELECT id, at, actor, action, subject, detail FROM audit ORDER BY id",
                          {Type::kInteger, Type::kInteger, Type::kText, Type::kText, Type::kText, Type::kText});
        while (const std::size_t rows = select.fetch()) {
            for (std::size_t i = 0; i < rows; ++i) {
                const AuditEntry entry{std::string(select.text(2, i)), std::string(select.text(3, i)),
                                       std::string(select.text(4, i)), std::string(select.text(5, i))};
                head.entry = select.integer(0, i);
                head.hash = hash_audit_entry(head.hash, head.entry, Instant{select.integer(1, i)}, entry);
                update.text(head.hash).integer(head.entry);
            }
        }
    }
    update.flush();
    const long long id = head.entry;
    const std::string seal = seal_of_head(keys, head);
    session << "INSERT INTO audit_head (id, entry_id, hash, seal) VALUES (1, :entry, :hash, :seal)", soci::use(id),
        soci::use(head.hash), soci::use(seal);
    const std::string of_entry = seal_of_entry(keys, head);
    session << "UPDATE audit SET seal = :seal WHERE id = :id", soci::use(of_entry), soci::use(id);
}

}  // namespace shuke::record
