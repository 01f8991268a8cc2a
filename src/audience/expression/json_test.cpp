#include "audience/expression/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "audience/testing/random_expression.h"

namespace shuke::audience {
namespace {

std::string error_of(std::string_view json) {
    const auto read = from_json(json);
    return read ? "no error" : read.error().key + ": " + read.error().detail;
}

TEST(ExpressionJson, HasTheFormItsHeaderPromises) {
    const auto expression = *parse(
        "count(orders where paid within last 90 days) >= 2 and not tag(\"大客户\") top 20% by total_spent / 2.50");
    EXPECT_EQ(
        to_json(expression).dump(),
        R"({"version":1,"where":{"and":[{"compare":[{"call":"count","fact":"orders","where":{"flag":"paid"},)"
        R"("window":"within last 90 days"},">=",{"number":"2"}]},{"not":{"tag":"大客户"}}]},)"
        R"("top":{"amount":"20","percent":true,"by":{"calculate":[{"name":"total_spent"},"/",{"number":"2.50"}]}}})");
}

TEST(ExpressionJson, IsLosslessBothWaysForRandomExpressions) {
    testing::ExpressionMaker maker(20261122);
    for (int i = 0; i < 3000; ++i) {
        const Expression expression = *parse(print(maker.expression(3, {"a", "老客 \"A\""})));
        const auto json = to_json(expression);
        const auto again = from_json(std::string_view(json.dump()));
        ASSERT_TRUE(again.has_value()) << print(expression) << "\n" << again.error().detail;
        ASSERT_EQ(*again, expression) << print(expression);
        ASSERT_EQ(to_json(*again), json);
    }
}

TEST(ExpressionJson, ErrorsNameThePathAndWhatIsExpected) {
    EXPECT_EQ(error_of("{"), "expression.json: the text is not a JSON document");
    EXPECT_EQ(error_of("[]"), "expression.json: /: found array, expected an object");
    EXPECT_EQ(error_of(R"({"version":2,"where":{"all":true}})"),
              "expression.json: /version: found 2, expected version 1");
    EXPECT_EQ(error_of(R"({"version":1,"where":{"all":true},"limit":1})"),
              "expression.json: /limit: there is no such member here");
    EXPECT_NE(error_of(R"({"version":1,"where":{"and":[{"all":true}]}})").find("/where/and: found array, expected an"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"version":1,"where":{"compare":[{"name":"age"},"~",{"number":"1"}]}})")
                  .find("/where/compare/1: found \"~\", expected =, !="),
              std::string::npos);
    EXPECT_NE(error_of(R"({"version":1,"where":{"in":[{"name":"age"},[{"number":2}]]}})")
                  .find("/where/in/1/0/number: found 2, expected a number as text"),
              std::string::npos);
    EXPECT_NE(
        error_of(R"({"version":1,"where":{"during":[{"name":"last_order_at"},"soon"]}})").find("expected a window"),
        std::string::npos);
    EXPECT_NE(error_of(R"({"version":1,"where":{"flag":"paid"}})").find("expression."), std::string::npos);
}

TEST(ExpressionJson, NestingIsBounded) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += R"({"not":)";
    deep += R"({"all":true})" + std::string(100'000, '}');
    EXPECT_EQ(error_of(R"({"version":1,"where":)" + deep + "}").substr(0, 19), "expression.too_deep");
}

}  // namespace
}  // namespace shuke::audience
