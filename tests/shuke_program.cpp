#include "shuke_program.h"

#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace product {
namespace {

// What the program inherits, less what would lead it to other data.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& own) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (!text.starts_with("SHUKE_")) variables.emplace_back(text);
    }
    for (const auto& [name, value] : own) variables.push_back(name + "=" + value);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

fs::path new_folder() {
    std::string name = (fs::temp_directory_path() / "shuke-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder in the temporary folder");
    return name;
}

Arguments command_of(const fs::path& data, const Arguments& arguments) {
    Arguments command{SHUKE_PROGRAM, "--data", data.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

}  // namespace

Running::Running(const Arguments& command, const std::map<std::string, std::string>& environment, fs::path output)
    : output_(std::move(output)) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (output_.string() + ".out").c_str(), kWrite, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (output_.string() + ".err").c_str(), kWrite, 0600);
    Arguments words = command;
    std::vector<std::string> variables = environment_with(environment);
    const int problem = ::posix_spawn(&process_, words.front().c_str(), &actions, nullptr, pointers(words).data(),
                                      pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) throw std::runtime_error("cannot start " + words.front());
}

Running::~Running() {
    if (ended_) return;
    kill_hard();
    collect(true);
}

void Running::collect(bool block) {
    if (ended_) return;
    int status = 0;
    rusage used{};
    pid_t found = 0;
    do found = ::wait4(process_, &status, block ? 0 : WNOHANG, &used);
    while (found < 0 && errno == EINTR);
    if (found != process_) return;
    ended_ = true;
    finished_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    finished_.peak_memory_kb = used.ru_maxrss;
    finished_.out = read_file(output_.string() + ".out");
    finished_.err = read_file(output_.string() + ".err");
}

bool Running::has_ended() {
    collect(false);
    return ended_;
}

void Running::kill_hard() {
    if (!ended_) ::kill(process_, SIGKILL);
}

Finished Running::wait() {
    collect(true);
    return finished_;
}

Shuke::Shuke() : data(), folder_(new_folder()) { data = folder_ / "data"; }

Shuke::~Shuke() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

fs::path Shuke::write_file(const std::string& name, std::string_view bytes) const {
    const fs::path file = folder_ / name;
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
    return file;
}

Finished Shuke::run(const Arguments& arguments) const {
    return Running(command_of(data, arguments), environment, folder_ / "run").wait();
}

Running Shuke::start(const Arguments& arguments) const {
    return {command_of(data, arguments), environment, folder_ / "started"};
}

Json Shuke::json(const Arguments& arguments, int exit_code) const {
    Arguments all = arguments;
    all.emplace_back("--json");
    const Finished finished = run(all);
    std::string shown;
    for (const auto& word : arguments) shown += " " + word;
    EXPECT_EQ(finished.exit_code, exit_code) << "shuke" << shown << "\n" << finished.err;
    const Json document = Json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << "shuke" << shown << " printed no JSON:\n" << finished.out << finished.err;
    return document;
}

Json Shuke::import(std::string_view text, const Arguments& more, int exit_code) const {
    Arguments arguments{"import", write_file("orders.csv", text).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json(arguments, exit_code);
}

std::int64_t Shuke::count(const std::string& expression, const std::string& as_of) const {
    Arguments arguments{"segment", "count", expression};
    if (!as_of.empty()) arguments.insert(arguments.end(), {"--as-of", as_of});
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << expression << "\n" << finished.err;
    return finished.exit_code == 0 ? std::stoll(finished.out) : -1;
}

std::vector<std::string> Shuke::list(const std::string& expression, const std::string& column,
                                     const std::string& as_of) const {
    Arguments arguments{"segment", "list", expression, "--columns", column};
    if (!as_of.empty()) arguments.insert(arguments.end(), {"--as-of", as_of});
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << expression << "\n" << finished.err;
    std::vector<std::string> customers;
    CsvRows lines(finished.out);
    for (Row row; lines.next(row);) customers.push_back(row.front());
    std::sort(customers.begin(), customers.end());
    return customers;
}

Json Shuke::customer(const std::string& who) const { return json({"customer", "show", who, "--reveal"}); }

Json Shuke::rfm(const Arguments& more) const {
    Arguments arguments{"insight", "rfm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json(arguments);
}

Sql::Sql(const std::string& file) {
    if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) throw std::runtime_error("cannot open " + file);
}

Sql::~Sql() { sqlite3_close(database_); }

void Sql::run(const std::string& sql) {
    char* problem = nullptr;
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &problem) == SQLITE_OK) return;
    const std::string text = problem != nullptr ? problem : "unknown";
    sqlite3_free(problem);
    throw std::runtime_error(sql + ": " + text);
}

