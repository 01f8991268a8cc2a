// Aim: text and tree are the same thing said twice, and every mistake is told so that it can be repaired.
// Method: the examples of the specification, single cases per rule, random trees for the round trip.
#include "audience/expression/parser.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audience/expression.h"
#include "audience/expression/lexer.h"
#include "audience/testing/random_expression.h"

namespace shuke::audience {
namespace {

std::string printed(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? print(*parsed) : "ERROR " + parsed.error().key + ": " + parsed.error().detail;
}
std::string key_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "no error" : parsed.error().key;
}
std::string message_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "no error" : parsed.error().detail;
}

TEST(Parser, ReadsTheExamplesOfTheSpecification) {
    constexpr std::string_view kExamples[] = {
        "count(orders where paid within last 90 days) >= 2\n  and sum(orders.amount where paid within last 365 days) "
        ">= 300\n"
        "  and any(lines where category = \"连衣裙\" within last 180 days)\n  and not any(orders within last 7 days)\n"
        "  and province in [\"浙江\", \"江苏\"]",
        "lifecycle = sleeping and birthday within next 7 days",
        "last(orders.at where paid) more than 140 days ago",
        "distinct(orders.platform where paid) >= 2",
        "any(orders where paid_at within last 2 hours)",
    };
    for (const std::string_view text : kExamples) {
        const auto parsed = parse(text);
        ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
        const auto again = parse(print(*parsed));
        ASSERT_TRUE(again.has_value()) << again.error().detail;
        EXPECT_EQ(again->root, parsed->root) << text;
    }
}

TEST(Parser, MetricsAreCalculatedProductsBeforeSumsAndBracketsStay) {
    for (const std::string_view text :
         {"sum(orders.discount where paid) / sum(orders.amount where paid) >= 0.25", "order_count + 1 > 2",
          "order_count > purchase_count - 1", "(order_count + 1) * 2 - order_count / (age - 1) >= total_spent / 10",
          "order_count - (age - 1) > 0", "order_count - age - 1 > 0", "order_count * (age / 2) > 0",
          "sum(orders.amount where kept) > average(sum(orders.amount where kept))", "median(order_count) > 3",
          "total_spent >= percentile 99.5 (total_spent)", "(order_count + age) * 2 is known",
          "all customers top 10 by order_count + age * 2"}) {
        EXPECT_EQ(printed(text), text);
    }
    EXPECT_EQ(printed("((order_count)) + (age) > (((2)))"), "order_count + age > 2");
    EXPECT_EQ(printed("(order_count + age > 2)"), "order_count + age > 2");
    EXPECT_EQ(printed("(order_count + age) in [2, 3]"), "order_count + age in [2, 3]");
    EXPECT_NE(parse("age - (age - 1) > 0")->root, parse("age - age - 1 > 0")->root);
}

TEST(Parser, ReadsMembershipsTopAndSample) {
    for (const std::string_view text :
         {"segment(\"黑名单\")", "not tag(\"大客户\")", "reachable(sms)", "subscribed(email)", "was_in(\"x\")",
          "list(\"双11 \\\"VIP\\\"\")", "all customers top 10 by order_count",
          "segment(\"高价值\") top 20% by sum(orders.amount where paid)", "lifecycle = lost sample 10% seed 7",
          "lifecycle = lost top 2.5% by total_spent sample 0.25%"}) {
        EXPECT_EQ(printed(text), text);
    }
    EXPECT_EQ(printed("TAG(大客户) TOP 5 BY age Sample 5% SEED -3"), "tag(\"大客户\") top 5 by age sample 5% seed -3");
}

