// tests/shuke_program.h
//
// The built program as people use it: through its command line, on a fresh data folder that goes away with the test.
//
//   Shuke shuke;
//   shuke.import("order_no,external_id,amount\no1,ann,12.50\n");
//   EXPECT_EQ(shuke.count("sum(orders.amount) >= 12"), 1);
//
// SHUKE_DATA and SHUKE_KEY of whoever runs the tests do not reach the program.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace product {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;
using Row = std::vector<std::string>;

struct Finished {
    int exit_code = -1;  // -1: ended by a signal
    std::string out, err;
    std::int64_t peak_memory_kb = 0;
};

// A started program. Whoever lets go of it ends it.
class Running {
public:
    Running(const Arguments& command, const std::map<std::string, std::string>& environment, fs::path output);
    ~Running();
    bool has_ended();
    void kill_hard();  // SIGKILL, as the out-of-memory killer or a power cut would
    Finished wait();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

private:
    void collect(bool block);

    pid_t process_ = -1;
    bool ended_ = false;
    fs::path output_;
    Finished finished_;
};

class Shuke {
public:
    Shuke();
    ~Shuke();
    Shuke(const Shuke&) = delete;
    Shuke& operator=(const Shuke&) = delete;

    const fs::path& folder() const { return folder_; }    // for the test's own files
    fs::path data = {};                                   // --data; folder()/data at first
    std::map<std::string, std::string> environment = {};  // beside what is inherited
    fs::path write_file(const std::string& name, std::string_view bytes) const;

    Finished run(const Arguments& arguments) const;
    Running start(const Arguments& arguments) const;
    // Adds --json and reads the answer; the exit code must be the one named.
    Json json(const Arguments& arguments, int exit_code = 0) const;

    // The text as a file of its own, imported.
    Json import(std::string_view text, const Arguments& more = {}, int exit_code = 0) const;
    std::int64_t count(const std::string& expression, const std::string& as_of = "") const;
    // Sorted, since ids follow the order of rows.
    std::vector<std::string> list(const std::string& expression, const std::string& column = "external_id",
                                  const std::string& as_of = "") const;
    Json customer(const std::string& who) const;  // everything, in clear
    Json rfm(const Arguments& more) const;

private:
    fs::path folder_;
};

// One SQLite database. Errors of SQL end the test by an exception.
class Sql {
public:
    explicit Sql(const std::string& file = ":memory:");
    ~Sql();
    Sql(const Sql&) = delete;
    Sql& operator=(const Sql&) = delete;
    void run(const std::string& sql);
    std::vector<Row> rows(const std::string& sql);  // NULL is "NULL"
    std::string value(const std::string& sql);
    // One transaction; `next` fills the row and says whether there was one.
    void insert(const std::string& sql, const std::function<bool(Row&)>& next);

private:
    sqlite3* database_ = nullptr;
};

std::string read_file(const fs::path& file);
fs::path example(const std::string& name);  // below examples/
// Below ../shared beside the source tree; empty where that was not delivered.
fs::path shared_file(const std::string& name);

std::string unpack_zst(const fs::path& file);
std::string pack_zst(std::string_view text);
std::string pack_gz(std::string_view text);
std::string encode(std::string_view utf8, const char* encoding);  // a name that iconv knows
std::string replaced(std::string text, std::string_view from, std::string_view to);

// Rows of a plain CSV text, quotes understood, one after the other. Deliberately not the product's reader.
class CsvRows {
public:
    explicit CsvRows(std::string_view text) : text_(text) {}
    bool next(Row& row);

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

// Prints a parameter of a TEST_P by its member `name`.
template <class Named>
    requires requires(const Named& named) { std::string_view(named.name); }
std::ostream& operator<<(std::ostream& out, const Named& named) {
    return out << named.name;
}

// What `customer show --json` says, without what depends on ids and on the import it came by.
Json without_ids(Json customer);

}  // namespace product
