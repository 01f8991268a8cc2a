#include "ingest/import.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>

#include "identity/erased_text.h"
#include "ingest/batch_queue.h"
#include "ingest/cancellations.h"
#include "ingest/import_lock.h"
#include "ingest/order_writer.h"
#include "record/changes.h"
#include "record/settings.h"
#include "record/shops.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kShownRejections = 10;
constexpr std::uint64_t kChunkBytes = 64 << 20;
constexpr std::size_t kKeepOpenRows = 512;  // orders seen this recently may go on in the next chunk

double since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Rows of one order within a chunk, in file order.
struct Group {
    std::vector<DigestedRow> rows;
    std::size_t last_row = 0;  // position in the chunk
};

class Import {
public:
    Import(record::Database& database, const std::filesystem::path& file, const ImportOptions& options,
           const std::function<void(const ImportProgress&)>& progress)
        : database_(database),
          options_(options),
          progress_(progress),
          start_(std::chrono::steady_clock::now()),
          lock_(database.folder()) {
        report_.file = options.file_name.empty() ? file.filename().string() : options.file_name;
    }

    Result<ImportReport> run(std::unique_ptr<RowSource> source) {
        report_.source = source->info();
        report_.shop = options_.shop.empty() ? report_.source.shop : options_.shop;
        const auto done = record::guarded([&] {
            session_ = std::make_unique<record::WriteSession>(database_.connect());
            open();
            {
                BatchQueue queue(*source, options_.move_days);
                read_all(queue);
            }
            report_.source = source->info();  // what reading found out
            finish();
        });
        report_.seconds = since(start_);
        if (!done) {
            if (session_) record::roll_back(session_->after_failure());
            if (committed_.import) {
                // What was rolled back did not happen.
                committed_.source = report_.source;
                report_ = committed_;
                auto& counts = report_.counts;
                counts.rows = counts.imported + counts.unchanged + counts.adjustments + counts.rejected;
            }
            report_.seconds = since(start_);
            report_.failure = done.error();
            if (!report_.import) return std::unexpected(done.error());
            mark_failed(done.error());
        }
        return std::move(report_);
    }

private:
    void open() {
        begin();
        broke_off_ = lock_.is_alone() && broken_off_imports() > 0;
        record::ImportEntry entry;
        entry.file_name = report_.file;
        entry.format = report_.source.format;
        entry.started_at = database_.clock().now();
        report_.import = record::start_import(*session_, database_.keys(), entry, report_.source.header);
        OrderWriter::Options writer{.import = report_.import,
                                    .actor = "import " + std::to_string(report_.import.value)};
        writer.shared_names_max =
            static_cast<std::size_t>(record::integer_setting(*session_, "identity.shared_names_max"));
        writer.resolve_unchanged = broke_off_;
        writer_ = std::make_unique<OrderWriter>(*session_, database_.keys(), database_.clock(), writer);
        rejections_ = std::make_unique<record::RejectionWriter>(*session_, database_.keys(), report_.import);
        writer_->begin();
        commit();
    }

    int broken_off_imports() {
        int count = 0;
        session_->now() << "SELECT count(*) FROM imports WHERE state = 'running'", soci::into(count);
        return count;
    }

    // A dry run is one transaction that is never committed.
    void begin() {
        if (options_.dry_run && own_writes_ > 0) return;
        database_.begin_write(*session_);
        long long writes = 0;
        session_->now() << "SELECT writes FROM write_counter", soci::into(writes);
        const bool somebody_else_wrote = own_writes_ > 0 && writes != own_writes_ + 1;
        own_writes_ = writes;
        if (!erased_text_ || somebody_else_wrote) erased_text_.emplace(*session_, database_.keys());
        if (writer_ && somebody_else_wrote) {
            writer_->finish();
            writer_->forget();
        }
        if (writer_) writer_->begin();
    }

    void commit() {
        if (options_.dry_run) return;
        database_.commit(*session_);
        committed_ = report_;
    }

    void read_all(BatchQueue& queue) {
        for (auto batch = queue.pop(); batch != nullptr; batch = queue.pop()) {
            report_.counts.rows += static_cast<std::int64_t>(batch->rows.rows_read);
            bytes_read_ = batch->rows.bytes_read;
            take(std::move(batch));
            if (chunk_rows_ >= options_.chunk_rows || chunk_bytes_ >= kChunkBytes) write_chunk(kKeepOpenRows);
        }
        write_chunk(0);
        if (auto status = queue.status(); !status) throw Failure{status.error()};
    }

