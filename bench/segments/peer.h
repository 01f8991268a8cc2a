// bench/segments/peer.h
//
// A database that answers the same questions. Each gets the physical design an expert would give it for this work:
// rows sorted by customer and time, narrow columns, indexes where it has them, everything in memory after the first
// run. Order and line rows carry what the questions need of their order, so that no peer has to join.
//
//   load    the tables of tables.h
//   count   how many customers `query` chooses; this is what is timed: the answer need not be handed over
//   column  an expression over the rows of `query`, as whole numbers, ordered by customer; beside the clock
//
// `query` is a SELECT with a column named customer.
//
// Errors   std::runtime_error with what the database said.
// Threads  one caller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace shuke::bench {

enum class Dialect : std::uint8_t { kDuckdb, kClickhouse, kPostgres, kSqlite };

class Peer {
public:
    virtual ~Peer() = default;
    virtual std::string name() const = 0;  // with its version
    virtual Dialect dialect() const = 0;
    virtual void load(const std::filesystem::path& tables) = 0;
    virtual std::vector<std::int64_t> numbers(const std::string& sql) = 0;  // first column of the result

    std::uint64_t count(const std::string& query) {
        return static_cast<std::uint64_t>(numbers("select count(*) from (" + query + ") chosen").at(0));
    }
    std::vector<std::int64_t> column(const std::string& expression, const std::string& query) {
        return numbers("select cast(" + expression + " as bigint) from (" + query + ") chosen order by customer");
    }
};

struct PeerOptions {
    std::filesystem::path scratch;  // an existing folder for its files
    unsigned threads = 2;
};

std::unique_ptr<Peer> open_duckdb(const PeerOptions& options);
std::unique_ptr<Peer> open_clickhouse(const PeerOptions& options);
std::unique_ptr<Peer> open_postgres(const PeerOptions& options);
std::unique_ptr<Peer> open_sqlite(const PeerOptions& options);

// A function of a shared library that is loaded at run time, so that building needs none of the peers.
class SharedLibrary {
public:
    explicit SharedLibrary(const std::filesystem::path& file);
    template <class Function>
    Function* find(const char* name) const {
        return reinterpret_cast<Function*>(symbol(name));
    }

private:
    void* symbol(const char* name) const;
    void* handle_;  // stays loaded: such libraries do not like to be unloaded
};

}  // namespace shuke::bench
