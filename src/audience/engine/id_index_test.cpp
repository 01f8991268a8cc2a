// Aim: ids and texts are found again, whatever order they came in. Method: random ids against a map; single cases.
#include "audience/engine/id_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "audience/engine/dictionary.h"

namespace shuke::audience {
namespace {

RC_GTEST_PROP(IdIndexModel, FindsWhatWasAddedAndNothingElse, (bool ascending)) {
    const auto gap = *rc::gen::element<std::int64_t>(1, 3, 1'000'000);
    auto ids = *rc::gen::unique<std::vector<std::int64_t>>(
        rc::gen::map(rc::gen::inRange<std::int64_t>(-50, 400), [=](std::int64_t x) { return x * gap; }));
    if (ascending) std::ranges::sort(ids);
    IdIndex index;
    for (std::uint32_t i = 0; i < ids.size(); ++i) {
        RC_ASSERT(index.add(ids[i]) == i);
        RC_ASSERT(index.find(ids[i / 2]) == i / 2);  // looking up goes on while adding
    }
    const std::set<std::int64_t> known(ids.begin(), ids.end());
    for (int round = 0; round < 3; ++round) {
        for (std::uint32_t i = 0; i < ids.size(); ++i) {
            RC_ASSERT(index.find(ids[i]) == i);
            if (!known.contains(ids[i] + 1)) RC_ASSERT(index.find(ids[i] + 1) == IdIndex::kNone);
        }
    }
}

TEST(IdIndex, TheSameIdTwiceIsABug) {
    IdIndex ascending;
    ascending.add(1);
    EXPECT_THROW(ascending.add(1), Bug);
    IdIndex mixed;
    mixed.add(5);
    mixed.add(3);
    EXPECT_THROW(mixed.add(5), Bug);
}

TEST(Dictionary, GivesEveryTextOneCodeFromOneOn) {
    Dictionary texts;
    EXPECT_EQ(texts.add(""), 0u);
    EXPECT_EQ(texts.add("浙江"), 1u);
    for (int i = 0; i < 2000; ++i) EXPECT_EQ(texts.add("text " + std::to_string(i)), static_cast<std::uint32_t>(i) + 2);
    EXPECT_EQ(texts.add("浙江"), 1u);
    for (int i = 0; i < 2000; ++i)
        EXPECT_EQ(texts.find("text " + std::to_string(i)), static_cast<std::uint32_t>(i) + 2);
    EXPECT_EQ(texts.find("nowhere"), 0u);
    EXPECT_EQ(texts.text(1), "浙江");
    EXPECT_EQ(texts.text(0), "");
}

}  // namespace
}  // namespace shuke::audience
