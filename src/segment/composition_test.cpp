// Aim: every bucket has as many customers as its expression says, whoever is selected; nobody is in none.
// Method: a small world with every kind of value and with missing ones, against asking each expression.
#include "segment/composition.h"

#include <gtest/gtest.h>

#include "audience/testing/small_world.h"

namespace shuke::segment {
namespace {

using audience::testing::SmallWorld;

class CompositionTest : public ::testing::Test {
protected:
    void SetUp() override {
        for (int id = 1; id <= 30; ++id) {
            auto& customer = world_.customer(id);
            customer.gender = id % 3 == 0 ? Gender::kFemale : id % 3 == 1 ? Gender::kMale : Gender::kUnknown;
            customer.province = id % 5 == 0 ? "" : id % 2 == 0 ? "浙江" : "江\"苏";
            for (int order = 0; order < id % 4; ++order)
                world_.order(
                    {.customer = id, .at = "2024-0" + std::to_string(1 + id % 4) + "-05 10:00", .amount = id * 700});
        }
        version_ = world_.version();
    }
    audience::Selection asked(const std::string& expression) const {
        const auto bound = audience::parse_and_bind(expression, {Currency::kCNY, nullptr});
        EXPECT_TRUE(bound.has_value()) << expression;
        return audience::evaluate(*version_, *bound, as_of());
    }
    Instant as_of() const { return world_.time("2024-05-01"); }

    SmallWorld world_;
    std::shared_ptr<const audience::Version> version_;
};

TEST_F(CompositionTest, ABucketHasThoseItsExpressionNames) {
    for (const char* whom : {"", "order_count >= 2", "province = 浙江", "order_count > 99"}) {
        const auto selection = asked(*whom == 0 ? "id > 0" : whom);
        for (const auto& [name, buckets] : composition(*version_, selection, as_of())) {
            std::uint64_t all = 0;
            for (const Bucket& one : buckets) {
                EXPECT_EQ(one.customers, asked(one.expression).slots.and_cardinality(selection.slots))
                    << whom << ": " << name << " " << one.expression;
                all += one.customers;
            }
            EXPECT_EQ(all, selection.count()) << whom << ": " << name;
        }
    }
}

TEST_F(CompositionTest, TheMostFrequentComesFirstAndTheUnknownLast) {
    const auto by = composition(*version_, asked("id > 0"), as_of());
    const auto& [name, regions] = by.front();
    EXPECT_EQ(name, "region");
    ASSERT_EQ(regions.size(), 3u);
    EXPECT_EQ(regions[0].value, "江\"苏");
    EXPECT_EQ(regions[1].value, "浙江");
    EXPECT_EQ(regions[2].value, "");
    EXPECT_DOUBLE_EQ(regions[2].share, 6.0 / 30);
}

}  // namespace
}  // namespace shuke::segment
