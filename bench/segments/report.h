// bench/segments/report.h: what was measured, as tables that are both printed and put into docs/benchmarks.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace shuke::bench {

// Milliseconds by system, one number a round; of the wall clock or of the processor. Systems: "engine", "edited",
// "loop", and the peers.
struct Timings {
    std::map<std::string, std::vector<double>> rounds;
    bool has(const std::string& system) const { return rounds.contains(system); }
    double median(const std::string& system) const;  // NaN: was not measured
    double faster_peer() const;                      // DuckDB or ClickHouse; NaN without both
};

struct Row {
    std::string name;
    std::uint64_t customers = 0;
    std::string missing;  // not empty: why the engine could not be asked
    Timings timings;
    Timings processor;  // of all threads of this process: what the work takes on a machine however busy
};

struct Report {
    std::string head;                  // command, machine, size
    std::vector<std::string> systems;  // of the table, in the order of its columns: key and title
    std::map<std::string, std::string> titles;
    std::vector<Row> rows;
    std::vector<std::string> notes;

    std::string markdown() const;

private:
    std::string table(const std::vector<std::string>& columns, Timings Row::* clock) const;
};

}  // namespace shuke::bench
