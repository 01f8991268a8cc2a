// Aim     equal phones, e-mails and accounts make one customer across shops and files; what only looks equal does not; and
//         whatever was united can be taken apart again exactly.
// Method  native files whose buyers carry a number b0, b1 … as external id; who is one person with whom is read from
//         `customer show`. Orders of rows are shuffled, merges are random; seeds are printed.

#include <algorithm>
#include <random>
#include <set>

#include "shuke_program.h"

namespace {

using namespace product;
using Ids = std::vector<std::string>;
using Partition = std::set<std::set<std::string>>;

const std::string kHeading = "platform,shop,order_no,external_id,name,phone,email,created_at,paid_at,amount\n";

struct Buyer {
    std::string platform, shop, external_id, name, phone, email;
};

std::string row_of(const Buyer& buyer, int number) {
    return buyer.platform + "," + buyer.shop + ",o" + std::to_string(number) + "," + buyer.external_id + "," +
           buyer.name + "," + buyer.phone + "," + buyer.email + ",2024-01-01,2024-01-01," + std::to_string(number + 1) +
           "\n";
}

std::string file_of(const std::vector<Buyer>& buyers) {
    std::string text = kHeading;
    for (std::size_t i = 0; i < buyers.size(); ++i) text += row_of(buyers[i], static_cast<int>(i));
    return text;
}

// Who is one person with whom, by external ids.
Partition partition(const Shuke& shuke) {
    Partition sets;
    for (const auto& id : shuke.list("all customers", "id")) {
        std::set<std::string> own;
        const Json customer = shuke.customer("id:" + id);
        for (const Json& identifier : customer["identifiers"]) {
            if (identifier["kind"] == "external_id") own.insert(identifier["value"]);
        }
        sets.insert(own);
    }
    return sets;
}

bool are_one(const Shuke& shuke, const std::string& a, const std::string& b) {
    return shuke.customer(a)["id"] == shuke.customer(b)["id"];
}

TEST(Identity, EqualPhonesUniteAcrossShopsPlatformsAndWaysOfWriting) {
    for (const char* phone :
         {"13912345670", "+8613912345670", "0086 139 1234 5670", "86-13912345670", "１３９１２３４５６７０",
          "139 1234 5670", "'13912345670", "13912345670.0", "(+86)139-1234-5670", "013912345670"}) {
        Shuke shuke;
        shuke.import(file_of({{"native", "A", "b0", "Ann", "13912345670", ""},
                              {"taobao", "B", "b1", "Anni", phone, ""},
                              {"jd", "C", "", "Guest", phone, ""}}));
        EXPECT_EQ(shuke.count("all customers"), 1) << phone;
        EXPECT_EQ(shuke.customer("13912345670")["timeline"].size(), 3u)
            << phone << ": a guest's order belongs to whom the phone belongs to";
    }
}

TEST(Identity, NumbersThatAreNobodysOwnUniteNobody) {
    for (const char* phone : {"18877771111-1234", "18877771111转1234", "18877771111,1234", "139****5670", "11111111111",
                              "13800138000", "12345678901", "010-88886666", "4008001234", "unknown"}) {
        Shuke shuke;
        const std::string cell = "\"" + std::string(phone) + "\"";
        const Json report =
            shuke.import(file_of({{"native", "A", "b0", "Ann", cell, ""}, {"native", "A", "b1", "Bob", cell, ""}}));
        EXPECT_EQ(report["imported"], 2) << phone;
        EXPECT_EQ(shuke.count("all customers"), 2) << phone;
    }
}

TEST(Identity, EmailsUniteAsTheirProvidersReadThem) {
    const std::tuple<const char*, const char*, bool> pairs[] = {
        {"ann@example.com", "Ann@Example.COM", true},
        {"ann.bell@gmail.com", "annbell+shop@googlemail.com", true},
        {"ann.bell@example.com", "annbell@example.com", false},
        {"ann+a@example.com", "ann+b@example.com", false},
        {"ann+a@outlook.com", "ann@outlook.com", true},
        {"info@example.com", "info@example.com", false},
        {"x1@privaterelay.appleid.com", "x1@privaterelay.appleid.com", false},
        {"12345@qq.com", "12345@foxmail.com", false},
        {"a***@example.com", "a***@example.com", false},
        {"not an email", "not an email", false}};
    for (const auto& [one, other, united] : pairs) {
        Shuke shuke;
        shuke.import(file_of({{"native", "A", "b0", "Ann", "", one}, {"native", "B", "b1", "Anni", "", other}}));
        EXPECT_EQ(shuke.count("all customers"), united ? 1 : 2) << one << " and " << other;
    }
}

TEST(Identity, EqualNumbersOfDifferentShopsAreDifferentPeople) {
    Shuke shuke;
    shuke.import(file_of({{"native", "A", "1001", "Ann", "", ""},
                          {"native", "B", "1001", "Bob", "", ""},
                          {"native", "A", "1001", "Ann", "", ""}}));
    EXPECT_EQ(shuke.count("all customers"), 2);
    const Finished ambiguous = shuke.run({"customer", "show", "external_id:1001"});
    EXPECT_EQ(ambiguous.exit_code, 1);
    EXPECT_NE(ambiguous.err.find("customer.ambiguous"), std::string::npos) << "it names both";
}

TEST(Identity, AChainOfSharedIdentifiersIsOnePerson) {
    Shuke shuke;
    shuke.import(file_of({{"native", "A", "b0", "Ann", "13912345670", ""},
                          {"native", "B", "b1", "Ann", "", "ann@example.com"},
                          {"native", "C", "b2", "Ann", "13912345670", "ann@example.com"}}));
    EXPECT_EQ(partition(shuke), (Partition{{"b0", "b1", "b2"}}));
    EXPECT_EQ(shuke.customer("b1")["merges"].size(), 2u);
}

// b0 … b6 use one phone under seven names; b0 and b1 also share an e-mail, b7 has the phone of b2 under b2's name.
std::vector<Buyer> office() {
    std::vector<Buyer> buyers;
    for (int i = 0; i < 7; ++i)
        buyers.push_back({"native", "A", "b" + std::to_string(i), "Name " + std::string(1, static_cast<char>('A' + i)),
                          "13912345670", i < 2 ? "ab@example.com" : ""});
    buyers.push_back({"native", "B", "b7", "Name C", "13912345670", ""});
    return buyers;
}

TEST(Identity, APhoneUnderTooManyNamesUnitesNobodyWhateverTheOrderOfRows) {
    const Partition expected{{"b0", "b1"}, {"b2"}, {"b3"}, {"b4"}, {"b5"}, {"b6"}, {"b7"}};
    for (unsigned seed = 1; seed <= 4; ++seed) {
        std::vector<Buyer> buyers = office();
        std::shuffle(buyers.begin(), buyers.end(), std::mt19937(seed));
        Shuke shuke;
        if (seed % 2 == 0) {  // in one file, or each row in one of its own
            for (const Buyer& buyer : buyers) shuke.import(kHeading + row_of(buyer, buyer.external_id[1] - '0'));
        } else {
            shuke.import(file_of(buyers));
        }
        EXPECT_EQ(partition(shuke), expected) << "seed " << seed;
        const Json somebody = shuke.customer("b3");
        for (const Json& identifier : somebody["identifiers"]) {
            if (identifier["kind"] == "phone") {
                EXPECT_EQ(identifier["shared"], true);
            }
        }
        shuke.import(file_of(buyers));
        EXPECT_EQ(partition(shuke), expected) << "imported again, seed " << seed;
        EXPECT_EQ(shuke.run({"customer", "show", "13912345670"}).exit_code, 1) << "it is several people's";
    }
}

TEST(Identity, UpToTheLimitAPhoneUnitesAndTheLimitIsASetting) {
    std::vector<Buyer> buyers = office();
    buyers.resize(5);
    Shuke usual, strict;
    usual.import(file_of(buyers));
    EXPECT_EQ(partition(usual), (Partition{{"b0", "b1", "b2", "b3", "b4"}}));
    ASSERT_EQ(strict.run({"settings", "set", "identity.shared_names_max", "4"}).exit_code, 0);
    strict.import(file_of(buyers));
    EXPECT_EQ(partition(strict), (Partition{{"b0", "b1"}, {"b2"}, {"b3"}, {"b4"}}));
    EXPECT_EQ(strict.run({"settings", "set", "identity.shared_names_max", "0"}).exit_code, 1);
}

TEST(Identity, TitlesBlanksAndMasksAreNoOtherNames) {
    Shuke shuke;
    std::vector<Buyer> buyers;
    int number = 0;
    for (const char* name : {"张示例", "张示例先生", "张 示例", "张示例女士", "张**", "张示例（收）", "", "张示例老师"})
        buyers.push_back({"native", "A", "b" + std::to_string(number++), name, "13912345670", ""});
    shuke.import(file_of(buyers));
    EXPECT_EQ(shuke.count("all customers"), 1);
}

TEST(Identity, MergeAndSplitByHandRestoreEverythingExactly) {
    Shuke shuke;
    shuke.import(file_of({{"native", "A", "b0", "Ann", "13912345670", ""},
                          {"native", "A", "b1", "Bob", "13912345671", ""},
                          {"native", "A", "b2", "Cat", "", "cat@example.com"}}));
    const auto everything = [&] {
        return Json{{"b0", shuke.customer("b0")},
                    {"b1", shuke.customer("b1")},
                    {"b2", shuke.customer("b2")},
                    {"rich", shuke.list("sum(orders.amount) >= 2")},
                    {"all", shuke.list("all customers")}};
    };
    const Json before = everything();
    ASSERT_EQ(shuke.run({"customer", "merge", "b0", "13912345671"}).exit_code, 0);
    EXPECT_EQ(shuke.count("all customers"), 2);
    EXPECT_EQ(shuke.list("count(orders) = 2"), Ids{"b0"}) << "orders come along";
    const Json merged = shuke.customer("b1");
    EXPECT_EQ(merged["timeline"].size(), 2u);
    ASSERT_EQ(merged["merges"].size(), 1u);
    EXPECT_EQ(merged["merges"][0]["by_identifier"], false);
    EXPECT_EQ(shuke.customer("id:2")["id"], merged["id"]) << "the number that was merged leads to the survivor";
    ASSERT_EQ(shuke.run({"customer", "split", "b1"}).exit_code, 0);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(shuke.run({"customer", "split", "b1"}).exit_code, 1) << "nothing is left to split";
    EXPECT_EQ(shuke.run({"customer", "merge", "b1", "b1"}).exit_code, 1);
    EXPECT_EQ(shuke.run({"customer", "merge", "b1", "nobody"}).exit_code, 1);
}

TEST(Identity, OrdersThatComeBetweenMergeAndSplitStayWithTheirOwnAccount) {
    Shuke shuke;
    const std::vector<Buyer> two{{"native", "A", "b0", "Ann", "", ""}, {"native", "A", "b1", "Bob", "", ""}};
    shuke.import(file_of(two));
    ASSERT_EQ(shuke.run({"customer", "merge", "b0", "b1"}).exit_code, 0);
    shuke.import(kHeading + row_of(two[0], 10) + row_of(two[1], 11) + row_of(two[1], 12));
    EXPECT_EQ(shuke.customer("b0")["timeline"].size(), 5u);
    ASSERT_EQ(shuke.run({"customer", "split", "b0"}).exit_code, 0);
    EXPECT_EQ(shuke.customer("b0")["timeline"].size(), 2u);
    EXPECT_EQ(shuke.customer("b1")["timeline"].size(), 3u);
    EXPECT_EQ(shuke.list("count(orders) = 3"), Ids{"b1"});
}

TEST(Identity, WhoWasSplitByHandIsNotUnitedAgainByTheSamePhone) {
    Shuke shuke;
    const std::vector<Buyer> family{{"native", "A", "b0", "Ann", "13912345670", ""},
                                    {"native", "A", "b1", "Bob", "13912345670", ""}};
    shuke.import(file_of(family));
    ASSERT_TRUE(are_one(shuke, "b0", "b1"));
    ASSERT_EQ(shuke.run({"customer", "split", "b0"}).exit_code, 0);
    EXPECT_FALSE(are_one(shuke, "b0", "b1"));
    shuke.import(file_of(family));
    shuke.import(kHeading + row_of(family[1], 20));
    EXPECT_FALSE(are_one(shuke, "b0", "b1")) << "a person has decided";
    ASSERT_EQ(shuke.run({"customer", "merge", "b0", "b1"}).exit_code, 0);
    EXPECT_TRUE(are_one(shuke, "b0", "b1")) << "and may decide otherwise";
}

TEST(Identity, RandomMergesSplitInReverseGiveBackWhoWasWho) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        Shuke shuke;
        std::vector<Buyer> buyers;
        for (int i = 0; i < 7; ++i) {  // some pairs share a phone to begin with
            buyers.push_back({"native", "A", "b" + std::to_string(i), "Name",
                              random() % 2 == 0 ? "1391234567" + std::to_string(random() % 4) : "", ""});
        }
        shuke.import(file_of(buyers));
        std::vector<Partition> history{partition(shuke)};
        Ids merged;
        while (merged.size() < 4 && history.back().size() > 1) {
            const std::string a = "b" + std::to_string(random() % 7);
            const std::string b = "b" + std::to_string(random() % 7);
            if (are_one(shuke, a, b)) continue;
            ASSERT_EQ(shuke.run({"customer", "merge", a, b}).exit_code, 0);
            merged.push_back(a);
            history.push_back(partition(shuke));
            EXPECT_EQ(history.back().size() + 1, history[history.size() - 2].size());
        }
        ASSERT_GE(merged.size(), 2u);
        while (!merged.empty()) {
            ASSERT_EQ(shuke.run({"customer", "split", merged.back()}).exit_code, 0);
            merged.pop_back();
            history.pop_back();
            EXPECT_EQ(partition(shuke), history.back());
        }
    }
}

