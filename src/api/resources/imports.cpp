// src/api/resources/imports.cpp: files into the record: a look first, the import as a job, rejected rows to correct.
#include "record/imports.h"

#include <fstream>

#include "api/problem_words.h"
#include "api/resources.h"
#include "api/resources/import_json.h"
#include "api/resources/job_json.h"
#include "api/resources/uploads.h"
#include "api/upkeep.h"
#include "base/crypto.h"
#include "base/time_zone.h"
#include "ingest/dry_run.h"
#include "ingest/import_report.h"
#include "ingest/preview.h"
#include "record/changes.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPreviewRows = 20;

Reply preview_import(Call& call) {
    const auto upload = whole_upload(call.at, call.who, call.text("upload_id"));
    if (!upload) return std::unexpected(upload.error());
    ingest::SourceOptions options;
    if (!call.text("format").empty()) options.format = call.text("format");
    const auto preview = ingest::preview(upload->file, options, kPreviewRows);
    if (!preview) return std::unexpected(preview.error());
    const auto& info = preview->info;
    return json({{"format", info.format},
                 {"encoding", info.encoding},
                 {"delimiter", info.delimiter == '\0' ? Json() : Json(std::string(1, info.delimiter))},
                 {"shop", info.shop},
                 {"platform", info.platform},
                 {"currency", std::string(code(info.currency))},
                 {"time_zone", info.time_zone.name()},
                 {"columns", preview->columns},
                 {"rows", preview->rows},
                 {"ignored_columns", info.ignored_columns},
                 {"warnings", preview->warnings}});
}

Error cancelled() {
    return {
        Code::kConflict, "import.cancelled",
        "the import was cancelled; what it had written until then stays, and importing the file again completes it"};
}

// Imports the file in a job; `named` is what people call it.
Result<schedule::Job> submit_import(Call& call, const fs::path& file, const std::string& named,
                                    const ingest::ImportOptions& options, const std::function<void()>& afterwards) {
    auto& database = call.at.database;
    return call.at.jobs.submit(
        {"import", named, "rows"}, call.who.actor(),
        [&database, &upkeep = call.at.upkeep, file, options,
         afterwards](schedule::JobProgress& progress) -> Result<std::string> {
            const auto run = options.dry_run ? ingest::dry_run : ingest::import_file;
            auto report = run(database, file, options, [&](const ingest::ImportProgress& at) {
                if (progress.cancelled()) throw Failure{cancelled()};
                const double share =
                    at.file_size == 0 ? 1 : static_cast<double>(at.bytes_read) / static_cast<double>(at.file_size);
                const auto total = share > 0.001 ? static_cast<std::int64_t>(static_cast<double>(at.rows) / share) : 0;
                progress.report(at.rows, std::max(total, at.rows), "");
            });
            if (!report) return std::unexpected(report.error());
            if (report->failure) return std::unexpected(*report->failure);
            if (!options.dry_run) upkeep.score_soon();
            if (afterwards) afterwards();
            return ingest::report_json(*report, false).dump(-1, ' ', false, Json::error_handler_t::replace);
        });
}

Result<ingest::ImportOptions> options_of(const Call& call) {
    ingest::ImportOptions options;
    if (!call.text("format").empty()) options.source.format = call.text("format");
    if (!call.text("time_zone").empty()) {
        const auto zone = TimeZone::find(call.text("time_zone"));
        if (!zone) return std::unexpected(zone.error());
        options.source.time_zone = zone->name();
    }
    if (!call.text("currency").empty()) {
        const auto currency = parse_currency(call.text("currency"));
        if (!currency) return std::unexpected(currency.error());
        options.source.currency = *currency;
    }
    options.shop = call.text("shop");
    options.dry_run = call.body.value("dry_run", false);
    options.actor = call.who.actor();
    return options;
}

Reply start_import(Call& call) {
    const auto upload = whole_upload(call.at, call.who, call.text("upload_id"));
    if (!upload) return std::unexpected(upload.error());
    auto options = options_of(call);
    if (!options) return std::unexpected(options.error());
    options->file_name = upload->filename;
    // What cannot be read at all is said at once.
    if (auto source = ingest::open_source(upload->file, options->source); !source)
        return std::unexpected(source.error());
    const bool keep = options->dry_run;
    const auto job = submit_import(
        call, upload->file, upload->filename, *options,
        keep ? std::function<void()>() : [one = *upload] { remove_upload(one); });
    if (!job) return std::unexpected(job.error());
    return accepted(*job);
}

