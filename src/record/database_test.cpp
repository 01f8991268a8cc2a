// Aim: the record keeps its promises of one transaction, one writer, one key, one schema, on SQLite and PostgreSQL.
#include "record/database.h"

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "record/changes.h"
#include "record/migrations.h"
#include "record/settings.h"
#include "record/statement_batch.h"
#include "record/testing/record_for_test.h"

namespace shuke::record {
namespace {

class DatabaseTest : public RecordTest {};

TEST_P(DatabaseTest, AFailedWriteLeavesNothingBehind) {
    const auto failed = database().write("test", [&](soci::session& session) {
        append_changes(session, {CustomerId{1}, CustomerId{2}});
        throw Failure{{Code::kInvalid, "test.failed", "on purpose"}};
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().key, "test.failed");
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), 0);
}

TEST_P(DatabaseTest, ChangeNumbersAscendOverTransactions) {
    write([](soci::session& session) { append_changes(session, {CustomerId{7}, CustomerId{8}}); });
    write([](soci::session& session) { append_changes(session, {CustomerId{7}}); });
    EXPECT_EQ(number("SELECT max(seq) FROM customer_changes WHERE customer_id = 7"), 3);
    EXPECT_EQ(number("SELECT max(seq) FROM customer_changes WHERE customer_id = 8"), 2);
    write([](soci::session& session) { compact_changes(session); });
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), 2);
    EXPECT_EQ(number("SELECT max(seq) FROM customer_changes"), 3);
}

TEST_P(DatabaseTest, ReadersSeeTheStateBeforeAnOpenTransactionAndDoNotWait) {
    write([](soci::session& session) { append_changes(session, {CustomerId{1}}); });
    write([&](soci::session& session) {
        append_changes(session, {CustomerId{2}});
        EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), 1);
    });
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes"), 2);
}

TEST_P(DatabaseTest, WritersOfTwoProcessesTakeTurns) {
    const auto other = open();
    constexpr int kWrites = 40;
    const auto write_many = [](Database& into) {
        for (int i = 0; i < kWrites; ++i) {
            const auto done =
                into.write("test", [](soci::session& session) { append_changes(session, {CustomerId{1}}); });
            ASSERT_TRUE(done) << done.error().detail;
        }
    };
    std::thread one([&] { write_many(database()); });
    std::thread two([&] { write_many(*other); });
    one.join();
    two.join();
    EXPECT_EQ(number("SELECT max(seq) FROM customer_changes"), 2 * kWrites);
    EXPECT_EQ(number("SELECT writes FROM write_counter"), 2 * kWrites + 1);  // and the key's check value
}

TEST_P(DatabaseTest, ANewerSchemaIsRefusedAndNotTouched) {
    write([](soci::session& session) {
        session << "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, "
                   "'9999_future.sql', 'x', 0)";
    });
    const auto session = database().connect();
    const auto migrated = migrate(database(), *session);
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().key, "record.schema_newer");
    EXPECT_NE(migrated.error().detail.find("9999"), std::string::npos);
}

TEST_P(DatabaseTest, MigratingTwiceChangesNothing) {
    const auto before = number("SELECT count(*) FROM schema_migrations");
    const auto again = open();
    EXPECT_EQ(number("SELECT count(*) FROM schema_migrations"), before);
    EXPECT_EQ(again->schema_version(), before);
}

TEST_P(DatabaseTest, BatchesWriteEveryValueAndNull) {
    write([](soci::session& session) {
        StatementBatch batch(session, insert_into("categories", {"id", "name"}), {Type::kInteger, Type::kText}, 3);
        for (int i = 1; i <= 8; ++i) batch.integer(i).text("类别 " + std::to_string(i));
        batch.flush();
        StatementBatch labels(
            session,
            insert_into("product_labels", {"id", "product_id", "title", "category_id", "content_high", "content_low"}),
            {Type::kInteger, Type::kInteger, Type::kText, Type::kInteger, Type::kInteger, Type::kInteger});
        labels.integer(1).integer(1).nullable_text("").nullable(0, 0).integer(INT64_MIN + 1).integer(INT64_MAX);
        labels.flush();
    });
    EXPECT_EQ(number("SELECT count(*) FROM categories WHERE name LIKE '类别 %'"), 8);
    EXPECT_EQ(number("SELECT count(*) FROM product_labels WHERE title IS NULL AND category_id IS NULL"), 1);
    EXPECT_EQ(number("SELECT content_high FROM product_labels"), INT64_MIN + 1);
    EXPECT_EQ(number("SELECT content_low FROM product_labels"), INT64_MAX);
}

TEST_P(DatabaseTest, AnotherKeyIsRefused) {
    const auto key_file = folder_.path() / "shuke.key";
    database_.reset();
    std::filesystem::remove(key_file);
    ASSERT_TRUE(KeyRing::open(key_file, true));
    EXPECT_THROW(open(), std::runtime_error);
}

TEST_P(DatabaseTest, TheKeyFileIsItsOwnersAlone) {
    struct stat about{};
    ASSERT_EQ(::stat((folder_.path() / "shuke.key").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_P(DatabaseTest, SettingsAreCheckedAndRemembered) {
    write([&](soci::session& session) {
        EXPECT_TRUE(set_setting(session, "lifecycle.active_days", "30", clock_.now()));
        EXPECT_EQ(integer_setting(session, "lifecycle.active_days"), 30);
        EXPECT_EQ(set_setting(session, "lifecycle.active_days", "soon", clock_.now()).error().key, "setting.invalid");
        EXPECT_EQ(set_setting(session, "base_currency", "XXX", clock_.now()).error().key, "setting.invalid");
        EXPECT_EQ(set_setting(session, "no.such", "1", clock_.now()).error().key, "setting.unknown");
        EXPECT_EQ(integer_setting(session, "lifecycle.active_days"), 30);
    });
}

SHUKE_ON_BOTH_DATABASES(DatabaseTest);

}  // namespace
}  // namespace shuke::record
