// Aim     our own format, CSV and NDJSON: every state of an order, rows in any order and split over files, money in
//         several currencies, what is wrong with a row, and what scripts read from the answers.
// Method  small files written here, imported into fresh data folders; answers of segment, customer and rfm.

#include <algorithm>
#include <numeric>

#include "shuke_program.h"

namespace {

using namespace product;
using Ids = std::vector<std::string>;

const std::string kStates =
    "order_no,external_id,name,phone,status,created_at,paid_at,shipped_at,signed_at,finished_at,closed_at,amount,"
    "refunded,product,quantity,price\n"
    "o1,created,,,created,2024-03-01 10:00,,,,,,50,,tea,1,50\n"
    "o2,paid,,,paid,2024-03-01 10:00,2024-03-01 10:05,,,,,50,,tea,1,50\n"
    "o3,shipped,,,shipped,2024-03-01 10:00,2024-03-01 10:05,2024-03-02 09:00,,,,50,,tea,1,50\n"
    "o4,signed,,,signed,2024-03-01 10:00,2024-03-01 10:05,2024-03-02 09:00,2024-03-04 18:00,,,50,20,tea,1,50\n"
    "o5,finished,,,finished,2024-03-01 10:00,2024-03-01 10:05,2024-03-02 09:00,2024-03-04 18:00,2024-03-14 "
    "18:00,,50,,tea,1,50\n"
    "o6,closed unpaid,,,closed,2024-03-01 10:00,,,,,2024-03-02 10:00,50,,tea,1,50\n"
    "o7,closed paid,,,closed,2024-03-01 10:00,2024-03-01 10:05,,,,2024-03-02 10:00,50,50,tea,1,50\n"
    "o8,,Guest,13912345670,paid,2024-03-01 10:00,2024-03-01 10:05,,,,,50,,tea,1,50\n"
    "o9,,Nobody,,paid,2024-03-01 10:00,2024-03-01 10:05,,,,,50,,tea,1,50\n";

TEST(Native, EachStateIsKeptWithItsTimes) {
    Shuke shuke;
    const Json report = shuke.import(kStates);
    EXPECT_EQ(report["orders"], 9);
    EXPECT_EQ(report["refunds"], 2);
    EXPECT_EQ(report["customers"], 8) << "seven with an id and a guest with a phone; the ninth stays a guest";
    const auto as_of = [&](const std::string& expression) {
        return shuke.list(expression, "external_id", "2024-04-01");
    };
    EXPECT_EQ(as_of("any(orders where status = created)"), Ids{"created"});
    EXPECT_EQ(as_of("any(orders where status = closed)"), (Ids{"closed paid", "closed unpaid"}));
    EXPECT_EQ(as_of("any(orders where not paid)"), (Ids{"closed unpaid", "created"}))
        << "who has not paid is a customer as well";
    EXPECT_EQ(as_of("any(orders where paid and not kept)"), Ids{"closed paid"}) << "wholly refunded";
    EXPECT_EQ(as_of("any(refunds where amount = 20)"), Ids{"signed"});
    const Json order = shuke.customer("finished")["timeline"][0];
    EXPECT_EQ(order["status"], "finished");
    EXPECT_EQ(order["at"], "2024-03-01T02:00:00Z") << "10:00 in Shanghai";
    EXPECT_EQ(order["paid_at"], "2024-03-01T02:05:00Z");
    EXPECT_EQ(order["shipped_at"], "2024-03-02T01:00:00Z");
    EXPECT_EQ(order["signed_at"], "2024-03-04T10:00:00Z");
    EXPECT_EQ(order["finished_at"], "2024-03-14T10:00:00Z");
    EXPECT_TRUE(order["closed_at"].is_null());
    // As of an earlier day what came later has not happened yet.
    EXPECT_EQ(shuke.list("any(orders where status = finished)", "external_id", "2024-03-10"), Ids{});
    EXPECT_EQ(shuke.list("any(orders where status = shipped)", "external_id", "2024-03-03"),
              (Ids{"finished", "shipped", "signed"}));
}

TEST(Native, RefundsLowerWhatACustomerIsWorth) {
    Shuke shuke;
    shuke.import(kStates);
    const auto total = [](const Json& rfm) {
        return rfm["monetary"]["mean"].get<double>() * rfm["customers"].get<double>();
    };
    const Json gross = shuke.rfm({"--basis", "gross", "--as-of", "2024-04-01"});
    EXPECT_EQ(gross["customers"], 6);
    EXPECT_NEAR(total(gross), 300, 0.001);
    const Json net = shuke.rfm({"--basis", "net", "--as-of", "2024-04-01"});
    EXPECT_EQ(net["customers"], 5);
    EXPECT_NEAR(total(net), 230, 0.001);
}

// One order as four exports have seen it, each newer than the one before. Numbers and lines change on the way.
Ids exports_of_one_order(const Shuke& shuke, bool with_update_times) {
    const std::string heading =
        "order_no,external_id,status,created_at,paid_at,shipped_at,finished_at,amount,refunded,refunded_at,channel,"
        "line_no,product,quantity,price";
    const Ids rows{
        "o1,ann,created,2024-01-10 10:00,,,,100,,,app,1,tea,2,50",
        "o1,ann,paid,2024-01-10 10:00,2024-01-10 11:00,,,90,,,app,1,tea,2,45",
        "o1,ann,shipped,2024-01-10 10:00,2024-01-10 11:00,2024-01-11 09:00,,90,10,2024-01-11 09:00,app,1,tea,2,45",
        "o1,ann,finished,2024-01-10 10:00,2024-01-10 11:00,2024-01-11 09:00,2024-01-13 10:00,90,45,2024-01-13 "
        "10:00,app,1,tea,1,45"};
    const Ids times{"2024-01-10 10:00", "2024-01-10 11:00", "2024-01-11 09:00", "2024-01-13 10:00"};
    Ids files;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string text = with_update_times ? heading + ",updated_at\n" + rows[i] + "," + times[i] + "\n"
                                                   : heading + "\n" + rows[i] + "\n";
        files.push_back(shuke.write_file("export" + std::to_string(i) + ".csv", text).string());
    }
    return files;
}