    void take(std::unique_ptr<DigestedBatch> batch) {
        for (std::size_t i = 0; i < batch->rows.rows.size(); ++i) {
            const OrderRow& row = batch->rows.rows[i];
            auto [at, is_new] = groups_.try_emplace(batch->digests[i].document, open_orders_.size());
            if (is_new) open_orders_.emplace_back();
            Group& group = open_orders_[at->second];
            group.rows.push_back({&row, batch->digests[i]});
            group.last_row = chunk_rows_++;
            if (row.rounding != 0) note_rounding(row);
        }
        for (auto& rejected : batch->rows.rejected) waiting_rejections_.push_back(std::move(rejected));
        chunk_bytes_ += batch->text_bytes;
        held_.push_back(std::move(batch));
    }

    void note_rounding(const OrderRow& row) {
        if (row.kind == RowKind::kAdjustment) return;
        const Currency currency = row.currency == Currency::kNone ? report_.source.currency : row.currency;
        report_.rounding[currency] += row.rounding / std::pow(10.0, info(currency).digits);
    }

    // Writes and commits what was read, except orders that were still being read at its end.
    void write_chunk(std::size_t keep_open_rows) {
        begin();
        std::vector<Group> open;
        for (auto& group : open_orders_) {
            const bool may_go_on =
                group.last_row + keep_open_rows >= chunk_rows_ && group.rows.size() < options_.chunk_rows / 2;
            if (keep_open_rows > 0 && may_go_on) {
                open.push_back(std::move(group));
                continue;
            }
            writer_->write(shop_of(*group.rows.front().row), group.rows, counts_);
        }
        writer_->commit_rows();
        write_rejections();
        take_counts();
        record::save_progress(*session_, report_.import, report_.counts);
        commit();
        keep(std::move(open));
        report_progress();
    }

    // The rows of open orders move on, with the batches that hold their texts.
    void keep(std::vector<Group> open) {
        std::vector<std::unique_ptr<DigestedBatch>> still_needed;
        for (auto& batch : held_) {
            const OrderRow* first = batch->rows.rows.data();
            const OrderRow* last = first + batch->rows.rows.size();
            const bool needed = std::any_of(open.begin(), open.end(), [&](const Group& group) {
                return std::any_of(group.rows.begin(), group.rows.end(), [&](const DigestedRow& row) {
                    return std::less_equal<>()(first, row.row) && std::less<>()(row.row, last);
                });
            });
            if (needed) still_needed.push_back(std::move(batch));
        }
        held_ = std::move(still_needed);
        open_orders_ = std::move(open);
        groups_.clear();
        chunk_rows_ = 0;
        chunk_bytes_ = 0;
        for (std::size_t i = 0; i < open_orders_.size(); ++i) {
            groups_.emplace(open_orders_[i].rows.front().digest.document, i);
            open_orders_[i].last_row = 0;
            chunk_rows_ += open_orders_[i].rows.size();
        }
    }

    const ShopInfo& shop_of(const OrderRow& row) {
        const std::string platform(row.platform.empty() ? std::string_view(report_.source.platform) : row.platform);
        const std::string name(row.shop.empty() ? std::string_view(report_.shop) : row.shop);
        const std::string key = platform + '\n' + name;
        if (const auto known = shops_.find(key); known != shops_.end()) return known->second;
        Shop shop;
        shop.platform = platform;
        shop.name = name;
        shop.currency = row.currency == Currency::kNone ? report_.source.currency : row.currency;
        shop.time_zone = report_.source.time_zone.name();
        shop = record::ensure_shop(*session_, shop, database_.clock().now());
        const TimeZone zone = or_throw(TimeZone::find(shop.time_zone));
        return shops_.emplace(key, ShopInfo{shop, zone}).first->second;
    }

    void write_rejections() {
        for (auto& [row, error] : counts_.refused) {
            waiting_rejections_.push_back(
                {row->row_number, row->line_number, "", error.key, error.detail, std::string(row->raw)});
        }
        counts_.refused.clear();
        for (auto& rejected : waiting_rejections_) {
            const bool erased = erased_text_->names_erased(rejected.raw) || erased_text_->names_erased(rejected.reason);
            rejections_->add({static_cast<std::int64_t>(rejected.row_number),
                              static_cast<std::int64_t>(rejected.line_number), rejected.column, rejected.key,
                              erased ? std::string(record::kErasedText) : rejected.reason,
                              erased ? std::string(record::kErasedText) : rejected.raw});
            if (report_.first_rejected.size() < kShownRejections) report_.first_rejected.push_back(rejected);
        }
        report_.counts.rejected += static_cast<std::int64_t>(waiting_rejections_.size());
        waiting_rejections_.clear();
        rejections_->flush();
    }

