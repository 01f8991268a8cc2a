// src/record/testing/record_for_test.h
//
// A fresh record for a test: SQLite in a folder that goes away, or PostgreSQL in a schema of its own when
// SHUKE_TEST_POSTGRES names a server (scripts/test starts one). Tests of the record run on both.
#pragma once

#include <gtest/gtest.h>
#include <soci/postgresql/soci-postgresql.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "record/database.h"

namespace shuke::record {

class FolderForTest {
public:
    FolderForTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "shuke-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~FolderForTest() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }
    FolderForTest(const FolderForTest&) = delete;
    FolderForTest& operator=(const FolderForTest&) = delete;

private:
    std::filesystem::path path_;
};

inline std::string dialect_name(const testing::TestParamInfo<Dialect>& info) {
    return info.param == Dialect::kSqlite ? "Sqlite" : "Postgres";
}

class RecordTest : public testing::TestWithParam<Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == Dialect::kPostgres) {
            const char* server = std::getenv("SHUKE_TEST_POSTGRES");
            if (server == nullptr || *server == '\0')
                GTEST_SKIP() << "SHUKE_TEST_POSTGRES is not set; scripts/test starts a PostgreSQL for this";
            server_ = server;
            schema_ = "shuke_" + std::to_string(::getpid()) + "_" +
                      std::to_string(reinterpret_cast<std::uintptr_t>(this) % 100000);
            soci::session admin(soci::postgresql, server_);
            admin << "SET client_min_messages = warning";
            admin << "DROP SCHEMA IF EXISTS " << schema_ << " CASCADE";
            admin << "CREATE SCHEMA " << schema_;
        }
        database_ = open();
    }
    void TearDown() override {
        database_.reset();
        if (schema_.empty()) return;
        soci::session admin(soci::postgresql, server_);
        admin << "SET client_min_messages = warning";
        admin << "DROP SCHEMA " << schema_ << " CASCADE";
    }

    std::unique_ptr<Database> open() {
        OpenOptions options{.url = "", .folder = folder_.path(), .create = true};
        if (!schema_.empty()) options.url = server_ + " options='-c search_path=" + schema_ + "'";
        auto opened = Database::open(options, clock_);
        if (!opened) throw std::runtime_error(opened.error().detail);
        return std::move(*opened);
    }
    Database& database() { return *database_; }

    // Runs in a write transaction that has to succeed.
    void write(const std::function<void(soci::session&)>& work) {
        const auto done = database().write("test", work);
        ASSERT_TRUE(done) << done.error().detail;
    }
    std::int64_t number(const std::string& sql) {
        long long value = 0;
        const auto done = database().read([&](soci::session& session) { session << sql, soci::into(value); });
        EXPECT_TRUE(done) << (done ? "" : done.error().detail);
        return value;
    }

    FolderForTest folder_;
    FakeClock clock_{Instant::from_seconds(1'700'000'000)};
    std::string server_, schema_;
    std::unique_ptr<Database> database_;
};

// Takes migration 0004 back, so that opening the record applies it to what is there.
inline void undo_access(soci::session& session) {
    for (const char* table :
         {"users", "recovery_codes", "roles", "sessions", "api_keys", "login_attempts", "one_time_tokens", "audit_head",
          "jobs", "export_requests", "customer_notes", "idempotency_keys", "erasures", "erased_fingerprints",
          "webhook_sources", "webhook_deliveries", "postponed_reviews", "tag_changes"})
        session << std::string("DROP TABLE ") + table;
    session << "DROP INDEX audit_at";
    for (const char* column : {"hash", "seal"}) session << std::string("ALTER TABLE audit DROP COLUMN ") + column;
    session << "ALTER TABLE rejected_rows DROP COLUMN corrected_at";
    session << "DELETE FROM schema_migrations WHERE version >= 4";
}

}  // namespace shuke::record

#define SHUKE_ON_BOTH_DATABASES(Suite)                                                                                \
    INSTANTIATE_TEST_SUITE_P(Databases, Suite,                                                                        \
                             testing::Values(::shuke::record::Dialect::kSqlite, ::shuke::record::Dialect::kPostgres), \
                             ::shuke::record::dialect_name)
