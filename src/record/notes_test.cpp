// Aim: notes are sealed, belong to the person of today, and each is in the audit log without its text.
#include "record/notes.h"

#include "record/accounts.h"
#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

class NotesTest : public RecordTest {
protected:
    Result<CustomerNote> add(CustomerId customer, const std::string& text) {
        Result<CustomerNote> added = fail(Code::kInternal, "test.none", "");
        write([&](soci::session& session) {
            CustomerNote note;
            note.customer = customer;
            note.author = "user:ann";
            note.text = Personal<std::string>(text);
            note.at = clock_.now();
            added = add_note(session, database().keys(), note);
        });
        return added;
    }
};

TEST_P(NotesTest, AreOfWhoeverTheCustomerIsToday) {
    write([](soci::session& session) {
        session << "INSERT INTO customers (id, created_at) VALUES (1, 0)";
        session << "INSERT INTO customers (id, created_at, merged_into) VALUES (2, 0, 1)";
        session << "INSERT INTO customers (id, created_at) VALUES (3, 0)";
    });
    ASSERT_TRUE(add(CustomerId{1}, " 喜欢喝茶 "));
    ASSERT_TRUE(add(CustomerId{2}, "不要打电话"));
    ASSERT_TRUE(add(CustomerId{3}, "别人"));
    EXPECT_EQ(add(CustomerId{1}, " \n").error().key, "note.empty");
    EXPECT_EQ(add(CustomerId{1}, std::string(kNoteBytesMax + 1, 'x')).error().key, "note.too_long");
    write([&](soci::session& session) {
        const auto notes = notes_of(session, database().keys(), CustomerId{1});
        ASSERT_EQ(notes.size(), 2u);
        EXPECT_EQ(notes[0].text.reveal(), "不要打电话");
        EXPECT_EQ(notes[1].text.reveal(), "喜欢喝茶");
        EXPECT_EQ(count_notes(session, CustomerId{1}), 2);
        EXPECT_EQ(count_notes(session, CustomerId{9}), 0);
        EXPECT_EQ(delete_note(session, CustomerId{3}, 1, "user:ann", clock_.now()).error().key, "note.unknown");
        EXPECT_TRUE(delete_note(session, CustomerId{1}, 2, "user:ann", clock_.now()));
        EXPECT_EQ(count_notes(session, CustomerId{1}), 1);
    });
    EXPECT_EQ(number("SELECT count(*) FROM customer_notes WHERE text_sealed LIKE '%茶%'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action LIKE 'customer.note%' AND detail LIKE 'note %'"), 4);
}

SHUKE_ON_BOTH_DATABASES(NotesTest);

}  // namespace
}  // namespace shuke::record
