// Aim     hold every #include "…" below src/ to scripts/layers.txt: a room includes itself and the rooms above it that it
//         names, or that those name in turn.
// Method  read the list, close it over "may also use what they use", then read the sources line by line as text.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

using Room = std::string;

struct Layers {
    std::map<Room, std::set<Room>> may_use;  // transitive; a room may always use itself
    std::vector<std::string> faults;
};

// Rooms are listed downwards, so each may only name rooms already read; that also makes cycles impossible.
Layers read_layers(std::istream& in) {
    Layers layers;
    std::set<Room> above;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto colon = line.find(':');
        const Room room = line.substr(0, colon);
        if (colon == std::string::npos || layers.may_use.contains(room)) {
            layers.faults.push_back("scripts/layers.txt: not `room: rooms`, or a room twice: " + line);
            continue;
        }
        std::set<Room> uses{room};
        std::istringstream names(line.substr(colon + 1));
        for (Room name; names >> name;) {
            if (name == "*") {
                uses.insert(above.begin(), above.end());
            } else if (const auto named = layers.may_use.find(name); named != layers.may_use.end()) {
                uses.insert(named->second.begin(), named->second.end());
            } else {
                layers.faults.push_back("scripts/layers.txt: " + room + " names " + name +
                                        ", which does not stand above it");
            }
        }
        above.insert(room);
        layers.may_use.emplace(room, std::move(uses));
    }
    return layers;
}

// One message for each #include of `text` that `room` may not have; `file` is how the message calls it.
std::vector<std::string> faults_in(std::istream& text, const std::string& file, const Room& room,
                                   const Layers& layers) {
    static const std::regex include(R"re(^\s*#\s*include\s*"([^"]*)")re");
    std::vector<std::string> faults;
    int line_no = 0;
    for (std::string line; std::getline(text, line);) {
        ++line_no;
        std::smatch match;
        if (!std::regex_search(line, match, include)) continue;
        const std::string header = match[1];
        const std::string at = file + ":" + std::to_string(line_no) + ": ";
        const auto slash = header.find('/');
        const Room used = header.substr(0, slash);
        if (slash == std::string::npos) {
            faults.push_back(at + "\"" + header + "\" does not say its room; write \"" + room + "/" + header + "\"");
        } else if (!layers.may_use.contains(used)) {
            faults.push_back(at + "\"" + header + "\": scripts/layers.txt knows no room " + used);
        } else if (!layers.may_use.at(room).contains(used)) {
            faults.push_back(at + "room " + room + " may not use room " + used + " (\"" + header + "\")");
        }
    }
    return faults;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

TEST(Layers, IncludesPointUpward) {
    const fs::path source_dir = SHUKE_SOURCE_DIR;
    std::ifstream list(source_dir / "scripts/layers.txt");
    ASSERT_TRUE(list) << "scripts/layers.txt cannot be read";
    const Layers layers = read_layers(list);
    std::vector<std::string> faults = layers.faults;

    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(source_dir / "src")) {
        const fs::path& path = entry.path();
        if (!entry.is_regular_file() || (path.extension() != ".cpp" && path.extension() != ".h")) continue;
        const fs::path relative = path.lexically_relative(source_dir);
        const Room room = std::next(relative.begin())->string();
        if (!layers.may_use.contains(room)) {
            faults.push_back(relative.string() + ": scripts/layers.txt knows no room " + room);
            continue;
        }
        std::ifstream text(path);
        for (auto& fault : faults_in(text, relative.string(), room, layers)) faults.push_back(std::move(fault));
        ++files;
    }
    EXPECT_GT(files, 0);
    EXPECT_TRUE(faults.empty()) << joined(faults);
}

TEST(Layers, EveryKindOfWrongIncludeIsNamedWithFileLineAndRoom) {
    std::istringstream list("base:\ndomain: base\nrecord: domain\naudience: domain\nall: *\n");
    const Layers layers = read_layers(list);
    ASSERT_TRUE(layers.faults.empty()) << joined(layers.faults);

    std::istringstream right("#include <map>\n#include \"base/id.h\"\n#include \"record/orders.h\"\n");
    EXPECT_TRUE(faults_in(right, "src/record/orders.cpp", "record", layers).empty())
        << "what named rooms use is allowed";
    std::istringstream everything("#include \"audience/block.h\"\n");
    EXPECT_TRUE(faults_in(everything, "src/all/main.cpp", "all", layers).empty());

    std::istringstream wrong("#include \"audience/block.h\"\n  # include \"nowhere/a.h\"\n#include \"orders.h\"\n");
    EXPECT_EQ(joined(faults_in(wrong, "src/record/orders.cpp", "record", layers)),
              "src/record/orders.cpp:1: room record may not use room audience (\"audience/block.h\")\n"
              "src/record/orders.cpp:2: \"nowhere/a.h\": scripts/layers.txt knows no room nowhere\n"
              "src/record/orders.cpp:3: \"orders.h\" does not say its room; write \"record/orders.h\"\n");
}

TEST(Layers, AListThatPointsDownwardIsRefused) {
    std::istringstream list("base: record\nrecord: base\n");
    EXPECT_EQ(joined(read_layers(list).faults),
              "scripts/layers.txt: base names record, which does not stand above it\n");
}

}  // namespace
