// bench/segments.cpp
//
// How fast is "which customers satisfy this?", beside DuckDB, ClickHouse, PostgreSQL, SQLite and a C++ loop written by
// hand, on the same generated merchant (segments/world.h), with the same number of threads?
//
// Every system first answers every segment once, and its customers are compared with the engine's (with the loop's where
// the language cannot say it yet), each of them, not only their number; that also warms all caches. Then rounds: in each,
// every segment, and for it every system in turn. The medians are reported; the peers are timed on counting the
// customers alone, which spares them handing over the ids.
//
// Options
//   --customers N   1,000,000            --seed S      1
//   --threads N     2                    --repeat N    7 (PostgreSQL and SQLite at most 3)
//   --peers LIST    of duckdb,clickhouse,postgres,sqlite,loop or none; default duckdb,clickhouse,loop
//   --only TEXT     only segments whose name contains it
//   --write FILE    puts the tables into FILE, between its lines "<!-- SECTION: begin -->" and "… end -->"
//   --section NAME  which section; default segments
#include "segments/segments.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "audience/measure.h"
#include "base/time_zone.h"
#include "insight/rfm.h"
#include "section.h"
#include "segments/arrays.h"
#include "segments/engine_peer.h"
#include "segments/peer.h"
#include "segments/report.h"
#include "segments/tables.h"

namespace shuke::bench {
namespace {

namespace fs = std::filesystem;

struct Options {
    WorldShape shape;
    unsigned threads = 2;
    int repeat = 7;
    std::string peers = "duckdb,clickhouse,loop";
    std::string only;
    std::string write;
    std::string section = "segments";
    std::string command = "scripts/bench --only segments --";

    bool wants(const std::string& peer) const {
        return ("," + peers + ",").find("," + peer + ",") != std::string::npos;
    }
};

constexpr int kSlowRounds = 3;

double milliseconds_of(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

// Runs work and notes how long it took, by the clock and (unless it works elsewhere) by the processor.
void time_both(const std::string& system, Timings& clock, Timings& processor, const auto& work) {
    const std::clock_t before = std::clock();
    clock.rounds[system].push_back(milliseconds_of(work));
    if (system == "postgres") return;
    processor.rounds[system].push_back(static_cast<double>(std::clock() - before) * 1e3 / CLOCKS_PER_SEC);
}

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (i + 1 == argc) throw std::runtime_error(name + ": an option and its value, see the head of segments.cpp");
        const std::string value = argv[++i];
        if (name == "--customers")
            options.shape.customers = static_cast<std::uint32_t>(std::stoul(value));
        else if (name == "--seed")
            options.shape.seed = std::stoull(value);
        else if (name == "--threads")
            options.threads = static_cast<unsigned>(std::stoul(value));
        else if (name == "--repeat")
            options.repeat = std::stoi(value);
        else if (name == "--peers")
            options.peers = value;
        else if (name == "--only")
            options.only = value;
        else if (name == "--write")
            options.write = value;
        else if (name == "--section")
            options.section = value;
        else
            throw std::runtime_error("no option " + name + "; see the head of segments.cpp");
        options.command += " " + name + " " + value;
    }
    return options;
}

std::vector<std::int64_t> ids_of(const Bits& bits) {
    std::vector<std::int64_t> ids;
    for (std::size_t word = 0; word < bits.size(); ++word) {
        for (std::uint64_t left = bits[word]; left != 0; left &= left - 1)
            ids.push_back(static_cast<std::int64_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left))) + 1);
    }
    return ids;
}

