// Aim     names, phones, e-mails, addresses, account names and notes lie encrypted in the data folder: no file of it holds one
//         in plain, and without the right key nothing is read.
// Method  imports rows with distinctive values, good and rejected ones, then looks through the bytes of every file for each
//         value as UTF-8, GB18030 and UTF-16.

#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "shuke_program.h"

namespace {

using namespace product;

const std::vector<std::string> kPersonal{"欧阳锦绣",
                                         "诸葛清风",
                                         "13912345670",
                                         "13987654321",
                                         "distinct.person@example.org",
                                         "distinctperson",
                                         "瑶池路九百九十九号",
                                         "旺旺特别昵称",
                                         "EXT-9F3K-UNIQUE",
                                         "payer.unique@alipay",
                                         "不要辣椒请敲门",
                                         "rejected.person@example.org",
                                         "上官拒绝",
                                         "无效状态电话13711112222"};

const std::string kNative =
    "order_no,external_id,name,phone,email,province,city,status,created_at,paid_at,amount\n"
    "o1,EXT-9F3K-UNIQUE,欧阳锦绣,13912345670,distinct.person@example.org,浙江,杭州,paid,2024-01-10,2024-01-10,100\n"
    "o2,EXT-9F3K-UNIQUE,欧阳锦绣,+86 139 8765 "
    "4321,Distinct.Person@example.org,浙江,杭州,paid,2024-01-11,2024-01-11,50\n"
    "o3,x,上官拒绝,13912345670,rejected.person@example.org,浙江,杭州,无效状态电话13711112222,2024-01-11,2024-01-11,50\n"
    "o4,x,上官拒绝,13912345670,rejected.person@example.org,浙江,杭州,paid,13912345670,2024-01-11,50\n";

const std::string kTaobao =
    "订单编号,买家会员名,买家支付宝账号,总金额,买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址 ,联系电话 "
    ",联系手机,订单创建时间,订单付款时间 ,订单备注\n"
    "=\"1900000000000000001\",旺旺特别昵称,payer.unique@alipay,10,10,交易成功,不要辣椒请敲门,诸葛清风,浙江省 杭州市 "
    "西湖区 瑶池路九百九十九号(310000),',13987654321,2024-01-10 10:00:00,2024-01-10 10:00:00,'诸葛清风\n";

std::vector<std::string> spellings(const std::string& value) {
    return {value, encode(value, "GB18030"), encode(value, "UTF-16LE"), encode(value, "UTF-16BE")};
}

// The values that stand in the bytes in plain.
std::vector<std::string> found_in(const std::string& bytes) {
    std::vector<std::string> found;
    for (const auto& value : kPersonal) {
        for (const auto& spelling : spellings(value)) {
            if (bytes.find(spelling) == std::string::npos) continue;
            found.push_back(value);
            break;
        }
    }
    return found;
}

void expect_nothing_plain_in(const fs::path& folder) {
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        ++files;
        EXPECT_EQ(found_in(read_file(entry.path())), std::vector<std::string>{}) << entry.path().filename();
    }
    EXPECT_GE(files, 1);
}

class Privacy : public testing::Test {
protected:
    void import_everything() {
        EXPECT_EQ(shuke_.import(kNative, {}, 3)["rejected"], 2);
        EXPECT_EQ(shuke_.import(encode(kTaobao, "GB18030"))["imported"], 1);
    }
    void expect_refused(const Shuke& shuke, const std::string& key) {
        for (const Arguments& reading :
             {Arguments{"customer", "show", "EXT-9F3K-UNIQUE"}, Arguments{"segment", "count", "all customers"},
              Arguments{"rejected", "1"}, Arguments{"import", shuke.write_file("again.csv", kNative).string()}}) {
            const Finished finished = shuke.run(reading);
            EXPECT_EQ(finished.exit_code, 1) << reading[0];
            EXPECT_NE(finished.err.find("[" + key + "]"), std::string::npos) << reading[0] << ": " << finished.err;
            EXPECT_EQ(finished.out, "") << reading[0];
        }
    }
    Shuke shuke_;
};

TEST_F(Privacy, TheSearchItselfFindsPlainValues) {
    for (const auto& value : kPersonal) {
        for (const auto& spelling : spellings(value))
            EXPECT_EQ(found_in("..." + spelling + "..."), std::vector<std::string>{value});
    }
}

TEST_F(Privacy, NoFileOfTheDataFolderHoldsAPersonalValueInPlain) {
    import_everything();
    expect_nothing_plain_in(shuke_.data);
    ASSERT_EQ(shuke_.run({"customer", "merge", "EXT-9F3K-UNIQUE", "旺旺特别昵称"}).exit_code, 1)
        << "the phone has united them already";
    ASSERT_EQ(shuke_.run({"customer", "split", "EXT-9F3K-UNIQUE"}).exit_code, 0);
    ASSERT_EQ(shuke_.run({"customer", "show", "distinct.person@example.org", "--reveal"}).exit_code, 0);
    ASSERT_EQ(shuke_.run({"segment", "count", "external_id = \"EXT-9F3K-UNIQUE\""}).exit_code, 0);
    expect_nothing_plain_in(shuke_.data);
    EXPECT_EQ(shuke_.customer("EXT-9F3K-UNIQUE")["name"], "欧阳锦绣") << "with the key it is all there";
    EXPECT_EQ(shuke_.customer("旺旺特别昵称")["street"], "瑶池路九百九十九号");
    EXPECT_NE(shuke_.run({"rejected", "1"}).out.find("上官拒绝"), std::string::npos);
}

