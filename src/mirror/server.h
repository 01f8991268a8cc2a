// src/mirror/server.h
//
// One ClickHouse server over HTTP: statements in, answers out. The URL says where and who:
//
//   http://[user:password@]host[:port]/[?database=NAME]      https likewise; port 8123 or 8443, database "default"
//
// The password never comes out again: place() and errors name host, port and database alone.
//
// Errors   clickhouse.url, clickhouse.unreachable, clickhouse.refused (with the server's own words)
// Threads  one call at a time
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace shuke::mirror {

class Server {
public:
    static Result<Server> at(const std::string& url);

    std::string place() const;  // "http://db:8123, database crm"
    const std::string& host() const { return host_; }
    // The same door of another host of the cluster.
    Server on(const std::string& host) const;

    // The answer in the format that the statement names. `settings`: "&name=value" for this statement.
    Result<std::string> ask(const std::string& statement, std::string_view settings = {}) const;
    Status run(const std::string& statement) const;
    // Waits until every shard has the rows.
    Status insert(std::string_view table, const std::string& rows, std::string_view format = "RowBinary") const;

private:
    struct Request {
        std::string parameters;  // behind the ?
        std::string_view body;
    };
    Result<std::string> send(const Request& request) const;

    std::string scheme_, host_, port_, user_, password_, database_;
};

}  // namespace shuke::mirror