// A folder for the peers' files, gone when the program ends. Others may pass through it: PostgreSQL's server does.
class Scratch {
public:
    Scratch() {
        std::string pattern = (fs::temp_directory_path() / "shuke-segments-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
        ::chmod(pattern.c_str(), 0711);
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
};

std::string key_of(const Peer& peer) {
    constexpr const char* kKeys[] = {"duckdb", "clickhouse", "postgres", "sqlite"};  // by Dialect
    return kKeys[static_cast<std::size_t>(peer.dialect())];
}

// The slow ones take part in the first rounds only.
bool sits_out(const Peer& peer, int round) {
    const bool slow = peer.dialect() == Dialect::kPostgres || peer.dialect() == Dialect::kSqlite;
    return slow && round >= kSlowRounds;
}

class Benchmark {
public:
    explicit Benchmark(const Options& options) : options_(options), pool_(options.threads) {}

    Report run() {
        load();
        for (const Segment& segment : segments()) {
            if (std::string(segment.name).find(options_.only) == std::string::npos) continue;
            chosen_.push_back(&segment);
            report_.rows.push_back(check(segment));
        }
        if (!peers_.empty() && options_.only.empty()) check_rfm();
        for (int round = 0; round < options_.repeat; ++round) {
            for (std::size_t i = 0; i < chosen_.size(); ++i) time_segment(*chosen_[i], report_.rows[i], round);
            if (options_.only.empty()) time_rfm(round);
        }
        finish();
        return std::move(report_);
    }

private:
    void load() {
        report_.systems = {"engine", "edited"};
        report_.titles = {{"engine", "engine ms"}, {"edited", "one condition edited ms"}, {"loop", "loop ms"}};
        engine_ = std::make_unique<Engine>(options_.shape, pool_);
        say("engine loaded in %.1f s", engine_->load_seconds());
        if (options_.peers == "none") return;
        arrays_ = make_arrays(options_.shape);
        if (options_.wants("loop")) report_.systems.emplace_back("loop");
        add_peer("duckdb", open_duckdb);
        add_peer("clickhouse", open_clickhouse);
        add_peer("postgres", open_postgres);
        add_peer("sqlite", open_sqlite);
        fs::remove_all(scratch_.folder() / "tables");
    }

    void add_peer(const std::string& key, std::unique_ptr<Peer> (*open)(const PeerOptions&)) {
        if (!options_.wants(key)) return;
        const fs::path tables = scratch_.folder() / "tables";
        if (fs::create_directory(tables)) write_tables(arrays_, tables);
        auto peer = open({scratch_.folder(), options_.threads});
        const double loading = milliseconds_of([&] { peer->load(tables); });
        say("%s loaded in %.1f s", peer->name().c_str(), loading / 1e3);
        report_.systems.push_back(key);
        report_.titles[key] = peer->name() + " ms";
        peers_.push_back(std::move(peer));
    }

    // Everybody's answer is compared to the customer.
    Row check(const Segment& segment) {
        Row row{segment.name, 0, engine_->complaint(segment.shuke), {}, {}};
        std::vector<std::int64_t> ids;
        const bool asked = row.missing.empty();
        if (asked) ids = engine_->ids(segment.shuke);
        if (options_.peers != "none") {
            const auto by_loop = ids_of(segment.loop(arrays_, pool_));
            if (!asked) ids = by_loop;
            compare(segment.name, "the loop", by_loop, ids);
        }
        for (const auto& peer : peers_)
            compare(segment.name, peer->name(), peer->column("customer", sql_of(segment, peer->dialect())), ids);
        row.customers = ids.size();
        say("%-26s %9zu customers, everybody agrees%s", segment.name, ids.size(),
            asked ? "" : ("; not in the engine's language yet: " + row.missing).c_str());
        return row;
    }

    static void compare(const std::string& what, const std::string& who, const std::vector<std::int64_t>& theirs,
                        const std::vector<std::int64_t>& ours) {
        if (theirs == ours) return;
        const auto [a, b] = std::ranges::mismatch(theirs, ours);
        throw std::runtime_error(what + ": " + who + " has " + std::to_string(theirs.size()) + ", expected " +
                                 std::to_string(ours.size()) + "; first difference " +
                                 (a == theirs.end() ? "at the end" : std::to_string(*a)) + " against " +
                                 (b == ours.end() ? "the end" : std::to_string(*b)));
    }

    void time_segment(const Segment& segment, Row& row, int round) {
        const auto time = [&](const std::string& system, const auto& count) {
            std::uint64_t counted = 0;
            time_both(system, row.timings, row.processor, [&] { counted = count(); });
            if (system != "edited" && counted != row.customers)
                throw std::runtime_error(std::string(segment.name) + ": another answer than before from " + system);
        };
        if (row.missing.empty()) {
            time("engine", [&] { return engine_->answer(segment.shuke).count(); });
            if (segment.edited != nullptr) {
                engine_->forget();
                static_cast<void>(engine_->answer_warm(segment.shuke));
                time("edited", [&] { return engine_->answer_warm(segment.edited).count(); });
            }
        }
        if (options_.wants("loop")) {
            time("loop", [&] {
                std::uint64_t sum = 0;
                for (const std::uint64_t word : segment.loop(arrays_, pool_))
                    sum += static_cast<std::uint64_t>(std::popcount(word));
                return sum;
            });
        }
        for (const auto& peer : peers_) {
            if (sits_out(*peer, round)) continue;
            time(key_of(*peer), [&] { return peer->count(sql_of(segment, peer->dialect())); });
        }
    }

    // RFM of all customers: recency, frequency, money; the engine's with its scores and classes too.
    static constexpr const char* kRfmSql =
        "select customer, max(day) as last_day, count(*) as orders, sum(net) as spent from orders where kept group by "
        "customer";

    insight::RfmResult rfm() {
        auto result = insight::rfm(engine_->version(), end_of_world(), {}, nullptr, &pool_);
        if (!result) throw std::runtime_error(result.error().detail);
        return std::move(*result);
    }

    void check_rfm() {
        const insight::RfmResult result = rfm();
        std::vector<std::int64_t> columns[4];
        const std::int32_t today = engine_->version().config().zone.day_of(end_of_world()).days_since_epoch;
        for (const insight::RfmRow& row : result.rows) {
            columns[0].push_back(row.customer.value);
            columns[1].push_back(today - row.recency_days);
            columns[2].push_back(row.frequency);
            columns[3].push_back(row.monetary);
        }
        const char* names[] = {"customer", "last_day", "orders", "spent"};
        for (const auto& peer : peers_) {
            for (std::size_t i = 0; i < 4; ++i)
                compare(std::string("RFM ") + names[i], peer->name(), peer->column(names[i], kRfmSql), columns[i]);
        }
        say("%-26s %9zu customers, everybody agrees", "RFM", result.rows.size());
    }

    // As the peers are asked to: the three of everybody, of which only the sum is handed over.
    double add_up_measures(const std::vector<audience::BoundMetric>& metrics) {
        std::vector<double> sums(engine_->version().blocks().size());
        const auto add = [&](std::size_t block, std::span<const audience::Slot>,
                             std::span<const std::span<const double>> values) {
            for (const auto& of_metric : values)
                for (const double value : of_metric) sums[block] += std::isnan(value) ? 0 : value;
        };
        audience::measure_by_block(engine_->version(), metrics, end_of_world(), nullptr, &pool_, add);
        return std::accumulate(sums.begin(), sums.end(), 0.0);
    }

    void time_rfm(int round) {
        const audience::BindOptions bind{Currency::kCNY, nullptr};
        std::vector<audience::BoundMetric> metrics;
        for (const char* metric : {"max(orders.day where kept)", "count(orders where kept)", "total_spent"})
            metrics.push_back(audience::bind_metric(metric, bind).value());
        const auto time = [&](const std::string& system, const auto& work) {
            time_both(system, rfm_, rfm_processor_, work);
        };
        time("engine", [&] { add_up_measures(metrics); });
        time("scored", [&] { rfm(); });
        for (const auto& peer : peers_) {
            if (sits_out(*peer, round)) continue;
            time(key_of(*peer), [&] {
                peer->numbers("select cast(sum(last_day) + sum(orders) + sum(spent) as bigint) from (" +
                              std::string(kRfmSql) + ") rfm");
            });
        }
    }

    void finish() {
        const audience::Version& version = engine_->version();
        const audience::MemoryReport bytes = version.bytes();
        const audience::FactCounts facts = version.facts();
        char text[800];
        std::snprintf(text, sizeof text,
                      "`%s`; %u threads, seed %llu: %u customers, %.2f M orders, %.2f M lines, %.2f M "
                      "refunds. Medians of %d interleaved rounds; %s.",
                      options_.command.c_str(), options_.threads, static_cast<unsigned long long>(options_.shape.seed),
                      version.customers(), static_cast<double>(facts.orders) / 1e6,
                      static_cast<double>(facts.lines) / 1e6, static_cast<double>(facts.refunds) / 1e6, options_.repeat,
                      options_.peers == "none" ? "nobody to compare with" : "all answers equal to the customer");
        report_.head = text;
        double load = 0;
        if (::getloadavg(&load, 1) == 1) {
            std::snprintf(text, sizeof text, " Load of the machine in the last minute: %.1f (alone it is about %u).",
                          load, options_.threads);
            report_.head += text;
        }
        std::snprintf(text, sizeof text,
                      "| ≤ 30 bytes a fact row | %.1f (%.0f MB: customers %.0f, orders %.0f, lines %.0f, refunds %.0f, "
                      "shared %.0f) |",
                      bytes.bytes_per_fact(), static_cast<double>(bytes.total()) / 1e6,
                      static_cast<double>(bytes.customers_bytes) / 1e6, static_cast<double>(bytes.orders_bytes) / 1e6,
                      static_cast<double>(bytes.lines_bytes) / 1e6, static_cast<double>(bytes.refunds_bytes) / 1e6,
                      static_cast<double>(bytes.shared_bytes) / 1e6);
        report_.notes.emplace_back(text);
        note_rfm("RFM of all customers ≥ 12 × DuckDB `group by`", rfm_);
        note_rfm("the same in processor time", rfm_processor_);
    }

    void note_rfm(const char* what, const Timings& t) {
        if (!t.has("engine")) return;
        char text[400];
        std::snprintf(text, sizeof text, "| %s | the three measures %.1f ms, with scores and classes %.1f ms", what,
                      t.median("engine"), t.median("scored"));
        std::string note = text;
        if (t.has("duckdb")) {
            std::snprintf(text, sizeof text, "; DuckDB %.1f ms: %.1f × and %.1f ×", t.median("duckdb"),
                          t.median("duckdb") / t.median("engine"), t.median("duckdb") / t.median("scored"));
            note += text;
        }
        report_.notes.push_back(note + " |");
    }

    template <class... Values>
    static void say(const char* format, const Values&... values) {
        std::fprintf(stderr, format, values...);
        std::fputc('\n', stderr);
    }

    const Options& options_;
    Scratch scratch_;
    audience::WorkerPool pool_;
    std::unique_ptr<Engine> engine_;
    Arrays arrays_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::vector<const Segment*> chosen_;
    Report report_;
    Timings rfm_, rfm_processor_;
};

}  // namespace
}  // namespace shuke::bench

int main(int argc, char** argv) {
    try {
        const auto options = shuke::bench::read_options(argc, argv);
        const std::string text = shuke::bench::Benchmark(options).run().markdown();
        std::cout << text;
        if (!options.write.empty()) shuke::bench::write_section(options.write, options.section, text);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return 0;
}