TEST(Identity, EveryIdentifierFindsItsCustomer) {
    Shuke shuke;
    shuke.import(file_of({{"native", "A", "EXT-1", "Ann", "13912345670", "Ann.Bell@gmail.com"},
                          {"native", "A", "EXT-2", "Bob", "010-88886666", "info@example.com"},
                          {"native", "A", "EXT-3", "Cat", "18877771111-1234", ""}}));
    const auto finds = [&](const std::string& text) {
        return shuke.run({"customer", "show", text}).exit_code == 0 ? shuke.customer(text)["id"].dump() : "nobody";
    };
    for (const char* text : {"1", "id:1", "EXT-1", "external_id:EXT-1", "13912345670", "+86 139 1234 5670",
                             "phone:13912345670", "annbell@gmail.com", "email:ANN.BELL@gmail.com", " EXT-1 "})
        EXPECT_EQ(finds(text), "1") << text;
    for (const char* text : {"010-88886666", "info@example.com", "EXT-2"}) EXPECT_EQ(finds(text), "2") << text;
    for (const char* text : {"18877771111-1234", "privacy_number:18877771111-1234"})
        EXPECT_EQ(finds(text), "3") << text;
    for (const char* text : {"EXT", "1391234567", "phone:EXT-1", "id:EXT-1", "99", ""})
        EXPECT_EQ(finds(text), "nobody") << text;
}

