#include "record/notes.h"

#include "base/error.h"
#include "base/text.h"
#include "record/changes.h"
#include "record/persons.h"

namespace shuke::record {
namespace {

std::string subject_of(CustomerId customer) { return "customer " + std::to_string(customer.value); }

// The customer and everybody merged into it; a customer that is not there has none.
std::string theirs(soci::session& session, CustomerId customer) {
    const auto person = find_person(session, customer);
    return person ? person->where("customer_id") : "1 = 0";
}

}  // namespace

Result<CustomerNote> add_note(soci::session& session, const KeyRing& keys, const CustomerNote& note) {
    const std::string_view text = trim(note.text.reveal());
    if (text.empty()) return fail(Code::kInvalid, "note.empty", "a note needs a text");
    if (text.size() > kNoteBytesMax) {
        return fail(Code::kInvalid, "note.too_long",
                    "the note has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(kNoteBytesMax));
    }
    CustomerNote kept = note;
    kept.text = Personal<std::string>(std::string(text));
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM customer_notes", soci::into(id);
    kept.id = id;
    const long long customer = note.customer.value;
    const long long at = note.at.us_since_epoch;
    const std::string sealed = keys.seal(text);
    session << "INSERT INTO customer_notes (id, customer_id, author, text_sealed, at) VALUES (:id, :customer, "
               ":author, :text, :at)",
        soci::use(id), soci::use(customer), soci::use(note.author), soci::use(sealed), soci::use(at);
    append_audit(session, {note.author, "customer.note", subject_of(note.customer), "note " + std::to_string(id)},
                 note.at);
    return kept;
}

std::vector<CustomerNote> notes_of(soci::session& session, const KeyRing& keys, CustomerId customer) {
    std::vector<CustomerNote> notes;
    CustomerNote note;
    long long id = 0;
    long long whose = 0;
    long long at = 0;
    std::string sealed;
    const std::string are_theirs = theirs(session, customer);  // reads by this session, so before the statement is begun
    soci::statement select = (session.prepare << "SELECT id, customer_id, author, text_sealed, at FROM customer_notes "
                                                 "WHERE "
                                              << are_theirs << " ORDER BY at DESC, id DESC",
                              soci::into(id), soci::into(whose), soci::into(note.author), soci::into(sealed),
                              soci::into(at));
    select.execute();
    while (select.fetch()) {
        note.id = id;
        note.customer = CustomerId{whose};
        note.text = Personal<std::string>(or_throw(keys.unseal(sealed)));
        note.at = Instant{at};
        notes.push_back(note);
    }
    return notes;
}

std::int64_t count_notes(soci::session& session, CustomerId customer) {
    long long count = 0;
    const std::string are_theirs = theirs(session, customer);
    session << "SELECT count(*) FROM customer_notes WHERE " << are_theirs, soci::into(count);
    return count;
}

Status delete_note(soci::session& session, CustomerId customer, std::int64_t id, const std::string& actor,
                   Instant now) {
    const long long note = id;
    long long found = 0;
    const std::string whose = theirs(session, customer);
    session << "SELECT count(*) FROM customer_notes WHERE id = :id AND " << whose, soci::use(note), soci::into(found);
    if (found == 0) {
        return fail(Code::kNotFound, "note.unknown",
                    "there is no note " + std::to_string(id) + " on " + subject_of(customer));
    }
    session << "DELETE FROM customer_notes WHERE id = :id", soci::use(note);
    append_audit(session, {actor, "customer.note_delete", subject_of(customer), "note " + std::to_string(id)}, now);
    return {};
}

}  // namespace shuke::record
