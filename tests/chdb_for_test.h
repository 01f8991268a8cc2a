// tests/chdb_for_test.h: a current ClickHouse in this process, from the shared library of chDB in build/peers.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

namespace product {

class Chdb {
public:
    static constexpr const char* kLibrary = "build/peers/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so";
    static bool is_there() { return std::filesystem::exists(kLibrary); }

    explicit Chdb(const std::filesystem::path& folder) : library_(::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) {
        if (library_ == nullptr) throw std::runtime_error(::dlerror());
        std::string arguments[] = {"clickhouse", "--path=" + folder.string(), "--max_threads=2"};
        char* pointers[std::size(arguments)];
        for (std::size_t i = 0; i < std::size(arguments); ++i) pointers[i] = arguments[i].data();
        connection_ = find<Connection**(int, char**)>("chdb_connect")(std::size(pointers), pointers);
        if (connection_ == nullptr) throw std::runtime_error("chDB does not open");
        run("CREATE DATABASE IF NOT EXISTS mirror ENGINE = Atomic");
        run("USE mirror");
    }
    ~Chdb() { find<void(Connection**)>("chdb_close_conn")(connection_); }
    Chdb(const Chdb&) = delete;
    Chdb& operator=(const Chdb&) = delete;

    std::string version() { return "ClickHouse " + run("SELECT version()", "TSVRaw"); }
    std::vector<std::int64_t> ids(const std::string& sql) {
        const std::string bytes = run(sql, "RowBinary");
        std::vector<std::int64_t> ids(bytes.size() / sizeof(std::int64_t));
        std::memcpy(ids.data(), bytes.data(), ids.size() * sizeof(std::int64_t));
        return ids;
    }
    // A refused statement fails the test.
    std::string run(const std::string& sql, const char* format = "RowBinary") {
        Answer* answer =
            find<Answer*(Connection*, const char*, const char*)>("chdb_query")(*connection_, sql.c_str(), format);
        const char* message = find<char*(Answer*)>("chdb_result_error")(answer);
        std::string bytes;
        if (message != nullptr) ADD_FAILURE() << message << "\n" << sql.substr(0, 4000);
        const std::size_t length = find<std::size_t(Answer*)>("chdb_result_length")(answer);
        if (length > 0) bytes.assign(find<char*(Answer*)>("chdb_result_buffer")(answer), length);
        find<void(Answer*)>("chdb_destroy_query_result")(answer);
        while (!bytes.empty() && std::strcmp(format, "TSVRaw") == 0 && bytes.back() == '\n') bytes.pop_back();
        return bytes;
    }

private:
    struct Connection;
    struct Answer;
    template <class Function>
    std::add_pointer_t<Function> find(const char* name) const {
        void* found = ::dlsym(library_, name);
        if (found == nullptr) throw std::runtime_error(std::string("no function ") + name);
        return reinterpret_cast<std::add_pointer_t<Function>>(found);
    }

    void* library_;
    Connection** connection_ = nullptr;
};

}  // namespace product