TEST_F(Privacy, NeitherDoesWhatAKilledImportLeaves) {
    std::string text = kNative;
    for (int i = 0; i < 300'000; ++i)
        text += "n" + std::to_string(i) +
                ",EXT-9F3K-UNIQUE,欧阳锦绣,13912345670,distinct.person@example.org,浙江,杭州,paid,2024-01-10,2024-01-"
                "10,100\n";
    Running import = shuke_.start({"import", shuke_.write_file("long.csv", text).string()});
    const fs::path log = shuke_.data / "shuke.db-wal";
    std::error_code ignored;
    while (!import.has_ended() && (!fs::exists(log) || fs::file_size(log, ignored) < 3'000'000))
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    import.kill_hard();
    ASSERT_EQ(import.wait().exit_code, -1) << "it was to be killed in the middle";
    ASSERT_TRUE(fs::exists(log));
    expect_nothing_plain_in(shuke_.data);
}

TEST_F(Privacy, AFileThatIsRefusedLeavesNothing) {
    // Without a heading the first row of people would be taken for one.
    for (const char* format : {"auto", "native", "taobao"}) {
        EXPECT_EQ(
            shuke_
                .run({"import", shuke_.write_file("no_heading.csv", kNative.substr(kNative.find('\n') + 1)).string(),
                      "--format", format})
                .exit_code,
            1)
            << format;
        EXPECT_FALSE(fs::exists(shuke_.data));
    }
}

TEST_F(Privacy, FolderAndKeyAreTheOwnersAlone) {
    import_everything();
    struct stat about{};
    ASSERT_EQ(::stat((shuke_.data / "shuke.key").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    EXPECT_EQ(about.st_size, 65);
    ASSERT_EQ(::stat(shuke_.data.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u);
    fs::permissions(shuke_.data / "shuke.key", fs::perms::others_read, fs::perm_options::add);
    expect_refused(shuke_, "key.unsafe_permissions");
}

TEST_F(Privacy, AnotherKeyAndAMissingKeyAreRefused) {
    import_everything();
    Shuke other;
    other.import(kNative, {}, 3);
    const fs::path aside = shuke_.folder() / "aside.key";
    fs::rename(shuke_.data / "shuke.key", aside);
    expect_refused(shuke_, "key.missing");
    EXPECT_FALSE(fs::exists(shuke_.data / "shuke.key")) << "no new key for an old record";
    fs::copy(other.data / "shuke.key", shuke_.data / "shuke.key");
    expect_refused(shuke_, "key.wrong");
    EXPECT_EQ(shuke_.run({"doctor"}).exit_code, 1);
    shuke_.write_file("data/shuke.key", "not a key\n");
    expect_refused(shuke_, "key.invalid");
    fs::rename(aside, shuke_.data / "shuke.key");
    EXPECT_EQ(shuke_.customer("EXT-9F3K-UNIQUE")["name"], "欧阳锦绣");
    EXPECT_EQ(shuke_.run({"doctor"}).exit_code, 0);
}

TEST_F(Privacy, TheKeyMayComeFromTheEnvironment) {
    shuke_.environment["SHUKE_KEY"] = std::string(64, '5');
    import_everything();
    EXPECT_FALSE(fs::exists(shuke_.data / "shuke.key"));
    EXPECT_EQ(shuke_.customer("EXT-9F3K-UNIQUE")["name"], "欧阳锦绣");
    expect_nothing_plain_in(shuke_.data);
    shuke_.environment["SHUKE_KEY"] = std::string(64, '6');
    expect_refused(shuke_, "key.wrong");
    shuke_.environment["SHUKE_KEY"] = "5555";
    expect_refused(shuke_, "key.invalid");
    shuke_.environment.clear();
    expect_refused(shuke_, "key.missing");
}

TEST_F(Privacy, ABackupHoldsNoPlainValueAndTheKeyOnlyWhenAsked) {
    import_everything();
    const std::string key = read_file(shuke_.data / "shuke.key").substr(0, 64);
    const fs::path without = shuke_.folder() / "without.backup";
    const fs::path with = shuke_.folder() / "with.backup";
    ASSERT_EQ(shuke_.run({"backup", without.string()}).exit_code, 0);
    ASSERT_EQ(shuke_.run({"backup", with.string(), "--with-key"}).exit_code, 0);
    for (const auto& file : {without, with}) {
        const std::string bytes = read_file(file);
        EXPECT_EQ(found_in(bytes), std::vector<std::string>{});
        shuke_.write_file("packed", bytes.substr(bytes.find('\n') + 1));
        const std::string database = unpack_zst(shuke_.folder() / "packed");
        ASSERT_TRUE(database.starts_with("SQLite format 3")) << "the backup's form has changed";
        EXPECT_EQ(found_in(database), std::vector<std::string>{});
        EXPECT_EQ(database.find(key), std::string::npos);
        struct stat about{};
        ASSERT_EQ(::stat(file.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 077, 0u) << "others may not read it";
    }
    EXPECT_EQ(read_file(without).find(key), std::string::npos);
    EXPECT_NE(read_file(with).find(key), std::string::npos);
}

}  // namespace