std::vector<Row> Sql::rows(const std::string& sql) {
    std::vector<Row> found;
    const auto add = [](void* to, int columns, char** values, char**) {
        Row& row = static_cast<std::vector<Row>*>(to)->emplace_back();
        for (int i = 0; i < columns; ++i) row.emplace_back(values[i] != nullptr ? values[i] : "NULL");
        return 0;
    };
    char* problem = nullptr;
    if (sqlite3_exec(database_, sql.c_str(), add, &found, &problem) == SQLITE_OK) return found;
    const std::string text = problem != nullptr ? problem : "unknown";
    sqlite3_free(problem);
    throw std::runtime_error(sql + ": " + text);
}

std::string Sql::value(const std::string& sql) {
    const auto found = rows(sql);
    return found.empty() ? "" : found.front().front();
}

void Sql::insert(const std::string& sql, const std::function<bool(Row&)>& next) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_));
    }
    run("BEGIN");
    for (Row row; next(row);) {
        for (int i = 0; i < static_cast<int>(row.size()); ++i) {
            const std::string& value = row[static_cast<std::size_t>(i)];
            sqlite3_bind_text(statement, i + 1, value.data(), static_cast<int>(value.size()), nullptr);
        }
        if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_));
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    run("COMMIT");
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path example(const std::string& name) { return fs::path(SHUKE_SOURCE_DIR) / "examples" / name; }

fs::path shared_file(const std::string& name) {
    const fs::path file = fs::path(SHUKE_SOURCE_DIR) / "../shared" / name;
    return fs::exists(file) ? file : fs::path();
}

std::string unpack_zst(const fs::path& file) {
    const std::string packed = read_file(file);
    std::string text;
    std::string part(ZSTD_DStreamOutSize(), '\0');
    ZSTD_DCtx* stream = ZSTD_createDCtx();
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    while (input.pos < input.size) {
        ZSTD_outBuffer output{part.data(), part.size(), 0};
        if (ZSTD_isError(ZSTD_decompressStream(stream, &output, &input))) break;
        text.append(part, 0, output.pos);
    }
    ZSTD_freeDCtx(stream);
    return text;
}

std::string pack_zst(std::string_view text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
    return packed;
}

std::string pack_gz(std::string_view text) {
    z_stream stream{};
    constexpr int kGzip = 15 + 16;
    deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
    std::string plain(text);
    std::string packed(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string encode(std::string_view utf8, const char* encoding) {
    const iconv_t converter = ::iconv_open(encoding, "UTF-8");
    std::string input(utf8);
    std::string encoded(input.size() * 4 + 16, '\0');
    char* from = input.data();
    char* to = encoded.data();
    std::size_t from_left = input.size();
    std::size_t to_left = encoded.size();
    if (::iconv(converter, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1)) {
        throw std::runtime_error(std::string("the text has no form in ") + encoding);
    }
    ::iconv_close(converter);
    encoded.resize(encoded.size() - to_left);
    return encoded;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

bool CsvRows::next(Row& row) {
    row.clear();
    if (at_ >= text_.size()) return false;
    std::string cell;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            if (quoted && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                cell += '"';
                ++at_;
            } else {
                quoted = !quoted;
            }
        } else if (!quoted && c == ',') {
            row.push_back(std::move(cell));
            cell.clear();
        } else if (!quoted && c == '\n') {
            ++at_;
            break;
        } else if (quoted || c != '\r') {
            cell += c;
        }
    }
    row.push_back(std::move(cell));
    return true;
}

Json without_ids(Json customer) {
    customer.erase("id");
    customer.erase("merges");
    for (auto& identifier : customer["identifiers"]) {
        identifier.erase("account");
        identifier.erase("import");
    }
    auto& identifiers = customer["identifiers"];
    std::sort(identifiers.begin(), identifiers.end(), [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
    return customer;
}

}  // namespace product
