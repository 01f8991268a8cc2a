#include "auth/audit.h"

#include "record/audit_chain.h"
#include "record/bulk_select.h"

namespace shuke::auth {

using record::AuditHead;
using record::BulkSelect;
using record::Type;

namespace {

// "customer." stands for every action that begins so; % and _ mean themselves.
std::string as_pattern(const std::string& action) {
    std::string pattern;
    for (const char c : action) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return action.ends_with('.') ? pattern + "%" : pattern;
}

struct SealedHead {
    AuditHead head;
    bool holds = false;
};

SealedHead read_head(soci::session& session, const KeyRing& keys) {
    SealedHead read;
    long long entry = 0;
    std::string seal;
    session << "SELECT entry_id, hash, seal FROM audit_head WHERE id = 1", soci::into(entry),
        soci::into(read.head.hash), soci::into(seal);
    if (!session.got_data()) return read;
    read.head.entry = entry;
    read.holds = equal_secrets(seal, record::seal_of_head(keys, read.head));
    return read;
}

std::string number(std::int64_t id) { return std::to_string(id); }

// The walk along the chain.
class Walk {
public:
    explicit Walk(const KeyRing& keys) : keys_(keys) {}

    struct Row {
        std::int64_t id;
        Instant at;
        record::AuditEntry entry;
        std::string hash, seal;
    };
    // False when this entry is not as it was written.
    bool take(const Row& row) {
        if (row.id != at_.entry + 1) {
            return broken(at_.entry + 1, "entry " + number(at_.entry + 1) + " is missing: entry " + number(row.id) +
                                             " follows entry " + number(at_.entry));
        }
        if (row.hash != record::hash_audit_entry(at_.hash, row.id, row.at, row.entry))
            return broken(row.id, "entry " + number(row.id) + " was changed, or the one before it was");
        at_ = {row.id, row.hash};
        if (row.seal.empty()) return true;
        if (!equal_secrets(row.seal, record::seal_of_entry(keys_, at_))) {
            return broken(sealed_ + 1, "the seal of entry " + number(row.id) +
                                           " is not this record's: the log was written anew from between entry " +
                                           number(sealed_ + 1) + " and " + number(row.id) + " on");
        }
        sealed_ = row.id;
        return true;
    }

    void arrive(const SealedHead& head) {
        if (!head.holds) {
            broken(at_.entry, "the log's sealed head is missing or not this record's");
        } else if (head.head.entry > at_.entry) {
            broken(at_.entry + 1, "entries " + number(at_.entry + 1) + " to " + number(head.head.entry) +
                                      ", the newest, are missing");
        } else if (head.head.entry < at_.entry) {
            broken(head.head.entry + 1,
                   "entry " + number(head.head.entry + 1) + " and those after it were not written by Shuke");
        } else if (head.head.hash != at_.hash) {
            broken(sealed_ + 1, "the log was written anew from entry " + number(sealed_ + 1) + " on");
        }
    }

    AuditProof proof() const { return {at_.entry, at_.entry, at_.hash, broken_, problem_}; }

private:
    bool broken(std::int64_t id, std::string problem) {
        broken_ = id;
        problem_ = std::move(problem);
        return false;
    }

    const KeyRing& keys_;
    AuditHead at_;
    std::int64_t sealed_ = 0;
    std::int64_t broken_ = 0;
    std::string problem_;
};

}  // namespace

std::vector<AuditedEntry> list_audit(soci::session& session, const AuditFilter& filter) {
    std::string sql = "SELECT id, at, actor, action, subject, detail, hash FROM audit WHERE 1 = 1";
    const std::string action = as_pattern(filter.action);
    const long long from = filter.from.us_since_epoch;
    const long long to = filter.to.us_since_epoch;
    const long long before = filter.before;
    if (!filter.actor.empty()) sql += " AND actor = :actor";
    if (!filter.action.empty()) sql += " AND action LIKE :action ESCAPE '\\'";
    if (!filter.subject.empty()) sql += " AND subject = :subject";
    if (filter.from != kNever) sql += " AND at >= :from";
    if (filter.to != kNever) sql += " AND at < :to";
    if (filter.before > 0) sql += " AND id < :before";
    sql += " ORDER BY id DESC LIMIT :limit";
    AuditedEntry row;
    long long id = 0;
    long long at = 0;
    const int limit = filter.limit;
    soci::statement select(session);
    if (!filter.actor.empty()) select.exchange(soci::use(filter.actor, "actor"));
    if (!filter.action.empty()) select.exchange(soci::use(action, "action"));
    if (!filter.subject.empty()) select.exchange(soci::use(filter.subject, "subject"));
    if (filter.from != kNever) select.exchange(soci::use(from, "from"));
    if (filter.to != kNever) select.exchange(soci::use(to, "to"));
    if (filter.before > 0) select.exchange(soci::use(before, "before"));
    select.exchange(soci::use(limit, "limit"));
    select.exchange(soci::into(id));
    select.exchange(soci::into(at));
    select.exchange(soci::into(row.entry.actor));
    select.exchange(soci::into(row.entry.action));
    select.exchange(soci::into(row.entry.subject));
    select.exchange(soci::into(row.entry.detail));
    select.exchange(soci::into(row.hash));
    select.alloc();
    select.prepare(sql);
    select.define_and_bind();
    select.execute();
    std::vector<AuditedEntry> entries;
    while (select.fetch()) {
        row.id = id;
        row.at = Instant{at};
        entries.push_back(row);
    }
    return entries;
}

AuditProof verify_audit(soci::session& session, const KeyRing& keys) {
    Walk walk(keys);
    BulkSelect select(session, "SELECT id, at, actor, action, subject, detail, hash, seal FROM audit ORDER BY id",
                      {Type::kInteger, Type::kInteger, Type::kText, Type::kText, Type::kText, Type::kText, Type::kText,
                       Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const auto text = [&](std::size_t column) { return std::string(select.text(column, i)); };
            if (!walk.take({select.integer(0, i), Instant{select.integer(1, i)},
                            record::AuditEntry{text(2), text(3), text(4), text(5)}, text(6), text(7)})) {
                return walk.proof();
            }
        }
    }
    walk.arrive(read_head(session, keys));
    return walk.proof();
}

Status compare_audit(soci::session& session, std::int64_t id, const std::string& hash) {
    const long long wanted = id;
    std::string found;
    session << "SELECT hash FROM audit WHERE id = :id", soci::use(wanted), soci::into(found);
    const bool there = session.got_data();
    if (there && found == hash) return {};
    return fail(Code::kConflict, "audit.differs",
                "entry " + number(id) + (there ? " has another hash than the one you noted: the log up to it was "
                                                 "written anew"
                                               : " is missing: the log was cut or replaced"));
}

}  // namespace shuke::auth
