// src/api/http/connection.h
//
// One client: its requests one after the other, each read within its limits and deadlines, answered by the handler, until the
// client, a fault or draining ends it. What all connections of a server share is handed in.
//
// Threads  a connection runs on its socket's strand; Connections from any
#pragma once

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "api/http/connections.h"
#include "api/http/message.h"
#include "api/http/server.h"
#include "api/http/workers.h"

namespace shuke::api::http {

struct ConnectionContext {
    Handler& handler;
    const Limits limits;
    const std::filesystem::path spool;
    Workers workers;
    Connections connections = {};
    std::atomic<bool> draining = false;
    std::atomic<std::uint64_t> refused_requests = 0;
};

// Until the connection has ended; connections.number was raised for it. Without `tls` in the clear.
boost::asio::awaitable<void> serve_connection(ConnectionContext& context, boost::asio::ip::tcp::socket socket,
                                              std::shared_ptr<boost::asio::ssl::context> tls, std::string peer);

}  // namespace shuke::api::http
