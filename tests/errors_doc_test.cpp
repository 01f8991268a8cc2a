// Aim     docs/errors.md explains every error that Shuke can report, and none that it cannot.
// Method  the keys in the sources (`fail(Code::kInvalid, "time.invalid", …`, `cells.reject(column, "…`, `complain("…`) need
//         a heading "### `time.invalid`"; the key of every heading must stand in quotes somewhere in the sources.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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

}  // namespace
