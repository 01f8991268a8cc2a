// Aim     segments under a name, lists and tags do through the program what the guide promises: they survive the program's
//         end, tell what changed and when, name nobody by mistake, and explain their difference.
// Method  small native files whose answers are known by hand, and the half million lines of Online Retail against SQL.

#include <algorithm>
#include <cmath>
#include <set>

#include "shuke_program.h"

namespace {

using namespace product;
using Ids = std::vector<std::string>;

// Ann bought three times, Bob twice, Cat once; Dan asked and never paid.
const std::string kOrders =
    "order_no,external_id,name,phone,email,province,created_at,paid_at,amount,status\n"
    "o1,ann,Ann,13912345601,ann@example.com,浙江,2024-01-10 10:00,2024-01-10 10:00,100,paid\n"
    "o2,ann,Ann,13912345601,ann@example.com,浙江,2024-02-10 10:00,2024-02-10 10:00,100,paid\n"
    "o3,ann,Ann,13912345601,ann@example.com,浙江,2024-03-10 10:00,2024-03-10 10:00,100,paid\n"
    "o4,bob,Bob,13912345602,bob@example.com,浙江,2024-01-15 10:00,2024-01-15 10:00,50,paid\n"
    "o5,bob,Bob,13912345602,bob@example.com,浙江,2024-03-15 10:00,2024-03-15 10:00,50,paid\n"
    "o6,cat,Cat,13912345603,cat@example.com,江苏,2024-02-20 10:00,2024-02-20 10:00,500,paid\n"
    "o7,dan,Dan,13912345604,dan@example.com,江苏,2024-03-20 10:00,,80,created\n";

class Segments : public testing::Test {
protected:
    Segments() { shuke_.import(kOrders); }
    Finished fails(const Arguments& arguments, const std::string& key, int exit_code = 1) const {
        const Finished finished = shuke_.run(arguments);
        EXPECT_EQ(finished.exit_code, exit_code) << finished.out << finished.err;
        EXPECT_NE(finished.err.find("[" + key + "]"), std::string::npos) << finished.err;
        return finished;
    }
    // Ids in a command's output, as external ids, sorted.
    Ids people(const Arguments& arguments) const {
        const Finished finished = shuke_.run(arguments);
        EXPECT_EQ(finished.exit_code, 0) << finished.err;
        Ids found;
        std::istringstream lines(finished.out);
        for (std::string id; std::getline(lines, id);) {
            if (!id.empty()) found.push_back(shuke_.list("id = " + id).at(0));
        }
        std::sort(found.begin(), found.end());
        return found;
    }
    Shuke shuke_;
};

TEST_F(Segments, ASavedSegmentIsThereTomorrowAndItsNameIsAQuestion) {
    const Json saved = shuke_.json({"segment", "save", "回头客", "purchase_count>=2", "--description", "买过两次"});
    EXPECT_EQ(saved["outcome"], "created");
    EXPECT_EQ(saved["expression"], "purchase_count >= 2");
    EXPECT_EQ(shuke_.count("回头客"), 2) << "wherever an expression may stand";
    EXPECT_EQ(shuke_.list("回头客"), (Ids{"ann", "bob"}));
    EXPECT_EQ(shuke_.json({"segment", "show", "回头客"})["description"], "买过两次");
    EXPECT_EQ(shuke_.json({"segment", "save", "回头客", "purchase_count >= 3"})["outcome"], "new_version");
    EXPECT_EQ(shuke_.json({"segment", "history", "回头客"})["versions"].size(), 2u);
    EXPECT_EQ(shuke_.json({"segment", "saved"})["segments"][0]["version"], 2);
    EXPECT_EQ(shuke_.json({"segment", "rename", "回头客", "常客"})["name"], "常客");
    fails({"segment", "show", "回头客"}, "segment.unknown");
    EXPECT_EQ(shuke_.count("常客"), 1);
}

TEST_F(Segments, DeletingAsksFirst) {
    shuke_.json({"segment", "save", "x1", "all customers"});
    fails({"segment", "delete", "x1"}, "segment.not_confirmed");
    EXPECT_EQ(shuke_.json({"segment", "delete", "x1", "--yes"})["deleted"], "x1");
    fails({"segment", "delete", "x1", "--yes"}, "segment.unknown");
    fails({"segment", "save", "all customers", "all customers"}, "name.invalid");
    fails({"segment", "save", "x1", "ordr_count > 1"}, "expression.unknown_field");
}

TEST_F(Segments, ARefreshTellsWhoEnteredAndWhoLeft) {
    shuke_.json({"segment", "save", "x1", "order_count = 1"});
    EXPECT_EQ(shuke_.json({"segment", "refresh", "x1", "--as-of", "2024-02-01"})["segments"][0]["entered"], 2);
    const Json second = shuke_.json({"segment", "refresh", "--as-of", "2024-03-01"})["segments"][0];
    EXPECT_EQ(second["entered"], 1) << "Cat";
    EXPECT_EQ(second["left"], 1) << "Ann bought again";
    EXPECT_EQ(people({"segment", "members", "x1", "--as-of", "2024-02-15"}), (Ids{"ann", "bob"}));
    EXPECT_EQ(people({"segment", "members", "x1", "--as-of", "2024-03-02"}), (Ids{"bob", "cat"}));
    EXPECT_EQ(shuke_.json({"segment", "members", "x1", "--as-of", "2024-01-01"})["count"], 0);
    const Json entered = shuke_.json({"segment", "entered", "x1", "--since", "2024-02-20"});
    EXPECT_EQ(entered["count"], 1);
    EXPECT_EQ(entered["entered"][0]["is_member"], true);
    fails({"segment", "refresh", "x1", "--as-of", "2024-02-20"}, "segment.refresh_order");
    EXPECT_EQ(shuke_.json({"segment", "refresh"})["segments"][0]["members"], 1) << "only Cat ordered once until now";
}

TEST_F(Segments, OneThatCannotBeRefreshedDoesNotKeepTheOthersFromIt) {
    shuke_.json({"segment", "save", "a1", "order_count >= 1"});
    shuke_.json({"segment", "save", "b1", "order_count >= 2"});
    shuke_.json({"segment", "refresh", "a1", "--as-of", "2024-04-01"});
    const Json all = shuke_.json({"segment", "refresh", "--as-of", "2024-03-31"}, 1)["segments"];
    EXPECT_EQ(all[0]["error"], "segment.refresh_order");
    EXPECT_EQ(all[1]["members"], 2);
}

TEST_F(Segments, MembershipFollowsAMergeAndComesBackWithASplit) {
    shuke_.json({"segment", "save", "x1", "order_count >= 2"});
    shuke_.json({"segment", "refresh", "--as-of", "2024-04-01"});
    ASSERT_EQ(shuke_.run({"customer", "merge", "bob", "ann"}).exit_code, 0);
    EXPECT_EQ(shuke_.json({"segment", "members", "x1", "--as-of", "2024-04-02"})["count"], 1);
    EXPECT_EQ(shuke_.json({"segment", "refresh"})["segments"][0]["left"], 0) << "the person is still in";
    ASSERT_EQ(shuke_.run({"customer", "split", "ann"}).exit_code, 0);
    EXPECT_EQ(shuke_.json({"segment", "members", "x1", "--as-of", "2024-04-02"})["count"], 2);
}

TEST_F(Segments, TheLibraryIsSavedByItsName) {
    const Json library = shuke_.json({"segment", "library"})["library"];
    ASSERT_GE(library.size(), 25u);
    for (const Json& one : library) {
        const Finished added =
            shuke_.run({"segment", "library", "--add", one["key"], "--name", "我的" + one["key"].get<std::string>()});
        EXPECT_EQ(added.exit_code, 0) << one["key"] << added.err;
    }
    EXPECT_EQ(shuke_.json({"segment", "library", "--add", "回头客"})["name"], "回头客");
    fails({"segment", "library", "--add", "nothing"}, "segment.not_in_library");
}

TEST_F(Segments, AListTakesAnyIdentifierAndKeepsWhatNamesNobody) {
    const std::string file =
        shuke_.write_file("fair.csv", "姓名,手机号\nAnn,13912345601\nBob,=\"139 1234 5602\"\nEve,13900000000\n,\n")
            .string();
    const Json report = shuke_.json({"list", "import", "展会", file}, 3);
    EXPECT_EQ(report["rows"], 4);
    EXPECT_EQ(report["column"], "手机号");
    EXPECT_EQ(report["named"], 2);
    EXPECT_EQ(report["unknown"], 1);
    EXPECT_EQ(report["empty"], 1);
    EXPECT_EQ(report["added"], 2);
    EXPECT_EQ(people({"list", "show", "展会"}), (Ids{"ann", "bob"}));
    const std::string unknown = (shuke_.folder() / "unknown.csv").string();
    ASSERT_EQ(shuke_.run({"list", "show", "展会", "--unknown", unknown, "--json"}).exit_code, 0);
    EXPECT_EQ(read_file(unknown), "identifier,reason,row\nphone:13900000000,unknown,3\n");
    shuke_.import("order_no,external_id,phone,amount\no9,eve,13900000000,5\n");
    EXPECT_EQ(shuke_.json({"list", "retry", "展会"})["added"], 1) << "she has bought meanwhile";
    EXPECT_EQ(people({"list", "show", "展会"}), (Ids{"ann", "bob", "eve"}));
    EXPECT_EQ(shuke_.json({"lists"})["lists"][0]["unknowns"], 0);
    // What came out can go in again.
    EXPECT_EQ(shuke_.json({"list", "import", "再试", unknown, "--column", "identifier"})["named"], 1);
}

TEST_F(Segments, AListWithoutAHeadingTriesEveryKind) {
    const auto bring = [&](const std::string& text, const Arguments& more = {}, int exit_code = 0) {
        Arguments arguments{"list", "import", "混合", shuke_.write_file("mixed.csv", text).string(), "--replace"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return shuke_.json(arguments, exit_code);
    };
    EXPECT_EQ(bring("13912345601\nbob@example.com\ncat\n")["added"], 3);
    EXPECT_EQ(bring("ann\nnick-nobody\n", {"--kind", "external_id"}, 3)["removed"], 2)
        << "who is not in the file leaves";
    EXPECT_EQ(people({"list", "show", "混合"}), Ids{"ann"});
    EXPECT_EQ(bring(encode("手机号\n13912345602\n", "GB18030"))["added"], 1);
    fails({"list", "import", "混合", shuke_.write_file("a.csv", "ann\n").string(), "--column", "手机"},
          "list.unknown_column");
    fails({"list", "import", "混合", shuke_.write_file("a.csv", "ann\n").string(), "--kind", "shoe"},
          "list.unknown_kind");
    fails({"list", "import", "混合", "no-such.csv"}, "file.not_found");
    fails({"list", "delete", "混合"}, "list.not_confirmed");
    ASSERT_EQ(shuke_.run({"list", "delete", "混合", "--yes"}).exit_code, 0);
    fails({"list", "show", "混合"}, "list.unknown");
}

TEST_F(Segments, NothingOfListsAndDefinitionsLiesInTheRecordInPlain) {
    shuke_.json({"list", "import", "展会", shuke_.write_file("a.csv", "phone\n13987654321\n").string()}, 3);
    shuke_.json({"segment", "save", "one", "external_id = ann"});
    shuke_.json({"segment", "save", "two", "external_id = \"PRIVATE-7781\""});
    shuke_.json({"tag", "rule", "add", "三", "external_id = \"PRIVATE-7781\""});
    for (const auto& entry : fs::recursive_directory_iterator(shuke_.data)) {
        const std::string bytes = read_file(entry.path());
        EXPECT_EQ(bytes.find("13987654321"), std::string::npos) << entry.path();
        EXPECT_EQ(bytes.find("PRIVATE-7781"), std::string::npos) << entry.path();
    }
}

TEST_F(Segments, TagsByHandAndByRuleDoNotUndoEachOther) {
    EXPECT_EQ(shuke_.json({"tag", "add", "常客", "13912345603", "dan"})["given"], 2);
    shuke_.json({"tag", "rule", "add", "常客", "purchase_count >= 2"});
    EXPECT_EQ(shuke_.json({"tag", "apply"})["rules"][0]["given"], 2);
    EXPECT_EQ(people({"tag", "show", "常客"}), (Ids{"ann", "bob", "cat", "dan"}));
    shuke_.json({"tag", "rule", "add", "常客", "purchase_count >= 3"});
    EXPECT_EQ(shuke_.json({"tag", "apply", "常客"})["rules"][0]["taken"], 1) << "Bob";
    EXPECT_EQ(shuke_.json({"tag", "remove", "常客", "--where", "province = 江苏"})["taken"], 2);
    EXPECT_EQ(people({"tag", "show", "常客"}), Ids{"ann"});
    EXPECT_EQ(shuke_.json({"tag", "rules"})["rules"][0]["expression"], "purchase_count >= 3");
    EXPECT_EQ(shuke_.json({"tag", "list"})["tags"][0]["by_rule"], 1);
    EXPECT_EQ(shuke_.json({"tag", "rule", "remove", "常客"})["taken"], 1);
    fails({"tag", "apply", "常客"}, "tag.no_rule");
    fails({"tag", "show", "新客"}, "tag.unknown");
    fails({"tag", "add", "常客"}, "tag.nobody_named");
    fails({"tag", "add", "常客", "nobody"}, "customer.not_found");
}

TEST_F(Segments, OverlapIsEverybodyOnce) {
    shuke_.json({"segment", "save", "回头客", "purchase_count >= 2"});
    const Json overlap = shuke_.json({"segment", "overlap", "回头客", "province = 浙江", "total_spent >= 300"});
    EXPECT_EQ(overlap["sets"][0]["customers"], 2);
    EXPECT_EQ(overlap["nobody"], 1) << "Dan";
    std::int64_t everybody = overlap["nobody"];
    for (const Json& region : overlap["regions"]) everybody += region["customers"].get<std::int64_t>();
    EXPECT_EQ(everybody, 4);
    EXPECT_EQ(overlap["pairs"][0]["both"], 2);
    EXPECT_EQ(overlap["pairs"][0]["jaccard"], 1.0);
    const std::string table = shuke_.run({"segment", "overlap", "回头客", "province = 浙江"}).out;
    EXPECT_NE(table.find("回头客 + province = 浙江"), std::string::npos) << table;
}

TEST_F(Segments, ADifferenceNamesTheConditionThatKeepsOut) {
    const std::string out = (shuke_.folder() / "diff.csv").string();
    const Json diff =
        shuke_.json({"segment", "diff", "order_count >= 1", "province = 浙江 and total_spent >= 200", "--out", out});
    EXPECT_EQ(diff["only_a"], 2) << "Bob spends too little, Cat lives elsewhere";
    EXPECT_EQ(diff["reason"]["parts"][0]["failed_alone"], 1);
    EXPECT_EQ(diff["reason"]["parts"][1]["failed_alone"], 1);
    const std::string ids = read_file(out);
    EXPECT_EQ(std::count(ids.begin(), ids.end(), '\n'), 3) << "a heading and two";
}

TEST_F(Segments, ABackTestChoosesWithWhatWasKnown) {
    const Json test = shuke_.json({"segment", "backtest", "order_count = 1", "--as-of", "2024-02-01", "--days", "20"});
    EXPECT_EQ(test["members"]["customers"], 2) << "Ann and Bob had ordered once each";
    EXPECT_EQ(test["members"]["buyers"], 1);
    EXPECT_EQ(test["members"]["net"], "100.00");
    EXPECT_EQ(test["rest"]["customers"], 0) << "Cat and Dan came later";
    EXPECT_EQ(test["is_complete"], true);
    fails({"segment", "backtest", "all customers", "--as-of", "2124-02-01"}, "segment.back_test_future");
    EXPECT_EQ(shuke_.run({"segment", "backtest", "all customers"}).exit_code, 2) << "the day is needed";
}

TEST_F(Segments, AComparisonsValuesCanBeAskedAsTheyStand) {
    const Json comparison = shuke_.json({"segment", "compare", "order_count >= 2", "--min-support", "1"});
    EXPECT_EQ(comparison["segment"], 2);
    bool found = false;
    for (const Json& value : comparison["values"]) {
        EXPECT_EQ(shuke_.count(value["expression"]), value["in_all"]) << value["expression"];
        if (value["value"] == "浙江") {
            found = true;
            EXPECT_EQ(value["lift"], 2.0);
        }
    }
    EXPECT_TRUE(found);
}

// The record's own tables, as SQL sees them.
class RealSegments : public testing::Test {
protected:
    RealSegments() {
        const fs::path file = example("online-retail/online_retail.csv.zst");
        shuke_.json({"import", file.string(), "--format", "online-retail"});
    }
    Shuke shuke_;
};

TEST_F(RealSegments, ABackTestAgreesWithSqlOverTheRecord) {
    const Json test = shuke_.json({"segment", "backtest", "order_count >= 3", "--as-of", "2011-09-01", "--days", "30"});
    Sql sql((shuke_.data / "shuke.db").string());
    // London is an hour ahead of UTC in September: 2011-08-31T23:00:00Z.
    const std::string members =
        "WITH before AS (SELECT customer_id, count(*) AS orders FROM orders o WHERE customer_id IS NOT NULL AND "
        "paid_at "
        "<= 1314831600000000 AND coalesce(amount, lines_amount) > coalesce((SELECT sum(r.amount) FROM refunds r WHERE "
        "r.order_id = o.id AND r.asked_at <= 1314831600000000), -1) GROUP BY customer_id HAVING count(*) >= 3), later "
        "AS "
        "(SELECT o.* FROM orders o JOIN before b ON b.customer_id = o.customer_id WHERE o.paid_at >= 1314831601000000 "
        "AND "
        "o.paid_at < 1317423602000000) ";
    EXPECT_EQ(test["members"]["customers"].dump(), sql.value(members + "SELECT count(*) FROM before"));
    EXPECT_EQ(test["members"]["buyers"].dump(), sql.value(members + "SELECT count(DISTINCT customer_id) FROM later"));
    EXPECT_EQ(test["members"]["orders"].dump(), sql.value(members + "SELECT count(*) FROM later"));
    const auto pence = [](const Json& text) { return std::llround(std::stod(text.get<std::string>()) * 100); };
    EXPECT_EQ(std::to_string(pence(test["members"]["revenue"])),
              sql.value(members + "SELECT sum(coalesce(amount, lines_amount)) FROM later"));
    EXPECT_EQ(std::to_string(pence(test["members"]["refunds"])),
              sql.value(members + "SELECT coalesce(sum(r.amount), 0) FROM refunds r JOIN later l ON l.id = r.order_id "
                                  "WHERE r.asked_at < 1317423602000000"));
}

TEST_F(RealSegments, MonthlyHistoryAgreesWithAskingAsOfEachMonth) {
    shuke_.json({"segment", "save", "x1", "lifecycle = sleeping"});
    std::map<std::string, std::set<std::string>> asked;
    for (const char* month : {"2011-06-01", "2011-07-01", "2011-08-01", "2011-09-01"}) {
        shuke_.json({"segment", "refresh", "--as-of", month});
        for (const auto& id : shuke_.list("lifecycle = sleeping", "id", month)) asked[month].insert(id);
    }
    for (const auto& [month, ids] : asked) {
        const Json recorded = shuke_.json({"segment", "members", "x1", "--as-of", month});
        EXPECT_EQ(recorded["count"], ids.size()) << month;
    }
    // Who entered in August is who was sleeping on the first and not a month before.
    const Json entered = shuke_.json({"segment", "entered", "x1", "--since", "2011-07-15"});
    std::int64_t expected = 0;
    for (const char* month : {"2011-08-01", "2011-09-01"}) {
        const auto& before = asked[month == std::string("2011-08-01") ? "2011-07-01" : "2011-08-01"];
        for (const auto& id : asked[month]) expected += before.contains(id) ? 0 : 1;
    }
    EXPECT_EQ(entered["count"], expected);
    EXPECT_GT(expected, 100);
}

}  // namespace
