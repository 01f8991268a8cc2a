// src/app/serve_command.cpp: shuke serve: the server process, wired and run until SIGTERM.
#include <fcntl.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>

#include "api/callers.h"
#include "api/refresher.h"
#include "api/service.h"
#include "api/upkeep.h"
#include "app/commands.h"
#include "auth/setup.h"
#include "ingest/order_intake.h"
#include "schedule/jobs.h"

namespace shuke::app {
namespace {

constexpr int kJobThreads = 2;

// One server a data folder; the lock dies with the process.
class ServerLock {
public:
    static Result<ServerLock> take(const std::filesystem::path& folder) {
        ServerLock lock;
        lock.file_ = ::open((folder / "serve.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (lock.file_ < 0 || ::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
            return fail(Code::kConflict, "server.running",
                        "another shuke serve runs on the data folder " + folder.string() +
                            "; stop it first, or name another folder with --data");
        }
        return lock;
    }
    ServerLock(ServerLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    ~ServerLock() {
        if (file_ >= 0) ::close(file_);
    }
    ServerLock(const ServerLock&) = delete;
    ServerLock& operator=(const ServerLock&) = delete;
    ServerLock& operator=(ServerLock&&) = delete;

private:
    ServerLock() = default;
    int file_ = -1;
};

// "127.0.0.1:8080", "[::1]:8080"
Status read_address(const std::string& text, api::http::ServerOptions& options) {
    const auto colon = text.rfind(':');
    int port = -1;
    if (colon != std::string::npos) {
        const char* end = text.data() + text.size();
        const auto [at, problem] = std::from_chars(text.data() + colon + 1, end, port);
        if (problem != std::errc() || at != end) port = -1;
    }
    if (port < 0 || port > 65535)
        return fail(Code::kInvalid, "server.address",
                    "found '" + text + "', expected ADDRESS:PORT, for example 127.0.0.1:8080");
    options.address = text.substr(0, colon);
    if (options.address.starts_with('[') && options.address.ends_with(']'))
        options.address = options.address.substr(1, options.address.size() - 2);
    options.port = static_cast<std::uint16_t>(port);
    return {};
}

Result<api::http::ServerOptions> server_options(const Context& context, const ServeArguments& arguments) {
    api::http::ServerOptions options;
    if (auto read = read_address(arguments.listen, options); !read) return std::unexpected(read.error());
    if (arguments.certificate.empty() != arguments.key.empty())
        return fail(Code::kInvalid, "server.tls", "TLS needs both --tls-cert and --tls-key");
    options.certificate = arguments.certificate;
    options.key = arguments.key;
    options.spool = context.data / "spool";
    if (arguments.workers > 0) options.workers = arguments.workers;
    if (arguments.waiting > 0) options.limits.waiting_requests = static_cast<std::size_t>(arguments.waiting);
    if (arguments.connections > 0) options.limits.connections = static_cast<std::size_t>(arguments.connections);
    if (arguments.head_ms > 0) options.limits.head_time = std::chrono::milliseconds(arguments.head_ms);
    if (arguments.body_ms > 0) options.limits.body_time = std::chrono::milliseconds(arguments.body_ms);
    if (arguments.idle_ms > 0) options.limits.idle_time = std::chrono::milliseconds(arguments.idle_ms);
    return options;
}

// One JSON object a line on stderr; whoever runs Shuke keeps and turns them.
void begin_logs(bool quiet) {
    auto log = spdlog::stderr_logger_mt("shuke");
    log->set_pattern("%v");
    log->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(log);
}

void print_addresses(const api::http::Server& server, const api::http::ServerOptions& options, const std::string& base,
                     const std::string& setup_token) {
    const std::string host =
        options.address.find(':') != std::string::npos ? "[" + options.address + "]" : options.address;
    const std::string url =
        (server.is_tls() ? "https://" : "http://") + host + ":" + std::to_string(server.port()) + base;
    std::fprintf(stderr, "shuke: listening on %s/\n", url.c_str());
    if (!setup_token.empty())
        std::fprintf(
            stderr,
            "shuke: nobody can sign in yet; make the administrator here (once, within %d hours): %s/#/setup?token=%s\n",
            auth::kSetupHours, url.c_str(), setup_token.c_str());
    std::fflush(stderr);
}

Result<std::string> setup_token(record::Database& database) {
    bool needed = false;
    auto read = database.read([&](soci::session& session) { needed = auth::needs_setup(session); });
    if (!read) return std::unexpected(read.error());
    return needed ? auth::issue_setup_token(database) : Result<std::string>(std::string());
}

// The signals that end or reload the server; blocked in all threads, waited for in this one.
sigset_t our_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, one);
    return signals;
}

void wait_for_end(const sigset_t& signals, api::http::Server& server) {
    for (int signal = 0;;) {
        if (sigwait(&signals, &signal) != 0) continue;
        if (signal != SIGHUP) return;
        if (auto loaded = server.reload(); !loaded) std::fprintf(stderr, "shuke: %s\n", loaded.error().detail.c_str());
    }
}

std::filesystem::path sample_file() {
    const std::filesystem::path bundled =
        std::filesystem::path(SHUKE_SOURCE_DIR) / "examples" / "online-retail" / "online_retail.csv.zst";
    return std::filesystem::exists(bundled) ? bundled : std::filesystem::path();
}

}  // namespace

Status serve(Context& context, const ServeArguments& arguments) {
    const auto options = server_options(context, arguments);
    if (!options) return std::unexpected(options.error());
    const sigset_t signals = our_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    auto database = context.open(true);
    if (!database) return std::unexpected(database.error());
    const auto lock = ServerLock::take(context.data);
    if (!lock) return std::unexpected(lock.error());
    begin_logs(arguments.quiet);
    audience::WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
    auto live = live::LiveAudience::open(**database, &pool);
    if (!live) return std::unexpected(live.error());
    const auto token = setup_token(**database);
    if (!token) return std::unexpected(token.error());
    schedule::JobRunner jobs(**database, kJobThreads);
    if (auto started = jobs.start(); !started) return started;
    api::CallerCache callers(**database);
    {
        api::Refresher refresher(**database, **live);
        api::Upkeep upkeep({**database, **live, pool, jobs, refresher, context.data});
        ingest::OrderIntake intake(**database);
        std::string base = arguments.base_path;
        while (base.ends_with('/')) base.pop_back();
        if (!base.empty() && !base.starts_with('/')) base = "/" + base;
        api::Service service({**database, context.clock, **live, pool, jobs, refresher, upkeep, callers, intake,
                              context.data, sample_file(), SHUKE_VERSION, base, context.clock.now()});
        auto server = api::http::Server::start(*options, service);
        if (!server) return std::unexpected(server.error());
        service.watch(**server);
        print_addresses(**server, *options, base, *token);
        wait_for_end(signals, **server);
        service.stop_being_ready();
        (*server)->drain();
        server->reset();
        jobs.stop();
    }
    std::fprintf(stderr, "shuke: stopped\n");
    return {};
}

}  // namespace shuke::app
