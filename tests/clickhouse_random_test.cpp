// Aim     ClickHouse chooses the same customers as the engine and as the naive evaluator, whatever is asked of whatever
//         data, at any instant.
// Method  random worlds are built as the engine builds them and their rows inserted into the mirror's tables, several
//         questions a world; some also go to the current ClickHouse inside chDB. SHUKE_TEST_CLICKHOUSE names the server (scripts/test starts one); SHUKE_CASES asks for
//         more worlds than the usual.
#include <cstdlib>
#include <fstream>
#include <functional>

#include "audience/clickhouse/tables.h"
#include "audience/clickhouse/translate.h"
#include "audience/evaluate.h"
#include "audience/testing/naive_evaluator.h"
#include "audience/testing/random_expression.h"
#include "chdb_for_test.h"
#include "clickhouse_for_test.h"
#include "shuke_program.h"

namespace shuke::audience {
namespace {

using clickhouse::Picture;
using testing::ExpressionMaker;
using testing::FactWorld;
using testing::NaiveEvaluator;
using testing::WorldMaker;

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

class RandomWorlds : public product::ClickHouseTest {
protected:
    // A database that holds a world and answers a query with ids.
    struct Peer {
        std::function<void(const Version&)> load;
        std::function<std::vector<std::int64_t>(const std::string&)> ask;
    };
    static std::string rows_of(const Version& version) {
        const clickhouse::CustomerRows rows(version);
        std::string bytes;
        for (const Slot slot : rows.slots()) rows.append(slot, 1, bytes);
        return bytes;
    }
    Peer the_server() {
        return {[this](const Version& version) {
                    for (const std::string& drop : clickhouse::drop_tables()) run_everywhere(drop);
                    for (const std::string& create : clickhouse::create_tables(cluster())) run_everywhere(create);
                    insert("shuke_customers", rows_of(version));
                },
                [this](const std::string& sql) { return ids(sql); }};
    }
    static Peer a_current_one(product::Chdb& chdb, const product::fs::path& file) {
        return {[&chdb, file](const Version& version) {
                    for (const std::string& drop : clickhouse::drop_tables()) chdb.run(drop);
                    for (const std::string& create : clickhouse::create_tables("")) chdb.run(create);
                    std::ofstream(file, std::ios::binary) << rows_of(version);
                    chdb.run("INSERT INTO shuke_customers SELECT * FROM file('" + file.string() + "', RowBinary)");
                },
                [&chdb](const std::string& sql) { return chdb.ids(sql); }};
    }

    void compare_world(const Peer& peer, std::uint64_t seed, int customers, int questions) {
        WorldMaker maker(seed);
        ExpressionMaker expressions(seed * 104'729);
        const FactWorld world = maker.make(customers);
        const auto version = testing::build(world);
        peer.load(*version);
        NaiveEvaluator::Segments segments;
        segments["inner"] = expressions.expression(1);
        segments["老客 \"A\""] = expressions.expression(1, {"inner"});
        BindOptions options = testing::bind_options(world);
        options.find_segment = [&](const std::string& name) { return print(segments.at(name)); };
        for (int i = 0; i < questions; ++i) {
            const Expression expression = expressions.expression(3, {"inner", "老客 \"A\""});
            const Instant as_of = maker.as_of(world);
            const auto bound = bind(expression, options);
            ASSERT_TRUE(bound.has_value()) << bound.error().detail;
            const auto sql = clickhouse::translate(*bound, world.config, as_of, Picture{1, {}});
            ASSERT_TRUE(sql.has_value()) << sql.error().detail;
            const std::vector<std::int64_t> engine = ids_of(*version, evaluate(*version, *bound, as_of));
            const auto what = [&] {
                return "seed " + std::to_string(seed) + " as of " + format_iso(as_of) + ": " + print(expression) +
                       "\n" + *sql;
            };
            ASSERT_EQ(engine, NaiveEvaluator(world, as_of, segments).evaluate(expression)) << what();
            ASSERT_EQ(peer.ask(*sql), engine) << what();
            chosen_ += engine.size();
            asked_ += world.customers.size();
        }
    }
    std::size_t chosen_ = 0, asked_ = 0;
};

TEST_F(RandomWorlds, ClickHouseAgreesWithTheEngineAndTheRowByRowLoop) {
    const char* wanted = std::getenv("SHUKE_CASES");
    const char* first = std::getenv("SHUKE_SEED");
    const int begin = first == nullptr ? 1 : std::atoi(first);
    const int worlds = wanted == nullptr ? 40 : std::atoi(wanted);
    for (int seed = begin; seed < begin + worlds && !HasFatalFailure(); ++seed)
        compare_world(the_server(), static_cast<std::uint64_t>(seed), 1 + seed * 7 % 60, 10);
    EXPECT_GT(chosen_, asked_ / 10);
    EXPECT_LT(chosen_, asked_ * 9 / 10);
    std::printf("figure: %d worlds, %d expressions, %zu customers asked about, %zu chosen\n", worlds, worlds * 10,
                asked_, chosen_);
}

TEST_F(RandomWorlds, ACurrentClickHouseAgreesToo) {
    if (!product::Chdb::is_there()) GTEST_SKIP() << "chDB is not in build/peers; scripts/setup --for test brings it";
    product::Shuke folder;
    product::Chdb chdb(folder.folder() / "chdb");
    const Peer peer = a_current_one(chdb, folder.folder() / "rows.bin");
    constexpr int kWorlds = 12;
    for (int seed = 5001; seed <= 5000 + kWorlds && !HasFatalFailure(); ++seed)
        compare_world(peer, static_cast<std::uint64_t>(seed), 1 + seed * 7 % 60, 10);
    std::printf("figure: %s: %d worlds, %d expressions\n", chdb.version().c_str(), kWorlds, kWorlds * 10);
}

}  // namespace
}  // namespace shuke::audience
