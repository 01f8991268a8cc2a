#include "ingest/dry_run.h"

#include "base/crypto.h"
#include "record/backup.h"

namespace shuke::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kHeldAtMost = 1 << 20;  // bytes of a file, perhaps packed, that are written in one turn
constexpr auto kLeftBehind = std::chrono::hours(24);

fs::path copies_in(const fs::path& data_folder) { return data_folder / "dry-runs"; }

// A data folder that goes when this does.
class Copy {
public:
    explicit Copy(const record::Database& database) : folder_(copies_in(database.folder()) / random_name()) {}
    ~Copy() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    const fs::path& folder() const { return folder_; }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

private:
    fs::path folder_;
};

}  // namespace

Result<ImportReport> dry_run(record::Database& database, const fs::path& file, const ImportOptions& options,
                             const std::function<void(const ImportProgress&)>& progress) {
    ImportOptions wanted = options;
    wanted.dry_run = true;
    std::error_code unknown;
    const auto size = fs::file_size(file, unknown);
    const bool small = !unknown && size <= kHeldAtMost;
    if (small || unknown || database.dialect() != record::Dialect::kSqlite)
        return import_file(database, file, wanted, progress);
    const Copy copy(database);
    if (auto copied = record::copy_record(database, copy.folder()); !copied) return std::unexpected(copied.error());
    const auto other = record::Database::open({.url = "", .folder = copy.folder(), .create = false}, database.clock());
    if (!other) return std::unexpected(other.error());
    wanted.dry_run = false;
    return import_file(**other, file, wanted, progress);
}

void forget_dry_runs(const fs::path& data_folder) {
    std::error_code ignored;
    const auto since = fs::file_time_type::clock::now() - kLeftBehind;
    for (const auto& entry : fs::directory_iterator(copies_in(data_folder), ignored)) {
        if (entry.last_write_time(ignored) < since) fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace shuke::ingest