// Imports the files in every order; each must leave the same customer.
void expect_same_in_every_order(const Ids& files, const std::string& who) {
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Json first;
    do {
        Shuke fresh;
        Arguments arguments{"import"};
        std::string shown;
        for (const std::size_t i : order) {
            arguments.push_back(files[i]);
            shown += " " + std::to_string(i);
        }
        ASSERT_EQ(fresh.run(arguments).exit_code, 0);
        const Json customer = without_ids(fresh.customer(who));
        if (first.is_null()) first = customer;
        EXPECT_EQ(customer["timeline"].dump(1), first["timeline"].dump(1)) << "imported in the order" << shown;
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Native, AnOrderEndsInItsNewestStateWhateverOrderItsExportsComeIn) {
    for (const bool with_update_times : {true, false}) {
        Shuke shuke;
        Ids files = exports_of_one_order(shuke, with_update_times);
        if (!with_update_times) files.erase(files.begin() + 1);  // 6 orders in place of 24
        expect_same_in_every_order(files, "ann");
        shuke.json({"import", files.back(), files[0]});
        const Json timeline = shuke.customer("ann")["timeline"];
        EXPECT_EQ(timeline[0]["status"], "finished");
        EXPECT_EQ(timeline[0]["amount"], "90.00");
        EXPECT_EQ(timeline[0]["lines"][0]["quantity"], "1");
        EXPECT_EQ(timeline[1]["amount"], "45.00");
    }
}

TEST(Native, WhatANewerExportLeavesEmptyIsTheNewestThatWasSaid) {
    Shuke shuke;
    const std::string heading =
        "order_no,external_id,status,created_at,paid_at,updated_at,amount,channel,line_no,product,quantity,price\n";
    const Ids rows{"o1,ann,created,2024-01-10 10:00,,2024-01-10 10:00,100,app,1,tea,1,100\n",
                   "o1,ann,created,2024-01-10 10:00,,2024-01-10 10:30,90,web,1,tea,1,90\n",
                   "o1,ann,paid,2024-01-10 10:00,2024-01-10 11:00,2024-01-10 11:00,,,,,,\n"};
    Ids files;
    for (const auto& row : rows)
        files.push_back(shuke.write_file("partial" + std::to_string(files.size()) + ".csv", heading + row).string());
    expect_same_in_every_order(files, "ann");
}

TEST(Native, ARefundTakenBackIsNoRefund) {
    Shuke shuke;
    const std::string heading = "order_no,external_id,status,created_at,paid_at,updated_at,amount,refunded\n";
    Ids files;
    for (const char* end : {"10:00,100,0\n", "12:00,100,40\n", "14:00,100,0\n"}) {
        files.push_back(shuke
                            .write_file("refund" + std::to_string(files.size()) + ".csv",
                                        heading + "o1,ann,paid,2024-01-10 10:00,2024-01-10 10:00,2024-01-10 " + end)
                            .string());
    }
    expect_same_in_every_order(files, "ann");
    shuke.json({"import", files[0], files[1], files[2]});
    EXPECT_EQ(shuke.count("any(refunds)"), 0);
}

TEST(Native, ALineWithANumberIsReplacedByANewerExportAndNotByAnOlderOne) {
    Shuke shuke;
    const std::string heading =
        "order_no,external_id,status,created_at,paid_at,updated_at,line_no,product,quantity,price\n";
    shuke.import(heading +
                 "o1,ann,paid,2024-01-10,2024-01-10,2024-01-12,1,tea,2,10\no1,ann,paid,2024-01-10,2024-01-10,2024-01-"
                 "12,2,cup,1,5\n");
    const Json newer = shuke.import(heading + "o1,ann,paid,2024-01-10,2024-01-10,2024-01-13,2,cup,3,5\n");
    EXPECT_EQ(newer["imported"], 1);
    EXPECT_EQ(newer["lines"], 1);
    EXPECT_EQ(shuke.customer("ann")["timeline"][0]["amount"], "35.00") << "the sum of its lines";
    const Json older = shuke.import(heading + "o1,ann,paid,2024-01-10,2024-01-10,2024-01-11,2,cup,9,5\n");
    EXPECT_EQ(older["lines"], 0);
    const Json lines = shuke.customer("ann")["timeline"][0]["lines"];
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[1]["quantity"], "3");
}

