// Aim     the translation knows every field, keeps whatever users type inside its quotes, and looks at the right copies.
//         That its queries choose the right customers is what tests/clickhouse_*_test.cpp ask ClickHouse itself.
// Method  queries as text.
#include "audience/clickhouse/translate.h"

#include <gtest/gtest.h>

#include <set>

#include "audience/clickhouse/sql_text.h"
#include "audience/clickhouse/tables.h"
#include "audience/schema.h"

namespace shuke::audience::clickhouse {
namespace {

std::string sql(const std::string& expression, const std::optional<Picture>& picture = Picture{7, {}}) {
    const auto bound = parse_and_bind(expression, {});
    EXPECT_TRUE(bound.has_value()) << bound.error().detail;
    return translate(*bound, Config{}, Instant::from_seconds(1'000'000), picture).value();
}
bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(FieldsInClickHouse, EveryFieldOfTheLanguageIsMirrored) {
    for (const Fact& fact : facts()) {
        for (const std::string_view name : field_names(fact)) {
            const bool is_flag = find_field(fact, name)->type == Type::kFlag;
            sql("any(" + std::string(fact.name) + " where " + std::string(name) + (is_flag ? ")" : " is known)"));
        }
    }
    for (const Attribute& attribute : attributes()) {
        if (attribute.key != AttributeKey::kExternalId) sql(std::string(attribute.name) + " is known");
    }
}

TEST(FieldsInClickHouse, EveryColumnHasItsCompanions) {
    std::set<std::string> names;
    for (const ColumnDefinition& column : customer_columns()) EXPECT_TRUE(names.emplace(column.name).second);
    for (const ColumnDefinition& column : customer_columns()) {
        const std::string name(column.name);
        const bool is_text = contains(std::string(column.type), "String") && !name.ends_with("_nfkc");
        EXPECT_TRUE(!is_text || name == "spans.name" || name == "traits.name" || names.contains(name + "_nfkc"))
            << name;
        const bool is_time_of_a_shop = name.ends_with("_at") && name.find('.') != name.npos;
        EXPECT_TRUE(!is_time_of_a_shop || names.contains(name + "_day")) << name;
    }
}

TEST(SqlText, WhateverIsTypedStaysAText) {
    EXPECT_EQ(quote("it's \\ a\n\"b\""), "'it\\'s \\\\ a\\n\"b\"'");
    EXPECT_EQ(quote(std::string_view("\0", 1)), "'\\0'");
    const std::string asked = sql("province = \"x') OR 1 = 1 --\" or tag(\"'; DROP TABLE a\")");
    EXPECT_TRUE(contains(asked, "'x\\') OR 1 = 1 --'")) << asked;
    EXPECT_TRUE(contains(asked, "name = '\\'; DROP TABLE a'")) << asked;
}

TEST(SqlText, DoublesComeBackToTheLastBit) {
    EXPECT_EQ(std::stod(literal(0.1 + 0.2)), 0.1 + 0.2);
    EXPECT_EQ(literal(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(Translation, ACountIsAnArrayCountOverTheCustomersRow) {
    EXPECT_EQ(sql("count(orders where amount > 10) >= 2"),
              "SELECT customer FROM (\n"
              "WITH\n"
              "  toFloat64(arrayCount((orders_at, orders_amount) -> (orders_at <= 1000000 AND orders_amount >= 1001), "
              "`orders.at`, `orders.amount`)) AS its_tested\n"
              "SELECT customer\n"
              "FROM shuke_customers\n"
              "WHERE generation = 7\n"
              "  AND exists_from <= 1000000\n"
              "  AND its_tested >= 2\n"
              ") ORDER BY customer");
}

TEST(Translation, LaterCopiesReplaceWhatTheWholeOneSays) {
    const std::string asked = sql("all customers", Picture{7, {8, 9}});
    EXPECT_TRUE(contains(asked,
                         "generation = 7 AND customer GLOBAL NOT IN (SELECT customer FROM shuke_customers WHERE "
                         "(generation IN (8, 9)))"))
        << asked;
    EXPECT_TRUE(contains(asked, "(customer, generation) GLOBAL IN")) << asked;
    EXPECT_TRUE(contains(sql("all customers", std::nullopt), "FROM shuke_publications WHERE whole = 1"));
}

TEST(Translation, WhatALineSaysOfItsOrderIsDecidedOnceAnOrder) {
    const std::string asked = sql("any(lines where kept and weekday = 7 and price > 3)");
    EXPECT_TRUE(contains(asked, "arrayExists((lines_price, order_holds) ->")) << asked;
}

TEST(Translation, ATextThatIsMissingEqualsNothing) {
    EXPECT_TRUE(contains(sql("province in [\"\"]"), "AND 0")) << sql("province in [\"\"]");
}

TEST(Tables, AClusterHasAPartOnEachNodeAndOneNameForAll) {
    EXPECT_EQ(create_tables("").size(), 2u);
    const auto statements = create_tables("c1");
    ASSERT_EQ(statements.size(), 4u);
    EXPECT_TRUE(contains(statements[0], "CREATE TABLE IF NOT EXISTS shuke_customers_shard "));
    EXPECT_TRUE(contains(statements[1], "Distributed(`c1`, currentDatabase(), shuke_customers_shard, customer)"));
}

}  // namespace
}  // namespace shuke::audience::clickhouse
