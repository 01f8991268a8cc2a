// Aim     docs/errors.md explains every error that Shuke can report, and none that it cannot.
// Method  the keys in the sources (`fail(Code::kInvalid, "time.invalid", …`, `cells.reject(column, "…`, `complain("…`) need
//         a heading "### `time.invalid`"; the key of every heading must stand in quotes somewhere in the sources.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void collect(const std::string& text, const std::regex& pattern, std::set<std::string>& keys) {
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
        keys.insert((*match)[1]);
    }
}

TEST(Docs, EveryErrorKeyHasItsSectionAndEverySectionItsKey) {
    const fs::path source_dir = SHUKE_SOURCE_DIR;
    const std::regex reports(
        R"re((?:Code::k\w+,\s*|raise\(\{|complain\(|reject\([\w:]+,\s*)"([a-z0-9_]+\.[a-z0-9_]+)")re");
    std::set<std::string> reported;
    std::set<std::string> quoted;
    for (const auto& entry : fs::recursive_directory_iterator(source_dir / "src")) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".cpp") && !name.ends_with(".h")) continue;
        if (name.ends_with("_test.cpp") || name.ends_with("_fuzz.cpp")) continue;
        const std::string text = text_of(entry.path());
        collect(text, reports, reported);
        collect(text, std::regex(R"re("([a-z0-9_]+\.[a-z0-9_]+)")re"), quoted);
    }
    std::set<std::string> explained;
    collect(text_of(source_dir / "docs/errors.md"), std::regex(R"re(### `([a-z0-9_]+\.[a-z0-9_]+)`)re"), explained);

    for (const std::string& key : reported) {
        EXPECT_TRUE(explained.contains(key)) << "docs/errors.md has no section \"### `" << key << "`\"";
    }
    for (const std::string& key : explained) {
        EXPECT_TRUE(quoted.contains(key)) << "docs/errors.md explains `" << key << "`, which nothing reports";
    }
}

// Whoever works in Chinese does not read English for what goes wrong in the console.
TEST(Docs, EveryErrorOfTheConsoleHasItsChineseWords) {
    const fs::path source_dir = SHUKE_SOURCE_DIR;
    std::set<std::string> explained;
    collect(text_of(source_dir / "docs/errors.md"), std::regex(R"re(### `([a-z0-9_]+\.[a-z0-9_]+)`)re"), explained);
    const auto words = nlohmann::json::parse(text_of(source_dir / "src/api/words/problems_zh.json"));
    // Only the command line says these.
    const std::regex of_the_terminal(
        "(clickhouse|mirror|snapshot|backup|data_folder|key|audit)\\..*|server\\.(address|tls|running)|record\\.schema_"
        ".*");
    for (const std::string& key : explained) {
        if (std::regex_match(key, of_the_terminal)) continue;
        EXPECT_TRUE(words.at("keys").contains(key)) << "src/api/words/problems_zh.json has no words for " << key;
    }
    for (const auto& [key, said] : words.at("keys").items()) {
        EXPECT_TRUE(explained.contains(key)) << key << " is no error";
        // The last pattern of a list takes whatever fits no other.
        if (said.is_array()) {
            EXPECT_EQ(said.back().at(0), "") << key;
        }
    }
}

}  // namespace