Reply load_sample_data(Call& call) {
    if (call.at.sample.empty() || !fs::exists(call.at.sample))
        return fail(Code::kUnavailable, "demo.missing", "this installation has no sample data");
    int orders = 0;
    auto read = call.at.database.read([&](soci::session& session) {
        session << "SELECT count(*) FROM (SELECT id FROM orders LIMIT 1) o", soci::into(orders);
    });
    if (!read) return std::unexpected(read.error());
    if (orders > 0)
        return fail(Code::kConflict, "demo.not_empty", "there are orders already; sample data are for an empty record");
    auto options = ingest::sample_options(call.at.clock);
    if (!options) return std::unexpected(options.error());
    options->actor = call.who.actor();
    const auto job = submit_import(call, call.at.sample, call.at.sample.filename().string(), *options, {});
    if (!job) return std::unexpected(job.error());
    return accepted(*job);
}

Result<std::vector<Json>> imports_of(const Call& call) {
    std::vector<Json> items;
    auto read = call.at.database.read([&](soci::session& session) {
        const auto shops = record::all_shops(session);
        for (const auto& one : record::all_imports(session)) items.insert(items.begin(), import_json(one, shops));
    });
    if (!read) return std::unexpected(read.error());
    return items;
}

Reply list_imports(Call& call) {
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const auto all = imports_of(call);
    if (!all) return std::unexpected(all.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    Json items = Json::array(), next;
    for (const auto& one : *all) {
        if (*before != 0 && one.at("id").get<std::int64_t>() >= *before) continue;
        if (items.size() == limit) {
            next = std::to_string(items.back().at("id").get<std::int64_t>());
            break;
        }
        items.push_back(one);
    }
    return json({{"items", items}, {"next_cursor", next}, {"total", all->size()}});
}

Reply get_import(Call& call) {
    const auto all = imports_of(call);
    if (!all) return std::unexpected(all.error());
    for (const auto& one : *all) {
        if (one.at("id").get<std::int64_t>() == call.id()) return json(one);
    }
    return fail(Code::kNotFound, "import.unknown", "there is no import " + std::to_string(call.id()));
}

// Rows hold what customers wrote and where they live: their text is for whoever may see personal data, and that they saw it
// is in the log.
Reply list_rejected_rows(Call& call) {
    const auto after = number_cursor(call);
    if (!after) return std::unexpected(after.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    const bool clear = call.can(auth::Permission::kCustomersReveal), chinese = asks_for_chinese(call.request);
    const auto in_words = [chinese](const std::string& key, const std::string& reason) {
        return chinese ? chinese_detail(key, reason) : reason;
    };
    Json items = Json::array(), next, header;
    std::int64_t total = 0;
    auto read = call.at.database.read([&](soci::session& session) {
        header = text_or_null(record::import_header(session, call.at.database.keys(), ImportId{call.id()}));
        record::for_each_rejection(session, call.at.database.keys(), ImportId{call.id()},
                                   [&](const record::StoredRejection& row) {
                                       ++total;
                                       if (row.row_number <= *after) return;
                                       if (items.size() == limit) {
                                           if (next.is_null())
                                               next = std::to_string(items.back().at("id").get<std::int64_t>());
                                           return;
                                       }
                                       items.push_back({{"id", row.row_number},
                                                        {"row_number", row.row_number},
                                                        {"line_number", row.line_number},
                                                        {"column", row.column},
                                                        {"problem", row.problem},
                                                        {"reason", clear ? in_words(row.problem, row.reason) : ""},
                                                        {"text", clear ? Json(row.row) : Json()},
                                                        {"corrected_at", instant_json(row.corrected_at)}});
                                   });
    });
    if (!read) return std::unexpected(read.error());
    if (clear && !items.empty()) {
        auto noted = call.at.database.write("import.reveal", [&](soci::session& session) {
            record::append_audit(session,
                                 {call.who.actor(), "customer.reveal", "import " + std::to_string(call.id()),
                                  std::to_string(items.size()) + " rejected rows, to correct them"},
                                 call.at.clock.now());
        });
        if (!noted) return std::unexpected(noted.error());
    }
    auto response = json({{"header", header}, {"items", items}, {"next_cursor", next}, {"total", total}});
    response.set("Cache-Control", "no-store");
    return response;
}

// The heading and the one row as a file of their own, so that it is read exactly as it would have been.
Reply correct_rejected_row(Call& call) {
    const long long row = call.id("row_id"), import = call.id();
    std::string header, format;
    std::string shop;
    auto read = call.at.database.read([&](soci::session& session) {
        header = record::import_header(session, call.at.database.keys(), ImportId{import});
        for (const auto& one : record::all_imports(session)) {
            if (one.id.value == import) format = one.format;
        }
        int known = 0;
        session << "SELECT count(*) FROM rejected_rows WHERE import_id = :import AND row_number = :row",
            soci::use(import), soci::use(row), soci::into(known);
        if (known == 0)
            throw Failure{{Code::kNotFound, "import.no_such_row", "this import has no rejected row of this number"}};
        session << "SELECT s.name FROM orders o JOIN shops s ON s.id = o.shop_id WHERE o.import_id = :import LIMIT 1",
            soci::use(import), soci::into(shop);
    });
    if (!read) return std::unexpected(read.error());
    const fs::path file = call.at.folder / "uploads" / (random_name() + ".row");
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    std::ofstream(file, std::ios::binary) << (header.empty() ? "" : header + "\n") << call.text("text") << "\n";
    ingest::ImportOptions options;
    options.source.format = format;
    options.shop = shop;
    options.actor = call.who.actor();
    options.file_name = "row " + std::to_string(row) + " of import " + std::to_string(import);
    const auto report = ingest::import_file(call.at.database, file, options);
    fs::remove(file, ignored);
    if (!report) return std::unexpected(report.error());
    if (report->failure) return std::unexpected(*report->failure);
    Json fault;
    if (!report->first_rejected.empty())
        fault = {{"key", report->first_rejected.front().key},
                 {"detail", asks_for_chinese(call.request) ? chinese_detail(report->first_rejected.front().key,
                                                                            report->first_rejected.front().reason)
                                                           : report->first_rejected.front().reason}};
    if (report->counts.rejected == 0) {
        const long long now = call.at.clock.now().us_since_epoch;
        auto written = call.at.database.write("import.corrected", [&](soci::session& session) {
            session << "UPDATE rejected_rows SET corrected_at = :at WHERE import_id = :import AND row_number = :row",
                soci::use(now), soci::use(import), soci::use(row);
        });
        if (!written) return std::unexpected(written.error());
    }
    return json({{"import_id", report->import.value},
                 {"imported", report->counts.imported},
                 {"unchanged", report->counts.unchanged},
                 {"rejected", report->counts.rejected},
                 {"problem", fault}});
}

}  // namespace

Json import_json(const record::ImportEntry& one, std::span<const Shop> shops) {
    Json shop;
    for (const auto& known : shops) {
        if (known.id == one.shop) shop = known.name;
    }
    return {{"id", one.id.value},
            {"file", one.file_name},
            {"format", one.format},
            {"state", one.state},
            {"shop", shop},
            {"started_at", instant_json(one.started_at)},
            {"finished_at", instant_json(one.finished_at)},
            {"rows", one.counts.rows},
            {"imported", one.counts.imported},
            {"unchanged", one.counts.unchanged},
            {"adjustments", one.counts.adjustments},
            {"rejected", one.counts.rejected},
            {"failure", text_or_null(one.failure)}};
}

void add_imports(Handlers& handlers) {
    handlers.add("preview_import", preview_import);
    handlers.add("start_import", start_import);
    handlers.add("load_sample_data", load_sample_data);
    handlers.add("list_imports", list_imports);
    handlers.add("get_import", get_import);
    handlers.add("list_rejected_rows", list_rejected_rows);
    handlers.add("correct_rejected_row", correct_rejected_row);
}

}  // namespace shuke::api
