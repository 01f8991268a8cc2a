// Aim     whatever is wrong with a file, a disk or a data folder is said clearly, ends with the right exit code, and harms
//         neither the record nor the rest of the file.
// Method  each bad file goes into a record that holds something already; its answers stay. Full and read-only disks are small
//         tmpfs mounts, made where the tests run as root.

#include <sys/mount.h>

#include "shuke_program.h"

namespace {

using namespace product;

const std::string kHeading = "order_no,external_id,created_at,paid_at,amount,title,quantity,price,currency\n";
const std::string kGood =
    kHeading + "g1,ann,2024-01-10,2024-01-10,100,tea,1,100,CNY\ng2,bob,2024-01-11,2024-01-11,50,tea,1,50,CNY\n";

std::string good_rows(int count) {
    std::string text = kHeading;
    for (int i = 0; i < count; ++i)
        text += "n" + std::to_string(i) + ",c" + std::to_string(i % 100) + ",2024-01-10,2024-01-10," +
                std::to_string(i % 977) + ",tea " + std::to_string(i % 7919) + ",1,1,CNY\n";
    return text;
}

// ---- files that cannot be read at all

struct BadFile {
    const char* name;
    const char* key;
    std::string (*bytes)();
};

std::string a_million(const char* start, const char* cell) {
    std::string text = start;
    for (int i = 0; i < 1'000'000; ++i) text += cell;
    return text + "\n";
}

const BadFile kBadFiles[] = {
    {"Empty", "file.empty", [] { return std::string(); }},
    {"OnlyBlankLines", "file.empty", [] { return std::string("\r\n \n\n"); }},
    {"OnlyAByteOrderMark", "file.empty", [] { return std::string("\xEF\xBB\xBF"); }},
    {"APicture", "file.binary", [] { return "\x89PNG\r\n\x1A\n" + std::string(2'000, '\0'); }},
    {"AWorkbook", "file.binary", [] { return "PK\x03\x04" + std::string(2'000, '\x07'); }},
    {"TheProgramItself", "file.binary", [] { return read_file(SHUKE_PROGRAM).substr(0, 100'000); }},
    {"EmptyGzip", "file.empty", [] { return pack_gz(""); }},
    {"GzipCutInItsHeader", "file.", [] { return pack_gz(kGood).substr(0, 5); }},
    {"NoEncoding", "encoding.invalid", [] { return "order_no,external_id\n\xFF\xFA\x80,\xFF\n" + kGood; }},
    {"AMillionHeadings", "csv.too_many_columns", [] { return a_million("order_no", ",c"); }},
    {"MissingColumn", "header.missing_column", [] { return replaced(kGood, "order_no", "number"); }},
    {"HeadingTwice", "header.duplicate_column", [] { return replaced(kGood, "external_id", "order_no"); }},
};

class BadFileTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadFileTest, IsRefusedWithItsReasonAndLeavesTheRecordAsItWas) {
    Shuke shuke;
    const auto file = shuke.write_file("bad", GetParam().bytes()).string();
    const Finished first = shuke.run({"import", file, "--format", "native"});
    EXPECT_EQ(first.exit_code, 1);
    EXPECT_NE(first.err.find(std::string("[") + GetParam().key), std::string::npos) << first.err;
    EXPECT_LT(first.err.size(), 1'000u) << "a message, not the file";

    shuke.import(kGood);
    const Json before = shuke.customer("ann");
    EXPECT_EQ(shuke.run({"import", file, "--format", "native"}).exit_code, 1);
    EXPECT_EQ(shuke.count("all customers"), 2);
    EXPECT_EQ(shuke.customer("ann"), before);
    EXPECT_EQ(shuke.run({"doctor"}).exit_code, 0);
    EXPECT_EQ(shuke.import(kGood)["unchanged"], 2) << "and goes on working";
}

INSTANTIATE_TEST_SUITE_P(All, BadFileTest, testing::ValuesIn(kBadFiles),
                         [](const auto& bad) { return std::string(bad.param.name); });

// ---- rows that cannot be taken among others that can

struct BadRow {
    const char* name;
    const char* key;
    const char* column;
    std::string (*row)();
};

const BadRow kBadRows[] = {
    {"TenMegabytesInACell", "cell.too_large", "title",
     [] {
         return "b1,cat,2024-01-10,2024-01-10,1,\"" +
                std::string(10'000'000, 'x') +  // NOLINT(bugprone-string-constructor)
                "\",1,1,CNY";
     }},
    {"AMillionCells", "csv.too_many_columns", "", [] { return a_million("b1", ","); }},
    {"ACellTooMany", "row.ragged", "",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,1,tea,1,1,CNY,and more"); }},
    {"CellsMissing", "row.ragged", "", [] { return std::string("b1,cat"); }},
    {"UnknownCurrency", "currency.unknown", "currency",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,1,tea,1,1,XXQ"); }},
    {"TooEarly", "time.out_of_range", "created_at",
     [] { return std::string("b1,cat,1899-12-31,2024-01-10,1,tea,1,1,CNY"); }},
    {"TooLate", "time.out_of_range", "paid_at",
     [] { return std::string("b1,cat,2024-01-10,2200-01-01,1,tea,1,1,CNY"); }},
    {"NoSuchDay", "time.invalid", "created_at",
     [] { return std::string("b1,cat,2023-02-29,2024-01-10,1,tea,1,1,CNY"); }},
    {"NegativePrice", "price.negative", "price",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,1,tea,1,-1,CNY"); }},
    {"NegativeQuantity", "quantity.negative", "quantity",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,1,tea,-1,1,CNY"); }},
    {"NegativeAmount", "amount.negative", "amount",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,-1,tea,1,1,CNY"); }},
    {"NotANumber", "number.invalid", "amount",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,1O0,tea,1,1,CNY"); }},
    {"TooLargeANumber", "number.too_large", "amount",
     [] { return std::string("b1,cat,2024-01-10,2024-01-10,99999999999999999999,tea,1,1,CNY"); }},
    {"NoOrderNumber", "order_no.missing", "order_no",
     [] { return std::string(",cat,2024-01-10,2024-01-10,1,tea,1,1,CNY"); }},
    {"OrderNumberLostInASpreadsheet", "order_no.scientific", "order_no",
     [] { return std::string("1.2E+17,cat,2024-01-10,2024-01-10,1,tea,1,1,CNY"); }},
    {"ZeroByte", "text.nul", "",
     [] { return "b1,c" + std::string(1, '\0') + "t,2024-01-10,2024-01-10,1,tea,1,1,CNY"; }},
};

class BadRowTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadRowTest, IsRejectedWithItsReasonAndTheRowsAroundItAreImported) {
    Shuke shuke;
    const std::string text = replaced(kGood, "g2,", GetParam().row() + "\ng2,");
    const Json report = shuke.import(text, {"--format", "native"}, 3);
    EXPECT_EQ(report["imported"], 2);
    EXPECT_EQ(report["rejected"], 1);
    EXPECT_EQ(report["rows"], 3);
    const Json rejected = report["files"][0]["first_rejected"][0];
    EXPECT_EQ(rejected["problem"], GetParam().key);
    EXPECT_EQ(rejected["column"], GetParam().column);
    EXPECT_EQ(rejected["line"], 3);
    EXPECT_EQ(rejected["row"], 2);
    EXPECT_LT(rejected["reason"].get<std::string>().size(), 400u);
    EXPECT_EQ(shuke.list("all customers"), (std::vector<std::string>{"ann", "bob"}));
    const Finished out = shuke.run({"rejected", "1"});
    EXPECT_EQ(out.exit_code, 0);
    EXPECT_TRUE(out.out.starts_with(kHeading)) << "kept, to be corrected";
}

INSTANTIATE_TEST_SUITE_P(All, BadRowTest, testing::ValuesIn(kBadRows),
                         [](const auto& bad) { return std::string(bad.param.name); });

TEST(BadInput, AHeadingWithoutRowsIsSaidToHaveNone) {
    Shuke shuke;
    const Finished finished =
        shuke.run({"import", shuke.write_file("heading.csv", kHeading).string(), "--format", "native"});
    EXPECT_NE((finished.out + finished.err).find("no rows"), std::string::npos) << finished.out << finished.err;
}

TEST(BadInput, AQuoteThatIsNeverClosedCostsItsRowAndWhatItSwallowed) {
    Shuke shuke;
    const Json report = shuke.import(kGood + "b1,\"cat,2024-01-10,2024-01-10,1,tea,1,1,CNY\n", {}, 3);
    EXPECT_EQ(report["imported"], 2);
    EXPECT_EQ(report["files"][0]["first_rejected"][0]["problem"], "csv.unclosed_quote");
    EXPECT_EQ(report["files"][0]["first_rejected"][0]["line"], 4);
}

TEST(BadInput, ATruncatedArchiveKeepsWhatWasReadAndTheWholeOneDoesTheRest) {
    const std::string text = good_rows(20'000);
    for (const std::string& packed : {pack_gz(text), pack_zst(text)}) {
        Shuke shuke;
        const Json cut = shuke.import(packed.substr(0, packed.size() / 2), {}, 1);
        EXPECT_EQ(cut["failure"]["key"], "file.truncated");
        const int kept = cut["imported"];
        EXPECT_GT(kept, 0);
        EXPECT_LT(kept, 20'000);
        EXPECT_EQ(cut["rows"], kept) << "no half row";
        EXPECT_EQ(shuke.json({"imports"})[0]["state"], "failed");
        const Json whole = shuke.import(packed);
        EXPECT_EQ(whole["unchanged"], kept);
        EXPECT_EQ(whole["imported"], 20'000 - kept);
        EXPECT_EQ(shuke.list("count(orders) = 200").size(), 100u);
    }
}

TEST(BadInput, AFileThatIsNotThereOrIsAFolderMakesNoDataFolder) {
    Shuke shuke;
    for (const auto& [file, key] : {std::pair{"not-there.csv", "file.not_found"}, std::pair{".", "file.unreadable"}}) {
        const Finished finished = shuke.run({"import", (shuke.folder() / file).string()});
        EXPECT_EQ(finished.exit_code, 1);
        EXPECT_NE(finished.err.find(std::string("[") + key + "]"), std::string::npos) << finished.err;
    }
    const auto good = shuke.write_file("good.csv", kGood).string();
    EXPECT_EQ(shuke.run({"import", good, "not-there.csv"}).exit_code, 1)
        << "nothing is begun when one of the files is missing";
    EXPECT_FALSE(fs::exists(shuke.data));
    EXPECT_NE(shuke.run({"segment", "count", "all customers"}).err.find("[data_folder.missing]"), std::string::npos);
    EXPECT_FALSE(fs::exists(shuke.data)) << "questions make no folder";
}

TEST(BadInput, AFileInPlaceOfTheDataFolderIsRefused) {
    Shuke shuke;
    const auto good = shuke.write_file("good.csv", kGood).string();
    shuke.write_file("data", "precious");
    for (const Arguments& any :
         {Arguments{"import", good}, Arguments{"segment", "count", "all customers"}, Arguments{"doctor"}})
        EXPECT_EQ(shuke.run(any).exit_code, 1) << any[0];
    EXPECT_NE(shuke.run({"import", good}).err.find("[data_folder.invalid]"), std::string::npos);
    EXPECT_EQ(read_file(shuke.data), "precious");
}

TEST(BadInput, ARecordOfANewerSchemaIsRefusedUntouched) {
    Shuke shuke;
    shuke.import(kGood);
    Sql((shuke.data / "shuke.db").string())
        .run(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (999, '0999_later.sql', 'x', "
            "0)");
    const std::string before = read_file(shuke.data / "shuke.db");
    for (const Arguments& any :
         {Arguments{"import", shuke.write_file("good.csv", kGood).string()},
          Arguments{"segment", "count", "all customers"}, Arguments{"customer", "show", "ann"}, Arguments{"doctor"}}) {
        const Finished finished = shuke.run(any);
        EXPECT_EQ(finished.exit_code, 1) << any[0];
        EXPECT_NE((finished.err + finished.out).find("[record.schema_newer]"), std::string::npos)
            << any[0] << finished.err;
    }
    EXPECT_TRUE(read_file(shuke.data / "shuke.db") == before);
}

TEST(BadInput, ADamagedDatabaseIsSaidToBeOneAndTheBackupBringsItBack) {
    for (const bool overwritten : {true, false}) {
        Shuke shuke;
        shuke.import(good_rows(20'000));
        const std::string backup = (shuke.folder() / "good.backup").string();
        ASSERT_EQ(shuke.run({"backup", backup}).exit_code, 0);
        const std::string good = read_file(shuke.data / "shuke.db");
        std::string bad = good;
        if (overwritten)
            bad.replace(8'192, bad.size() - 16'384,
                        std::string(bad.size() - 16'384, '\x5A'));  // all but the first and last pages
        else
            bad = "no database any more " + bad.substr(21);
        shuke.write_file("data/shuke.db", bad);
        const Finished doctor = shuke.run({"doctor"});
        EXPECT_EQ(doctor.exit_code, 1);
        EXPECT_NE(doctor.out.find("restore your newest backup"), std::string::npos) << doctor.out << doctor.err;
        const Finished question = shuke.run({"segment", "count", "any(orders)"});
        EXPECT_EQ(question.exit_code, 1);
        EXPECT_NE(question.err.find("[record.damaged]"), std::string::npos) << question.err;
        ASSERT_EQ(shuke.run({"restore", backup, "--replace"}).exit_code, 0);
        EXPECT_EQ(shuke.count("any(orders)"), 100);
    }
}

// ---- disks

// A small file system of its own in memory.
class SmallDisk {
public:
    SmallDisk(fs::path where, const char* size) : where_(std::move(where)) {
        fs::create_directories(where_);
        mounted_ = ::mount("tmpfs", where_.c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    void resize(const char* size) const {
        EXPECT_EQ(::mount("tmpfs", where_.c_str(), "tmpfs", MS_REMOUNT, (std::string("size=") + size).c_str()), 0);
    }
    void read_only(bool yes) const {
        EXPECT_EQ(::mount("tmpfs", where_.c_str(), "tmpfs", yes ? MS_REMOUNT | MS_RDONLY : MS_REMOUNT, nullptr), 0);
    }

private:
    fs::path where_;
    bool mounted_ = false;
};

TEST(BadInput, AFullDiskStopsTheImportAndWithSpaceItIsCompleted) {
    const std::string text = good_rows(100'000);
    for (const char* size : {"300k", "3m", "10m"}) {
        SCOPED_TRACE(size);
        Shuke shuke;
        const SmallDisk disk(shuke.folder() / "disk", size);
        if (!disk.mounted()) GTEST_SKIP() << "mounting a small tmpfs needs root";
        shuke.data = shuke.folder() / "disk/data";
        const auto file = shuke.write_file("orders.csv", text).string();
        const Finished full = shuke.run({"import", file, "--json"});
        EXPECT_EQ(full.exit_code, 1);
        EXPECT_NE(full.err.find("[record.disk_full]"), std::string::npos) << full.err;
        disk.resize("200m");
        const Json report = Json::parse(full.out, nullptr, false);
        if (report.is_object() && fs::exists(shuke.data / "shuke.db")) {
            const std::int64_t told = report["imported"];
            EXPECT_EQ(report["rows"], told) << "rows are what became of them";
            Sql record((shuke.data / "shuke.db").string());
            if (record.value("SELECT count(*) FROM sqlite_master WHERE name = 'orders'") == "1") {
                EXPECT_EQ(record.value("SELECT count(*) FROM orders"), std::to_string(told))
                    << "what was said to be imported is there";
            }
        }
        const Json again = shuke.json({"import", file});
        EXPECT_EQ(again["imported"].get<int>() + again["unchanged"].get<int>(), 100'000);
        EXPECT_EQ(shuke.list("count(orders) = 1000").size(), 100u);
        EXPECT_EQ(shuke.run({"doctor"}).exit_code, 0);
    }
}

TEST(BadInput, AReadOnlyDataFolderIsSaidToBeOneAndStaysAsItWas) {
    Shuke shuke;
    const SmallDisk disk(shuke.folder() / "disk", "20m");
    if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs read-only needs root";
    shuke.data = shuke.folder() / "disk/data";
    shuke.import(kGood);
    const std::string before = read_file(shuke.data / "shuke.db");
    disk.read_only(true);
    const auto file = shuke.write_file("more.csv", good_rows(10)).string();
    const Finished finished = shuke.run({"import", file});
    EXPECT_EQ(finished.exit_code, 1);
    EXPECT_NE(finished.err.find("[record.read_only]"), std::string::npos) << finished.err;
    Shuke elsewhere;
    elsewhere.data = shuke.folder() / "disk/new";
    EXPECT_NE(elsewhere.run({"import", file}).err.find("[record.read_only]"), std::string::npos)
        << "nor is a new folder made";
    EXPECT_TRUE(read_file(shuke.data / "shuke.db") == before);
    disk.read_only(false);
    EXPECT_EQ(shuke.json({"import", file})["imported"], 10);
    EXPECT_EQ(shuke.count("all customers"), 12);
}

}  // namespace