TEST(Parser, TopAndSampleSayWhatTheyNeed) {
    EXPECT_NE(message_of("all customers top by age").find("how many"), std::string::npos);
    EXPECT_NE(message_of("all customers top 0 by age").find("more than 0"), std::string::npos);
    EXPECT_NE(message_of("all customers top 2.5 by age").find("whole number"), std::string::npos);
    EXPECT_NE(message_of("all customers top 101% by age").find("at most 100%"), std::string::npos);
    EXPECT_NE(message_of("all customers top 5 age").find("'by'"), std::string::npos);
    EXPECT_NE(message_of("all customers sample 5").find("'%'"), std::string::npos);
    EXPECT_NE(message_of("all customers sample 0.125%").find("two decimals"), std::string::npos);
    EXPECT_NE(message_of("all customers sample 5% seed 1.5").find("whole number"), std::string::npos);
    EXPECT_NE(message_of("all customers sample 5% top 5 by age").find("the end"), std::string::npos);
    EXPECT_NE(message_of("tag(\"\")").find("empty"), std::string::npos);
    EXPECT_NE(message_of("tag(5)").find("name in quotes"), std::string::npos);
}

TEST(Parser, NotBindsTighterThanAndAndAndTighterThanOr) {
    EXPECT_EQ(printed("not age > 1 and age > 2 or age > 3"), "not age > 1 and age > 2 or age > 3");
    EXPECT_EQ(printed("not (age > 1 and (age > 2 or age > 3))"), "not (age > 1 and (age > 2 or age > 3))");
    EXPECT_NE(parse("age > 1 and (age > 2 and age > 3)")->root, parse("age > 1 and age > 2 and age > 3")->root);
    EXPECT_EQ(printed("((age > 1))"), "age > 1");
}

TEST(Parser, AWindowAfterABooleanFieldIsTheFactsAndAfterATimeFieldTheFields) {
    const auto facts = [](std::string_view text) { return std::get<Any>(parse(text)->root.node).facts; };
    EXPECT_EQ(facts("any(orders where paid within last 2 hours)").window.size(), 1u);
    EXPECT_EQ(facts("any(orders where paid_at within last 2 hours)").window.size(), 0u);
    EXPECT_EQ(facts("any(orders where paid_at within last 2 hours within last 3 days)").window.front().n, 3);
    EXPECT_EQ(facts("any(orders where not paid since 2024-01-01)").window.size(), 1u);
}

TEST(Parser, KeywordsMayBeInAnyCase) {
    EXPECT_EQ(printed("COUNT(orders WHERE paid Within LAST 90 Days) >= 2 AND NOT Any(orders)"),
              "count(orders where paid within last 90 days) >= 2 and not any(orders)");
}

TEST(Parser, ReadsEveryWindow) {
    for (const std::string_view window : {"within last 3 minutes",
                                          "within last 3 hours",
                                          "within next 3 days",
                                          "within last 3 weeks",
                                          "within last 3 months",
                                          "within last 3 years",
                                          "more than 3 hours ago",
                                          "on 2024-02-29",
                                          "between 2024-01-01 and 2024-02-01",
                                          "since 2024-01-01",
                                          "before 2024-01-01",
                                          "this day",
                                          "last day",
                                          "this week",
                                          "last week",
                                          "this month",
                                          "last month",
                                          "this quarter",
                                          "last quarter",
                                          "this year",
                                          "last year"}) {
        EXPECT_EQ(printed("created_at " + std::string(window)), "created_at " + std::string(window));
    }
    EXPECT_EQ(printed("created_at within last 1 day"), "created_at within last 1 days");
    EXPECT_EQ(printed("created_at on \"2024-3-1\""), "created_at on 2024-03-01");
}

TEST(Parser, ChineseNeedsNoQuotesAndChineseKeyboardsWork) {
    EXPECT_EQ(printed("province = 浙江"), "province = 浙江");
    EXPECT_EQ(printed("province in ［浙江，江苏、“上海”］　and（age ＞＝ 18）"),
              "province in [浙江, 江苏, \"上海\"] and age >= 18");
    EXPECT_EQ(printed("age ≠ 3 or age ≤ 2"), "age != 3 or age <= 2");
    EXPECT_EQ(printed("any(lines where sku = 85123A and product = 007)"),
              "any(lines where sku = 85123A and product = 007)");
}

