// bench/serve.cpp
//
// How many orders a second does `shuke serve` take in, durably, and how soon does it answer over a large record?
//
// Orders: the server is another process on an empty record, the client of tests/api/load_client.h sends for --seconds each:
// single orders over --connections keep-alive connections, then 500 orders a request, as JSON and as NDJSON, over four. Every
// order has two lines; a fifth of the buyers are new. Beside it, in the same run, PostgreSQL 15 takes in the same rows by
// pgbench, one transaction an order, and by COPY; fsync and synchronous_commit on, on the same disk. Client and server share
// the processors, so the processor time of each is shown too.
//
// Record: with --record FOLDER, a data folder (of /customers, say, a million), the server is started over it twice: from the
// record and from the snapshot that the first one left; then each page of a working day is asked once, and again ten times.
//
// Options
//   --seconds N       10             --connections N  64
//   --postgres no     leaves PostgreSQL out
//   --record FOLDER   what is said above; alone with --orders no
//   --make N          first makes that record with N customers (tests/api/merchant_file.h) by an import
//   --write FILE      puts the tables into FILE, between its lines "<!-- SECTION: begin -->" and "… end -->"
//   --section NAME    which; default serve
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "section.h"
#include "serve/measures.h"

namespace shuke::bench {
namespace {

struct Options {
    ServeShape shape;
    bool orders = true, postgres = true;
    std::int64_t make = 0;
    std::string record, write, section = "serve", command = "scripts/bench --only serve --";
};

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i], value = argv[i + 1];
        options.command += " " + name + " " + value;
        if (name == "--seconds")
            options.shape.seconds = std::atoi(argv[i + 1]);
        else if (name == "--connections")
            options.shape.connections = static_cast<std::size_t>(std::atoi(argv[i + 1]));
        else if (name == "--postgres")
            options.postgres = value != "no";
        else if (name == "--orders")
            options.orders = value != "no";
        else if (name == "--make")
            options.make = std::atoll(argv[i + 1]);
        else if (name == "--record")
            options.record = value;
        else if (name == "--write")
            options.write = value;
        else if (name == "--section")
            options.section = value;
        else
            throw std::runtime_error("unknown option " + name + "; see the head of bench/serve.cpp");
    }
    return options;
}

std::string orders_table(const Options& options) {
    std::vector<Taken> rows;
    measure_server(options.shape, rows);
    if (options.postgres) measure_postgres(options.shape, rows);
    std::string text =
        "| orders of two lines, durable when answered | goal | orders a second | ms p50 | ms p99 | processor ms an "
        "order: "
        "server | its busiest thread | client |\n|---|---|---|---|---|---|---|---|\n";
    const auto told = [](double ms, const char* format) {
        char number[40] = "–";
        if (ms > 0) std::snprintf(number, sizeof number, format, ms);
        return std::string(number);
    };
    for (const auto& row : rows) {
        const double each = 1000 / static_cast<double>(row.orders);
        text += "| " + row.what + " | " + (row.goal.empty() ? "–" : row.goal) + " | **" + told(row.rate(), "%.0f") +
                "** | " + told(row.p50, "%.1f") + " | " + told(row.p99, "%.1f") + " | " +
                told(row.server_processor * each, "%.3f") + " | " + told(row.busiest_thread * each, "%.3f") + " | " +
                told(row.client_processor * each, "%.3f") + " |\n";
    }
    return text;
}

void run(const Options& options) {
    if (options.make > 0) make_record(options.record, options.make);
    char line[200];
    double load = 0;
    ::getloadavg(&load, 1);
    std::snprintf(line, sizeof line, "; %ld processors. Load of the machine in the last minute before it: %.1f.\n\n",
                  ::sysconf(_SC_NPROCESSORS_ONLN), load);
    std::string text = "`" + options.command + "`" + line;
    if (options.orders) text += orders_table(options);
    if (!options.record.empty()) text += (options.orders ? "\n" : "") + measure_record(options.record);
    std::cout << text;
    if (!options.write.empty()) write_section(options.write, options.section, text);
}

}  // namespace
}  // namespace shuke::bench

int main(int argc, char** argv) {
    try {
        shuke::bench::run(shuke::bench::read_options(argc, argv));
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "bench serve: %s\n", problem.what());
        return 1;
    }
}
