// Aim: users, keys, the audit log and erasing as they are used on the command line.
// Method: the built program on a fresh data folder; SQL beside it tampers, and the folder's files are searched.

#include <sys/stat.h>

#include <algorithm>

#include "shuke_program.h"

namespace {

using namespace product;

constexpr const char* kPassword = "purple tractor banana seven\n";

std::string all_files(const fs::path& folder) {
    std::string bytes;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) bytes += read_file(entry.path());
    }
    return bytes;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Access, AKeyIsPrintedOnceAndIsNowhereInTheDataFolder) {
    Shuke shuke;
    const Finished made = shuke.run({"apikey", "add", "--name", "pos", "--scopes", "admin"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const std::string key = made.out.substr(0, made.out.size() - 1);
    EXPECT_TRUE(key.starts_with("shk_"));
    EXPECT_EQ(key.size(), 47u) << made.out;
    EXPECT_FALSE(holds(all_files(shuke.data), key));
    const Json list = shuke.json({"apikey", "list"});
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0]["scopes"].size(), 23u);
    EXPECT_EQ(list[0]["revoked_at"], nullptr);
    EXPECT_EQ(shuke.json({"apikey", "revoke", "1"})["revoked"], true);
    EXPECT_NE(shuke.json({"apikey", "list"})[0]["revoked_at"], nullptr);
    EXPECT_EQ(shuke.run({"apikey", "revoke", "9"}).exit_code, 1);
    EXPECT_EQ(shuke.run({"apikey", "add", "--name", "x", "--scopes", "nonsense"}).exit_code, 1);
    EXPECT_EQ(shuke.run({"apikey", "add", "--name", "x"}).exit_code, 2);
    const Json dated =
        shuke.json({"apikey", "add", "--name", "x", "--scopes", "tags.write,ingest.write", "--expires", "2199-01-01"});
    EXPECT_EQ(dated["expires_at"], "2198-12-31T16:00:00Z");
    EXPECT_EQ(dated["scopes"], (Json{"tags.write", "ingest.write"}));
}

TEST(Access, UsersAreAddedWithAPasswordFromAFileAndTheLastAdministratorStays) {
    Shuke shuke;
    const std::string good = shuke.write_file("good", kPassword).string();
    const std::string weak = shuke.write_file("weak", "password1\n").string();
    const Finished refused = shuke.run({"user", "add", "ann", "--role", "管理员", "--password-file", weak});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(holds(refused.err, "[password.weak]")) << refused.err;
    EXPECT_FALSE(holds(refused.err, "password1"));
    const Json ann = shuke.json({"user", "add", "Ann", "--role", "管理员", "--password-file", good});
    EXPECT_EQ(ann["name"], "ann");
    EXPECT_EQ(ann["role"], "administrator");
    EXPECT_EQ(ann["has_password"], true);
    const Finished taken = shuke.run({"user", "add", "ANN", "--role", "sns", "--password-file", good});
    EXPECT_TRUE(holds(taken.err, "[user.name_taken]")) << taken.err;
    EXPECT_TRUE(holds(shuke.run({"user", "disable", "ann"}).err, "[auth.last_administrator]"));
    shuke.json({"user", "add", "bob", "--role", "客服", "--password-file", good});
    EXPECT_EQ(shuke.json({"user", "role", "bob", "数据分析师"})["role"], "analyst");
    EXPECT_EQ(shuke.json({"user", "disable", "bob"})["disabled"], true);
    EXPECT_EQ(shuke.json({"user", "enable", "bob"})["disabled"], false);
    EXPECT_EQ(shuke.run({"user", "passwd", "bob", "--password-file", good}).exit_code, 0);
    EXPECT_EQ(shuke.json({"user", "list"}).size(), 2u);
    EXPECT_EQ(shuke.json({"role", "list"}).size(), 10u);
    EXPECT_FALSE(holds(all_files(shuke.data), "purple tractor"));
    EXPECT_EQ(shuke.json({"audit", "list", "--action", "user."}).size(), 8u);
}

TEST(Access, TheAuditLogHoldsAndNamesTheFirstEntryThatWasChanged) {
    Shuke shuke;
    // The import unites two accounts by their phone and says so in the log.
    shuke.import(
        "order_no,external_id,phone,paid_at,amount\no1,a,13912345670,2024-01-10,1\no2,b,13912345670,2024-01-11,1\n");
    shuke.run({"settings", "set", "lifecycle.active_days", "40"});
    shuke.run({"customer", "show", "1", "--reveal"});
    shuke.run({"settings", "set", "lifecycle.active_days", "45"});
    const Json proof = shuke.json({"audit", "verify"});
    EXPECT_EQ(proof["holds"], true) << proof;
    EXPECT_EQ(proof["entries"], 4);
    EXPECT_EQ(proof["broken_id"], nullptr);
    const std::string noted = std::to_string(proof["last_id"].get<int>()) + ":" + proof["last_hash"].get<std::string>();
    shuke.run({"settings", "set", "lifecycle.active_days", "46"});
    EXPECT_EQ(shuke.run({"audit", "verify", "--expect", noted}).exit_code, 0);
    EXPECT_EQ(shuke.run({"audit", "verify", "--expect", "4:" + std::string(64, '0')}).exit_code, 1);
    EXPECT_TRUE(holds(shuke.run({"audit", "verify", "--expect", "x"}).err, "[audit.invalid_note]"));
    const Json reveals = shuke.json({"audit", "list", "--action", "customer.reveal"});
    ASSERT_EQ(reveals.size(), 1u);
    EXPECT_EQ(reveals[0]["subject"], "customer 1");

    Sql((shuke.data / "shuke.db").string()).run("UPDATE audit SET detail = 'nothing' WHERE id = 2");
    const Json broken = shuke.json({"audit", "verify"}, 1);
    EXPECT_EQ(broken["holds"], false);
    EXPECT_EQ(broken["broken_id"], 2);
    const Finished told = shuke.run({"audit", "verify"});
    EXPECT_EQ(told.exit_code, 1);
    EXPECT_TRUE(holds(told.err, "entry 2")) << told.err;
}

