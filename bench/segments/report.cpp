#include "segments/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace shuke::bench {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string text_of(const char* format, double value) {
    if (std::isnan(value)) return "–";
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}
std::string milliseconds(double value) { return text_of(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value); }
std::string times(double value) { return text_of(value < 10 ? "%.1f" : "%.0f", value); }

struct Spread {
    std::vector<double> values;
    void add(double value) {
        if (!std::isnan(value)) values.push_back(value);
    }
    double least() const { return values.empty() ? kNaN : *std::ranges::min_element(values); }
    double most() const { return values.empty() ? kNaN : *std::ranges::max_element(values); }
    double geometric_mean() const {
        double sum = 0;
        for (const double value : values) sum += std::log(value);
        return values.empty() ? kNaN : std::exp(sum / static_cast<double>(values.size()));
    }
    double percentile(double p) const {
        if (values.empty()) return kNaN;
        std::vector<double> sorted = values;
        std::ranges::sort(sorted);
        return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
    }
    std::size_t at_least(double edge) const {
        return static_cast<std::size_t>(std::ranges::count_if(values, [&](double value) { return value >= edge; }));
    }
};

}  // namespace

double Timings::median(const std::string& system) const {
    const auto found = rounds.find(system);
    if (found == rounds.end() || found->second.empty()) return kNaN;
    std::vector<double> sorted = found->second;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
}

double Timings::faster_peer() const { return std::min(median("duckdb"), median("clickhouse")); }

std::string Report::table(const std::vector<std::string>& columns, Timings Row::* clock) const {
    std::ostringstream out;
    out << "| segment | customers |";
    for (const std::string& system : columns) out << " " << titles.at(system) << " |";
    out << " × faster of DuckDB, ClickHouse | ÷ loop |\n|---|---|";
    for (std::size_t i = 0; i < columns.size() + 2; ++i) out << "---|";
    out << "\n";
    Spread speedup;
    Spread speedup_edited;
    Spread over_loop;
    Spread engine;
    for (const Row& row : rows) {
        const Timings& t = row.*clock;
        out << "| " << row.name << " | " << row.customers << " |";
        for (const std::string& system : columns) {
            const bool missing = !t.has(system) && system == "engine";
            out << " " << (missing ? "not in the language yet" : milliseconds(t.median(system))) << " |";
        }
        out << " " << times(t.faster_peer() / t.median("engine")) << " | "
            << times(t.median("engine") / t.median("loop")) << " |\n";
        engine.add(t.median("engine"));
        speedup.add(t.faster_peer() / t.median("engine"));
        speedup_edited.add(t.faster_peer() / t.median("edited"));
        over_loop.add(t.median("engine") / t.median("loop"));
    }
    out << "\n| goal | measured |\n|---|---|\n";
    if (!speedup.values.empty()) {
        out << "| every segment ≥ 5 × the faster of DuckDB and ClickHouse | " << speedup.at_least(5) << " of "
            << speedup.values.size() << "; the least " << times(speedup.least()) << " × |\n";
        out << "| geometric mean ≥ 10 × | " << times(speedup.geometric_mean()) << " × |\n";
        out << "| one condition edited, cache warm: geometric mean ≥ 100 × | " << times(speedup_edited.geometric_mean())
            << " × over " << speedup_edited.values.size() << " segments |\n";
    }
    if (!over_loop.values.empty()) {
        out << "| ≤ 2 × the loop written by hand | "
            << over_loop.values.size() - over_loop.at_least(std::nextafter(2.0, 3.0)) << " of "
            << over_loop.values.size() << "; the most " << times(over_loop.most()) << ", geometric mean "
            << times(over_loop.geometric_mean()) << " |\n";
    }
    out << "| p95 of the engine's segments | " << milliseconds(engine.percentile(0.95)) << " ms |\n";
    return out.str();
}

std::string Report::markdown() const {
    std::string text = head + "\n\n" + table(systems, &Row::timings);
    for (const std::string& note : notes) text += note + "\n";
    std::vector<std::string> in_process;  // PostgreSQL works in another
    for (const std::string& system : systems)
        if (system != "postgres") in_process.push_back(system);
    return text + "\nThe same run in processor time of all threads:\n\n" + table(in_process, &Row::processor);
}

}  // namespace shuke::bench
