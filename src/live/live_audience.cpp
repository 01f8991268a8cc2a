#include "live/live_audience.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "live/audience_origin.h"
#include "record/changes.h"

namespace shuke::live {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".snapshot";
constexpr std::size_t kKept = 2;
constexpr std::uint64_t kWorthAFile = 100'000;  // facts; fewer are read from the record before one notices
constexpr std::uint64_t kWorthANewFile = 16;    // when one in so many customers changed since

struct File {
    fs::path path;
    std::int64_t change;
};

fs::path folder_of(const fs::path& data) { return data / "audience"; }

// The newest first.
std::vector<File> snapshots_in(const fs::path& folder) {
    std::vector<File> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != kExtension) continue;
        const std::string stem = entry.path().stem().string();
        std::int64_t change = 0;
        const auto [end, problem] = std::from_chars(stem.data(), stem.data() + stem.size(), change);
        if (problem == std::errc() && end == stem.data() + stem.size()) files.push_back({entry.path(), change});
    }
    std::ranges::sort(files, std::greater(), &File::change);
    return files;
}

void notice(const std::string& text) { std::fprintf(stderr, "shuke: %s\n", text.c_str()); }

// What writers that were killed left behind, and all but the newest snapshots.
void tidy(const fs::path& folder) {
    std::error_code ignored;
    const auto hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension().string().starts_with(".part-") && entry.last_write_time(ignored) < hour_ago)
            fs::remove(entry.path(), ignored);
    }
    const auto files = snapshots_in(folder);
    for (std::size_t i = kKept; i < files.size(); ++i) fs::remove(files[i].path, ignored);
}

std::uint64_t facts_of(const audience::Version& version) {
    const auto rows = [](const audience::FactCounts& counts) { return counts.orders + counts.lines + counts.refunds; };
    return rows(version.facts()) + rows(version.guest_facts());
}

}  // namespace

Result<std::unique_ptr<LiveAudience>> LiveAudience::open(record::Database& database, audience::WorkerPool* pool) {
    std::unique_ptr<LiveAudience> live(new LiveAudience(database, pool));
    if (live->open_snapshot()) {
        const auto refreshed = live->refresh();
        if (!refreshed) return std::unexpected(refreshed.error());
    } else {
        auto loaded = load_audience(database, pool);
        if (!loaded) return std::unexpected(loaded.error());
        live->put(std::move(*loaded));
    }
    return live;
}

// False: there is none of this record in its present settings.
bool LiveAudience::open_snapshot() {
    const auto start = std::chrono::steady_clock::now();
    audience::SnapshotOrigin now;
    if (!database_.read([&](soci::session& session) { now = read_origin(session); })) return false;
    for (const File& file : snapshots_in(folder_of(database_.folder()))) {
        auto snapshot = audience::open_snapshot(file.path, database_.keys(), pool_);
        if (!snapshot) {
            notice(file.path.string() + ": " + snapshot.error().detail +
                   "; it is passed over, and the audience is built from the record or an older one");
            continue;
        }
        const auto& of = snapshot->origin;
        if (of.record != now.record || of.settings != now.settings || of.change > now.change) continue;
        saved_change_ = of.change;
        LoadedAudience loaded;
        loaded.version = std::move(snapshot->version);
        loaded.origin = of;
        loaded.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        put(std::move(loaded));
        return from_snapshot_ = true;
    }
    return false;
}

std::shared_ptr<const LoadedAudience> LiveAudience::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void LiveAudience::put(LoadedAudience loaded) {
    auto next = std::make_shared<const LoadedAudience>(std::move(loaded));
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
}

Result<bool> LiveAudience::refresh() {
    const auto base = current();
    auto loaded = refresh_audience(database_, *base, pool_);
    if (!loaded) return std::unexpected(loaded.error());
    if (loaded->version == base->version) return false;
    if (loaded->origin.settings != base->origin.settings || loaded->origin.record != base->origin.record)
        cache_.clear();
    loaded->seconds += base->seconds;
    put(std::move(*loaded));
    return true;
}

void LiveAudience::save() {
    const auto state = current();
    const fs::path folder = folder_of(database_.folder());
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    fs::permissions(folder, fs::perms::owner_all, ignored);
    const auto written =
        audience::write_snapshot(*state->version, state->origin, database_.keys(),
                                 folder / (std::to_string(state->origin.change) + std::string(kExtension)));
    if (!written) return notice(written.error().detail);
    saved_change_ = state->origin.change;
    tidy(folder);
}

void LiveAudience::save_if_worthwhile() {
    const auto state = current();
    // What could not be converted is told whenever it is read; a snapshot would keep quiet about it.
    if (!state->missing_rates.empty()) return;
    if (state->origin.change == saved_change_ || facts_of(*state->version) < kWorthAFile) return;
    std::uint64_t changed = state->version->customers();
    if (saved_change_ >= 0) {
        const auto counted = database_.read(
            [&](soci::session& session) { changed = record::changed_since(session, saved_change_).size(); });
        if (!counted) return;
    }
    if (changed * kWorthANewFile >= state->version->customers()) save();
}

void forget_snapshots(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder_of(folder), ignored);
}

}  // namespace shuke::live