    void take_counts() {
        report_.counts.imported = counts_.imported;
        report_.counts.unchanged = counts_.unchanged;
        report_.counts.adjustments = counts_.adjustments;
        report_.orders = counts_.orders;
        report_.lines = counts_.lines;
        report_.refunds = counts_.refunds + settled_documents_;
        report_.customers = static_cast<std::int64_t>(counts_.customers.cardinality());
    }

    void finish() {
        begin();
        writer_->finish();
        if (report_.source.settles_cancellations) {
            for (const auto& [unused, shop] : shops_) {
                const Settled settled = settle_cancellations(*session_, shop.shop.id, report_.import);
                settled_documents_ += settled.documents;
                for (const CustomerId customer : settled.customers)
                    counts_.customers.add(static_cast<std::uint64_t>(customer.value));
                record::append_changes(*session_, settled.customers);
            }
        }
        take_counts();
        note_missing_rates();
        record::ImportEntry entry;
        entry.id = report_.import;
        entry.state = "finished";
        entry.finished_at = database_.clock().now();
        entry.counts = report_.counts;
        record::finish_import(*session_, entry);
        // What a broken-off import left undone is done now, whoever it was.
        if (broke_off_) {
            const long long own = report_.import.value;
            session_->now()
                << "UPDATE imports SET state = 'failed', failure = 'broken off' WHERE state = 'running' AND id < :own",
                soci::use(own);
        }
        if (options_.dry_run)
            record::roll_back(*session_);
        else
            database_.commit(*session_);
    }

    void note_missing_rates() {
        if (report_.orders == 0) return;
        const int base = static_cast<int>(record::base_currency(*session_));
        record::Converter converter(record::all_rates(*session_), static_cast<Currency>(base));
        const long long import = report_.import.value;
        int currency = 0;
        int day = 0;
        soci::statement select =
            (session_->now().prepare
                 << "SELECT currency, min(day) FROM orders WHERE import_id = :id AND currency <> :base "
                    "AND day IS NOT NULL GROUP BY currency",
             soci::use(import), soci::use(base), soci::into(currency), soci::into(day));
        select.execute();
        while (select.fetch()) converter.convert(1, static_cast<Currency>(currency), Day{day});
        for (const auto& missing : converter.missing())
            report_.currencies_without_rate.emplace_back(code(missing.currency));
    }

    void mark_failed(const Error& error) {
        if (options_.dry_run) return;
        // When even this cannot be written the import stays "running", and the next one finds it broken off.
        [[maybe_unused]] const Status written = database_.write("import.failed", [&](soci::session& session) {
            record::ImportEntry entry;
            entry.id = report_.import;
            entry.state = "failed";
            entry.finished_at = database_.clock().now();
            entry.counts = report_.counts;
            entry.failure = error.key;
            record::finish_import(session, entry);
        });
    }

    void report_progress() {
        if (progress_) progress_({bytes_read_, report_.source.file_size, report_.counts.rows, since(start_)});
    }

    record::Database& database_;
    const ImportOptions& options_;
    const std::function<void(const ImportProgress&)>& progress_;
    std::chrono::steady_clock::time_point start_;
    ImportLock lock_;
    ImportReport report_;
    ImportReport committed_;  // as of the last COMMIT
    std::unique_ptr<record::WriteSession> session_;
    std::unique_ptr<OrderWriter> writer_;
    std::unique_ptr<record::RejectionWriter> rejections_;
    std::optional<identity::ErasedText> erased_text_;
    std::unordered_map<std::string, ShopInfo> shops_;
    WriteCounts counts_;
    std::int64_t settled_documents_ = 0;
    long long own_writes_ = 0;
    bool broke_off_ = false;
    // The chunk being read.
    std::vector<std::unique_ptr<DigestedBatch>> held_;
    std::unordered_map<Hash128, std::size_t, Hash128Hasher> groups_;
    std::vector<Group> open_orders_;
    std::size_t chunk_rows_ = 0;
    std::uint64_t chunk_bytes_ = 0;
    std::uint64_t bytes_read_ = 0;
    std::vector<RejectedRow> waiting_rejections_;
};

}  // namespace

Result<ImportReport> import_file(record::Database& database, const std::filesystem::path& file,
                                 const ImportOptions& options,
                                 const std::function<void(const ImportProgress&)>& progress) {
    auto source = open_source(file, options.source);
    if (!source) return std::unexpected(source.error());
    return Import(database, file, options, progress).run(std::move(*source));
}

}  // namespace shuke::ingest
