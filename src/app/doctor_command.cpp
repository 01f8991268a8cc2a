// src/app/doctor_command.cpp: shuke doctor: is everything well, and what to do where it is not.
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/commands.h"
#include "live/live_audience.h"
#include "record/health.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

enum class Verdict { kGood, kWarning, kBad };

struct Finding {
    Verdict verdict;
    std::string subject, text;
};

constexpr const char* kWords[] = {"ok", "warning", "FAILED"};

class Examination {
public:
    explicit Examination(const Context& context) : context_(context) {}

    std::vector<Finding> run() {
        examine_folder();
        auto database = context_.open();
        if (!database) {
            add(Verdict::kBad, "record", database.error().detail + " [" + database.error().key + "]");
            return findings_;
        }
        add(Verdict::kGood, "key", "fits the record");
        examine_record(**database);
        examine_audience(**database);
        return findings_;
    }

private:
    void add(Verdict verdict, std::string subject, std::string text) {
        findings_.push_back({verdict, std::move(subject), std::move(text)});
    }

    void examine_folder() {
        std::error_code problem;
        const auto space = std::filesystem::space(context_.data, problem);
        if (problem)
            return add(Verdict::kBad, "data folder",
                       context_.data.string() + ": " + problem.message() +
                           "; import a file first, or name the folder with --data");
        const auto free_mb = static_cast<std::int64_t>(space.available >> 20);
        add(free_mb < 1024 ? Verdict::kWarning : Verdict::kGood, "disk",
            grouped(free_mb) + " MB free in " + context_.data.string() +
                (free_mb < 1024 ? "; free some before the next import" : ""));
        struct stat about{};
        if (::stat((context_.data / "shuke.key").c_str(), &about) == 0) {
            const bool closed = (about.st_mode & 077) == 0;
            add(closed ? Verdict::kGood : Verdict::kBad, "key file",
                closed ? "only its owner can read it"
                       : "others can read it; run: chmod 600 " + (context_.data / "shuke.key").string());
        }
    }

    void examine_record(record::Database& database) {
        record::RecordHealth health;
        auto read = database.read([&](soci::session& session) { health = record::examine(database, session); });
        if (!read) return add(Verdict::kBad, "record", read.error().detail);
        add(health.integrity == "ok" ? Verdict::kGood : Verdict::kBad, "database",
            health.integrity == "ok" ? "schema " + std::to_string(database.schema_version()) + ", intact"
                                     : health.integrity + "; restore your newest backup");
        const bool consistent = health.lines_without_order == 0 && health.orders_without_customer_row == 0;
        add(consistent ? Verdict::kGood : Verdict::kBad, "contents",
            grouped(health.customers) + " customers (" + grouped(health.accounts) + " accounts, " +
                grouped(health.identifiers) + " identifiers), " + grouped(health.orders) + " orders (" +
                grouped(health.guests) + " of guests), " + grouped(health.lines) + " lines, " +
                grouped(health.refunds) + " refunds; newest change " + std::to_string(health.change) +
                (consistent ? "" : "; some rows point nowhere: please report this as a bug"));
        add(health.broken_off_imports == 0 ? Verdict::kGood : Verdict::kWarning, "imports",
            health.broken_off_imports == 0
                ? grouped(health.rejected_rows) + " rejected rows are kept"
                : grouped(health.broken_off_imports) +
                      " running or broken off; if none is running, import the same file again to complete it");
    }

    void examine_audience(record::Database& database) {
        audience::WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
        const auto live = live::LiveAudience::open(database, &pool);
        if (!live) return add(Verdict::kBad, "audience", live.error().detail);
        const auto loaded = (*live)->current();
        const auto memory = loaded->version->bytes();
        char text[160];
        std::snprintf(text, sizeof text, "%s in %.2f s: %s customers, %s facts, %.1f MB, %.1f bytes a fact",
                      (*live)->is_from_snapshot() ? "opened from its snapshot" : "read from the record",
                      loaded->seconds, grouped(loaded->version->customers()).c_str(),
                      grouped(static_cast<std::int64_t>(memory.fact_rows)).c_str(),
                      static_cast<double>(memory.total()) / 1e6, memory.bytes_per_fact());
        add(Verdict::kGood, "audience", text);
        for (const auto& missing : loaded->missing_rates) {
            add(Verdict::kWarning, "exchange rates",
                grouped(missing.amounts) + " amounts in " + std::string(code(missing.currency)) + " have no rate (" +
                    format_date(missing.first) + " to " + format_date(missing.last) +
                    ") and are missing; set one: shuke rate set " + std::string(code(missing.currency)) + " DATE RATE");
        }
    }

    const Context& context_;
    std::vector<Finding> findings_;
};

}  // namespace

Status examine(Context& context, bool json) {
    const auto findings = Examination(context).run();
    auto list = nlohmann::ordered_json::array();
    for (const auto& [verdict, subject, text] : findings) {
        const char* word = kWords[static_cast<std::size_t>(verdict)];
        list.push_back({{"verdict", word}, {"subject", subject}, {"text", text}});
        if (!json) std::printf("%-8s %-15s %s\n", word, subject.c_str(), text.c_str());
        if (verdict == Verdict::kBad) context.exit_code = kFailed;
    }
    if (json) print_json({{"healthy", context.exit_code == kDone}, {"findings", list}});
    return {};
}

}  // namespace shuke::app
