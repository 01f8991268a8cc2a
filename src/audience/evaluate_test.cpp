// Aim: the engine and the naive evaluator choose the same customers, whatever is asked of whatever data.
// Method: random worlds, expressions and instants. SHUKE_CASES=N asks for more worlds than the usual 3,000.
#include "audience/evaluate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>

#include "audience/testing/naive_evaluator.h"
#include "audience/testing/random_expression.h"

namespace shuke::audience {
namespace {

using testing::ExpressionMaker;
using testing::FactWorld;
using testing::NaiveEvaluator;
using testing::WorldMaker;

constexpr int kExpressionsPerWorld = 12;

int worlds_to_try() {
    const char* wanted = std::getenv("SHUKE_CASES");
    return wanted == nullptr ? 3000 : std::atoi(wanted);
}

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

TEST(EvaluateModel, RandomExpressionsAgreeWithTheRowByRowLoop) {
    std::size_t chosen = 0;
    std::size_t asked = 0;
    for (int seed = 1; seed <= worlds_to_try(); ++seed) {
        WorldMaker maker(static_cast<std::uint64_t>(seed));
        ExpressionMaker expressions(static_cast<std::uint64_t>(seed) * 7919);
        const FactWorld world = maker.make(static_cast<int>(maker.below(12)));
        const auto version = testing::build(world);
        for (int i = 0; i < kExpressionsPerWorld; ++i) {
            const Expression expression{expressions.predicate(3), ""};
            const Instant as_of = maker.as_of(world);
            const auto bound = bind(expression, {world.config.base_currency, nullptr});
            ASSERT_TRUE(bound.has_value()) << "seed " << seed << ": " << print(expression) << "\n" << bound.error().detail;
            const std::vector<std::int64_t> expected = NaiveEvaluator(world, as_of).evaluate(expression.root);
            const std::vector<std::int64_t> got = ids_of(*version, evaluate(*version, *bound, as_of));
            ASSERT_EQ(got, expected) << "seed " << seed << " as of " << format_iso(as_of) << ": " << print(expression);
            chosen += got.size();
            asked += world.customers.size();
        }
    }
    // The question is only worth asking if the answer varies.
    EXPECT_GT(chosen, asked / 10);
    EXPECT_LT(chosen, asked * 9 / 10);
}

}  // namespace
}  // namespace shuke::audience