TEST(Native, EqualRowsAreSeveralLinesAndStaySoWhenImportedAgain) {
    Shuke shuke;
    const std::string text =
        "order_no,external_id,paid_at,product,quantity,price\no1,ann,2024-01-10,tea,1,10\no1,ann,2024-01-10,tea,1,"
        "10\no1,ann,2024-01-10,cup,1,5\n";
    EXPECT_EQ(shuke.import(text)["lines"], 3);
    const Json again = shuke.import(text);
    EXPECT_EQ(again["unchanged"], 3);
    EXPECT_EQ(again["lines"], 0);
    EXPECT_EQ(shuke.import(text + "o1,ann,2024-01-10,tea,1,10\n")["imported"], 1) << "a third one is new";
    EXPECT_EQ(shuke.list("sum(orders.amount) = 35"), Ids{"ann"});
}

TEST(Native, RowsOfAnOrderMayBeScatteredOverALongFile) {
    Shuke shuke;
    std::string text = "order_no,external_id,paid_at,product,quantity,price\nfar,ann,2024-01-10,first,1,10\n";
    for (int i = 0; i < 60'000; ++i) {
        text += "o" + std::to_string(i) + ",c" + std::to_string(i % 500) + ",2024-01-11,tea,1,2\n";
        if (i == 30'000) text += "far,ann,2024-01-10,middle,1,20\n";
    }
    text += "far,ann,2024-01-10,first,1,10\nfar,ann,2024-01-10,last,1,30\n";
    const Json report = shuke.import(text);
    EXPECT_EQ(report["imported"], 60'004);
    EXPECT_EQ(report["orders"].get<int>() >= 60'001, true);
    const Json order = shuke.customer("ann")["timeline"][0];
    EXPECT_EQ(order["lines"].size(), 4u);
    EXPECT_EQ(order["amount"], "70.00");
    EXPECT_EQ(shuke.import(text)["unchanged"], 60'004);
    EXPECT_EQ(shuke.customer("ann")["timeline"][0], order);
}

TEST(Native, TimesWithoutOffsetAreInTheZoneThatIsNamed) {
    const std::string text =
        "order_no,external_id,created_at\no1,plain,2024-01-10 "
        "10:00\no2,offset,2024-01-10T10:00:00+02:00\no3,zulu,2024-01-10T10:00:00Z\n"
        "o4,gap,2024-03-10 02:30\no5,midnight,2024-01-10\n";
    Shuke shanghai, new_york;
    shanghai.import(text);
    new_york.import(text, {"--timezone", "America/New_York"});
    const auto at = [](const Shuke& shuke, const char* who) {
        return shuke.customer(who)["timeline"][0]["at"].get<std::string>();
    };
    EXPECT_EQ(at(shanghai, "plain"), "2024-01-10T02:00:00Z");
    EXPECT_EQ(at(new_york, "plain"), "2024-01-10T15:00:00Z");
    EXPECT_EQ(at(new_york, "offset"), "2024-01-10T08:00:00Z");
    EXPECT_EQ(at(new_york, "zulu"), "2024-01-10T10:00:00Z");
    EXPECT_EQ(at(new_york, "gap"), "2024-03-10T07:30:00Z") << "an hour that the clocks skip lies an hour later";
    EXPECT_EQ(at(shanghai, "midnight"), "2024-01-09T16:00:00Z");
    EXPECT_EQ(shanghai.list("any(orders on 2024-01-10)"), (Ids{"midnight", "offset", "plain", "zulu"}))
        << "days are the shop's";
    EXPECT_EQ(new_york.list("any(orders where hour = 5)"), Ids{"zulu"}) << "so are hours";
}

TEST(Native, AmountsInOtherCurrenciesCountAtTheirDaysRate) {
    Shuke shuke;
    const Json report = shuke.import(
        "order_no,external_id,created_at,paid_at,currency,amount,refunded,refunded_at,product,quantity,price\n"
        "c1,ann,2024-01-10,2024-01-10,CNY,100,,,tea,1,100\n"
        "e1,bob,2024-01-10,2024-01-10,EUR,10.01,5,2024-02-10,tea,1,10.01\n"
        "e2,cat,2024-02-10,2024-02-10,eur,10.01,,,tea,1,10.01\n"
        "j1,dan,2024-02-10,2024-02-10,JPY,1234.6,,,tea,1,1234.6\n"
        "x1,eve,2024-02-10,2024-02-10,XXQ,10,,,tea,1,10\n",
        {}, 3);
    EXPECT_EQ(report["rejected"], 1);
    EXPECT_EQ(report["files"][0]["first_rejected"][0]["problem"], "currency.unknown");
    Ids without_rate = report["files"][0]["currencies_without_rate"];
    std::sort(without_rate.begin(), without_rate.end());
    EXPECT_EQ(without_rate, (Ids{"EUR", "JPY"}));
    // Without a rate an amount is missing: neither zero nor anything else.
    EXPECT_EQ(shuke.list("any(orders where amount is missing)"), (Ids{"bob", "cat", "dan"}));
    EXPECT_EQ(shuke.list("any(orders where amount < 1000000)"), Ids{"ann"});

    ASSERT_EQ(shuke.run({"rate", "set", "EUR", "2024-01-01", "7.5"}).exit_code, 0);
    ASSERT_EQ(shuke.run({"rate", "set", "EUR", "2024-02-01", "7.85"}).exit_code, 0);
    EXPECT_EQ(shuke.list("any(orders where amount is missing)"), Ids{"dan"});
    EXPECT_EQ(shuke.list("sum(orders.amount) = 75.08"), Ids{"bob"}) << "75.075, half away from zero";
    EXPECT_EQ(shuke.list("sum(orders.amount) = 78.58"), Ids{"cat"}) << "a later day has its own rate";
    EXPECT_EQ(shuke.list("sum(refunds.amount) = 37.50"), Ids{"bob"}) << "a refund goes at the rate of its order's day";
    EXPECT_EQ(shuke.customer("dan")["timeline"][0]["amount"], "1235") << "yen have no decimals";
    EXPECT_EQ(shuke.run({"rate", "set", "CNY", "2024-01-01", "1"}).exit_code, 1);
    EXPECT_EQ(shuke.json({"rate", "list"}).size(), 2u);
}

TEST(Native, SeveralFilesInOneCommandAddUp) {
    Shuke shuke;
    const std::string heading = "order_no,external_id,paid_at,amount\n";
    const auto first =
        shuke.write_file("first.csv", heading + "o1,ann,2024-01-10,1\no2,bob,2024-01-10,2\nbad,bob,yesterday,2\n");
    const auto second = shuke.write_file("second.csv", heading + "o1,ann,2024-01-10,1\no3,cat,2024-01-10,3\n");
    const Json report = shuke.json({"import", first.string(), second.string()}, 3);
    ASSERT_EQ(report["files"].size(), 2u);
    for (const char* number :
         {"rows", "imported", "unchanged", "adjustments", "rejected", "orders", "lines", "refunds", "customers"}) {
        EXPECT_EQ(report[number], report["files"][0][number].get<int>() + report["files"][1][number].get<int>())
            << number;
    }
    EXPECT_EQ(report["rows"], 5);
    EXPECT_EQ(report["imported"].get<int>() + report["unchanged"].get<int>() + report["adjustments"].get<int>() +
                  report["rejected"].get<int>(),
              5);
    EXPECT_EQ(report["unchanged"], 1);
    EXPECT_GT(report["seconds"].get<double>(), 0);
}

TEST(Native, ADryRunReportsEverythingAndKeepsNothing) {
    Shuke shuke;
    const auto file = shuke.write_file("states.csv", kStates).string();
    const Json trial = shuke.json({"import", file, "--dry-run"});
    EXPECT_EQ(trial["dry_run"], true);
    EXPECT_EQ(trial["orders"], 9);
    EXPECT_FALSE(fs::exists(shuke.data));

    shuke.import("order_no,external_id,amount\no1,created,1\nz1,zoe,5\n");
    const Json before = shuke.json({"segment", "count", "all customers"});
    const Json zoe = shuke.customer("zoe");
    const Json second_trial = shuke.json({"import", file, "--dry-run"});
    EXPECT_EQ(second_trial["orders"], 9) << "o1 would change, eight would be new";
    EXPECT_EQ(shuke.json({"segment", "count", "all customers"})["version"], before["version"]);
    EXPECT_EQ(shuke.count("all customers"), 2);
    EXPECT_EQ(shuke.customer("zoe"), zoe);
    EXPECT_EQ(shuke.json({"imports"}).size(), 1u);
}

TEST(Native, RejectedRowsComeOutAreCorrectedAndImported) {
    Shuke shuke;
    const std::string good =
        "order_no,external_id,name,created_at,status,product,quantity,price\n"
        "o1,ann,\"Ann, B.\",2024-01-10,paid,tea,1,10\n"
        "o2,bob,\"Bob \"\"the\"\" Cat\",2024-01-11,paid,\"two\nlines\",2,10\n"
        "o3,cat,猫先生,2024-01-12,paid,tea,3,10\n";
    std::string bad = replaced(good, "2024-01-11,paid", "2024-01-11,pade");
    bad = replaced(bad, "2024-01-12", "2024-31-12");
    const std::string rejects = (shuke.folder() / "rejects.csv").string();
    const Json report = shuke.json({"import", shuke.write_file("bad.csv", bad).string(), "--rejects", rejects}, 3);
    EXPECT_EQ(report["rejected"], 2);
    const Json rejected = report["files"][0]["first_rejected"];
    EXPECT_EQ(rejected[0]["line"], 3);
    EXPECT_EQ(rejected[0]["column"], "status");
    EXPECT_EQ(rejected[0]["problem"], "status.unknown");
    EXPECT_NE(rejected[0]["reason"].get<std::string>().find("'paid'?"), std::string::npos) << "suggests the nearest";
    EXPECT_EQ(rejected[1]["line"], 5) << "the row before it has two lines";
    EXPECT_EQ(rejected[1]["column"], "created_at");

    const std::string out = (shuke.folder() / "out.csv").string();
    ASSERT_EQ(shuke.run({"rejected", std::to_string(report["files"][0]["import"].get<int>()), "--out", out}).exit_code,
              0);
    EXPECT_EQ(read_file(out), read_file(rejects));
    const Json corrected = shuke.import(replaced(replaced(read_file(out), "pade", "paid"), "2024-31-12", "2024-01-12"));
    EXPECT_EQ(corrected["imported"], 2);
    Shuke right;
    right.import(good);
    for (const char* who : {"ann", "bob", "cat"})
        EXPECT_EQ(without_ids(shuke.customer(who)), without_ids(right.customer(who))) << who;
    EXPECT_EQ(shuke.run({"rejected", "99"}).exit_code, 1) << "no such import";
}

TEST(Native, ExitCodesTellScriptsWhatHappened) {
    Shuke shuke;
    const auto good = shuke.write_file("good.csv", "order_no,external_id\no1,ann\n").string();
    const auto bad = shuke.write_file("bad.csv", "order_no,external_id\n,ann\n").string();
    EXPECT_EQ(shuke.run({"import", good}).exit_code, 0);
    EXPECT_EQ(shuke.run({"import", bad}).exit_code, 3);
    EXPECT_EQ(shuke.run({"import", good, bad, good}).exit_code, 3);
    for (const Arguments& failing :
         {Arguments{"import", "not-there.csv"}, Arguments{"import", good, "--currency", "ZZZ"},
          Arguments{"import", good, "--timezone", "Mars/Olympus"}, Arguments{"segment", "count", "count(orders) >="},
          Arguments{"customer", "show", "nobody"}, Arguments{"settings", "set", "no.such", "1"}}) {
        const Finished finished = shuke.run(failing);
        EXPECT_EQ(finished.exit_code, 1) << failing[0] << " " << failing[1];
        EXPECT_NE(finished.err.find("shuke: "), std::string::npos);
        EXPECT_EQ(finished.err.find("what()"), std::string::npos);
    }
    for (const Arguments& wrong :
         {Arguments{}, Arguments{"frobnicate"}, Arguments{"import"}, Arguments{"import", good, "--format", "weird"},
          Arguments{"segment", "count"}, Arguments{"insight", "rfm", "--basis", "middling"},
          Arguments{"import", good, "--no-such-option"}}) {
        EXPECT_EQ(shuke.run(wrong).exit_code, 2) << (wrong.empty() ? "(nothing)" : wrong[0]);
    }
    EXPECT_EQ(shuke.run({"--help"}).exit_code, 0);
    EXPECT_EQ(shuke.run({"--version"}).exit_code, 0);
}

}  // namespace
