// src/app/mirror_command.cpp: shuke mirror clickhouse.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "app/commands.h"
#include "live/live_audience.h"
#include "mirror/mirror.h"
#include "mirror/mirror_lock.h"
#include "record/changes.h"

namespace shuke::app {
namespace {

void show_progress(std::uint64_t done, std::uint64_t all) {
    std::fprintf(stderr, "\r%s of %s customers", grouped(static_cast<std::int64_t>(done)).c_str(),
                 grouped(static_cast<std::int64_t>(all)).c_str());
    if (done == all) std::fputc('\n', stderr);
}

void print(const mirror::Copied& copied, const mirror::Server& server, std::int64_t change, double seconds, bool json) {
    if (json) {
        print_json({{"copied", copied.generation == 0 ? "nothing"
                               : copied.whole         ? "all"
                                                      : "changed"},
                    {"generation", copied.generation},
                    {"customers", copied.customers},
                    {"gone", copied.gone},
                    {"bytes", copied.bytes},
                    {"change", change},
                    {"place", server.place()},
                    {"seconds", seconds}});
    } else if (copied.generation == 0) {
        std::printf("%s is up to date: change %lld\n", server.place().c_str(), static_cast<long long>(change));
    } else {
        std::printf("%s: %s customers copied%s, %.1f MB in %.1f s; it holds change %lld\n", server.place().c_str(),
                    grouped(copied.customers).c_str(),
                    copied.whole ? "" : (", " + grouped(copied.gone) + " of them gone").c_str(),
                    static_cast<double>(copied.bytes) / 1e6, seconds, static_cast<long long>(change));
    }
}

}  // namespace

Status mirror_to_clickhouse(Context& context, const MirrorArguments& arguments) {
    const auto start = std::chrono::steady_clock::now();
    auto server = mirror::Server::at(arguments.url);
    if (!server) return std::unexpected(server.error());
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const mirror::MirrorLock lock(context.data);
    if (!lock.is_held())
        return fail(Code::kConflict, "mirror.busy",
                    "another shuke is copying " + context.data.string() + " at this moment; wait for it to end");
    audience::WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
    auto live = live::LiveAudience::open(**database, &pool);
    if (!live) return std::unexpected(live.error());
    const auto loaded = (*live)->current();
    // Read after the load: whoever changed in between comes too, and comes again next time.
    const auto changed_since = [&](std::int64_t change) -> Result<std::vector<CustomerId>> {
        std::vector<CustomerId> customers;
        const auto read =
            (*database)->read([&](soci::session& session) { customers = record::changed_since(session, change); });
        if (!read) return std::unexpected(read.error());
        return customers;
    };
    const mirror::Source source{.version = *loaded->version, .origin = loaded->origin, .changed_since = changed_since};
    mirror::CopyOptions options{.cluster = arguments.cluster, .whole = arguments.whole};
    if (!arguments.json && ::isatty(STDERR_FILENO) == 1) options.progress = show_progress;
    const auto copied = mirror::copy(*server, source, options, context.clock.now());
    if (!copied) return std::unexpected(copied.error());
    (*live)->save_if_worthwhile();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    print(*copied, *server, loaded->origin.change, passed.count(), arguments.json);
    return {};
}

}  // namespace shuke::app
