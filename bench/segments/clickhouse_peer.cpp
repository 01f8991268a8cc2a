// ClickHouse in this process: the shared library of chDB, through its C API.
// Design: MergeTree sorted by (customer, at), merged into one part, texts as LowCardinality. Its cache of filter results
// is off, as the engine's own predicate cache is empty too.
#include <cstring>
#include <stdexcept>

#include "segments/peer.h"
#include "segments/tables.h"

namespace shuke::bench {
namespace {

// What is used of chdb.h; both handles are pointers to a struct of one pointer.
struct Connection;
struct Answer;

struct Api {
    SharedLibrary library;
#define SHUKE_CHDB(type, name) std::add_pointer_t<type> name = library.find<type>("chdb_" #name)
    SHUKE_CHDB(Connection**(int, char**), connect);
    SHUKE_CHDB(void(Connection**), close_conn);
    SHUKE_CHDB(Answer*(Connection*, const char*, const char*), query);
    SHUKE_CHDB(char*(Answer*), result_buffer);
    SHUKE_CHDB(std::size_t(Answer*), result_length);
    SHUKE_CHDB(const char*(Answer*), result_error);
    SHUKE_CHDB(void(Answer*), destroy_query_result);
#undef SHUKE_CHDB
};

class Clickhouse : public Peer {
public:
    explicit Clickhouse(const PeerOptions& options)
        : api_{SharedLibrary("build/peers/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so")} {
        std::string arguments[] = {"clickhouse", "--path=" + (options.scratch / "clickhouse").string(),
                                   "--max_threads=" + std::to_string(options.threads), "--use_query_condition_cache=0"};
        char* pointers[std::size(arguments)];
        for (std::size_t i = 0; i < std::size(arguments); ++i) pointers[i] = arguments[i].data();
        connection_ = api_.connect(static_cast<int>(std::size(pointers)), pointers);
        if (connection_ == nullptr) throw std::runtime_error("chDB does not open");
        version_ = run("select version()", "TabSeparated");
        version_.resize(version_.find_last_not_of('\n') + 1);
    }
    ~Clickhouse() override { api_.close_conn(connection_); }
    Clickhouse(const Clickhouse&) = delete;
    Clickhouse& operator=(const Clickhouse&) = delete;

    std::string name() const override { return "ClickHouse " + version_; }
    Dialect dialect() const override { return Dialect::kClickhouse; }

    void load(const std::filesystem::path& folder) override {
        numbers("create database bench engine = Atomic");
        numbers("use bench");
        for (const Table& table : tables()) {
            const std::string name(table.name);
            numbers("create table " + name + " (" + column_list(table, dialect()) + ") engine = MergeTree order by (" +
                    std::string(table.sorted_by) + ")");
            numbers("insert into " + name + " select * from file('" + table_file(folder, table).string() +
                    "', TabSeparated, '" + escaped(column_list(table, dialect())) + "')");
            numbers("optimize table " + name + " final");
        }
    }

    std::vector<std::int64_t> numbers(const std::string& sql) override {
        const std::string bytes = run(sql, "RowBinary");
        std::vector<std::int64_t> values(bytes.size() / sizeof(std::int64_t));
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(std::int64_t));
        return values;
    }

private:
    static std::string escaped(std::string text) {
        for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
        return text;
    }

    std::string run(const std::string& sql, const char* format) {
        Answer* answer = api_.query(*connection_, sql.c_str(), format);
        const char* message = answer == nullptr ? "no answer" : api_.result_error(answer);
        const std::string error = message == nullptr ? "" : message;
        std::string bytes;
        if (error.empty() && api_.result_length(answer) > 0)
            bytes.assign(api_.result_buffer(answer), api_.result_length(answer));
        if (answer != nullptr) api_.destroy_query_result(answer);
        if (!error.empty()) throw std::runtime_error("ClickHouse: " + error + "\n" + sql);
        return bytes;
    }

    Api api_;
    Connection** connection_ = nullptr;
    std::string version_;
};

}  // namespace

std::unique_ptr<Peer> open_clickhouse(const PeerOptions& options) { return std::make_unique<Clickhouse>(options); }

}  // namespace shuke::bench
