// SQLite: one thread, which is all it uses for a query.
// Design: rows in the order of (customer, at), a covering index for every way in that the questions use, a page cache
// larger than the data.
#include <sqlite3.h>

#include <fstream>
#include <stdexcept>

#include "segments/peer.h"
#include "segments/tables.h"

namespace shuke::bench {
namespace {

class Sqlite : public Peer {
public:
    explicit Sqlite(const PeerOptions& options) {
        const std::string file = (options.scratch / "sqlite.db").string();
        if (::sqlite3_open(file.c_str(), &database_) != SQLITE_OK) throw std::runtime_error("SQLite does not open");
        for (const char* setting : {"pragma journal_mode = off", "pragma synchronous = off",
                                    "pragma cache_size = -4000000", "pragma temp_store = memory"})
            numbers(setting);
    }
    ~Sqlite() override { ::sqlite3_close(database_); }
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    std::string name() const override { return std::string("SQLite ") + ::sqlite3_libversion(); }
    Dialect dialect() const override { return Dialect::kSqlite; }

    void load(const std::filesystem::path& folder) override {
        for (const Table& table : tables()) {
            numbers("create table " + std::string(table.name) + " (" + column_list(table, dialect()) + ")");
            numbers("begin");
            insert(table, table_file(folder, table));
            numbers("commit");
        }
        for (const char* index : {"customers (id)", "customers (province, gender, created_at, id)",
                                  "orders (customer, moment, paid, kept, amount, discount, net)",
                                  "orders (moment, paid, kept, customer, amount, discount)",
                                  "orders (customer, id, paid, kept, platform, day)", "orders (hour, customer)",
                                  "lines (category, moment, customer, amount)", "lines (product, moment, customer)",
                                  "lines (customer, paid, category)", "refunds (moment, customer)",
                                  "refunds (customer, moment)", "messages (channel, delivered, moment, customer)"}) {
            numbers("create index by_" + std::to_string(indexes_++) + " on " + index);
        }
        numbers("analyze");
    }

    std::vector<std::int64_t> numbers(const std::string& sql) override {
        sqlite3_stmt* statement = prepare(sql);
        std::vector<std::int64_t> values;
        int state = 0;
        while ((state = ::sqlite3_step(statement)) == SQLITE_ROW)
            values.push_back(::sqlite3_column_int64(statement, 0));
        ::sqlite3_finalize(statement);
        if (state != SQLITE_DONE) fail(sql);
        return values;
    }

private:
    void insert(const Table& table, const std::filesystem::path& file) {
        std::string marks;
        for (std::size_t i = 0; i < table.columns.size(); ++i) marks += i == 0 ? "?" : ", ?";
        sqlite3_stmt* statement = prepare("insert into " + std::string(table.name) + " values (" + marks + ")");
        std::ifstream in(file, std::ios::binary);
        for (std::string row; std::getline(in, row);) {
            const char* text = row.data();
            const char* end = row.data() + row.size();
            for (int column = 1; text <= end; ++column) {
                const char* stop = std::find(text, end, '\t');
                ::sqlite3_bind_text(statement, column, text, static_cast<int>(stop - text), SQLITE_STATIC);
                text = stop + 1;
            }
            if (::sqlite3_step(statement) != SQLITE_DONE) fail("insert");
            ::sqlite3_reset(statement);
        }
        ::sqlite3_finalize(statement);
    }

    sqlite3_stmt* prepare(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        if (::sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail(sql);
        return statement;
    }
    [[noreturn]] void fail(const std::string& sql) {
        throw std::runtime_error(std::string("SQLite: ") + ::sqlite3_errmsg(database_) + "\n" + sql);
    }

    sqlite3* database_ = nullptr;
    int indexes_ = 0;
};

}  // namespace

std::unique_ptr<Peer> open_sqlite(const PeerOptions& options) { return std::make_unique<Sqlite>(options); }

}  // namespace shuke::bench
