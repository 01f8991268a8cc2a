// DuckDB through its C API, from the shared library inside its npm package: no JavaScript is measured.
// Design: an in-memory database, rows in the order (customer, at), so that zone maps and runs of customers help;
// texts are enums, which compare as numbers.
#include <stdexcept>

#include "segments/peer.h"
#include "segments/tables.h"

namespace shuke::bench {
namespace {

// What is used of duckdb.h. The five fields before `internal` are deprecated, but belong to the struct's layout.
struct DuckdbResult {
    std::uint64_t columns, rows, changed;
    void *old_columns, *old_error, *internal;
};
using Handle = void*;

struct Api {
    SharedLibrary library;
#define SHUKE_DUCKDB(type, name) std::add_pointer_t<type> name = library.find<type>("duckdb_" #name)
    SHUKE_DUCKDB(int(const char*, Handle*), open);
    SHUKE_DUCKDB(void(Handle*), close);
    SHUKE_DUCKDB(int(Handle, Handle*), connect);
    SHUKE_DUCKDB(void(Handle*), disconnect);
    SHUKE_DUCKDB(const char*(), library_version);
    SHUKE_DUCKDB(int(Handle, const char*, DuckdbResult*), query);
    SHUKE_DUCKDB(const char*(DuckdbResult*), result_error);
    SHUKE_DUCKDB(void(DuckdbResult*), destroy_result);
    SHUKE_DUCKDB(Handle(DuckdbResult), fetch_chunk);
    SHUKE_DUCKDB(std::uint64_t(Handle), data_chunk_get_size);
    SHUKE_DUCKDB(Handle(Handle, std::uint64_t), data_chunk_get_vector);
    SHUKE_DUCKDB(void*(Handle), vector_get_data);
    SHUKE_DUCKDB(void(Handle*), destroy_data_chunk);
#undef SHUKE_DUCKDB
};

class Duckdb : public Peer {
public:
    explicit Duckdb(const PeerOptions& options)
        : api_{SharedLibrary("build/peers/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so")} {
        if (api_.open(nullptr, &database_) != 0 || api_.connect(database_, &connection_) != 0)
            throw std::runtime_error("DuckDB does not open");
        numbers("set threads = " + std::to_string(options.threads));
    }
    ~Duckdb() override {
        api_.disconnect(&connection_);
        api_.close(&database_);
    }
    Duckdb(const Duckdb&) = delete;
    Duckdb& operator=(const Duckdb&) = delete;

    std::string name() const override { return std::string("DuckDB ") + api_.library_version(); }
    Dialect dialect() const override { return Dialect::kDuckdb; }

    void load(const std::filesystem::path& folder) override {
        create_enum("province", kProvinces);
        create_enum("channel", kChannels);
        create_enum("message_channel", kMessageChannels);
        create_enum("product", product_names());
        create_enum("category", category_names());
        for (const Table& table : tables()) {
            const std::string name(table.name);
            numbers("create table " + name + " (" + column_list(table, dialect()) + ")");
            numbers("copy " + name + " from '" + table_file(folder, table).string() +
                    "' (format csv, delimiter '\\t', header false, auto_detect false)");
        }
    }

    std::vector<std::int64_t> numbers(const std::string& sql) override {
        DuckdbResult result{};
        const bool failed = api_.query(connection_, sql.c_str(), &result) != 0;
        const char* message = failed ? api_.result_error(&result) : nullptr;
        const std::string error = message == nullptr ? "" : message;
        std::vector<std::int64_t> values;
        while (!failed) {
            Handle chunk = api_.fetch_chunk(result);
            if (chunk == nullptr) break;
            const std::uint64_t rows = api_.data_chunk_get_size(chunk);
            const void* data = api_.vector_get_data(api_.data_chunk_get_vector(chunk, 0));
            values.insert(values.end(), static_cast<const std::int64_t*>(data),
                          static_cast<const std::int64_t*>(data) + rows);
            api_.destroy_data_chunk(&chunk);
        }
        api_.destroy_result(&result);
        if (failed) throw std::runtime_error("DuckDB: " + error + "\n" + sql);
        return values;
    }

private:
    void create_enum(const std::string& name, const auto& values) {
        std::string list;
        for (const auto& value : values) list += (list.empty() ? "'" : ", '") + std::string(value) + "'";
        numbers("create type " + name + " as enum (" + list + ")");
    }

    Api api_;
    Handle database_ = nullptr, connection_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> open_duckdb(const PeerOptions& options) { return std::make_unique<Duckdb>(options); }

}  // namespace shuke::bench
