// Aim: every example of the users' guide works as printed. Method: the guide is read, each indented line is bound.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "audience/expression.h"

namespace shuke::audience {
namespace {

// The example on an indented line of the guide; empty for other lines, commands and the message it shows.
std::string example_on(std::string line) {
    if (!line.starts_with("    ")) return {};
    line = line.substr(4, line.find("  #") - 4);
    for (const char* other : {"shuke ", "line 1", "  "}) {
        if (line.starts_with(other)) return {};
    }
    return line;
}

TEST(Guide, EveryExampleBinds) {
    std::ifstream guide("docs/guide/segments.md");
    if (!guide) GTEST_SKIP() << "docs/guide/segments.md is not there; tests run in the top of the source tree";
    BindOptions options;
    options.find_external_ids = [](const auto&) { return std::vector<CustomerId>{}; };
    options.find_segment = [](const std::string&) { return std::optional<std::string>("all customers"); };
    options.tiers = [] { return std::vector<std::string>{"普通", "金卡"}; };
    options.custom_attributes = [] {
        return std::vector<CustomAttribute>{
            {"肤质", Type::kChoice, {"干性"}}, {"身高", Type::kNumber, {}}, {"纪念日", Type::kDate, {}}};
    };
    int examples = 0;
    for (std::string line; std::getline(guide, line);) {
        const std::string text = example_on(line);
        if (text.empty()) continue;
        ++examples;
        const auto bound = parse_and_bind(text, options);
        EXPECT_TRUE(bound.has_value()) << text << "\n" << (bound ? "" : bound.error().detail);
    }
    EXPECT_GE(examples, 20);
}

}  // namespace
}  // namespace shuke::audience