TEST(Access, ATailThatWasCutOffIsMissed) {
    Shuke shuke;
    for (const char* days : {"40", "41", "42"}) shuke.run({"settings", "set", "lifecycle.active_days", days});
    EXPECT_EQ(shuke.json({"audit", "verify"})["holds"], true);
    Sql((shuke.data / "shuke.db").string()).run("DELETE FROM audit WHERE id = 3");
    EXPECT_EQ(shuke.json({"audit", "verify"}, 1)["broken_id"], 3);
}

const std::vector<std::string> kPersonal{"欧阳锦绣", "13912345670", "distinct.person@example.org",
                                         "瑶池路九百九十九号"};

const std::string kOrders =
    "order_no,external_id,name,phone,email,province,city,street,status,created_at,paid_at,amount\n"
    "o1,EXT-1,欧阳锦绣,13912345670,distinct.person@example.org,浙江,杭州,瑶池路九百九十九号,paid,2024-01-10,2024-01-10,"
    "100\n"
    "o2,EXT-2,柏特,13700000001,bert@example.org,浙江,杭州,别的路,paid,2024-01-10,2024-01-10,50\n"
    "o3,EXT-1,欧阳锦绣,139 1234 5670,,浙江,杭州,,paid,not a date,2024-01-10,50\n";

// What can be read of a data folder by whoever has the key: each sealed value through the program itself.
std::string everything_readable(const Shuke& shuke) {
    std::string text = shuke.run({"customer", "show", "1", "--reveal", "--json"}).out +
                       shuke.run({"customer", "personal-data", "1"}).out;
    const auto imports = shuke.json({"imports"});
    for (std::size_t i = 1; i <= imports.size(); ++i)
        text += shuke.run({"rejected", std::to_string(i), "--out", "-"}).out;
    return text + all_files(shuke.data);
}

TEST(Access, AnErasedPersonIsGoneAndTheOldFileDoesNotBringThemBack) {
    Shuke shuke;
    shuke.import(kOrders, {}, 3);
    shuke.run({"segment", "count", "all customers"});
    const Json before = shuke.json({"customer", "personal-data", "13912345670"});
    EXPECT_EQ(before["customer"], 1);
    EXPECT_EQ(before["accounts"][0]["name"], "欧阳锦绣");
    EXPECT_EQ(before["orders"].size(), 1u);
    const std::string rejected = shuke.run({"rejected", "1", "--out", "-"}).out;
    EXPECT_TRUE(holds(rejected, "欧阳锦绣"));

    EXPECT_TRUE(holds(shuke.run({"customer", "erase", "1", "--reason", "asked"}).err, "[erase.not_confirmed]"));
    EXPECT_EQ(shuke.run({"customer", "erase", "1", "--yes"}).exit_code, 2);
    const Json erased = shuke.json({"customer", "erase", "13912345670", "--reason", "asked", "--yes"});
    EXPECT_EQ(erased["customer"], 1);
    EXPECT_EQ(erased["identifiers"], 3);
    EXPECT_EQ(erased["rejected_rows"], 1);
    EXPECT_EQ(erased["orders_kept"], 1);

    const auto check = [&](const char* when) {
        const std::string readable = everything_readable(shuke);
        for (const auto& value : kPersonal) EXPECT_FALSE(holds(readable, value)) << when << ": " << value;
        EXPECT_FALSE(holds(readable, "139 1234 5670")) << when;
        EXPECT_EQ(shuke.run({"customer", "show", "13912345670"}).exit_code, 1) << when;
        EXPECT_EQ(shuke.count("sum(orders.amount) = 100"), 1) << when << ": the books keep the order";
        EXPECT_EQ(shuke.json({"customer", "show", "EXT-2", "--reveal"})["name"], "柏特") << when;
    };
    check("erased");
    shuke.import(kOrders, {}, 3);
    check("the same file again");
    shuke.import(replaced(kOrders, "2024-01-10,100", "2024-01-11,100"), {}, 3);
    check("the file with a change");
    EXPECT_EQ(shuke.count("all customers"), 2);

    // A purchase after the erasure is somebody new's.
    shuke.import(
        "order_no,external_id,name,phone,created_at,paid_at,amount\n"
        "o9,EXT-1,欧阳锦绣,13912345670,2199-01-01,2199-01-01,7\n");
    EXPECT_EQ(shuke.count("all customers", "2199-02-01"), 3);
    const Json again = shuke.json({"customer", "show", "13912345670", "--reveal"});
    EXPECT_NE(again["id"], 1);
    EXPECT_EQ(again["timeline"].size(), 1u);
    EXPECT_EQ(shuke.json({"audit", "verify"})["holds"], true);
}

TEST(Access, EverythingAboutAPersonGoesIntoAFileThatOthersCannotRead) {
    Shuke shuke;
    shuke.import(kOrders, {}, 3);
    const fs::path file = shuke.folder() / "person.json";
    ASSERT_EQ(shuke.run({"customer", "personal-data", "1", "--out", file.string()}).exit_code, 0);
    struct stat about{};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    EXPECT_EQ(Json::parse(read_file(file))["identifiers"].size(), 3u);
}

}  // namespace