TEST(Identity, PersonalDataAreMaskedUnlessRevealedAndRevealingIsNoted) {
    Shuke shuke;
    shuke.import(
        "order_no,external_id,name,phone,email,birthday\no1,b0,欧阳示例,13912345670,distinct@example.com,1990-02-28\n");
    const auto personal = {"欧阳示例", "13912345670", "912345", "distinct@", "1990-02-28"};
    for (const Arguments& shown :
         {Arguments{"customer", "show", "b0"}, Arguments{"customer", "show", "b0", "--json"}}) {
        const Finished masked = shuke.run(shown);
        ASSERT_EQ(masked.exit_code, 0);
        for (const char* value : personal) EXPECT_EQ(masked.out.find(value), std::string::npos) << value;
        EXPECT_NE(masked.out.find("139****5670"), std::string::npos);
    }
    const Finished revealed = shuke.run({"customer", "show", "b0", "--reveal"});
    for (const char* value : {"欧阳示例", "13912345670", "distinct@example.com", "1990-02-28"})
        EXPECT_NE(revealed.out.find(value), std::string::npos) << value;
    Sql record((shuke.data / "shuke.db").string());
    EXPECT_EQ(record.value("SELECT count(*) FROM audit WHERE action = 'customer.reveal' AND subject = 'customer 1'"),
              "1");
}

}  // namespace
