// bench/section.h: puts a table into a page of docs/, between the lines "<!-- SECTION: begin -->" and "<!-- SECTION: end -->".
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace shuke::bench {

inline void write_section(const std::filesystem::path& file, const std::string& section, const std::string& text) {
    std::ifstream in(file, std::ios::binary);
    std::string page((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const std::string begin_mark = "<!-- " + section + ": begin -->\n";
    const std::size_t begin = page.find(begin_mark);
    const std::size_t end = page.find("<!-- " + section + ": end -->");
    if (begin == std::string::npos || end == std::string::npos)
        throw std::runtime_error(file.string() + " has no lines for " + section);
    page.replace(begin + begin_mark.size(), end - begin - begin_mark.size(), text);
    std::ofstream(file, std::ios::binary) << page;
}

}  // namespace shuke::bench
