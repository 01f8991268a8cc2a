// Aim     a backup taken while an import runs is a whole record; restored elsewhere it gives the same answers; a damaged one
//         is refused and harms nothing.
// Method  answers of the original and the restored folder side by side; backups cut short and altered byte by byte.

#include <chrono>
#include <fstream>
#include <thread>

#include "shuke_program.h"

namespace {

using namespace product;

std::string orders(int first, int count) {
    std::string text = "order_no,external_id,name,phone,created_at,paid_at,amount,product,quantity,price\n";
    for (int i = first; i < first + count; ++i) {
        const std::string buyer = std::to_string(i % 5'000);
        text += "o" + std::to_string(i) + ",c" + buyer + ",Name " + buyer + "," +
                std::to_string(13'900'000'000 + i % 5'000) + ",2024-01-10,2024-01-10," + std::to_string(i % 97) +
                ",tea,1," + std::to_string(i % 97) + "\n";
    }
    return text;
}

Json answers(const Shuke& shuke) {
    return {{"all", shuke.list("all customers")},
            {"rich", shuke.list("sum(orders.amount) >= 300")},
            {"one", shuke.customer("c7")},
            {"phone", shuke.customer("13900000008")},
            {"rfm", shuke.rfm({"--as-of", "2024-02-01"})}};
}

class Backup : public testing::Test {
protected:
    std::string backup(const std::string& name = "shuke.backup", const Arguments& more = {}) const {
        const std::string file = (shuke_.folder() / name).string();
        Arguments arguments{"backup", file};
        arguments.insert(arguments.end(), more.begin(), more.end());
        EXPECT_EQ(shuke_.json(arguments)["holds_key"], !more.empty());
        return file;
    }
    Shuke shuke_;
};

TEST_F(Backup, RestoredElsewhereGivesTheSameAnswers) {
    shuke_.import(orders(0, 6'000));
    const std::string file = backup("with.backup", {"--with-key"});
    Shuke other;
    EXPECT_EQ(other.json({"restore", file})["holds_key"], true);
    EXPECT_EQ(answers(other), answers(shuke_));
    EXPECT_EQ(other.import(orders(0, 6'000))["unchanged"], 6'000);
    EXPECT_EQ(other.run({"doctor"}).exit_code, 0);
}

TEST_F(Backup, WithoutItsKeyARestoredRecordWaitsForIt) {
    shuke_.import(orders(0, 100));
    const std::string file = backup();
    Shuke other;
    const Finished restored = other.run({"restore", file});
    EXPECT_EQ(restored.exit_code, 1);
    EXPECT_NE(restored.err.find("[key.missing]"), std::string::npos) << restored.err;
    EXPECT_NE(restored.err.find("was restored"), std::string::npos) << "it says what is there and what is not";
    fs::copy(shuke_.data / "shuke.key", other.data / "shuke.key");
    EXPECT_EQ(other.customer("c7"), shuke_.customer("c7"));
}

TEST_F(Backup, TakenWhileAnImportRunsIsAWholeRecord) {
    shuke_.import(orders(0, 5'000));
    Running import = shuke_.start({"import", shuke_.write_file("more.csv", orders(5'000, 150'000)).string()});
    std::vector<std::string> files;
    std::int64_t taken_during_import = 0;
    while (!import.has_ended() && files.size() < 4) {
        files.push_back(backup("live" + std::to_string(files.size()) + ".backup"));
        if (!import.has_ended()) taken_during_import = static_cast<std::int64_t>(files.size());
    }
    EXPECT_EQ(import.wait().exit_code, 0) << "the import went on";
    ASSERT_GE(taken_during_import, 1);
    EXPECT_EQ(shuke_.count("count(orders) = 31"), 5'000);
    std::int64_t orders_before = 5'000;
    for (const auto& file : files) {
        Shuke other;
        fs::create_directories(other.data);
        fs::copy(shuke_.data / "shuke.key", other.data / "shuke.key");
        ASSERT_EQ(other.run({"restore", file}).exit_code, 0);
        const Finished health = other.run({"doctor", "--json"});
        EXPECT_EQ(health.exit_code, 0) << health.out;
        Sql record((other.data / "shuke.db").string());
        EXPECT_EQ(record.value("PRAGMA integrity_check"), "ok");
        const std::int64_t kept = std::stoll(record.value("SELECT count(*) FROM orders"));
        EXPECT_GE(kept, orders_before) << "a later backup holds no less";
        EXPECT_EQ(record.value("SELECT count(*) FROM orders WHERE line_count <> 1"), "0");
        EXPECT_EQ(record.value("SELECT count(*) FROM order_lines"), std::to_string(kept));
        orders_before = kept;
    }
}

TEST_F(Backup, DamagedOrCutShortIsRefusedAndNothingIsRestored) {
    shuke_.import(orders(0, 3'000));
    const std::string bytes = read_file(backup("whole.backup", {"--with-key"}));
    const std::size_t start = bytes.find('\n') + 1;
    std::vector<std::string> damaged{"",
                                     "SHUKE-BACKUP",
                                     bytes.substr(0, start),
                                     bytes.substr(0, start + 20),
                                     bytes.substr(0, bytes.size() / 2),
                                     bytes.substr(0, bytes.size() - 1),
                                     bytes.substr(start),
                                     std::string(5'000, 'x'),
                                     bytes + "more"};
    for (const std::size_t at : {start + 1, start + 100, bytes.size() / 2, bytes.size() - 10}) {
        damaged.push_back(bytes);
        damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 0x10);
    }
    damaged.push_back(bytes);
    char& digit = damaged.back()[bytes.find("key=") + 9];  // of the key, which the first line holds
    digit = digit == '0' ? '1' : '0';
    for (std::size_t i = 0; i < damaged.size(); ++i) {
        Shuke other;
        const std::string file = other.write_file("damaged.backup", damaged[i]).string();
        for (const Arguments& reading : {Arguments{"restore", file}, Arguments{"restore", file, "--check"}}) {
            const Finished refused = other.run(reading);
            EXPECT_EQ(refused.exit_code, 1) << "damage " << i;
            EXPECT_NE(refused.err.find("[backup.damaged]"), std::string::npos) << "damage " << i << ": " << refused.err;
        }
        EXPECT_FALSE(fs::exists(other.data / "shuke.db")) << "damage " << i;
        EXPECT_FALSE(fs::exists(other.data / "shuke.key")) << "damage " << i;
    }
    // Over a record that is there, a damaged backup leaves it in place even when it was to be replaced.
    const Json before = answers(shuke_);
    const std::string file = shuke_.write_file("damaged.backup", damaged[4]).string();
    EXPECT_EQ(shuke_.run({"restore", file, "--replace"}).exit_code, 1);
    EXPECT_EQ(answers(shuke_), before);
}

TEST_F(Backup, ARecordThatIsThereIsOnlyReplacedWhenAskedAndKeptAside) {
    shuke_.import(orders(0, 100));
    const std::string file = backup();
    const std::string schema =
        Sql((shuke_.data / "shuke.db").string()).value("SELECT max(version) FROM schema_migrations");
    EXPECT_EQ(shuke_.json({"restore", file, "--check"})["schema"].dump(), schema);
    shuke_.import(orders(100, 50));
    const Finished refused = shuke_.run({"restore", file});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("[backup.target_exists]"), std::string::npos);
    EXPECT_EQ(shuke_.count("all customers"), 150);
    ASSERT_EQ(shuke_.run({"restore", file, "--replace"}).exit_code, 0);
    EXPECT_EQ(shuke_.count("all customers"), 100);
    EXPECT_TRUE(fs::exists(shuke_.data / "shuke.db.replaced"));
    Sql aside((shuke_.data / "shuke.db.replaced").string());
    EXPECT_EQ(aside.value("SELECT count(*) FROM orders"), "150") << "what was replaced is whole";
}

TEST_F(Backup, ARecordReplacedAfterACrashLosesNothingThatWasCommitted) {
    Running import = shuke_.start({"import", shuke_.write_file("orders.csv", orders(0, 300'000)).string()});
    const fs::path log = shuke_.data / "shuke.db-wal";
    std::error_code ignored;
    while (!import.has_ended() && (!fs::exists(log) || fs::file_size(log, ignored) < 5'000'000)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    import.kill_hard();
    ASSERT_EQ(import.wait().exit_code, -1);
    Shuke copy;  // to count what the crash has left
    fs::copy(shuke_.data, copy.data);
    const std::string committed = Sql((copy.data / "shuke.db").string()).value("SELECT count(*) FROM orders");
    Shuke other;
    other.import(orders(0, 10));
    const std::string file = (other.folder() / "other.backup").string();
    ASSERT_EQ(other.run({"backup", file}).exit_code, 0);
    fs::copy(other.data / "shuke.key", shuke_.data / "shuke.key", fs::copy_options::overwrite_existing);
    ASSERT_EQ(shuke_.run({"restore", file, "--replace"}).exit_code, 0);
    EXPECT_EQ(shuke_.count("all customers"), 10);
    EXPECT_EQ(Sql((shuke_.data / "shuke.db.replaced").string()).value("SELECT count(*) FROM orders"), committed);
}

TEST_F(Backup, WhatCannotBeWrittenOrReadIsSaid) {
    shuke_.import(orders(0, 10));
    const Finished unwritable = shuke_.run({"backup", (shuke_.folder() / "no/such/folder/x.backup").string()});
    EXPECT_EQ(unwritable.exit_code, 1);
    EXPECT_NE(unwritable.err.find("[file.unwritable]"), std::string::npos) << unwritable.err;
    const Finished missing = shuke_.run({"restore", (shuke_.folder() / "missing.backup").string()});
    EXPECT_EQ(missing.exit_code, 1);
    Shuke nothing;
    EXPECT_NE(nothing.run({"backup", (nothing.folder() / "x.backup").string()}).err.find("[data_folder."),
              std::string::npos);
    for (const auto& entry : fs::directory_iterator(shuke_.folder()))
        EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << "nothing half-written";
}

}  // namespace
