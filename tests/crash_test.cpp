// Aim     an import that was killed at any moment leaves whole orders, and running it again ends in the same record as one that
//         was never disturbed.
// Method  kill -9 at random moments, SHUKE_CRASH_KILLS times (5 when not set) for native rows with scattered orders, shared
//         phones and refunds, and half as often for Online Retail, which is larger. Then the tables of both records row by
//         row. Both use one key, so that keyed fingerprints are equal. The seed is printed; SHUKE_CRASH_SEED sets it.

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "shuke_program.h"

namespace {

using namespace product;
using Clock = std::chrono::steady_clock;

unsigned number_from(const char* variable, unsigned otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr && *text != '\0' ? static_cast<unsigned>(std::stoul(text)) : otherwise;
}

unsigned chosen_seed() {
    static const unsigned seed = number_from("SHUKE_CRASH_SEED", std::random_device()());
    return seed;
}

// About `rows` rows. Rows of orders "w…" stand together, those of "s…" anywhere in the file.
std::string scattered_orders(int rows, std::mt19937& random) {
    std::vector<std::string> slots;
    std::vector<std::string> scattered;
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    for (int order = 0; static_cast<int>(slots.size() + scattered.size()) < rows; ++order) {
        const int buyer = below(20'000);
        const bool is_scattered = order % 8 == 0;
        // Some phones are a family's, one is an office's: united at first, taken apart later.
        const int phone = buyer % 50 == 0 ? 0 : buyer % 7 == 0 ? buyer / 14 : buyer;
        const std::string head = (is_scattered ? "s" : "w") + std::to_string(order) + "," +
                                 (buyer % 11 == 0 ? "" : "c" + std::to_string(buyer)) + ",Name " +
                                 std::to_string(buyer % 5'000) + "," + std::to_string(13'900'000'000 + phone) +
                                 ",2024-01-" + std::to_string(10 + order % 20) + " 10:00,2024-01-" +
                                 std::to_string(10 + order % 20) + " 10:05," + (order % 9 == 0 ? "5.00" : "") + ",";
        const int lines = 1 + below(5);
        for (int line = 0; line < lines; ++line) {
            const std::string row = head + (order % 3 == 0 ? std::to_string(line + 1) : "") + ",p" +
                                    std::to_string(below(300)) + ",Title " + std::to_string(below(900)) + "," +
                                    std::to_string(1 + below(3)) + "," + std::to_string(below(99)) + ".333\n";
            (is_scattered ? scattered : slots).push_back(row);
            if (order % 17 == 0 && order % 3 != 0 && line == 0)
                (is_scattered ? scattered : slots).push_back(row);  // an equal line
        }
    }
    for (auto& row : scattered)
        slots[random() % slots.size()] += row;  // behind a row, so between or inside whole orders
    std::string text =
        "order_no,external_id,name,phone,created_at,paid_at,refunded,line_no,product,title,quantity,price\n";
    for (const auto& row : slots) text += row;
    return text;
}

// Columns that say when and by which import something was noted, or what is sealed with a fresh nonce each time.
bool is_left_out(const std::string& table, const std::string& column) {
    return column.ends_with("_sealed") || column == "import_id" || column == "first_seen_at" ||
           (column == "created_at" && table != "orders");
}

// How many rows of a table are the same in both records, and what differs first.
void expect_equal_tables(Sql& records, const std::string& table) {
    std::string key, same, shown;
    for (const Row& column : records.rows("PRAGMA main.table_info(" + table + ")")) {
        const std::string& name = column[1];
        std::string& part = column[5] != "0" ? key : same;
        if (&part == &same && is_left_out(table, name)) continue;
        part += std::string(part.empty() ? "" : " AND ") + "a." + name + (&part == &key ? " = b." : " IS b.") + name;
        if (&part == &same) shown += ", '" + name + "', a." + name + ", b." + name;
    }
    if (same.empty()) same = "1";  // the key says it all
    const std::string all = records.value("SELECT count(*) FROM main." + table);
    EXPECT_EQ(records.value("SELECT count(*) FROM other." + table), all) << table;
    const std::string join = " FROM main." + table + " a JOIN other." + table + " b ON " + key;
    EXPECT_EQ(records.value("SELECT count(*)" + join + " WHERE " + same), all) << table;
    for (const Row& row : records.rows("SELECT ''" + shown + join + " WHERE NOT (" + same + ") LIMIT 3")) {
        for (std::size_t i = 1; i + 2 < row.size() + 1; i += 3) {
            if (row[i + 1] != row[i + 2])
                ADD_FAILURE() << table << "." << row[i] << ": " << row[i + 1] << " undisturbed, " << row[i + 2]
                              << " after the kill";
        }
    }
}

unsigned kills() { return number_from("SHUKE_CRASH_KILLS", 5); }

class Crash : public testing::Test {
protected:
    // Kills imports of the file and compares with an undisturbed one. `whole` tells which orders' rows stand together.
    void kill_and_compare(const std::string& file, const std::string& whole, unsigned kills) {
        std::mt19937 random(chosen_seed());
        std::cout << "SHUKE_CRASH_SEED=" << chosen_seed() << '\n' << std::flush;
        Shuke undisturbed;
        undisturbed.environment["SHUKE_KEY"] = std::string(64, '7');
        const auto start = Clock::now();
        const Json report = undisturbed.json({"import", file});
        const std::chrono::duration<double> took = Clock::now() - start;
        int in_the_middle = 0;
        for (unsigned kill = 0; kill < kills && !HasFatalFailure(); ++kill) {
            SCOPED_TRACE("kill " + std::to_string(kill + 1));
            Shuke shuke;
            shuke.environment = undisturbed.environment;
            // Spread over the whole time, and every third import is killed twice.
            for (unsigned times = kill % 3 == 2 ? 2 : 1; times > 0; --times) {
                const double moment = took.count() * (kill + std::uniform_real_distribution(0.0, 1.0)(random)) / kills;
                Running import = shuke.start({"import", file});
                std::this_thread::sleep_for(std::chrono::duration<double>(moment));
                import.kill_hard();
                in_the_middle += import.wait().exit_code == -1 ? 1 : 0;
                expect_whole_orders(shuke, undisturbed, whole);
            }
            const Json completed = shuke.json({"import", file});
            EXPECT_EQ(completed["rows"], report["rows"]);
            EXPECT_EQ(completed["imported"].get<std::int64_t>() + completed["unchanged"].get<std::int64_t>(),
                      report["imported"].get<std::int64_t>());
            EXPECT_EQ(completed["rejected"], report["rejected"]);
            EXPECT_EQ(shuke.run({"doctor"}).exit_code, 0);
            expect_equal_records(undisturbed, shuke);
        }
        EXPECT_GT(in_the_middle, 0) << "every import had ended before it was killed";
    }

private:
    static void expect_whole_orders(const Shuke& shuke, const Shuke& undisturbed, const std::string& whole) {
        if (!fs::exists(shuke.data / "shuke.db") || fs::file_size(shuke.data / "shuke.db") == 0)
            return;  // killed at its birth
        const Finished doctor = shuke.run({"doctor"});
        EXPECT_EQ(doctor.exit_code, 0) << doctor.out;
        Sql records((undisturbed.data / "shuke.db").string());
        records.run("ATTACH '" + (shuke.data / "shuke.db").string() + "' AS killed");
        EXPECT_EQ(records.value("SELECT count(*) FROM killed.orders o WHERE line_count <> (SELECT count(*) FROM "
                                "killed.order_lines l WHERE l.order_id = o.id)"),
                  "0");
        EXPECT_EQ(records.value("SELECT count(*) FROM killed.orders k LEFT JOIN main.orders o ON o.shop_id = k.shop_id "
                                "AND o.order_no = k.order_no WHERE o.id IS NULL OR k.line_count > o.line_count"),
                  "0")
            << "an order that the file has not, or more of it";
        EXPECT_EQ(records.value("SELECT count(*) FROM killed.orders k JOIN main.orders o ON o.shop_id = k.shop_id AND "
                                "o.order_no = k.order_no WHERE k.line_count <> o.line_count AND (" +
                                replaced(whole, "order_no", "k.order_no") + ")"),
                  "0")
            << "an order was torn";
        // What the import had counted is what is there.
        EXPECT_EQ(
            records.value("SELECT coalesce(max(imported + unchanged), 0) FROM killed.imports"),
            records.value(
                "SELECT (SELECT count(*) FROM killed.order_lines) + (SELECT count(*) FROM killed.side_document_lines l "
                "JOIN killed.side_documents d ON d.id = l.document_id WHERE d.kind = 1)"));
    }

    static void expect_equal_records(const Shuke& undisturbed, const Shuke& killed) {
        Sql records((undisturbed.data / "shuke.db").string());
        records.run("ATTACH '" + (killed.data / "shuke.db").string() + "' AS other");
        for (const char* table : {"shops", "orders", "order_lines", "refunds", "side_documents", "side_document_lines",
                                  "categories", "products", "product_labels", "customers", "accounts", "identifiers",
                                  "account_identifiers", "separations"}) {
            expect_equal_tables(records, table);
        }
    }
};

TEST_F(Crash, ImportKilledAtAnyMomentIsCompletedByRunningItAgain) {
    std::mt19937 random(20240110);
    Shuke files;
    const fs::path file = files.write_file("orders.csv", scattered_orders(100'000, random));
    kill_and_compare(file.string(), "order_no LIKE 'w%'", kills());
}

TEST_F(Crash, OnlineRetailKilledAtAnyMomentIsCompletedByRunningItAgain) {
    kill_and_compare(example("online-retail/online_retail.csv.zst").string(), "1", (kills() + 1) / 2);
}

}  // namespace
