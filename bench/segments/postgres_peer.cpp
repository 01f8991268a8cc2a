// PostgreSQL 15: a server of its own, started by scripts/postgres and removed again.
// Design: tables in the order of (customer, at), a covering index for every way in that the questions use, vacuumed so
// that index-only scans need no table; the leader and its workers make `threads` processes; no JIT,
// which costs more than it saves here.
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "segments/peer.h"
#include "segments/tables.h"

namespace shuke::bench {
namespace {

std::string output_of(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    char buffer[512];
    while (pipe != nullptr && std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
    if (pipe == nullptr || ::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
    return text;
}

class Postgres : public Peer {
public:
    explicit Postgres(const PeerOptions& options) : folder_((options.scratch / "postgres").string()) {
        const std::string url = output_of("scripts/postgres start " + folder_ + " 0 shared_buffers=4GB work_mem=1GB" +
                                          " maintenance_work_mem=1GB max_wal_size=8GB random_page_cost=1.1 jit=off" +
                                          " max_parallel_workers_per_gather=" + std::to_string(options.threads - 1));
        connection_ = ::PQconnectdb(url.c_str());
        if (::PQstatus(connection_) != CONNECTION_OK)
            throw std::runtime_error(std::string("PostgreSQL: ") + ::PQerrorMessage(connection_));
    }
    ~Postgres() override {
        ::PQfinish(connection_);
        if (std::system(("scripts/postgres stop " + folder_).c_str()) != 0) std::perror("scripts/postgres stop");
    }
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    std::string name() const override {
        const int version = ::PQserverVersion(connection_);
        return "PostgreSQL " + std::to_string(version / 10'000) + "." + std::to_string(version % 10'000);
    }
    Dialect dialect() const override { return Dialect::kPostgres; }

    void load(const std::filesystem::path& folder) override {
        for (const Table& table : tables()) {
            numbers("create unlogged table " + std::string(table.name) + " (" + column_list(table, dialect()) + ")");
            copy(table, table_file(folder, table));
        }
        for (const char* index :
             {"customers (id)", "customers (province, gender, created_at) include (id)",
              "orders (customer, moment) include (paid, kept, amount, discount, net)",
              "orders (moment) include (customer, paid, kept, amount, discount)",
              "orders (customer, id) include (paid, kept, platform, day)", "orders (hour, customer)",
              "lines (category, moment) include (customer, amount)", "lines (product, moment) include (customer)",
              "lines (customer) include (paid, category)", "refunds (moment) include (customer)",
              "refunds (customer, moment)", "messages (channel, delivered, moment) include (customer)"}) {
            numbers(std::string("create index on ") + index);
        }
        numbers("vacuum (freeze, analyze)");
    }

    std::vector<std::int64_t> numbers(const std::string& sql) override {
        PGresult* result = ::PQexec(connection_, sql.c_str());
        check(result, sql);
        std::vector<std::int64_t> values(static_cast<std::size_t>(::PQntuples(result)));
        for (std::size_t row = 0; row < values.size(); ++row)
            values[row] = std::atoll(::PQgetvalue(result, static_cast<int>(row), 0));
        ::PQclear(result);
        return values;
    }

private:
    void copy(const Table& table, const std::filesystem::path& file) {
        const std::string sql = "copy " + std::string(table.name) + " from stdin";
        PGresult* begun = ::PQexec(connection_, sql.c_str());
        check(begun, sql);
        ::PQclear(begun);
        std::ifstream in(file, std::ios::binary);
        std::vector<char> buffer(1 << 20);
        while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
            ::PQputCopyData(connection_, buffer.data(), static_cast<int>(in.gcount()));
        ::PQputCopyEnd(connection_, nullptr);
        PGresult* done = ::PQgetResult(connection_);
        check(done, sql);
        ::PQclear(done);
        while ((done = ::PQgetResult(connection_)) != nullptr) ::PQclear(done);
    }

    void check(PGresult* result, const std::string& sql) {
        const ExecStatusType status = ::PQresultStatus(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN) return;
        throw std::runtime_error(std::string("PostgreSQL: ") + ::PQerrorMessage(connection_) + "\n" + sql);
    }

    std::string folder_;
    PGconn* connection_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> open_postgres(const PeerOptions& options) { return std::make_unique<Postgres>(options); }

}  // namespace shuke::bench
