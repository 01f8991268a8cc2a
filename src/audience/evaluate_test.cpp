// Aim: the engine and the naive evaluator choose the same customers, whatever is asked of whatever data.
// Method: random worlds, expressions and instants. SHUKE_CASES=N asks for more worlds than the usual 2,000.
#include "audience/evaluate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>

#include "audience/testing/naive_evaluator.h"
#include "audience/testing/random_expression.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using testing::ExpressionMaker;
using testing::FactWorld;
using testing::NaiveEvaluator;
using testing::WorldMaker;

int worlds_to_try() {
    const char* wanted = std::getenv("SHUKE_CASES");
    return wanted == nullptr ? 2000 : std::atoi(wanted);
}

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

struct Tally {
    std::size_t asked = 0, chosen = 0;
};

// Asks one world several random questions.
void compare_world(std::uint64_t seed, int customers, int questions, WorkerPool* pool, Tally& tally) {
    WorldMaker maker(seed);
    ExpressionMaker expressions(seed * 7919);
    const FactWorld world = maker.make(customers);
    const auto version = testing::build(world, pool);
    NaiveEvaluator::Segments segments;
    segments["inner"] = expressions.expression(1);
    segments["老客 \"A\""] = expressions.expression(1, {"inner"});
    BindOptions options = testing::bind_options(world);
    options.find_segment = [&](const std::string& name) { return print(segments.at(name)); };
    for (int i = 0; i < questions; ++i) {
        const Expression expression = expressions.expression(3, {"inner", "老客 \"A\""});
        const Instant as_of = maker.as_of(world);
        const auto bound = bind(expression, options);
        ASSERT_TRUE(bound.has_value()) << "seed " << seed << ": " << print(expression) << "\n" << bound.error().detail;
        const std::vector<std::int64_t> expected = NaiveEvaluator(world, as_of, segments).evaluate(expression);
        const std::vector<std::int64_t> got = ids_of(*version, evaluate(*version, *bound, as_of, pool));
        ASSERT_EQ(got, expected) << "seed " << seed << " as of " << format_iso(as_of) << ": " << print(expression);
        tally.chosen += got.size();
        tally.asked += world.customers.size();
    }
}

TEST(EvaluateModel, RandomExpressionsAgreeWithTheRowByRowLoop) {
    Tally tally;
    for (int seed = 1; seed <= worlds_to_try() && !HasFatalFailure(); ++seed) {
        const auto number = static_cast<std::uint64_t>(seed);
        compare_world(number, static_cast<int>(number % 13), 12, nullptr, tally);
    }
    // The question is only worth asking if the answer varies.
    EXPECT_GT(tally.chosen, tally.asked / 10);
    EXPECT_LT(tally.chosen, tally.asked * 9 / 10);
}

TEST(EvaluateModel, ManyBlocksOnAPoolAgreeWithTheRowByRowLoop) {
    Tally tally;
    WorkerPool pool(2);
    for (int seed = 1; seed <= worlds_to_try() / 250 && !HasFatalFailure(); ++seed) {
        compare_world(1'000'000 + static_cast<std::uint64_t>(seed), 700 + seed * 131 % 6000, 15, &pool, tally);
    }
}

}  // namespace
}  // namespace shuke::audience
