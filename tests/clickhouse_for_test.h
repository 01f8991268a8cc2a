// tests/clickhouse_for_test.h: a database of its own in the ClickHouse of SHUKE_TEST_CLICKHOUSE, gone with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "mirror/server.h"

namespace product {

class ClickHouseTest : public testing::Test {
protected:
    void SetUp() override {
        const char* url = std::getenv("SHUKE_TEST_CLICKHOUSE");
        if (url == nullptr || *url == '\0')
            GTEST_SKIP() << "SHUKE_TEST_CLICKHOUSE names no server; scripts/clickhouse start DIR starts one";
        door_ = url;
        static int number = 0;
        database_ = "shuke_test_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
        outside_ = shuke::mirror::Server::at(door_).value();
        ASSERT_TRUE(outside_->run("CREATE DATABASE " + database_));
        server_ = shuke::mirror::Server::at(this->url()).value();
    }
    void TearDown() override {
        if (!outside_) return;
        EXPECT_TRUE(outside_->run("DROP DATABASE " + database_));
    }

    std::string url() const { return door_ + "?database=" + database_; }
    const shuke::mirror::Server& server() const { return *server_; }
    std::string ask(const std::string& sql) const {
        auto answer = server_->ask(sql);
        if (!answer) ADD_FAILURE() << answer.error().detail << "\n" << sql;
        return answer.value_or("");
    }
    void run(const std::string& sql) const { ask(sql); }
    void insert(const std::string& table, const std::string& rows) const {
        const auto done = server_->insert(table, rows);
        ASSERT_TRUE(done.has_value()) << done.error().detail;
    }
    std::vector<std::int64_t> ids(const std::string& sql) const {
        const std::string bytes = ask(sql + " FORMAT RowBinary");
        std::vector<std::int64_t> ids(bytes.size() / sizeof(std::int64_t));
        std::memcpy(ids.data(), bytes.data(), ids.size() * sizeof(std::int64_t));
        return ids;
    }

private:
    std::string door_, database_;
    std::optional<shuke::mirror::Server> outside_, server_;
};

}  // namespace product
