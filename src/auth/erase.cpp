// Erasing one person: what goes, table by table. A table that comes to hold personal data gets its line here, and in
// personal_data.cpp.
#include "auth/known_values.h"
#include "auth/personal_data.h"
#include "base/text.h"
#include "identity/erased_text.h"
#include "record/bulk_select.h"
#include "record/changes.h"
#include "record/erasures.h"
#include "record/imports.h"
#include "record/persons.h"
#include "record/statement_batch.h"

namespace shuke::auth {

using record::BulkSelect;
using record::Person;
using record::StatementBatch;
using record::Type;

namespace {

constexpr std::size_t kReasonBytesMax = 500;

std::int64_t run(soci::session& session, const std::string& sql) {
    soci::statement statement = (session.prepare << sql);
    statement.execute(true);
    return statement.get_affected_rows();
}

// Names are no identifiers, but rows that are rejected later may tell nothing else.
void remember_names(soci::session& session, const KeyRing& keys, const Person& person) {
    std::vector<std::pair<record::AccountId, Hash128>> names;
    BulkSelect select(session,
                      "SELECT id, name_sealed FROM accounts WHERE name_sealed IS NOT NULL AND customer_id = " +
                          std::to_string(person.customer.value),
                      {Type::kInteger, Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const std::string name = or_throw(keys.unseal(select.text(1, i)));
            if (identity::normalise_name(name).empty()) continue;
            names.emplace_back(record::AccountId{select.integer(0, i)}, identity::fingerprint_of_name(keys, name));
        }
    }
    for (const auto& [account, name] : names) record::put_erased_fingerprint(session, name, account);
}

KnownValues values_of(soci::session& session, const KeyRing& keys, const Person& person) {
    KnownValues values;
    for (const auto& one : record::identifiers_of(session, keys, person))
        values.add_identifier(static_cast<identity::IdentifierKind>(one.kind), one.value.reveal());
    BulkSelect select(session,
                      "SELECT name_sealed, street_sealed FROM accounts WHERE customer_id = " +
                          std::to_string(person.customer.value),
                      {Type::kText, Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            values.add_name(or_throw(keys.unseal(select.text(0, i))));
            values.add_text(or_throw(keys.unseal(select.text(1, i))));
        }
    }
    return values;
}

// Free text on what stays for the books; each as table, column and what it becomes.
std::int64_t empty_texts(soci::session& session, const Person& person) {
    const std::string own = person.where("customer_id");
    const std::string of_orders = " OR order_id IN (SELECT id FROM orders WHERE " + own + ")";
    struct Text {
        const char *table, *column;
        bool by_order;
    };
    std::int64_t emptied = 0;
    for (const auto& [table, column, by_order] :
         {Text{"orders", "note_sealed", false}, Text{"reviews", "content_sealed", true},
          Text{"interactions", "content_sealed", true}, Text{"tickets", "content_sealed", true},
          Text{"messages", "failure", false}, Text{"points_entries", "reason", true},
          Text{"customer_tiers", "reason", false}, Text{"event_log", "payload_sealed", false}}) {
        emptied += run(session, std::string("UPDATE ") + table + " SET " + column + " = NULL WHERE " + column +
                                    " IS NOT NULL AND (" + own + (by_order ? of_orders : "") + ")");
    }
    emptied += run(session, "DELETE FROM parcel_events WHERE shipment_id IN (SELECT id FROM shipments WHERE " + own +
                                of_orders + ")");
    return emptied;
}

// Rejected rows of imports that name the person lose their text: they are not a customer's yet, so only what they say
// tells whose they are.
std::int64_t empty_rejected_rows(soci::session& session, const KeyRing& keys, const KnownValues& values) {
    std::vector<std::pair<std::int64_t, std::int64_t>> theirs;
    {
        BulkSelect select(session, "SELECT import_id, row_number, reason_sealed, row_sealed FROM rejected_rows",
                          {Type::kInteger, Type::kInteger, Type::kText, Type::kText});
        while (const std::size_t rows = select.fetch()) {
            for (std::size_t i = 0; i < rows; ++i) {
                if (values.are_in(or_throw(keys.unseal(select.text(3, i)))) ||
                    values.are_in(or_throw(keys.unseal(select.text(2, i)))))
                    theirs.emplace_back(select.integer(0, i), select.integer(1, i));
            }
        }
    }
    StatementBatch update(session,
                          "UPDATE rejected_rows SET reason_sealed = :reason, row_sealed = :row WHERE import_id = "
                          ":import AND row_number = :number",
                          {Type::kText, Type::kText, Type::kInteger, Type::kInteger});
    for (const auto& [import, row] : theirs)
        update.text(keys.seal(record::kErasedText)).text(keys.seal(record::kErasedText)).integer(import).integer(row);
    update.flush();
    return static_cast<std::int64_t>(theirs.size());
}

std::int64_t delete_list_rows(soci::session& session, const KeyRing& keys, const KnownValues& values) {
    struct Row {
        std::int64_t list, high, low;
    };
    std::vector<Row> theirs;
    {
        BulkSelect select(session, "SELECT list_id, value_high, value_low, value_sealed FROM list_unknowns",
                          {Type::kInteger, Type::kInteger, Type::kInteger, Type::kText});
        while (const std::size_t rows = select.fetch()) {
            for (std::size_t i = 0; i < rows; ++i) {
                if (values.are_in(or_throw(keys.unseal(select.text(3, i)))))
                    theirs.push_back({select.integer(0, i), select.integer(1, i), select.integer(2, i)});
            }
        }
    }
    for (const Row& row : theirs) {
        run(session, "DELETE FROM list_unknowns WHERE list_id = " + std::to_string(row.list) + " AND value_high = " +
                         std::to_string(row.high) + " AND value_low = " + std::to_string(row.low));
    }
    return static_cast<std::int64_t>(theirs.size());
}

// Segments and tag rules may ask for a person by an id: external_id in ["C0812", …].
void clean_expressions(soci::session& session, const KeyRing& keys, const KnownValues& values) {
    struct Where {
        const char *table, *id, *part, *column;
    };
    for (const auto& [table, id, part, column] :
         {Where{"segment_versions", "segment_id", "version", "expression_sealed"},
          Where{"tag_rules", "tag_id", "0", "expression_sealed"},
          Where{"export_requests", "id", "0", "parameters_sealed"}}) {
        struct Row {
            long long id, part;
            std::string sealed;
        };
        std::vector<Row> changed;
        {
            BulkSelect select(session,
                              std::string("SELECT ") + id + ", " + part + ", " + column + " FROM " + table,
                              {Type::kInteger, Type::kInteger, Type::kText});
            while (const std::size_t rows = select.fetch()) {
                for (std::size_t i = 0; i < rows; ++i) {
                    const std::string text = or_throw(keys.unseal(select.text(2, i)));
                    const std::string clean = values.without(text);
                    if (clean != text) changed.push_back({select.integer(0, i), select.integer(1, i), keys.seal(clean)});
                }
            }
        }
        for (const Row& row : changed) {
            session << "UPDATE " << table << " SET " << column << " = :text WHERE " << id << " = :id AND " << part
                    << " = :part",
                soci::use(row.sealed), soci::use(row.id), soci::use(row.part);
        }
    }
}

Status check(const Person& person, soci::session& session, const Principal& principal, std::string_view reason) {
    if (auto may = principal.require(Permission::kCustomersErase); !may) return may;
    if (reason.empty() || reason.size() > kReasonBytesMax) {
        return fail(Code::kInvalid, "erase.no_reason",
                    "say why the person is erased, in at most " + std::to_string(kReasonBytesMax) +
                        " bytes; the reason stays in the audit log, so name nobody in it");
    }
    if (record::erased_at(session, person.customer) != kNever) {
        return fail(Code::kConflict, "customer.erased",
                    "customer " + std::to_string(person.customer.value) + " was erased already");
    }
    return {};
}

}  // namespace

Result<Erased> erase_person(soci::session& session, const record::Database& database, CustomerId customer,
                            const Principal& principal, const std::string& given_reason, Instant now) {
    const KeyRing& keys = database.keys();
    const auto person = record::find_person(session, customer);
    if (!person) return std::unexpected(person.error());
    const std::string reason(trim(given_reason));
    if (auto may = check(*person, session, principal, reason); !may) return std::unexpected(may.error());
    // SQLite leaves what was deleted in the file until the page is used again; so it overwrites it.
    if (database.dialect() == record::Dialect::kSqlite) session << "PRAGMA secure_delete = ON";

    const KnownValues values = values_of(session, keys, *person);
    const std::string own = person->where("customer_id");
    Erased erased;
    erased.customer = person->customer;
    remember_names(session, keys, *person);
    for (const record::AccountId account : person->accounts)
        erased.identifiers += record::empty_account(session, keys, account, person->customer, now);
    erased.accounts = static_cast<std::int64_t>(person->accounts.size());
    erased.texts = empty_texts(session, *person);
    erased.notes = run(session, "DELETE FROM customer_notes WHERE " + own);
    erased.attributes = run(session, "DELETE FROM custom_attributes WHERE " + own);
    for (const char* table : {"customer_tags", "list_members", "consents"})
        run(session, std::string("DELETE FROM ") + table + " WHERE " + own);
    erased.rejected_rows = empty_rejected_rows(session, keys, values);
    erased.list_rows = delete_list_rows(session, keys, values);
    clean_expressions(session, keys, values);
    run(session, "DELETE FROM idempotency_keys");  // answers that may have shown the person; they only save a repetition
    long long orders = 0;
    session << "SELECT count(*) FROM orders WHERE " << own, soci::into(orders);
    erased.orders_kept = orders;

    record::append_changes(session, person->ids);
    record::append_audit(session,
                         {principal.actor(), "customer.erase", "customer " + std::to_string(person->customer.value),
                          std::to_string(erased.accounts) + " accounts, " + std::to_string(erased.identifiers) +
                              " identifiers; " + std::to_string(orders) + " orders stay; reason: " + reason},
                         now);
    return erased;
}

}  // namespace shuke::auth
