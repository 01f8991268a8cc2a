#include "api/server_for_test.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "auth/api_keys.h"
#include "auth/passwords.h"
#include "auth/roles.h"
#include "auth/setup.h"
#include "auth/users.h"
#include "base/clock.h"
#include "record/database.h"

namespace shuke::tests {
namespace {

std::size_t take(char* data, std::size_t one, std::size_t many, void* into) {
    static_cast<std::string*>(into)->append(data, one * many);
    return one * many;
}

std::size_t take_header(char* data, std::size_t one, std::size_t many, void* into) {
    std::string line(data, one * many);
    const auto colon = line.find(':');
    if (colon == std::string::npos) return one * many;
    std::string name = line.substr(0, colon), value = line.substr(colon + 1);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
    while (!value.empty() && value.front() == ' ') value.erase(0, 1);
    (*static_cast<std::map<std::string, std::string>*>(into))[name] = value;
    return one * many;
}

}  // namespace

TestServer::TestServer(const std::vector<std::string>& options) : options_(options) {
    std::string name = (std::filesystem::temp_directory_path() / "shuke-serve-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    start();
}

TestServer::TestServer(std::filesystem::path folder, const std::vector<std::string>& options)
    : folder_(std::move(folder)), owns_folder_(false), options_(options) {
    start();
}

void TestServer::start() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    std::vector<std::string> words{SHUKE_PROGRAM, "serve",       "--data", folder_.string(),
                                   "--listen",    "127.0.0.1:0", "--quiet"};
    words.insert(words.end(), options_.begin(), options_.end());
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execv(SHUKE_PROGRAM, arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    std::string said;
    char piece[512];
    while (said.find("listening on ") == std::string::npos ||
           said.find('\n', said.find("listening on ")) == std::string::npos) {
        const ssize_t size = ::read(ends[0], piece, sizeof piece);
        if (size <= 0) throw std::runtime_error("the server did not start: " + said);
        said.append(piece, static_cast<std::size_t>(size));
    }
    const auto at = said.find("127.0.0.1:");
    port_ = std::atoi(said.c_str() + at + 10);
    tls_ = said.find("https://") != std::string::npos;
    said_ = said;
    listener_ = std::thread([this, end = ends[0]] {
        char heard[512];
        for (ssize_t size = 0; (size = ::read(end, heard, sizeof heard)) > 0;) {
            const std::lock_guard lock(said_mutex_);
            said_.append(heard, static_cast<std::size_t>(size));
        }
        ::close(end);
    });
}

std::vector<std::string> SignedIn::headers(std::vector<std::string> more) const {
    more.push_back("Cookie: " + cookie);
    more.push_back("X-CSRF-Token: " + csrf);
    return more;
}

std::string TestServer::said() const {
    const std::lock_guard lock(said_mutex_);
    return said_;
}

bool TestServer::says(const std::string& text) const {
    for (int i = 0; i < 200; ++i) {
        if (said().find(text) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

Json TestServer::job_of(const Answer& accepted, const std::string& key) const {
    if (accepted.status != 202) throw std::runtime_error("no job: " + accepted.body);
    const auto id = accepted.json().at("job").at("id").get<std::int64_t>();
    for (int i = 0; i < 1200; ++i) {
        const auto job = send("GET", "/api/v1/jobs/" + std::to_string(id), "", {"Authorization: Bearer " + key}).json();
        const std::string state = job.value("state", "");
        if (state == "done" || state == "failed" || state == "cancelled") return job;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    throw std::runtime_error("the job does not end: " + accepted.body);
}

SignedIn TestServer::user(const std::string& name, const std::string& role) {
    const SystemClock clock;
    auto database = record::Database::open({.url = "", .folder = folder_, .create = false}, clock);
    if (!database) throw std::runtime_error(database.error().detail);
    const auto hash = auth::hash_password(kPassword);
    if (!hash) throw std::runtime_error(hash.error().detail);
    auto written = (*database)->write("test.user", [&](soci::session& session) {
        const auth::By by{auth::command_line("cli:test"), clock.now()};
        const auto made =
            or_throw(auth::create_user(session, {name, "", or_throw(auth::find_role(session, role)).id, "en"}, by));
        or_throw(auth::set_password(session, made.id, *hash, by));
    });
    if (!written) throw std::runtime_error(written.error().detail);
    return sign_in(name);
}

SignedIn TestServer::sign_in(const std::string& name, const std::string& password) const {
    const auto answer = send("POST", "/api/v1/session", Json{{"name", name}, {"password", password}}.dump(),
                             {"Content-Type: application/json"});
    if (answer.status != 200) throw std::runtime_error("cannot sign in: " + answer.body);
    const std::string cookie = answer.headers.at("set-cookie");
    return {cookie.substr(0, cookie.find(';')), answer.json().at("csrf_token")};
}

TestServer::~TestServer() {
    if (pid_ > 0) stop();
    std::error_code ignored;
    if (owns_folder_) std::filesystem::remove_all(folder_, ignored);
}

void TestServer::terminate() const { ::kill(pid_, SIGTERM); }

int TestServer::wait() {
    int state = 0;
    ::waitpid(pid_, &state, 0);
    pid_ = -1;
    listener_.join();
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

int TestServer::stop() {
    terminate();
    return wait();
}

void TestServer::kill_hard() {
    ::kill(pid_, SIGKILL);
    wait();
}

std::int64_t TestServer::resident_kb() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
    std::int64_t whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

double TestServer::processor_seconds() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream fields(text.substr(text.rfind(')') + 2));  // the name may hold blanks
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

SignedIn TestServer::administrator() {
    const std::string password = "correct horse battery staple 42";
    const std::vector<std::string> json{"Content-Type: application/json"};
    Json body{{"name", "tester"}, {"password", password}};
    Answer answer = send("POST", "/api/v1/session", body.dump(), json);
    if (answer.status != 200) {
        const SystemClock clock;
        auto database = record::Database::open({.url = "", .folder = folder_, .create = false}, clock);
        if (!database) throw std::runtime_error(database.error().detail);
        const auto token = auth::issue_setup_token(**database);
        if (!token) throw std::runtime_error(token.error().detail);
        body["token"] = *token;
        body["display_name"] = "Tester";
        answer = send("POST", "/api/v1/setup", body.dump(), json);
    }
    if (answer.status != 200) throw std::runtime_error("nobody could sign in: " + answer.body);
    const std::string cookie = answer.headers["set-cookie"];
    return {cookie.substr(0, cookie.find(';')), answer.json().at("csrf_token")};
}

bool TestServer::runs() const { return pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }

std::string TestServer::key(const std::string& scopes) {
    const SystemClock clock;
    auto database = record::Database::open({.url = "", .folder = folder_, .create = false}, clock);
    if (!database) throw std::runtime_error(database.error().detail);
    std::string key;
    auto written = (*database)->write("test.key", [&](soci::session& session) {
        auth::NewApiKey wanted;
        wanted.name = "test " + std::to_string(++keys_);
        wanted.scopes = or_throw(auth::PermissionSet::parse(scopes));
        key = or_throw(auth::create_api_key(session, (*database)->keys(), wanted, auth::command_line("cli:test"),
                                            clock.now()))
                  .key;
    });
    if (!written) throw std::runtime_error(written.error().detail);
    return key;
}

Answer TestServer::send(const std::string& method, const std::string& path, const std::string& body,
                        std::vector<std::string> headers) const {
    Answer answer;
    CURL* curl = curl_easy_init();
    const std::string url = std::string(tls_ ? "https" : "http") + "://127.0.0.1:" + std::to_string(port_) + path;
    curl_slist* list = nullptr;
    for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
    if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (!body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return answer;
}

bool TestServer::shows(const std::vector<std::string>& metrics) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (int in_a_row = 0; in_a_row < 5 && std::chrono::steady_clock::now() < until;) {
        const std::string page = send("GET", "/metrics").body;
        const bool all = std::ranges::all_of(
            metrics, [&](const auto& line) { return page.find("\n" + line + "\n") != std::string::npos; });
        in_a_row = all ? in_a_row + 1 : 0;
        if (in_a_row == 5) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

int TestServer::connect() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    static_assert(sizeof generic == sizeof address);
    std::memcpy(&generic, &address, sizeof address);
    if (::connect(socket, &generic, sizeof generic) != 0) return -1;
    return socket;
}

std::string TestServer::raw(const std::string& bytes, int seconds) const {
    const int socket = connect();
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t size = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (size <= 0) break;
        sent += static_cast<std::size_t>(size);
    }
    std::string answer;
    char piece[4096];
    for (pollfd ready{socket, POLLIN, 0}; ::poll(&ready, 1, seconds * 1000) > 0;) {
        const ssize_t size = ::recv(socket, piece, sizeof piece, 0);
        if (size <= 0) break;
        answer.append(piece, static_cast<std::size_t>(size));
    }
    ::close(socket);
    return answer;
}

}  // namespace shuke::tests
