// tests/clickhouse_for_test.h
//
// A database of its own in the ClickHouse of SHUKE_TEST_CLICKHOUSE, gone with the test. SHUKE_TEST_CLICKHOUSE_CLUSTER names
// a cluster over whose shards the customers are spread.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
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
        const char* cluster = std::getenv("SHUKE_TEST_CLICKHOUSE_CLUSTER");
        cluster_ = cluster == nullptr ? "" : cluster;
        static int number = 0;
        database_ = "shuke_test_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
        const auto outside = shuke::mirror::Server::at(door_).value();
        server_ = shuke::mirror::Server::at(this->url()).value();
        nodes_ = {outside};
        if (!cluster_.empty()) {
            nodes_.clear();
            std::istringstream hosts(outside
                                         .ask("SELECT DISTINCT host_name FROM system.clusters WHERE cluster = '" +
                                              cluster_ + "' ORDER BY host_name")
                                         .value());
            for (std::string host; std::getline(hosts, host);) nodes_.push_back(outside.on(host));
        }
        for (const auto& node : nodes_) ASSERT_TRUE(node.run("CREATE DATABASE " + database_));
        for (auto& node : nodes_) node = server_->on(node.host());
    }
    void TearDown() override {
        for (const auto& node : nodes_) EXPECT_TRUE(node.run("DROP DATABASE IF EXISTS " + database_));
    }

    const std::string& cluster() const { return cluster_; }
    // On every node of the cluster, in the test's database.
    void run_everywhere(const std::string& sql) const {
        for (const auto& node : nodes_) {
            const auto done = node.ask(sql);
            EXPECT_TRUE(done.has_value()) << done.error().detail;
        }
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
    std::string door_, cluster_, database_;
    std::vector<shuke::mirror::Server> nodes_;
    std::optional<shuke::mirror::Server> server_;
};

}  // namespace product
