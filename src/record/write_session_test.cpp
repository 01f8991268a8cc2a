#include "record/write_session.h"

#include "record/statement_batch.h"
#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

class WriteSessionTest : public RecordTest {};

TEST_P(WriteSessionTest, WhatWasHandedOverIsThereWhenTheSessionIsAskedForAndInOrder) {
    WriteSession session(database().connect());
    session.now() << "BEGIN";
    StatementBatch batch(session, insert_into("categories", {"id", "name"}), {Type::kInteger, Type::kText}, 10);
    for (int i = 1; i <= 1000; ++i) {
        batch.integer(i).text("c" + std::to_string(i));
        if (i % 10 != 0) continue;
        // Finds its row only when the bulk before it has run.
        session.later(
            [i](soci::session& s) { s << "UPDATE categories SET name = 'seen " << i << "' WHERE id = " << i; });
    }
    int rows = 0, seen = 0;
    session.now() << "SELECT count(*) FROM categories", soci::into(rows);
    session.now() << "SELECT count(*) FROM categories WHERE name LIKE 'seen %'", soci::into(seen);
    EXPECT_EQ(rows, 1000);
    EXPECT_EQ(seen, 100);
    session.now() << "ROLLBACK";
}

TEST_P(WriteSessionTest, AFailureIsThrownAtTheNextCallAndNothingBehindItRuns) {
    WriteSession session(database().connect());
    session.now() << "BEGIN";
    session.later([](soci::session& s) { s << "INSERT INTO no_such_table VALUES (1)"; });
    bool ran = false;
    try {
        session.later([&ran](soci::session&) { ran = true; });
    } catch (const soci::soci_error&) {  // the thread may have been faster
    }
    EXPECT_THROW(session.now(), soci::soci_error);
    EXPECT_THROW(session.later([](soci::session&) {}), soci::soci_error);
    EXPECT_FALSE(ran);
    session.after_failure() << "ROLLBACK";
    int one = 0;
    session.now() << "SELECT 1", soci::into(one);
    EXPECT_EQ(one, 1);
}

TEST_P(WriteSessionTest, RowsOfABulkThatFailsAreAllRolledBack) {
    {
        WriteSession session(database().connect());
        session.now() << "BEGIN";
        StatementBatch batch(session, insert_into("categories", {"id", "name"}), {Type::kInteger, Type::kText}, 4);
        batch.integer(1).text("a").integer(2).text("b").integer(3).text("c").integer(1).text("twice");
        EXPECT_THROW(session.now(), soci::soci_error);
        session.after_failure() << "ROLLBACK";
    }
    EXPECT_EQ(number("SELECT count(*) FROM categories"), 0);
}

SHUKE_ON_BOTH_DATABASES(WriteSessionTest);

}  // namespace
}  // namespace shuke::record
