// src/app/import_command.cpp: shuke import FILE…, shuke imports, shuke rejected IMPORT.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/temporary_folder.h"
#include "ingest/dry_run.h"
#include "ingest/import_report.h"
#include "record/imports.h"

namespace shuke::app {
namespace {

using ingest::ImportReport;

// One line on the terminal that is written over and over.
class ProgressLine {
public:
    ProgressLine(std::string name, bool enabled)
        : name_(std::move(name)), enabled_(enabled && ::isatty(STDERR_FILENO) != 0) {}
    ~ProgressLine() {
        if (shown_) std::fprintf(stderr, "\r\033[K");
    }
    void show(const ingest::ImportProgress& progress) {
        if (!enabled_ || progress.seconds < 0.3) return;
        shown_ = true;
        const double done = progress.file_size == 0
                                ? 1.0
                                : static_cast<double>(progress.bytes_read) / static_cast<double>(progress.file_size);
        const double left = done > 0.001 ? progress.seconds * (1 - done) / done : 0;
        std::fprintf(stderr, "\r\033[K%s  %3.0f %%  %s rows  %s rows/s  %.0f s left", name_.c_str(), done * 100,
                     grouped(progress.rows).c_str(),
                     grouped(static_cast<std::int64_t>(static_cast<double>(progress.rows) / progress.seconds)).c_str(),
                     left);
        std::fflush(stderr);
    }

private:
    std::string name_;
    bool enabled_;
    bool shown_ = false;
};

void print_report(const ImportReport& report, bool dry_run) {
    const auto& counts = report.counts;
    std::printf("%s%s: %s, %s, shop '%s' (%s, %s)\n", dry_run ? "[dry run, nothing was kept] " : "",
                report.file.c_str(), report.source.format.c_str(), report.source.encoding.c_str(), report.shop.c_str(),
                code(report.source.currency).data(), report.source.time_zone.name().c_str());
    const auto line = [](const char* name, std::int64_t number, const char* note) {
        std::printf("  %-12s %12s  %s\n", name, grouped(number).c_str(), note);
    };
    line("rows", counts.rows, "");
    line("imported", counts.imported, "new, or newer than what was known");
    line("unchanged", counts.unchanged, "already known");
    line("adjustments", counts.adjustments, "stock and book-keeping rows, kept apart");
    line("rejected", counts.rejected, counts.rejected == 0 ? "" : "could not be understood, kept to be corrected");
    std::printf("  new or changed: %s orders, %s lines, %s refunds, %s customers\n", grouped(report.orders).c_str(),
                grouped(report.lines).c_str(), grouped(report.refunds).c_str(), grouped(report.customers).c_str());
    for (const auto& [currency, moved] : report.rounding) {
        std::printf("  rounding line amounts to whole minor units moved the total by %+.*f %s\n",
                    info(currency).digits + 2, moved, code(currency).data());
    }
    for (const auto& notice : report.source.notices) std::printf("  note: %s\n", notice.c_str());
    for (const auto& currency : report.currencies_without_rate) {
        std::printf(
            "  no exchange rate for %s: its amounts are missing in analyses; set one: shuke rate set %s DATE RATE\n",
            currency.c_str(), currency.c_str());
    }
    for (const auto& row : report.first_rejected) {
        std::printf("  line %llu%s%s: %s [%s]\n", static_cast<unsigned long long>(row.line_number),
                    row.column.empty() ? "" : ", column ", row.column.c_str(), row.reason.c_str(), row.key.c_str());
    }
    if (counts.rejected > static_cast<std::int64_t>(report.first_rejected.size())) {
        std::printf("  … and %s more\n",
                    grouped(counts.rejected - static_cast<std::int64_t>(report.first_rejected.size())).c_str());
    }
    if (counts.rejected > 0 && !dry_run) {
        std::printf("  all rejected rows, to correct and import again: shuke rejected %lld --out FILE\n",
                    static_cast<long long>(report.import.value));
    }
    std::printf(
        "  %.2f s, %s rows/s\n", report.seconds,
        grouped(static_cast<std::int64_t>(static_cast<double>(counts.rows) / std::max(report.seconds, 1e-6))).c_str());
}

Status write_rejected(record::Database& database, ImportId import, const std::string& file) {
    std::string text;
    std::int64_t rows = 0;
    const auto read = database.read([&](soci::session& session) {
        const std::string header = record::import_header(session, database.keys(), import);
        if (!header.empty()) text += header + "\n";
        record::for_each_rejection(session, database.keys(), import, [&](const record::StoredRejection& row) {
            text += row.row + "\n";
            ++rows;
        });
    });
    if (!read) return read;
    if (file == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return {};
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) return fail(Code::kUnavailable, "file.unwritable", "cannot write " + file);
    std::fprintf(stderr, "%s rejected rows written to %s\n", grouped(rows).c_str(), file.c_str());
    return {};
}

Result<ingest::ImportOptions> options_of(const ImportArguments& arguments) {
    ingest::ImportOptions options;
    options.source.format = arguments.format;
    options.source.time_zone = arguments.time_zone;
    options.shop = arguments.shop;
    options.dry_run = arguments.dry_run;
    options.actor = actor_name();
    if (arguments.format == "map" || !arguments.map.empty()) {
        return fail(Code::kInvalid, "format.not_available",
                    "mapped files (--map) come with a later version; formats now: auto native online-retail cdnow "
                    "taobao transactions");
    }
    if (!arguments.currency.empty()) {
        const auto currency = parse_currency(arguments.currency);
        if (!currency) return std::unexpected(currency.error());
        options.source.currency = *currency;
    }
    return options;
}

}  // namespace

Status import_files(Context& context, const ImportArguments& arguments) {
    auto options = options_of(arguments);
    if (!options) return std::unexpected(options.error());
    // Files that cannot be read at all leave no trace, not even an empty data folder.
    for (const auto& file : arguments.files) {
        if (auto source = ingest::open_source(file, options->source); !source) return std::unexpected(source.error());
    }
    std::unique_ptr<TemporaryFolder> scratch;
    Context target = context;
    if (arguments.dry_run && !std::filesystem::exists(context.data / "shuke.db")) {
        scratch = std::make_unique<TemporaryFolder>("shuke-dry-run");
        target.data = scratch->path();
    }
    auto database = target.open(true);
    if (!database) return std::unexpected(database.error());
    nlohmann::ordered_json total{{"rows", 0},      {"imported", 0},   {"unchanged", 0}, {"adjustments", 0},
                                 {"rejected", 0},  {"orders", 0},     {"lines", 0},     {"refunds", 0},
                                 {"customers", 0}, {"rounding", 0.0}, {"seconds", 0.0}};
    auto files = nlohmann::ordered_json::array();
    std::optional<Error> failure;
    for (const auto& file : arguments.files) {
        ProgressLine line(std::filesystem::path(file).filename().string(), !arguments.json);
        const auto run = arguments.dry_run ? ingest::dry_run : ingest::import_file;
        auto imported =
            run(**database, file, *options, [&](const ingest::ImportProgress& progress) { line.show(progress); });
        if (!imported) {
            failure = imported.error();
            break;
        }
        const auto json = ingest::report_json(*imported, true);
        for (auto& [name, value] : total.items()) {
            if (value.is_number_float())
                value = value.get<double>() + json[name].get<double>();
            else
                value = value.get<std::int64_t>() + json[name].get<std::int64_t>();
        }
        files.push_back(json);
        if (!arguments.json) print_report(*imported, arguments.dry_run);
        if (imported->counts.rejected > 0) {
            context.exit_code = kDoneWithRejectedRows;
            if (!arguments.rejects.empty() && !arguments.dry_run) {
                if (auto written = write_rejected(**database, imported->import, arguments.rejects); !written)
                    return written;
            }
        }
        if (imported->failure) {
            failure = imported->failure;
            break;
        }
    }
    total["dry_run"] = arguments.dry_run;
    total["files"] = files;
    if (failure) total["failure"] = {{"key", failure->key}, {"detail", failure->detail}};
    if (arguments.json) print_json(total);
    if (failure) return std::unexpected(*failure);
    return {};
}

Status list_imports(Context& context, bool json) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    std::vector<record::ImportEntry> imports;
    if (auto read = (*database)->read([&](soci::session& session) { imports = record::all_imports(session); }); !read)
        return read;
    const TimeZone utc = TimeZone::utc();
    auto list = nlohmann::ordered_json::array();
    if (!json && imports.empty()) std::printf("nothing was imported yet\n");
    if (!json && !imports.empty()) {
        std::printf("%4s  %-20s %-9s %-14s %12s %12s %12s %9s  %s\n", "id", "started (UTC)", "state", "format", "rows",
                    "imported", "unchanged", "rejected", "file");
    }
    for (const auto& one : imports) {
        if (json) {
            list.push_back({{"import", one.id.value},
                            {"file", one.file_name},
                            {"format", one.format},
                            {"state", one.state},
                            {"started_at", format_iso(one.started_at)},
                            {"rows", one.counts.rows},
                            {"imported", one.counts.imported},
                            {"unchanged", one.counts.unchanged},
                            {"adjustments", one.counts.adjustments},
                            {"rejected", one.counts.rejected},
                            {"failure", one.failure}});
            continue;
        }
        std::printf("%4lld  %-20s %-9s %-14s %12s %12s %12s %9s  %s\n", static_cast<long long>(one.id.value),
                    format_local(one.started_at, utc).c_str(), one.state.c_str(), one.format.c_str(),
                    grouped(one.counts.rows).c_str(), grouped(one.counts.imported).c_str(),
                    grouped(one.counts.unchanged).c_str(), grouped(one.counts.rejected).c_str(), one.file_name.c_str());
    }
    if (json) print_json(list);
    return {};
}

Status write_rejected_rows(Context& context, std::int64_t import, const std::string& out) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return write_rejected(**database, ImportId{import}, out);
}

}  // namespace shuke::app
