// bench/import.cpp
//
// How long do order files take to become known customers, beside the plainest thing a database can do with them?
//
//   ours   shuke import into a fresh data folder: identity, encryption, indexes, change sequence, checked rows
//   peer   sqlite3 .import of the same rows into one table without types, and one index on (customer, date)
//
// Prints rows, seconds of both and their ratio; import again; loading the engine; the README's segment.
// Options: --lines N (default 1,000,000; the proof is 10,000,000), --keep.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

double run(const std::vector<std::string>& command, const fs::path& out, long* peak_kb = nullptr) {
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        if (std::freopen(out.c_str(), "w", stdout) == nullptr) std::_Exit(126);
        std::vector<char*> arguments;
        arguments.reserve(command.size() + 1);
        for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        ::execvp(arguments[0], arguments.data());
        std::_Exit(127);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    if (status != 0) {
        std::fprintf(stderr, "%s failed (status %d)\n", command[0].c_str(), status);
        std::exit(1);
    }
    if (peak_kb != nullptr) *peak_kb = usage.ru_maxrss;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string field_of(const fs::path& json, const std::string& name) {
    std::ifstream in(json);
    for (std::string line; std::getline(in, line);) {
        const auto at = line.find("\"" + name + "\": ");
        if (at != std::string::npos)
            return line.substr(at + name.size() + 4, line.find_last_not_of(',') - at - name.size() - 3);
    }
    return "?";
}

// About 9.5 orders a customer and two lines an order, over three years, in order of time; reproducible.
void write_native_file(const fs::path& file, long lines) {
    std::ofstream out(file, std::ios::binary);
    out << "shop,order_no,external_id,name,phone,email,province,city,status,created_at,paid_at,amount,line_no,product,"
           "title,category,quantity,price\n";
    std::mt19937_64 random(20260101);
    const long orders = lines / 2;
    const long customers = std::max<long>(1, orders * 2 / 19);
    const char* provinces[] = {"浙江", "江苏", "上海", "广东", "北京", "四川", "山东", "河南"};
    std::string text;
    char row[512];
    for (long order = 0; order < orders; ++order) {
        // Skewed: squares of a uniform number, so that some buy often.
        const double u = static_cast<double>(random() >> 11) * 0x1p-53;
        const long customer = static_cast<long>(u * u * static_cast<double>(customers));
        const long second = order * (3L * 365 * 86'400) / orders;
        const long day = second / 86'400;
        const int month = static_cast<int>(day / 30 % 12) + 1;
        const int year = 2023 + static_cast<int>(day / 365);
        const int of_month = static_cast<int>(day % 28) + 1;
        const int clock = static_cast<int>(second % 86'400);
        char at[32];
        std::snprintf(at, sizeof at, "%04d-%02d-%02d %02d:%02d:%02d", year, month, of_month, clock / 3600,
                      clock / 60 % 60, clock % 60);
        const unsigned long long bits = random();
        const int count = 1 + static_cast<int>(bits % 3);
        long amount = 0;
        long prices[3];
        for (int i = 0; i < count; ++i) amount += prices[i] = 990 + static_cast<long>((bits >> (8 * i)) % 20'000);
        for (int i = 0; i < count; ++i) {
            const unsigned product = static_cast<unsigned>((bits >> (16 + 12 * i)) % 20'000);
            std::snprintf(row, sizeof row,
                          "旗舰店,T%010ld,C%07ld,客户%07ld,139%08ld,c%ld@example.com,%s,城市%02ld,%s,%s,%s,%ld.%02ld,%"
                          "d,P%05u,商品%05u,类目%03u,1,%ld.%02ld\n",
                          order, customer, customer, customer % 100'000'000, customer, provinces[customer % 8],
                          customer % 50, bits % 20 == 0 ? "created" : "paid", at, bits % 20 == 0 ? "" : at,
                          amount / 100, amount % 100, i + 1, product, product, product % 500, prices[i] / 100,
                          prices[i] % 100);
            text += row;
        }
        if (text.size() > (1 << 20)) {
            out << text;
            text.clear();
        }
    }
    out << text;
}

long count_lines(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    long lines = 0;
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
        lines += std::count(buffer.data(), buffer.data() + in.gcount(), '\n');
    }
    return lines - 1;
}

void compare(const char* name, const fs::path& file, const std::string& format, const std::string& index,
             const fs::path& folder) {
    const fs::path data = folder / (std::string(name) + "-data");
    const fs::path database = folder / (std::string(name) + ".db");
    const fs::path answer = folder / "answer.json";
    fs::remove_all(data);
    fs::remove(database);
    const double peer =
        run({"sqlite3", database.string(), "PRAGMA journal_mode = WAL", ".import --csv " + file.string() + " rows",
             "CREATE INDEX by_customer ON rows (" + index + ")"},
            answer);
    long peak_kb = 0;
    const double ours =
        run({SHUKE_PROGRAM, "import", file.string(), "--format", format, "--data", data.string(), "--json"}, answer,
            &peak_kb);
    const double again =
        run({SHUKE_PROGRAM, "import", file.string(), "--format", format, "--data", data.string(), "--json"}, answer);
    const long rows = count_lines(file);
    run({SHUKE_PROGRAM, "segment", "count",
         "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid) >= 300", "--as-of",
         format == "native" ? "2025-12-01" : "2011-12-10", "--repeat", "21", "--json", "--data", data.string()},
        answer);
    const double load = std::atof(field_of(answer, "load_seconds").c_str());
    std::printf(
        "%-14s %10ld rows  sqlite3 .import + index %7.2f s  shuke import %7.2f s  ratio %.2f  again %7.2f s  peak %ld "
        "MB\n",
        name, rows, peer, ours, ours / peer, again, peak_kb / 1024);
    std::printf("%-14s engine loaded in %.2f s = %.2f M rows/s; segment %s ms, %s customers\n", name, load,
                static_cast<double>(rows) / load / 1e6, field_of(answer, "milliseconds").c_str(),
                field_of(answer, "count").c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    long lines = 1'000'000;
    bool keep = false;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--lines") == 0 && i + 1 < argc)
            lines = std::atol(argv[++i]);
        else if (std::strcmp(argv[i], "--keep") == 0)
            keep = true;
        else {
            std::printf("usage: import [--lines N] [--keep]\n");
            return 2;
        }
    }
    std::string pattern = (fs::temp_directory_path() / "shuke-bench-XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    run({"zstd", "-q", "-d", "-o", (folder / "online_retail.csv").string(),
         std::string(SHUKE_SOURCE_DIR) + "/examples/online-retail/online_retail.csv.zst"},
        folder / "answer.json");
    compare("online-retail", folder / "online_retail.csv", "online-retail", "CustomerID, InvoiceDate", folder);
    write_native_file(folder / "native.csv", lines);
    compare("native", folder / "native.csv", "native", "external_id, created_at", folder);
    if (keep)
        std::printf("kept in %s\n", folder.c_str());
    else
        fs::remove_all(folder);
    return 0;
}