TEST(Parser, QuotedTextsKeepEveryCharacter) {
    const auto text_of = [](std::string_view source) {
        return std::get<Text>(std::get<Compare>(parse(source)->root.node).right).text;
    };
    EXPECT_EQ(text_of(R"(city = "a\"b\\c\nd\u4e2d")"), "a\"b\\c\nd中");
    EXPECT_EQ(text_of("city = 'it'"), "it");
    EXPECT_EQ(text_of(R"(city = 'it\'s "x"')"), "it's \"x\"");
    EXPECT_EQ(text_of("city = “a\"b”"), "a\"b");
    EXPECT_EQ(quote(std::string_view("\0\x1f\x7f\t", 4)), "\"\\u0000\\u001f\\u007f\\t\"");
}

TEST(Parser, AnEscapeOfAChineseCharacterIsShownWhole) {  // found by fuzzing
    EXPECT_NE(message_of("city = \"\\中\"").find("found '\\中', expected"), std::string::npos);
}

TEST(Parser, NumbersKeepTheirDecimals) {
    EXPECT_EQ(printed("total_spent >= 300.00"), "total_spent >= 300.00");
    EXPECT_EQ(printed("total_spent >= -0.05"), "total_spent >= -0.05");
    EXPECT_EQ(printed("3 <= order_count"), "3 <= order_count");
    EXPECT_EQ(key_of("total_spent >= 0.1234567891"), "expression.value");
    EXPECT_EQ(key_of("total_spent >= 99999999999999999999"), "expression.value");
}

TEST(Parser, ErrorsNamePlaceFoundExpectedAndTheNearestName) {
    EXPECT_EQ(message_of("cuont(orders) > 1"),
              "line 1, column 1: found 'cuont', expected one of any, count, sum, avg, min, max, first, last, "
              "distinct, average, median, percentile, segment, was_in, list, tag, reachable or subscribed; did you "
              "mean 'count'?\n"
              "  cuont(orders) > 1\n"
              "  ^");
    EXPECT_EQ(message_of("province = 浙江 and\n  age >> 3"),
              "line 2, column 8: found '>', expected a value or a metric\n"
              "    age >> 3\n"
              "         ^");
    EXPECT_EQ(
        message_of("created_at within last 3 dais"),
        "line 1, column 26: found 'dais', expected minutes, hours, days, weeks, months or years; did you mean 'days'?\n"
        "  created_at within last 3 dais\n"
        "                           ^");
    EXPECT_EQ(message_of("any(orders where paid"),
              "line 1, column 22: found the end, expected 'and', 'or', a window or ')'\n"
              "  any(orders where paid\n"
              "                       ^");
}

TEST(Parser, TheCaretStandsUnderChineseText) {
    EXPECT_EQ(message_of("省份 = 浙江 ; x"),
              "line 1, column 9: found ';'; an expression ends without a mark\n"
              "  省份 = 浙江 ; x\n"
              "              ^");
}

TEST(Parser, ALongLineIsShownAroundThePlaceOnly) {
    const std::string message = message_of("age > 1 and " + std::string(300, ' ') + "?" + std::string(300, ' '));
    EXPECT_NE(message.find("…"), std::string::npos);
    EXPECT_LT(message.size(), 400u);
}

