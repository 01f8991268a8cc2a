// bench/serve/postgres.cpp: the same rows into PostgreSQL: orders with a unique number and an index on the buyer, their lines.
#include <libpq-fe.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "serve/measures.h"

namespace shuke::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables =
    "CREATE TABLE orders (id bigserial PRIMARY KEY, order_no text NOT NULL UNIQUE, external_id text, name text, "
    "province text, city text, status text, created_at timestamptz, paid_at timestamptz, amount numeric(12,2), channel "
    "text); CREATE INDEX ON orders (external_id); CREATE TABLE order_lines (order_id bigint NOT NULL REFERENCES "
    "orders, "
    "line_no int, product text, title text, category text, quantity int, price numeric(12,2), PRIMARY KEY (order_id, "
    "line_no));";

// One order with its lines, a transaction; random numbers that do not meet.
constexpr const char* kSingle =
    "\\set n random(1, 1000000000000000)\n\\set c random(1, 20000)\n\\set p random(1, 2000)\nBEGIN;\n"
    "INSERT INTO orders (order_no, external_id, name, province, city, status, created_at, paid_at, amount, channel) "
    "VALUES "
    "('S' || :n, 'c' || :c, '王芳', '浙江', '杭州', 'paid', '2026-11-20T08:00:00Z', '2026-11-20T08:01:00Z', 129.50, "
    "'app');\n"
    "INSERT INTO order_lines SELECT currval('orders_id_seq'), line, 'p' || (:p + line), '商品' || (:p + line), 'c7', "
    "1, 64.75 "
    "FROM generate_series(1, 2) line;\nCOMMIT;\n";

std::string output_of(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    char buffer[512];
    while (pipe != nullptr && std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
    if (pipe == nullptr || ::pclose(pipe) != 0) throw std::runtime_error("failed: " + command + "\n" + text);
    return text;
}

// Of the server with all its processes that have ended.
double server_processor(const fs::path& data) {
    std::ifstream pid_file(data / "postmaster.pid");
    std::string pid;
    pid_file >> pid;
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string text;
    std::getline(stat, text);
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double sum = 0;
    for (int i = 0; i < 4; ++i) {
        double one = 0;
        fields >> one;
        sum += one;
    }
    return sum / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double children_processor() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double after(const std::string& text, const std::string& what) {
    const auto at = text.find(what);
    if (at == std::string::npos) throw std::runtime_error("pgbench did not say '" + what + "':\n" + text);
    return std::atof(text.c_str() + at + what.size());
}

class Cluster {
public:
    Cluster() {
        std::string name = (fs::temp_directory_path() / "shuke-bench-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        fs::permissions(folder_, fs::perms::others_all, fs::perm_options::add);
        url_ = output_of("scripts/postgres start " + (folder_ / "postgres").string() +
                         " 0 fsync=on synchronous_commit=on full_page_writes=on shared_buffers=1GB max_wal_size=8GB");
        while (!url_.empty() && url_.back() == '\n') url_.pop_back();
        run(kTables);
    }
    ~Cluster() {
        const int stopped = std::system(("scripts/postgres stop " + (folder_ / "postgres").string()).c_str());
        std::error_code ignored;
        if (stopped == 0) fs::remove_all(folder_, ignored);
    }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    void run(const std::string& sql) {
        PGconn* connection = ::PQconnectdb(url_.c_str());
        PGresult* result = ::PQexec(connection, sql.c_str());
        const auto state = ::PQresultStatus(result);
        const std::string problem = ::PQerrorMessage(connection);
        ::PQclear(result);
        ::PQfinish(connection);
        if (state != PGRES_COMMAND_OK && state != PGRES_TUPLES_OK) throw std::runtime_error("PostgreSQL: " + problem);
    }

    Taken single(const ServeShape& shape, std::size_t connections) {
        const auto script = folder_ / "single.sql";
        std::ofstream(script) << kSingle;
        Taken taken;
        taken.what =
            "PostgreSQL 15: pgbench, a transaction an order, prepared, " + std::to_string(connections) + " connections";
        const double server_before = server_processor(data()), client_before = children_processor();
        const std::string said =
            output_of("/usr/lib/postgresql/15/bin/pgbench -n -M prepared -j 2 -c " + std::to_string(connections) +
                      " -T " + std::to_string(shape.seconds) + " -f " + script.string() + " '" + url_ + "' 2>&1");
        taken.seconds = shape.seconds;
        taken.orders = static_cast<std::int64_t>(after(said, "actually processed: "));
        taken.p50 = 0;
        taken.client_processor = children_processor() - client_before;
        ::usleep(200'000);  // the backends end
        taken.server_processor = server_processor(data()) - server_before;
        return taken;
    }

    // 400,000 orders in one COPY for the orders and one for the lines: the quickest way in that it has.
    Taken copy() {
        constexpr std::int64_t kOrders = 400'000;
        std::ofstream orders(folder_ / "orders.csv"), lines(folder_ / "lines.csv");
        for (std::int64_t n = 1; n <= kOrders; ++n) {
            orders << 1'000'000'000 + n << ",J" << n << ",c" << n * 7919 % 20'000
                   << ",王芳,浙江,杭州,paid,2026-11-20T08:00:00Z,2026-11-20T08:01:00Z,129.50,app\n";
            for (int line = 1; line <= 2; ++line)
                lines << 1'000'000'000 + n << ',' << line << ",p" << (n * 31 + line) % 2000 << ",商品"
                      << (n * 31 + line) % 2000 << ",c7,1,64.75\n";
        }
        orders.close();
        lines.close();
        Taken taken;
        taken.what = "PostgreSQL 15: COPY of 400,000 orders and their lines, one transaction";
        taken.orders = kOrders;
        const double server_before = server_processor(data()), client_before = children_processor();
        const auto start = std::chrono::steady_clock::now();
        output_of("/usr/lib/postgresql/15/bin/psql -q -v ON_ERROR_STOP=1 '" + url_ +
                  "' -c BEGIN -c \"\\copy orders from '" + (folder_ / "orders.csv").string() +
                  "' csv\" -c \"\\copy order_lines from '" + (folder_ / "lines.csv").string() +
                  "' csv\" -c COMMIT 2>&1");
        taken.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        taken.client_processor = children_processor() - client_before;
        ::usleep(200'000);
        taken.server_processor = server_processor(data()) - server_before;
        return taken;
    }

private:
    fs::path data() const { return folder_ / "postgres" / "data"; }

    fs::path folder_;
    std::string url_;
};

}  // namespace

void measure_postgres(const ServeShape& shape, std::vector<Taken>& rows) {
    Cluster cluster;
    for (const std::size_t connections : {std::size_t{16}, shape.connections})
        rows.push_back(cluster.single(shape, connections));
    rows.push_back(cluster.copy());
}

}  // namespace shuke::bench
