// Aim: a snapshot gives back the very Version that was written, or says why not; a crash while writing costs nothing.
#include "audience/snapshot.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include <fstream>

#include "audience/builder.h"
#include "audience/engine/snapshot_format.h"
#include "audience/evaluate.h"
#include "audience/testing/random_expression.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

namespace fs = std::filesystem;
using testing::ExpressionMaker;
using testing::FactWorld;
using testing::WorldMaker;

class SnapshotTest : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("shuke-snapshot-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path file() const { return folder_ / "audience.snapshot"; }
    KeyRing keys() const { return KeyRing::from({1, 2, 3}); }
    SnapshotOrigin origin(std::int64_t change = 17) const { return {"record 1", "CNY", change}; }

    std::string content() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void set_content(const std::string& bytes) const { std::ofstream(file(), std::ios::binary) << bytes; }
    std::string error_of_opening() const {
        const auto opened = open_snapshot(file(), keys());
        return opened ? "" : opened.error().key;
    }

    fs::path folder_;
};

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

void expect_same(const Version& got, const Version& expected, const FactWorld& world, std::uint64_t seed) {
    ASSERT_EQ(got.customers(), expected.customers());
    EXPECT_EQ(got.facts().lines, expected.facts().lines);
    EXPECT_EQ(got.guest_facts().orders, expected.guest_facts().orders);
    EXPECT_EQ(got.config().zone, expected.config().zone);
    EXPECT_EQ(got.config().lifecycle, expected.config().lifecycle);
    WorldMaker maker(seed);
    ExpressionMaker expressions(seed);
    for (int i = 0; i < 6; ++i) {
        const Expression expression = expressions.expression(3);
        const auto bound = bind(expression, testing::bind_options(world));
        ASSERT_TRUE(bound.has_value());
        const Instant as_of = maker.as_of(world);
        ASSERT_EQ(ids_of(got, evaluate(got, *bound, as_of)), ids_of(expected, evaluate(expected, *bound, as_of)))
            << "seed " << seed << " as of " << format_iso(as_of) << ": " << print(expression);
    }
}

TEST_F(SnapshotTest, WhatWasWrittenAnswersAsBefore) {
    WorkerPool pool(2);
    for (std::uint64_t seed = 1; seed <= 60 && !HasFatalFailure(); ++seed) {
        const FactWorld world = WorldMaker(seed).make(seed % 10 == 0 ? 2500 : static_cast<int>(seed % 10));
        const auto version = testing::build(world);
        ASSERT_TRUE(write_snapshot(*version, origin(), keys(), file()).has_value());
        const auto opened = open_snapshot(file(), keys(), &pool);
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        EXPECT_EQ(opened->origin, origin());
        expect_same(*opened->version, *version, world, seed);
    }
}

TEST_F(SnapshotTest, WhoChangedSinceIsReplacedOnTopOfIt) {
    const FactWorld world = WorldMaker(30).make(2500);
    ASSERT_TRUE(write_snapshot(*testing::build(world), origin(), keys(), file()).has_value());
    auto opened = open_snapshot(file(), keys());
    ASSERT_TRUE(opened.has_value());
    const CustomerFact someone = world.customers[1200];
    Builder builder = Builder::on(opened->version, {someone.id, world.customers[7].id});
    builder.add_customer(someone);
    const auto version = builder.build();
    opened = {};
    EXPECT_EQ(version->customers(), world.customers.size() - 1);
    // Refreshed, written and opened again: dead slots stay dead.
    ASSERT_TRUE(write_snapshot(*version, origin(18), keys(), file()).has_value());
    const auto again = open_snapshot(file(), keys());
    ASSERT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(again->origin.change, 18);
    expect_same(*again->version, *version, world, 3);
}

TEST_F(SnapshotTest, TextsAreNotReadableInIt) {
    const FactWorld world = WorldMaker(30).make(200);
    ASSERT_TRUE(write_snapshot(*testing::build(world), origin(), keys(), file()).has_value());
    EXPECT_EQ(content().find("浙江"), std::string::npos);
    EXPECT_EQ(content().find("大客户"), std::string::npos);
    const auto other = open_snapshot(file(), KeyRing::from({9}));
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().key, "key.wrong");
}

TEST_F(SnapshotTest, AMissingATruncatedAndADamagedFileAreRefused) {
    EXPECT_EQ(error_of_opening(), "snapshot.missing");
    ASSERT_TRUE(write_snapshot(*testing::build(WorldMaker(5).make(40)), origin(), keys(), file()).has_value());
    const std::string whole = content();
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
        set_content(whole.substr(0, size));
        EXPECT_EQ(error_of_opening(), "snapshot.damaged") << size << " of " << whole.size();
    }
    set_content(whole + "x");
    EXPECT_EQ(error_of_opening(), "snapshot.damaged");
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 501) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        set_content(bytes);
        const std::string error = error_of_opening();
        EXPECT_TRUE(error == "snapshot.damaged" || (at >= 8 && at < 12 && error == "snapshot.format"))
            << "byte " << at << ": " << error;
    }
}

TEST_F(SnapshotTest, AnotherFormatIsSaidToBeOne) {
    ASSERT_TRUE(write_snapshot(*testing::build(WorldMaker(5).make(4)), origin(), keys(), file()).has_value());
    std::string bytes = content();
    bytes[8] = static_cast<char>(kSnapshotFormat + 1);
    set_content(bytes);
    EXPECT_EQ(error_of_opening(), "snapshot.format");
}

TEST_F(SnapshotTest, AFolderThatIsNotThereIsAnErrorThatSaysWhatToDo) {
    const auto written =
        write_snapshot(*testing::build(WorldMaker(5).make(4)), origin(), keys(), folder_ / "none" / "x.snapshot");
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().key, "snapshot.unwritable");
}

// A process that does nothing but write snapshots is killed again and again, whenever it likes.
TEST_F(SnapshotTest, AKilledWriterLeavesTheFormerSnapshotOrTheNewOne) {
    const char* wanted = std::getenv("SHUKE_CRASH_KILLS");
    const int kills = wanted == nullptr ? 8 : std::atoi(wanted);
    const FactWorld world = WorldMaker(30).make(3000);
    const auto version = testing::build(world);
    ASSERT_TRUE(write_snapshot(*version, origin(0), keys(), file()).has_value());
    std::int64_t seen = 0, partial = 0;
    for (int kill_number = 0; kill_number < kills; ++kill_number) {
        const ::pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            for (std::int64_t change = seen + 1;; ++change)
                (void)write_snapshot(*version, origin(change), keys(), file());
        }
        ::usleep(static_cast<::useconds_t>(20'000 + kill_number * 7'919 % 60'000));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        for (const auto& entry : fs::directory_iterator(folder_)) partial += entry.path() == file() ? 0 : 1;
        const auto opened = open_snapshot(file(), keys());
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        EXPECT_GE(opened->origin.change, seen);
        seen = opened->origin.change;
    }
    EXPECT_GT(seen, 0) << "no writer ever finished: the kills came too early to show anything";
    EXPECT_GT(partial, 0) << "no writer was ever killed in the middle";
    const auto opened = open_snapshot(file(), keys());
    ASSERT_TRUE(opened.has_value());
    expect_same(*opened->version, *version, world, 8);
}

}  // namespace
}  // namespace shuke::audience