TEST(Parser, MistakesAreSyntaxErrors) {
    for (const std::string_view text : {"",
                                        "   ",
                                        "and",
                                        "age",
                                        "age >",
                                        "age > >",
                                        "age is",
                                        "age is not missing",
                                        "age in",
                                        "age in []",
                                        "age in [1",
                                        "age in [1,]",
                                        "(age > 1",
                                        "age > 1)",
                                        "any(",
                                        "any(orders",
                                        "any(orders where)",
                                        "count(orders",
                                        "created_at within 3 days",
                                        "created_at more than 3 days",
                                        "created_at between 2024-01-01",
                                        "city starts",
                                        "city = \"open",
                                        "city = \"a\nb\"",
                                        "city = \"\\q\"",
                                        "city = \"\\ud800\"",
                                        "age ! 3",
                                        "age > 1 age > 2",
                                        "any(orders where count(orders) > 1)",
                                        "any(orders where amount > sum(orders.amount))",
                                        "all",
                                        "province = and",
                                        "age = 1.",
                                        "\xff\xfe",
                                        "age > $3"}) {
        EXPECT_EQ(key_of(text), "expression.syntax") << text;
    }
}

TEST(Parser, DatesAndTimesOutOfTheirRangeAreSaidSo) {
    for (const std::string_view text :
         {"created_at on 2023-02-29", "created_at since 1850-01-01", "created_at between 2024-02-01 and 2024-01-01",
          "created_at on \"2024-01-01 10:00\"", "created_at on \"soon\""}) {
        EXPECT_EQ(key_of(text), "expression.value") << text;
    }
    EXPECT_EQ(key_of("created_at within last 1000001 days"), "expression.syntax");
}

TEST(Parser, NestingIsBounded) {
    const auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '(') + "age > 1" +
               std::string(static_cast<std::size_t>(depth), ')');
    };
    EXPECT_EQ(key_of(nested(kMaxDepth - 1)), "no error");
    EXPECT_EQ(key_of(nested(kMaxDepth)), "expression.too_deep");
    EXPECT_EQ(key_of(nested(1'000'000)), "expression.too_deep");
    std::string nots;
    for (int i = 0; i < 100'000; ++i) nots += "not ";
    EXPECT_EQ(key_of(nots + "age > 1"), "expression.too_deep");
    EXPECT_EQ(key_of("any(orders where " + nested(1'000'000) + ")"), "expression.too_deep");
}

TEST(Parser, LengthIsBounded) {
    EXPECT_EQ(key_of(std::string(kMaxTextBytes + 1, ' ')), "expression.too_long");
    std::string many = "age > 0";
    for (std::size_t i = 1; i < kMaxConditions; ++i) many += " or age > 0";
    EXPECT_EQ(key_of(many), "no error");
    EXPECT_EQ(key_of(many + " or age > 0"), "expression.too_long");
}

TEST(Parser, AListOfAHundredThousandIdsIsFine) {
    std::string text = "external_id in [";
    for (int i = 0; i < 100'000; ++i) text += (i == 0 ? "\"" : ", \"") + std::to_string(1'000'000 + i) + "\"";
    const auto parsed = parse(text + "]");
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(std::get<In>(parsed->root.node).values.size(), 100'000u);
    EXPECT_EQ(parse(print(*parsed))->root, parsed->root);
}

RC_GTEST_PROP(ParserModel, ParsingWhatWasPrintedGivesTheSameTree, (std::uint64_t seed)) {
    const Predicate tree = testing::ExpressionMaker(seed).predicate(4);
    const std::string text = print(tree);
    const auto parsed = parse(text);
    if (!parsed) RC_FAIL(text + "\n" + parsed.error().detail);
    RC_ASSERT(parsed->root == tree);
    RC_ASSERT(print(*parsed) == text);
}

RC_GTEST_PROP(ParserModel, AnyTextGivesATreeOrAnErrorWithAPlace, (const std::string& noise, std::uint64_t seed)) {
    // A printed expression with something random pushed into its middle.
    std::string text = print(testing::ExpressionMaker(seed).predicate(2));
    text.insert(seed % (text.size() + 1), noise);
    const auto parsed = parse(text);
    if (parsed)
        RC_ASSERT(parse(print(*parsed))->root == parsed->root);
    else
        RC_ASSERT(parsed.error().key.starts_with("expression.") && !parsed.error().detail.empty());
}

}  // namespace
}  // namespace shuke::audience
